"""The steps of the link from a module that is set up to a data call. Loaded by the first connect() with an APN."""

from . import errors, fields, strings
from .compat import const
from .link import FAILED
from .request import Line, check

# As in link.py and messages.py.
_NO_REASON = const(0)
_NO_SIM = const(6)
_NO_NETWORK = const(7)
_NO_CALL = const(8)
_WANTS_PIN = const(10)
_WANTS_PUK = const(11)
_DENIED = const(12)
_LAST_TRY = const(13)

_CALL_MS = const(150000)
_CALLS_MS = const(90000)  # three tries, when they are refused at once

_CPIN = b"+CPIN:"


def _identity(link, buf, start, end):
    """EC25EFAR06A06M4G: model and firmware, for the errors to name."""
    link.firmware = strings.decode(buf, start - 2, end)
    return True


def _text(value, what):
    """value, which is str: of a number bytes() would make as many bytes."""
    if not isinstance(value, str):
        raise TypeError(what + ": str")
    return value


def _fail(link, reason):
    """Time will not mend it."""
    link.rest(FAILED, reason)
    link.errno = errors.EACCES


def _pin(pin):
    raw = check(_text(pin, "the PIN"), "the PIN", 8)
    if len(raw) < 4 or not raw.isdigit():
        raise ValueError("a PIN has 4 to 8 digits")  # another would cost a try
    return raw


class Sim:
    """What is known of the card, and the command with its PIN."""

    def __init__(self, pin):
        self.line = b'AT+CPIN="%s"' % _pin(pin) if pin else None
        self.locked = False  # it asks for the PIN
        self.tried = False  # that was sent, and the card is not READY yet
        self.tries = None  # that are left

    def seen(self, link, buf, start, end):
        """The answer to AT+CPIN?: whether the next step may come."""
        self.locked = fields.same(buf, start, end, 0, b"sim pin")
        if fields.same(buf, start, end, 0, b"sim puk"):
            _fail(link, _WANTS_PUK)
        elif fields.same(buf, start, end, 0, b"ready"):
            self.tried = False
            return True
        return self.locked

    def again(self, link):
        return b"AT+CPIN?" if self.locked else None

    def ready(self, link, buf, start, end):
        return self.seen(link, buf, start, end) and not self.locked

    def ask(self, link):
        return b'AT+QPINC="SC"' if self.locked else None

    def left(self, link, buf, start, end):
        self.tries = fields.integer(buf, start, end, 1)
        return True

    def unlock(self, link):
        """The PIN, once: a wrong one costs a try, and the last one is the user's."""
        if not self.locked:
            return None
        if self.tried or not self.line:
            _fail(link, _WANTS_PIN)
        elif self.tries == 1:
            _fail(link, _LAST_TRY)
        else:
            self.tried = True
            return self.line
        return None


def _registered(link, buf, start, end):
    """Of the answers to AT+CEREG? and AT+CGREG? one is enough."""
    if not (buf.startswith(b"EREG:", start) or buf.startswith(b"GREG:", start)):
        return False
    # The answer is n,stat; a URC that looks like it is stat alone, or stat and a quoted place.
    stat = fields.integer(buf, start + 5, end, 1)
    if stat is None:
        stat = fields.integer(buf, start + 5, end, 0)
    link.reason = _DENIED if stat == 3 else _NO_NETWORK
    return stat == 1 or stat == 5


# What tells, its prefix, what makes it, what ends it.
_CALLS = {
    "qiact": (b"AT+QIACT?", b"+QIACT:", b"AT+QIACT=%d", b"AT+QIDEACT=%d"),
    "cgact": (b"AT+CGACT?", b"+CGACT:", b"AT+CGACT=1,%d", b"AT+CGACT=0,%d"),
    # assumed: seen in use on the AP's side, and in no manual at hand.
    "qlwwanup": (b"AT+QLWWANSTATUS=%d", b"+QLWWANSTATUS:", b'AT+QLWWANUP=%d,"IP",1', b"AT+QLWWANDOWN=%d"),
}


def _function(kind):
    if not callable(kind):
        raise ValueError("the call is one of %s, None or a function" % ", ".join(sorted(_CALLS)))
    return kind


def _printable(line):
    raw = _text(line, "a line of the call").encode()
    if raw[:2].upper() != b"AT" or len(raw) > 300 or min(raw) < 32 or max(raw) > 126:
        raise ValueError("a line of the call begins with AT, and is printable ASCII of 300 at most")
    return raw


class Call:
    """The data call: kind is one of _CALLS, None for none, or a function of (apn, cid) that gives command lines."""

    def __init__(self, kind, apn, user, password, auth, cid):
        if not 0 <= auth <= 3 or not 1 <= cid <= 16:
            raise ValueError("auth is from 0 to 3, cid from 1 to 16")
        for text in (apn, user, password):
            _text(text, "APN, user and password")
        self.cid = cid
        self.active = False
        self.old = None  # what the same context was before
        line = Line().start(b"AT+QICSGP=").number(cid).add(b",1,").quoted(apn, "the APN", 100)
        line.add(b",").quoted(user, "the user", 64).add(b",").quoted(password, "the password", 64).add(b",").number(auth)
        self.context = bytes(line.buf[: line.n])
        self.check = None  # a step that tells whether it is there
        self._more = ()
        if kind in _CALLS:
            look, prefix, up, down = _CALLS[kind]
            self.check = (look.replace(b"%d", b"%d" % cid), prefix, self.seen, 4000, _CALLS_MS, _NO_CALL)
            self._up, self._down = up % cid, down % cid
        elif kind is not None:
            self._more = [_printable(line) for line in _function(kind)(apn, cid)]

    def steps(self):
        if not self.check:
            return tuple([(line, b"", None, _CALL_MS, _CALLS_MS, _NO_CALL) for line in self._more])
        return (
            (self._look,) + self.check[1:4] + (0, _NO_REASON),
            (self._end, b"", None, 40000, 0, _NO_REASON),
            (self._set, b"", None, 300, 0, _NO_REASON),
            (self._begin, b"", None, _CALL_MS, _CALLS_MS, _NO_CALL),
            self.check,
        )

    def seen(self, link, buf, start, end):
        """A line of the answer, one for each context: whether it is ours, and active."""
        here = fields.integer(buf, start, end, 0) == self.cid and fields.integer(buf, start, end, 1) == 1
        self.active = self.active or here
        return here

    def _look(self, link):
        self.active = False
        return self.check[0]

    def _end(self, link):
        """A context that is active keeps its APN: when another is wanted it has to end first."""
        if not self.active or self.old in (None, self.context):
            return None
        self.active = False
        return self._down

    def _set(self, link):
        self.old = self.context
        return None if self.active else self.context

    def _begin(self, link):
        return None if self.active else self._up


def steps(link, apn, user, password, auth, pin, cid, call):
    """As link.py has them; ValueError for what no command can carry."""
    old = link.call
    new = Call(call, apn, user, password, auth, cid)
    sim = Sim(pin)
    if old and old.cid == cid:
        new.old = old.old
    link.call = new
    if new.check:
        link.modem.sockets.doubt = link.look
    return (
        (b"AT+CGMR", b"EC", _identity, 300, 0, _NO_REASON),
        (b"AT+CPIN?", _CPIN, sim.seen, 5000, 20000, _NO_SIM),
        (sim.ask, b"+QPINC:", sim.left, 300, 0, _NO_REASON),
        (sim.unlock, b"", None, 5000, 0, _WANTS_PIN),
        (sim.again, _CPIN, sim.ready, 5000, 20000, _NO_SIM),
        (b"AT+CEREG?;+CGREG?", b"+C", _registered, 300, 90000, _NO_NETWORK),
    ) + new.steps()

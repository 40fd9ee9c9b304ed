"""From a silent UART to READY: the bring-up, as a table of steps."""

from . import errors
from .compat import const, ticks_add, ticks_diff
from .request import OK, REFUSED, Request, check

# Only this file changes the link's state.
OFF = const(0)
SEEKING = const(1)  # AT is sent until something answers
SYNCING = const(2)  # it answers; chat proves that it is in step
SETTING = const(3)  # on the way through _SETUP
FOUND = const(4)  # the module is set up; there has been no connect()
JOINING = const(5)  # on the way through connect()'s steps
READY = const(6)  # sockets can be opened
FAILED = const(7)  # what time will not mend

_SEEK_MS = const(500)
_AGAIN_MS = const(1000)

# Why it is not READY: messages.py has the words, join.py the rest of the numbers.
_NO_REASON = const(0)
_OFF = const(1)
_SILENT = const(2)
_FOUND = const(3)
_NO_ECHO = const(4)
_NO_CMEE = const(5)
_NO_QFWD = const(9)


# A step: line, the prefix of its answer, want(link, buf, start, end) that tells whether a line of the answer is good
# (None: OK is enough), ms for the answer, ms in all (0: no limit), and the reason why it is not done yet (none: a setting
# of best effort, done in any case). It is asked again every second until it is done.
_SETUP = (
    (b"ATE0", b"", None, 300, 0, _NO_ECHO),
    (b"AT+CMEE=1", b"", None, 300, 0, _NO_CMEE),
    (b'AT+QURCCFG="urcport","uart1"', b"", None, 300, 0, _NO_REASON),
)


class Link:
    """Chat's first source."""

    def __init__(self, chat, sockets, dialect):
        self._chat = chat
        self._sockets = sockets
        self._forwarding = (dialect.PROBE, dialect.PROBE[2:-2], None, 5000, 90000, _NO_QFWD)
        self._request = Request(self._line, None, self._done)
        self.state = OFF
        self.reason = _OFF
        self.errno = 0  # of a FAILED link
        self.cme = None  # the module's last refusal
        self._steps = _SETUP
        self._step = 0
        self._wanted = None  # the steps of connect(), once it was called
        self.pin = None  # the command with it
        self.tried = False  # it was sent, and the SIM is not READY yet
        self.locked = False  # the SIM asks for it
        self._good = False
        self._now = 0
        self._at = None  # nothing is asked before
        self._end = None  # the step in hand must be done by then

    # What the modem asks for

    def begin(self):
        """Find the module."""
        self._sockets.lost()
        self.state = SEEKING
        self.reason = _SILENT
        self._at = None

    def stop(self):
        self._sockets.lost()
        self.state = OFF
        self.reason = _OFF

    def connect(self, apn, user, password, auth, pin, cid):
        """Go online; without an apn only to the module's own LAN."""
        wanted = ()
        line = None
        if apn is not None:
            from .join import steps

            wanted = steps(apn, user, password, auth, cid)
            line = b'AT+CPIN="%s"' % check(pin, "the PIN", 8) if pin else None
        self.pin = line
        self._wanted = wanted + (self._forwarding,)
        self.tried = False
        if self.state == FAILED:
            self.begin()
        elif self.state >= FOUND:
            self._go(JOINING, self._wanted)

    def disconnect(self):
        """The sockets are closed, the module stays as it is."""
        self._wanted = None
        self._sockets.shut()
        if self.state > FOUND:
            self.state = FOUND
            self.reason = _FOUND

    # What the module does

    def restarted(self, buf, start, end):
        """It says RDY: nothing that it knew it knows any more."""
        if self.state > SEEKING:
            self.begin()
            self._chat.reset()

    def lost(self):
        """Chat has given up."""
        if self.state != OFF:
            self.begin()

    def synced(self):
        """Chat is in step (again)."""
        if self.state == SYNCING:
            self._go(SETTING, _SETUP)

    # Chat's source

    def next(self, now):
        self._now = now
        if self._at is not None:
            if ticks_diff(now, self._at) < 0:
                return None
            self._at = None
        request = self._request
        if self.state == SEEKING:
            self._at = ticks_add(now, _SEEK_MS)
            request.line.start(b"AT").end()
            request.plain(b"", _SEEK_MS)
            request.careless = True
        elif self.state == SETTING or self.state == JOINING:
            self._ask(request, now)
        else:
            return None
        return request

    def _ask(self, request, now):
        line, prefix, want, timeout, limit, reason = self._steps[self._step]
        if limit and self._end is None:
            self._end = ticks_add(now, limit)
        self._good = want is None
        self.reason = reason or self.reason
        if self.locked:  # once: a wrong one costs a try
            line = self.pin
            self.tried = True
            self.locked = self._good = False
        request.line.start(line).end()
        request.plain(prefix, timeout)

    def _line(self, buf, start, end):
        want = self._steps[self._step][2]
        if want and self.state == JOINING:
            self._good = want(self, buf, start + len(self._request.prefix), end) or self._good

    def _done(self, how):
        if how == REFUSED:
            self.cme = self._request.cme
        if self.state == SEEKING:
            if how == OK:
                self.state = SYNCING
                self._at = None
                self._chat.resync()
        elif self.state == SETTING or self.state == JOINING:
            if how == OK and self._good or not self._steps[self._step][5]:
                self._step += 1
                self._end = None
                if self._step == len(self._steps):
                    self._finish()
            elif self._end is not None and ticks_diff(self._now, self._end) >= 0:
                self.fail(errors.EOPNOTSUPP, self.reason)
            elif not self.locked:
                self._at = ticks_add(self._now, _AGAIN_MS)

    def _go(self, state, steps):
        self._sockets.online = False
        self._steps = steps
        self._step = 0
        self.locked = self._good = False  # what is in flight was asked for another step
        self._at = self._end = None
        self.state = state

    def _finish(self):
        if self.state == JOINING:
            self.state = READY
            self.reason = _NO_REASON
            self._sockets.up = self._sockets.online = True
        elif self._wanted:
            self._go(JOINING, self._wanted)
        else:
            self.state = FOUND
            self.reason = _FOUND

    def fail(self, errno, reason):
        self.state = FAILED
        self.errno = errno
        self.reason = reason

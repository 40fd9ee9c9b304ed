"""What may be shown of the wire: the dialogue, without secrets and payload. Loaded with the first trace or record.

What goes out is known: chat hands over whole lines, and stages payload apart. What comes in is cut by a framer of its own, for the
driver's is deaf in a quarantine, of which one wants to see most. Of that only lines are shown that look like an answer to the
command in flight, or like a URC, and when a read or a send goes wrong nothing until the next command: a byte that the wire
loses shows no payload.
"""

from . import fields
from .compat import const
from .framer import Framer

_MOST = const(1024)  # counted bytes
_LONG = const(10)  # digits in a row, from here on, are an IMEI, IMSI, ICCID or telephone number
_PLUS = const(43)
_COLON = const(58)
_ESC = const(27)

# What is secret behind them: PIN, PUK, passwords, IMEI, IMSI, ICCID, numbers. Behind "+CPIN:" nothing is.
_CPIN = b"CPIN"
_SECRETS = (_CPIN, b"QICSGP", b"CGAUTH", b"CLCK", b"CPWD", b"CGSN", b"GSN", b"EGMR", b"CIMI", b"QCCID", b"CCID", b"ICCID", b"CNUM")
_SECRETS += (b"QMTCONN", b"QFTPCFG", b"QSMTPCFG", b"QHTTPCFG")
_HEADERS = (b"+QFWDRECV:", b"+QFWDPRECV:")  # as qfwd.py has them
_FINALS = (b"OK", b"ERROR")
_ERRORS = (b"+CME ERROR:", b"+CMS ERROR:")
_WORDS = (b"RDY", b"POWERED DOWN", b"NORMAL POWER DOWN", b"APP RDY", b"Call Ready", b"SMS Ready")
_URCS = (b"+QFWDURC:", b"+QIURC:", b"+CPIN:", b"+CFUN:", b"+QIND:", b"+CREG:", b"+CGREG:", b"+CEREG:")
_BARE = (b"AT+CGMR", b"AT+CGMM", b"AT+CGMI", b"ATI")  # their answers have no prefix, and no secret


class Mask:
    """pen.begin(way), add(buf, start, end), number(n), end() get what may be shown; payload: that, too."""

    role = "trace"  # as an ear of trace.py

    def __init__(self, chat, pen, payload=False):
        self._chat = chat
        self._pen = pen
        self._payload = payload
        self._framer = Framer(self._line, self._prompt, self._first, self._data, self._broke)
        self._sent = b"\r"  # the command in flight,
        self._n = 0  # without its CR
        self._strict = False  # payload may come
        self._secret = False  # it carries a secret, or asks for one
        self._bare = False  # its answer has no prefix
        self._echo = None  # the module that knows one, once it is needed
        self._doubt = None  # the request whose payload the next line may echo
        self._lost = False  # nobody knows what it is that comes
        self._way = "<"  # of the bytes that are not shown,
        self._hidden = 0  # and how many they are

    def flush(self):
        """Say how much was not shown."""
        if self._hidden:
            n, self._hidden = self._hidden, 0
            pen = self._pen
            pen.begin(self._way)
            pen.add(b"<", 0, 1)
            pen.number(n)
            pen.add(b" bytes>", 0, 7)
            pen.end()

    def _hide(self, way, n):
        if way != self._way:
            self.flush()
            self._way = way
        self._hidden += n

    # To the module

    def wrote(self, buf, off, k, n):
        """k of the n bytes that chat had left to write."""
        if buf is self._chat.stage:
            self._bytes(">", buf, off, off + k)
        elif off == 0:
            self._command(buf, n)

    def _bytes(self, way, buf, start, end):
        if self._payload:
            self._tell(way, buf, start, end)
        else:
            self._hide(way, end - start)

    def _command(self, buf, n):
        framer = self._framer
        if self._lost or framer.ignore:
            self._lost = False
            framer.reset()
        framer.prompt = True
        self._sent, self._n = buf, n - 1
        self._strict = buf.find(b"RECV=", 0, n) > 0
        self._bare = _begins(buf, 0, _BARE)
        self._secret = _named(buf, 0, n, b"=?;\r") >= 0
        if _letter(buf[0]):
            self._text(">", buf, 0, n - 1)
        elif buf[0] == _ESC:
            self._tell(">", b"<ESC>", 0, 5)
        else:
            self._hide(">", n)  # it ends the payload of somebody before us

    # From the module

    def read(self, buf, n):
        if self._lost:
            self._hide("<", n)
        else:
            self._framer.feed(buf, n)

    def _prompt(self):
        if not self._lost:
            self._strict = True
            self._tell("<", b">", 0, 1)

    def _first(self, byte):
        """What follows the prompt may be an echo of the payload, which is told as chat tells it."""
        chat = self._chat
        request = chat._request
        if request and request.payload and (chat._echo or chat._echo is None):
            if not self._echo:
                from . import echo

                self._echo = echo
            n = self._echo.rest(request, byte, chat._echo or request.echoed)
            self._doubt = request if n == -2 else None
            self._ignore(n)

    def _ignore(self, n):
        if n > 0:
            self._framer.ignore = n
            self._hide("<", n)

    def _data(self, buf, start, end):
        self._bytes("<", buf, start, end)

    def _broke(self):
        self._lost = not self._payload

    def _line(self, buf, start, end):
        request, self._doubt = self._doubt, None
        if request and self._echoes(request, buf, start, end):
            return
        if start == end:
            self._tell("<", b"<a line too long>", 0, 17)
        elif not self._lost and self._may(buf, start, end):
            self._text("<", buf, start, end)
        else:
            self._hide("<", end - start)
            self._lost = self._lost or self._strict and not self._payload

    def _echoes(self, request, buf, start, end):
        n = self._echo.same(request, buf, start, end)
        if n >= 0:
            self._hide("<", end - start)
            self._ignore(n)
        return n >= 0

    def _may(self, buf, start, end):
        """Whether the line may be shown, its secrets masked. What is counted behind it is."""
        if _looks(buf, start, end):
            if _whole(buf, start, end, _FINALS) or _begins(buf, start, _ERRORS):
                self._strict = False
                return True
            if fields.equal(buf, start, end, self._sent, self._n) or _whole(buf, start, end, _WORDS) or _begins(buf, start, _URCS):
                return True
            if self._answers(buf, start, end):
                return True
        return self._payload and not self._secret

    def _answers(self, buf, start, end):
        """Whether it looks like one to the command in flight; where payload may come, it has nothing but numbers."""
        for header in _HEADERS:
            if buf.startswith(header, start):
                return self._header(buf, start + len(header), end)
        if buf[start] != _PLUS:
            return self._bare
        asked, numbers = self._asked(buf, start, end), _numbers(buf, start, end)
        return asked and numbers if self._strict else asked or numbers

    def _header(self, buf, start, end):
        n = fields.integer(buf, start, end, 1)
        if n is None or not 0 <= n <= _MOST or fields.integer(buf, start, end, 0) is None or fields.find(buf, start, end, 2) >= 0:
            return False
        if n:
            self._framer.expect(n)
        return True

    def _asked(self, buf, start, end):
        """Whether it bears the name of a command in the line that was sent."""
        sent = self._sent
        i = sent.find(b"+", 0, self._n)
        while i >= 0:
            k = 1
            while start + k < end and buf[start + k] != _COLON and buf[start + k] | 32 == sent[i + k] | 32:
                k += 1
            if start + k < end and buf[start + k] == _COLON and not _letter(sent[i + k]):
                return True
            i = sent.find(b"+", i + 1, self._n)
        return False

    # To the pen

    def _tell(self, way, buf, start, end):
        self.flush()
        pen = self._pen
        pen.begin(way)
        pen.add(buf, start, end)
        pen.end()

    def _text(self, way, buf, start, end):
        """A line, with asterisks for its secrets."""
        self.flush()
        pen = self._pen
        pen.begin(way)
        stop = _named(buf, start, end, b"=:")
        run = start
        for i in range(start, (end if stop < 0 else stop) + 1):
            if i < end and i != stop and 48 <= buf[i] <= 57:
                continue
            if i - run >= _LONG:
                pen.add(buf, start, run)
                pen.add(b"***", 0, 3)
                start = i
            run = i + 1
        pen.add(buf, start, end if stop < 0 else stop)
        if stop >= 0:
            pen.add(b"***", 0, 3)
        pen.end()


def _named(buf, start, end, after):
    """Where it goes on behind the first name of a secret and one of after; -1 when there is none."""
    i = buf.find(b"+", start, end) + 1
    while i:
        for name in _SECRETS:
            j = i + len(name)
            if j < end and buf[j] in after and not (name is _CPIN and buf[j] == _COLON) and _same(buf, i, name):
                return j + 1
        i = buf.find(b"+", i, end) + 1
    return -1


def _same(buf, start, name):
    """Whether the name stands there, in any case."""
    for byte in name:
        if buf[start] & 0xDF != byte:
            return False
        start += 1
    return True


def _letter(byte):
    return 65 <= byte & 0xDF <= 90


def _begins(buf, start, words):
    for word in words:
        if buf.startswith(word, start):
            return True
    return False


def _whole(buf, start, end, words):
    for word in words:
        if end - start == len(word) and buf.startswith(word, start):
            return True
    return False


def _looks(buf, start, end):
    """Whether it is printable."""
    for i in range(start, end):
        if not 32 <= buf[i] < 127:
            return False
    return True


def _numbers(buf, start, end):
    """Whether it is `+NAME: ` and numbers."""
    start += 1
    while start < end and _letter(buf[start]):
        start += 1
    for i in range(start, end):
        if buf[i] not in b"0123456789:,-() ":
            return False
    return start < end and buf[start] == _COLON

"""One command as data: its line, into which nothing can be injected, and what is to be done with the answer."""

from .compat import const

# How a request ends, as its on_done gets it.
OK = const(0)
REFUSED = const(1)  # ERROR, +CME ERROR: the module says no; cme has its code
TIMEOUT = const(2)  # no final result within the deadline
BROKEN = const(3)  # an answer that breaks its own count, or is for somebody else

_SPARE = const(40)  # for the numbers behind a text, and the CR
_SIZE = const(384)  # the longest is AT+QFWDCLIENT with a host name of 255 bytes


def check(text, what, limit):
    """The bytes of text; ValueError when it could end the quotes or the line, or is too long."""
    raw = text.encode() if isinstance(text, str) else bytes(text)
    for byte in raw:
        if byte < 32 or byte > 126 or byte == 34:
            limit = 0
    if len(raw) > limit:
        from .arguments import refuse_text

        refuse_text(what)
    return raw


class Line:
    """buf[:n] is the command with its closing CR."""

    def __init__(self, size=_SIZE):
        self.buf = bytearray(size)
        self.n = 0

    def start(self, text):
        self.n = 0
        return self.add(text)

    def add(self, text):
        end = self.n + len(text)
        if end > len(self.buf) - _SPARE:
            raise ValueError("the command is too long")
        self.buf[self.n : end] = text
        self.n = end
        return self

    def number(self, value):
        """The decimal digits of value, which is not negative."""
        digits = 1
        rest = value
        while rest > 9:
            rest //= 10
            digits += 1
        self.n = end = self.n + digits  # there is room: only text is long
        while digits:
            end -= 1
            digits -= 1
            self.buf[end] = 48 + value % 10
            value //= 10
        return self

    def quoted(self, text, what, limit):
        """text between quotes; ValueError as check."""
        return self.add(b'"').add(check(text, what, limit)).add(b'"')

    def end(self):
        self.buf[self.n] = 13
        self.n += 1
        return self


class Request:
    """line goes out; what comes back calls back with spans, valid during the call.

    on_line(buf, start, end) gets each line that bears prefix, and if bare every line that is no URC; it returns how many
    raw bytes follow, which on_data gets, or -1 when the answer cannot be right. on_done(how) comes last, always.
    """

    def __init__(self, on_line, on_data, on_done):
        self.line = Line()
        self.on_line = on_line
        self.on_data = on_data
        self.on_done = on_done
        self.cme = None
        self.prompted = False  # the module has asked for the payload
        self.echoed = False  # its line came back
        self.strays = 0  # lines that nobody expected, meanwhile
        self.told = False  # a line of the answer came
        self.plain(b"", 300)

    def plain(self, prefix, timeout):
        """A command without payload whose answer bears prefix (b"": has no lines), final within timeout ms."""
        self.prefix = prefix
        self.other = prefix  # the same, as some modules may spell it
        self.timeout = timeout
        self.counted = False  # its answer announces counted data
        self.patience = 0  # ms in which the module may be silent after that
        self.payload = None
        self.size = 0
        self.end = 0
        self.bare = False
        self.careless = False  # no quarantine after a timeout: only for the first AT, which is followed by resync()

    def carry(self, payload, size, end):
        """At the prompt size bytes of payload follow, as payload.peek(skip, buf, n) gives them, then, unless 0, the byte end."""
        self.payload = payload
        self.size = size
        self.end = end

"""A UART whose module knows its part by heart, and a desk on which a Chat talks to it."""

from ec2x.chat import Chat
from ec2x.compat import ticks_add
from ec2x.request import Request

PROBE = b"AT+CMEE?\r"
PROVED = b"\r\n+CMEE: 1\r\n\r\nOK\r\n"
OTHER = b"AT+CSQ\r"
OTHER_PROVED = b"\r\n+CSQ: 20,99\r\n\r\nOK\r\n"


class ScriptedUart:
    """script: (what must be written, what is answered then) in turn. It allocates nothing while it plays.

    takes: the most bytes that one write takes; 0: none, for ever. room: what it takes before it is full, until a test
    makes more. gives: the most bytes that any() tells of.
    """

    def __init__(self, *script, takes=65536, gives=65536):
        self.takes = takes
        self.gives = gives
        self.room = 1 << 24
        self._want = b"".join([step[0] for step in script])
        self._answers = b"".join([step[1] for step in script])
        self._steps = []  # (bytes written by then, bytes answered by then)
        written = answered = 0
        for wanted, answer in script:
            written += len(wanted)
            answered += len(answer)
            self._steps.append((written, answered))
        self._step = 0
        self._written = 0
        self._come = 0  # answered so far
        self._read = 0

    def any(self):
        return min(self.gives, self._come - self._read)

    def readinto(self, buf, n=-1):
        n = min(len(buf) if n < 0 else n, self.any())
        for i in range(n):
            buf[i] = self._answers[self._read + i]
        self._read += n
        return n or None

    def write(self, buf, off=0, n=-1):
        n = min(len(buf) - off if n < 0 else n, self.takes, self.room)
        for i in range(n):
            at = self._written + i
            if at >= len(self._want) or buf[off + i] != self._want[at]:
                raise AssertionError("%r is written where %r is expected" % (bytes(buf[off : off + n]), self._want[self._written :]))
        self._written += n
        self.room -= n
        while self._step < len(self._steps) and self._written >= self._steps[self._step][0]:
            self._come = self._steps[self._step][1]
            self._step += 1
        return n or None

    def left(self):
        """What should still be written; b"" when the script has been played to its end."""
        return self._want[self._written :]


class Spans:
    """A payload, as the socket's ring gives it."""

    def __init__(self, data):
        self._data = data

    def peek(self, skip, buf, n):
        for i in range(n):
            buf[i] = self._data[skip + i]
        return n


class Desk:
    """A chat over the script, with one source. Times are ms from start."""

    def __init__(self, *script, takes=65536, gives=65536, start=0, buf=256):
        self.uart = ScriptedUart(*script, takes=takes, gives=gives)
        self.chat = Chat(self.uart, self._on_synced, self._on_lost)
        self.chat.sources = (self,)
        self.chat.urcs.append((b"+QFWDURC:", self._on_urc))
        self.now = start
        self.waiting = []  # requests
        self.lines = []  # that a request has got
        self.urcs = []
        self.data = bytearray()
        self.done = []  # how requests have ended
        self.synced = self.lost = 0
        self.count = 0  # what on_line returns
        self._buf = bytearray(buf)

    def next(self, now):
        return self.waiting.pop(0) if self.waiting else None

    def request(self, line, prefix=b"", timeout=1000, payload=None, end=0):
        """A request in the queue; its callbacks write down what they get."""
        request = Request(self._on_line, self._on_data, self.done.append)
        request.line.start(line).end()
        request.plain(prefix, timeout)
        if payload is not None:
            request.carry(Spans(payload), len(payload), end)
        self.waiting.append(request)
        return request

    def step(self):
        self.chat.step(self.now)

    def take(self, buf, n):
        """n bytes from the module, then a step."""
        self.chat.feed(buf, n, self.now)
        self.chat.step(self.now)

    def play(self, rounds=10000):
        """What Modem.poll does, until nothing moves any more; time stands still."""
        chat = self.chat
        uart = self.uart
        still = 0
        while still < 2:
            rounds -= 1
            assert rounds, "it never comes to rest"
            before = uart.room
            n = uart.any()
            if n:
                chat.feed(self._buf, uart.readinto(self._buf, min(n, len(self._buf))), self.now)
            chat.step(self.now)
            still = 0 if n or uart.room != before else still + 1

    def pass_(self, ms, each=10):
        """ms go by in steps."""
        for _ in range(ms // each):
            self.now = ticks_add(self.now, each)
            self.chat.step(self.now)

    def _on_line(self, buf, start, end):
        self.lines.append(bytes(buf[start:end]))
        return self.count

    def _on_data(self, buf, start, end):
        self.data.extend(buf[start:end])

    def _on_urc(self, buf, start, end):
        self.urcs.append(bytes(buf[start:end]))

    def _on_synced(self, now):
        self.synced += 1

    def _on_lost(self):
        self.lost += 1

"""A chat whose module says anything at any time; it is watched what goes over the wire, and how each request ends."""

from ec2x.chat import Chat
from ec2x.owed import Owed
from ec2x.request import OK, Request
from fuzz.steps import Steps
from scripted import OTHER, OTHER_PROVED, PROBE, PROVED, Spans

_STEP_MS = 10
_ESCAPE = b"\x1b\r"
_CHATTER = b'\r\n+QFWDURC: "client/read",7\r\n'


class Mouth:
    """The UART. It takes so many bytes a step, and every byte is put down to a request or to the quarantine."""

    def __init__(self):
        self.takes = self.room = 65536
        self.chat = None
        self.requests = ()
        self.line = b""  # since the last CR, outside payloads
        self.honest = False
        self.say = None

    def write(self, buf, off, n):
        n = min(n, self.room)
        self.room -= n
        data = bytes(buf[off : off + n])
        chat = self.chat
        request = chat._request
        if buf is chat.stage:
            assert isinstance(request, Owed) or request.prompted, "payload that nobody has asked for"
            request.wrote = (request.wrote if chat._sent > chat._upto or off else b"") + data
            assert any(each.whole.startswith(request.wrote) for each in self.requests), "other bytes than a payload's"
        elif request:
            assert buf is request.line.buf
            request.went += data
        else:
            assert buf in (PROBE, OTHER, _ESCAPE)
        self.answer(data, request)
        return n or None

    def answer(self, data, request):
        """As a module does that is well."""
        self.line = (self.line + data)[-400:]
        if not self.honest or not self.line.endswith(b"\r"):
            return
        if self.line.endswith(PROBE):
            self.say(PROVED)
        elif self.line.endswith(OTHER):
            self.say(OTHER_PROVED)
        elif isinstance(request, Request) and data.endswith(b"\r"):
            self.say(b"\r\n> " if request.payload and not request.prompted else b"\r\nOK\r\n")


class Conversation:
    """One source, whose requests are kept; times are ms."""

    def __init__(self, counts):
        self.uart = Mouth()
        self.uart.say = self.say
        self.chat = Chat(self.uart, lambda now: None, self._lost)
        self.uart.chat = self.chat
        self.chat.sources = (self,)
        self.chat.urcs += [(b"+QFWDURC:", lambda *span: None), (b"RDY", lambda *span: self.chat.reset())]
        self.now = 0
        self.waiting = []
        self.requests = self.uart.requests = []  # all that were begun
        self.lost = 0
        self.chatty = False  # the module is never silent
        self._counts = counts  # what on_line returns in turn
        self._heard = bytearray()

    def _lost(self):
        self.lost += 1

    def ask(self, line, prefix, bare, timeout, payload=None, end=0):
        request = Request(self._line, self._data, None)
        request.on_done = lambda how: self._done(request, how)
        request.line.start(line).end()
        request.plain(prefix, timeout)
        request.bare = bare
        if payload is not None:
            request.carry(Spans(payload), len(payload), end)
        request.whole = (payload or b"") + bytes([end][: end > 0])
        request.wrote = request.went = b""
        request.ended = []
        self.waiting.append(request)
        return request

    def next(self, now):
        for request in self.requests[-1:]:
            assert request.ended, "one at a time"
        if not self.waiting:
            return None
        request = self.waiting.pop(0)
        request.began = now
        self.requests.append(request)
        return request

    def _line(self, buf, start, end):
        request = self.requests[-1]
        assert not request.ended and 0 <= start <= end <= len(buf)
        assert request.bare or buf[start:end].startswith(request.prefix)
        self._counts = self._counts[1:] + self._counts[:1]
        return self._counts[0]

    def _data(self, buf, start, end):
        assert not self.requests[-1].ended and 0 <= start < end <= len(buf)

    def _done(self, request, how):
        assert request is self.requests[-1]
        request.ended.append(how)
        if how == OK:
            assert request.went == bytes(request.line.buf[: request.line.n])
            assert request.wrote == (request.whole if request.prompted else b"")

    # Time

    def say(self, data):
        self._heard += data

    def step(self):
        """What Modem.poll does."""
        self.uart.room = self.uart.takes
        if self.chatty and not self.now % 50:
            self.say(_CHATTER)
        with Steps(400 + 60 * len(self._heard[:2048])):
            for _ in range(8):
                n = min(256, len(self._heard))
                if n:
                    self.chat.feed(bytearray(self._heard[:n] + b"OK\r> +"), n, self.now)
                    del self._heard[:n]
            self.chat.step(self.now)
        self.sound()

    def sound(self):
        for request in self.requests:
            assert len(request.ended) == 1 or request is self.requests[-1] and not request.ended, "ends once"
            assert request.whole.startswith(request.wrote), "other bytes than the payload's"
        if self.requests and not self.requests[-1].ended:
            assert self.now < self.requests[-1].began + self.requests[-1].timeout + _STEP_MS, "it outlives its deadline"

    def pass_(self, ms):
        for _ in range(0, ms, _STEP_MS):
            self.now += _STEP_MS
            self.step()

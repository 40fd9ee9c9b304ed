"""One request at a time: prompt, deadline, final results, URC routing, resynchronisation. Knows no command by name."""

from . import fields
from .compat import const, ticks_add, ticks_diff
from .framer import Framer
from .resync import Resync

# As request.py has them.
_OK = const(0)
_REFUSED = const(1)
_TIMEOUT = const(2)
_BROKEN = const(3)

_IDLE = const(0)
_LINE = const(1)  # the command line is being written
_ANSWER = const(2)  # written; prompt or final result awaited
_PAYLOAD = const(3)  # behind the prompt, writing
_FLUSH = const(4)  # the request has failed, yet what the module counts on is still written
_RESYNC = const(5)  # quarantine

_FLUSH_MS = const(2000)
_REST_MS = const(30000)  # in which a module may come to ask for a payload after all: what is said meanwhile would be taken for it
_STAGE = const(256)
_FIRST = const(64)  # a small first piece: the line is busy with it while the next is copied


class Chat:
    """The only writer to the UART. When idle it asks its sources in order for a Request: source.next(now)."""

    def __init__(self, uart, synced, lost):
        self.uart = uart
        self._synced = synced
        self._lost = lost
        self.quarantine = Resync()
        self.framer = Framer(self._line, self._prompt, self._first, self._data, self._broke)
        self._echo = None  # whether a payload comes back, once that is known; 0: it does not, though lines do
        self._echoes = None  # the module that tells, once it is needed
        self._doubt = False  # the next line is the echo of a payload, or the answer
        self.owed = None  # a payload whose prompt has not come, and may yet
        self.sources = ()
        self.urcs = []  # (prefix, callback(buf, start, end)); a line goes to all whose prefix it bears
        self._state = _IDLE
        self._request = None
        self._sent = 0  # of its payload, staged so far
        self._head = 0  # its first byte
        self.stage = bytearray(_STAGE)  # what is written from here is payload: mask.py relies on it
        self._out = self.stage  # what is being written: _out[_off:_upto]
        self._off = 0
        self._upto = 0
        self.now = 0
        self._end = 0
        self.commands = self.refusals = self.timeouts = self.broken = self.interrupted = 0
        self.resyncs = self.lost = self.unknown = self.echoes = 0

    def step(self, now):
        """Write what can be written, see to the deadline, begin the next request."""
        self.now = now
        if not self._state:  # _IDLE
            self._next(now)
        if self._state == _RESYNC:
            self._heal(now)
        elif self._state:
            self._write()
            if self._state != _RESYNC and ticks_diff(now, self._end) >= 0:
                self._late()

    def feed(self, buf, n, now):
        """Take n bytes from the module."""
        self.now = now
        if self._state == _FLUSH or self._state == _RESYNC and not self.quarantine.listening:
            self.quarantine.heard(now, n)
            if not (self.owed or self.framer.ignore):
                return
        self.framer.feed(buf, n)

    def resync(self, escape=False, patience=0):
        """Trust nothing until the module has fallen silent and answered a probe."""
        self._state = _RESYNC
        self._upto = 0
        self.quarantine.begin(self.now, escape, patience, _REST_MS if self.owed else 100)

    def reset(self):
        """The module has begun anew: the request in flight fails, nothing is awaited. But a prompt may: what tells so may be late."""
        if self._request and (self.framer.prompt or self._state == _PAYLOAD):
            self.upset()
        else:
            self.owed = None
            self.framer.reset()
            self._done(_TIMEOUT)

    # Out

    def _next(self, now):
        for source in self.sources:
            request = source.next(now)
            if request:
                self._request = request
                request.cme = None
                request.prompted = False
                request.strays = 0
                request.told = False
                request.echoed = self._doubt = False
                self._state = _LINE
                self._end = ticks_add(now, request.timeout)
                self.commands += 1
                line = request.line
                self._put(line.buf, line.n)
                return

    def _put(self, buf, n):
        self._out = buf
        self._off = 0
        self._upto = n

    def _write(self):
        while self._off < self._upto or self._more():
            n = self.uart.write(self._out, self._off, self._upto - self._off)
            if not n:
                return
            self._off += n

    def _more(self):
        """All is written: go on to what comes next. Whether that is more to write."""
        if self._state == _LINE:
            self._state = _ANSWER
            self.framer.prompt = self._request.payload is not None or self.owed is not None
            return False
        return (self._state == _PAYLOAD or self._state == _FLUSH) and self._piece()

    def _piece(self):
        """Stage the next piece of the payload, or see that there is none."""
        request = self._request
        left = request.size - self._sent
        n = 1
        if left > 0:
            n = request.payload.peek(self._sent, self.stage, min(left, _STAGE if self._sent else _FIRST))
            if not self._sent:
                self._head = self.stage[0]
        elif left == 0 and request.end:
            self.stage[0] = request.end
        else:
            if self._state == _FLUSH:
                self._request = None
                self.resync()
            else:
                self._state = _ANSWER
            return False
        self._sent += n
        self._put(self.stage, n)
        return n > 0

    # In: the framer's callbacks

    def _prompt(self):
        request = self._request
        if self._state == _ANSWER and request.payload is not None:
            request.prompted = True
            self._sent = 0
            self._state = _PAYLOAD
        else:  # it is for what is owed, once: what looks like another may be in the payload's echo
            owed = self.owed
            self.owed = None
            self._done(_TIMEOUT)
            self._flush(owed)

    def _first(self, byte):
        if self._state >= _FLUSH:
            return
        head = self._head
        known = self._echo
        if known is None and self._sent and head not in b"\r\n " and head != byte:
            known = self._echo = self._request.echoed and 0
        if known or known is None:
            if not self._echoes:
                from . import echo

                self._echoes = echo
            self._echoes.first(self, self._request, byte)

    def _data(self, buf, start, end):
        self._request.on_data(buf, start, end)

    def _broke(self):
        self.broken += 1
        self._fail(_BROKEN)

    def _line(self, buf, start, end):
        state = self._state
        if state == _FLUSH:
            return
        if state == _RESYNC:
            if buf.startswith(b"RDY", start):  # the one thing that is believed: a quarantine can last longer than a boot
                self._news(buf, start, end)
            elif self.quarantine.line(buf, start, end, self.now):
                self.resyncs += 1
                self.owed = None
                self._done(_OK)
                self._synced(self.now)
            return
        request = self._request
        if self._doubt and request and self._echoes.line(self, request, buf, start, end):
            return
        if state >= _ANSWER:
            how = self._final(buf, start, end)
            if how >= 0:
                self.refusals += how
                if state == _ANSWER:
                    if how == _OK and request.counted and request.strays and not request.told:
                        self._broke()  # it may be a line of the data, whose announcement was garbled
                    else:
                        self._done(how)
                elif how:  # in the middle of the payload, whose rest would be taken for commands
                    self._fail(how)
                else:
                    self._broke()
                return
            if request.prefix and (buf.startswith(request.prefix, start) or buf.startswith(request.other, start)):
                self._info(request, buf, start, end)
                return
        if self._news(buf, start, end):
            return
        if request and fields.equal(buf, start, end, request.line.buf, request.line.n - 1):
            request.echoed = True
            self.echoes += 1
            if self._echo is False:
                self._echo = None
            return
        if self._state == _ANSWER and request.bare and end > start:
            self._info(request, buf, start, end)
        else:
            self.unknown += end > start
            if request:
                request.strays += 1
                # The announcement of counted data, with a byte lost or changed: nothing behind it may be read as lines.
                prefix = request.prefix
                if request.counted and (buf.startswith(prefix[:5], start) or buf.find(prefix[5:], start, end) >= 0):
                    self._broke()

    def _news(self, buf, start, end):
        known = False
        for prefix, call in self.urcs:
            if buf.startswith(prefix, start):
                call(buf, start, end)
                known = True
        return known

    def _final(self, buf, start, end):
        """How the line ends the request; -1 when it does not."""
        n = end - start
        if n == 2 and buf.startswith(b"OK", start):
            return _OK
        if n == 5 and buf.startswith(b"ERROR", start):
            return _REFUSED
        if buf.startswith(b"+CM", start) and buf.startswith(b" ERROR:", start + 4):  # +CME or +CMS
            code = fields.integer(buf, start + 11, end, 0)
            if code is None:  # AT+CMEE=2
                from .strings import decode

                code = decode(buf, start + 12, end)
            self._request.cme = code
            return _REFUSED
        return -1

    def _info(self, request, buf, start, end):
        request.told = True
        n = request.on_line(buf, start, end)
        if n:
            if n > 0:
                self.framer.expect(n)
            else:
                self._broke()

    # How a request ends

    def _done(self, how):
        request = self._request
        self._request = None
        self._state = _IDLE
        self.framer.prompt = self.owed is not None
        if request:
            request.on_done(how)

    def _fail(self, how):
        """End the request, and trust nothing until the channel is proved to be in step."""
        request = self._request
        carries = request.payload is not None
        if carries and self._state == _ANSWER and not request.prompted:
            try:
                from .owed import Owed

                self.owed = Owed(request)
            except MemoryError:
                pass
        self.quarantine.owed += request.bare  # which may itself read like the probe
        framer = self.framer  # while something is owed it is listened to
        framer.reset(framer.left)  # the rest of a payload proves nothing
        self._done(how)
        if how == _TIMEOUT and carries and self.owed and self.owed.harmless:
            self._flush(self.owed)
        else:
            self.resync(carries, request.patience)

    def _flush(self, owed):
        """Write what is owed, then trust nothing."""
        self._request = owed
        self._sent = 0
        self._state = _FLUSH
        self._upto = 0
        self._end = ticks_add(self.now, _FLUSH_MS)

    def upset(self):
        """A step was interrupted, by Ctrl+C say: nobody knows how far it came."""
        self.interrupted += 1
        if self._state == _PAYLOAD:
            self._late(_BROKEN)
        elif not self._state:  # _IDLE
            self.resync()
        elif self._state < _PAYLOAD:
            self._fail(_BROKEN)

    def _late(self, how=_TIMEOUT):
        if self._state == _FLUSH:
            self._lose()
            return
        self.timeouts += how == _TIMEOUT
        request = self._request
        if self._state == _PAYLOAD:  # the module counts on the rest: it would take for it whatever came instead
            self._state = _FLUSH
            self._end = ticks_add(self.now, _FLUSH_MS)
            request.on_done(how)
        elif request.careless:
            self._done(_TIMEOUT)
        else:
            self._fail(_TIMEOUT)

    def _heal(self, now):
        line = self.quarantine.step(now)
        if line:
            framer = self.framer
            framer.reset(framer.due * (framer.ignore == framer.due))  # if less came than was due, the rest is lost
            self._put(line, len(line))
        elif line is not None:
            self._lose()
        self._write()

    def _lose(self):
        self.lost += 1
        self._request = None
        self._state = _IDLE
        self.framer.reset()
        self._lost()

"""One AT channel: characters to command lines, results to characters; echo, prompt, payload."""

from .atline import AtError, parse
from .output import Output
from .pending import Wait
from .text import decode

# What AT&F restores (S0 to S10, echo, result form); the stored profile begins as this.
FACTORY = {
    "E": 1,
    "Q": 0,
    "V": 1,
    "X": 4,
    "&C": 1,
    "&D": 2,  # assumed: its default is not printed
    "CMEE": 1,
    "S0": 0,
    "S3": 13,
    "S4": 10,
    "S5": 8,
    "S6": 2,
    "S7": 0,
    "S8": 2,
    "S10": 15,
}

# assumed: the length of a line beyond which it is answered with ERROR; the manuals give no number.
_MAX_LINE = 512

_LINE = 0  # between commands, or in the middle of typing one
_RUNNING = 1  # a command was given, its final result is not out
_DATA = 2  # after the prompt


class Channel(Output):
    """The AT interpreter of one port. Its settings are its own, all else is the module's."""

    def __init__(self, module, name, handlers):
        super().__init__(module, name)
        self.stored = dict(FACTORY)  # AT&W
        self._handlers = handlers
        self._stuck = module.quirks["echo"] == "stuck"  # E19
        self._payload_echo = module.quirks["payload_echo"]
        self._prompt_us = module.quirks["prompt_delay"] * 1000
        self.now = 0
        self.restart()

    def restart(self):
        """As after power-up: nothing typed, nothing running, the stored settings."""
        self.set = dict(self.stored)
        self.after = []  # calls (now) to make once the final result is out
        self._state = _LINE
        self._line = bytearray()
        self._seen = 0  # how much of "AT" has been seen: 0, 1, 2
        self._last = ""  # for A/
        self._queue = bytearray()  # what came while a command ran
        self._deaf = False  # before a prompt whatever comes is lost
        self.held = []
        self._commands = []
        self._next = 0  # which of them is to run next
        self._wait = None  # what the final result waits for
        self._data = None

    # --- in ------------------------------------------------------------------------------------

    def feed(self, data, now):
        """Bytes from the host."""
        i = 0
        while i < len(data):
            if self._state == _LINE:
                i = self._typed(data, i, now)
            elif self._state == _DATA:
                i = self._payload(data, i, now)
            else:
                # assumed: the UART driver keeps them until the command is done, but "data
                # pushed before the prompt appears is lost silently" (field notes).
                if not self._deaf:
                    self._queue.extend(data[i:])
                return

    def burst(self, data):
        """How many of these bytes have their effect at the last of them: None if they have none yet."""
        if self._state == _RUNNING:
            return None
        if data and (self._echoes_payload() if self._state == _DATA else self._echoes()):
            return 1
        if self._state == _DATA:
            return self._data.burst(data)
        end = data.find(bytes([self.set["S3"]]))
        slash = data.find(b"/") if self._seen < 2 else -1
        if 0 <= slash and (end < 0 or slash < end):
            end = slash
        return None if end < 0 else end + 1

    def _echoes(self):
        return self.set["E"] or self._stuck

    def _echoes_payload(self):
        # E19: as measured at AT+CMGS, without the Ctrl+Z.
        return self._echoes() if self._payload_echo == "with_echo" else self._payload_echo == "always"

    def _typed(self, data, i, now):
        end = data.find(bytes([self.set["S3"]]), i)
        if end < 0:
            return self._characters(data, i, len(data), now)
        stop = self._characters(data, i, end, now)
        if stop < end:
            return stop
        if self._echoes():
            self.emit(data[end : end + 1])
        given, self._seen = self._seen, 0
        line, self._line = decode(self._line), bytearray()
        if given == 2:  # a line without AT is passed over in silence
            self._last = line
            self._begin(line, now)
        return end + 1

    def _characters(self, data, i, end, now):
        # Stops early behind `A/`, which works without a CR.
        back = self.set["S5"]
        echo = self._echoes()
        for k in range(i, end):
            c = data[k]
            if echo and c != 10:
                self.emit(data[k : k + 1])
            if c == back:
                self._line = self._line[:-1]
            elif c < 32:
                continue
            elif self._seen == 2:
                if len(self._line) <= _MAX_LINE:
                    self._line.append(c)
            elif self._seen == 1 and c in b"Tt":
                self._seen = 2
            elif self._seen == 1 and c == 47:
                self._seen = 0
                self._begin(self._last, now)
                return k + 1
            else:
                self._seen = 1 if c in b"Aa" else 0
        return end

    def _payload(self, data, i, now):
        stop, end, whole = self._data.feed(data, i)
        if self._echoes_payload():
            self.emit(data[i:end])
        if whole:
            self._state = _RUNNING
            self.module.note("payload", self.name, self._data.payload())
            self._later(self.module.latency(self._commands[-1]), self._answer_payload, now)
        return stop

    def in_payload(self):
        """Does the next byte belong to one?"""
        return self._state == _DATA

    # --- a command -----------------------------------------------------------------------------

    def _begin(self, line, now):
        late = self._fails("command", now)
        if late < 0:
            return
        self.module.note("command", self.name, line)
        self._state = _RUNNING
        self._commands = parse(line) if len(line) <= _MAX_LINE else None
        if self._commands is None:
            self._later(self.module.latency(None), self._run, now)
            return
        self.module.count(self._commands)
        for command in self._commands:
            if command.name == "+QFWDSEND" and command.op == "set":
                self._deaf = True
        self.gap("running")
        delay = max([self.module.latency(c) for c in self._commands] or [self.module.latency(None)])
        self._later(delay + late, self._run, now)

    def _fails(self, stream, now):
        """By how many us a command, prompt or result is late; -1: it is lost."""
        faults = self.faults()
        fault = faults and faults.event(stream, now)
        return 0 if not fault else -1 if fault.what == "lose" else fault.n * 1000

    def _later(self, delay, call, now):
        if delay:
            self.module.agenda.add(now + delay, call)
        else:
            call(now)

    def _run(self, now):
        self._deaf = False
        self._next = 0
        self._go_on(now, None if self._commands is not None else AtError())

    def _go_on(self, now, error):
        # The commands that are left; `error` is what became of the last one.
        self.now = now
        final = "OK"
        try:
            if error:
                raise error
            while self._next < len(self._commands):
                more = self._execute(self._commands[self._next])
                self._next += 1
                if isinstance(more, Wait):
                    if not more.done:
                        self._await(more)
                        return
                    if more.error:
                        raise more.error
                elif more is not None:
                    self._deaf = True
                    self._data = more
                    self._later(self._prompt_us, self._ready, now)
                    return
        except AtError as failure:
            final = self.failure(failure)
        self._finish(final, now)

    def _execute(self, command):
        handler = self._handlers.get(command.name)
        if handler is None or command.op == "bad":
            raise AtError()
        return handler(self, command)

    def _await(self, wait):
        self._wait = wait
        wait.wake = lambda: self.module.soon(lambda now: self._resume(wait, now))

    def _resume(self, wait, now):
        if self._wait is wait:  # or a reset came between
            self._wait = None
            self._go_on(now, wait.error)

    def _ready(self, now):
        late = self._fails("prompt", now)
        if late > 0:
            self.module.agenda.add(now + late, self._listen)
        else:
            self._listen(now, late == 0)

    def _listen(self, now, say=True):
        if say:
            self.prompt()
        self._deaf = False
        self._state = _DATA

    def _answer_payload(self, now):
        self.now = now
        final = "OK"
        try:
            self._data.complete(self)
        except AtError as error:
            final = self.failure(error)
        self._data = None
        self._finish(final, now)

    def _finish(self, final, now):
        late = self._fails("final", now)
        if late > 0:
            self.module.agenda.add(now + late, lambda now: self._end(final, now))
        else:
            self._end(final, now, late == 0)

    def _end(self, final, now, say=True):
        self.gap("final")
        if say:
            self.result(final)
        self._state = _LINE
        self.gap("after")
        calls, self.after = self.after, []
        for call in calls:
            call(now)
        self.module.settle(now)
        if self._state == _LINE and self._queue:
            data, self._queue = bytes(self._queue), bytearray()
            self.feed(data, now)

    # --- URCs ----------------------------------------------------------------------------------

    def urc(self, text):
        """A URC for this port: now, or in the next gap where the module lets it through."""
        self.held.append(text)
        if self._state != _DATA:
            self.gap("idle" if self._state == _LINE else "running")

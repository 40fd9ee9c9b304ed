"""Has a module fail by a plan: what stands between its channel on the main UART, the line, and the network."""

from .faultplan import EVENTS, kinds, parse

_US = 1000
_LEAD = 1  # byte in front of a payload, and
_TRAILER = 4  # bytes behind it, of which one more or less may stand for one of it


def _looks_right(digits, i, fault, data):
    """With its i-th digit changed or lost, is the number 0, or does it end the data where that has what stands behind all of it?"""
    wrong = digits[:i] + digits[i + 1 :]
    if fault.what == "flip":
        wrong = digits[:i] + chr(ord(digits[i]) ^ fault.n) + digits[i + 1 :]
    n = int(wrong) if wrong.encode().isdigit() else 0  # a str has other digits, too
    return fault.what in ("drop", "flip") and (wrong == "0" or data[n : n + _TRAILER] == b"\r\n\r\n")


class _Way:
    """The bytes of one direction: where they are changed, lost, or held up."""

    def __init__(self, faults, stream, give):
        self._faults = faults
        self._stream = stream
        self._give = give  # give(bytes, now)
        self.count = 0  # bytes that went by, as they were before anything happened to them
        self._waiting = bytearray()
        self._until = 0  # nothing goes before
        self._lost = 0  # still to be dropped

    def waiting(self):
        return len(self._waiting)

    def put(self, data, now):
        self._waiting.extend(data)
        self.go(now)

    def go(self, now):
        """All that may go by now."""
        while self._waiting and now >= self._until:
            fault = self._faults.due(self._stream, self.count, self.count + len(self._waiting), now)
            if not fault:
                self._pass(len(self._waiting), now)
                return
            self._pass(fault.at - self.count, now)
            fault.harm = self._faults.harm(fault, self._stream, self.count)
            if fault.harm and self._faults.fair:
                continue
            self._happen(fault, now)

    def _pass(self, n, now):
        lost = min(n, self._lost)
        data = bytes(self._waiting[lost:n])
        self._lost -= lost
        self._waiting[:n] = b""
        self.count += n
        if data:
            self._give(data, now)

    def _happen(self, fault, now):
        first = self._waiting[:1]
        if fault.what == "drop":
            self._lost = fault.n
        elif fault.what == "flip":
            self._waiting[:1] = bytes([first[0] ^ fault.n])
        elif fault.what == "double":
            self._give(bytes(first) * fault.n, now)
        elif fault.what == "insert":
            self._give(bytes([fault.n]), now)
        elif fault.what == "stall":
            self._until = now + fault.n * _US
        else:
            self._faults.strike(fault, now)

    def wake_at(self):
        return self._until if self._waiting else None

    def clear(self):
        self.count += len(self._waiting)
        self._waiting[:] = b""
        self._lost = 0


class Faults:
    """plan: text, or a list of Fault. fair: what nobody could notice (a changed byte in a payload, one that is missing in a
    payload or a command on its way to the module) does not happen. mcu(now): called for a fault that is the host's.
    """

    def __init__(self, plan, fair=False, mcu=None):
        plan = sorted(parse(plan) if isinstance(plan, str) else plan, key=lambda fault: fault.ms)
        self._later = [fault for fault in plan if fault.stream]
        self._timed = [fault for fault in plan if not fault.stream]
        self._armed = {}  # stream: its faults, each with .at
        for stream in EVENTS:
            self._armed[stream] = []
        self.happened = []
        self.fair = fair
        self.mcu = mcu
        self.full_until = 0  # the network takes nothing before
        self._spans = []  # (start, end, what) of the module's bytes that nobody can check
        self._hurt = None  # the span that has lost or got a byte
        self.counts = dict([(stream, 0) for stream in EVENTS])

    def attach(self, module, port="uart1"):
        """Stand before this module's port."""
        self.module = module
        self.channel = module.channel(port)
        self.up = _Way(self, "up", self._feed)
        self._out = bytearray()
        self.down = _Way(self, "down", lambda data, now: self._out.extend(data))

    def _feed(self, data, now):
        if not self.module.hung:
            self.channel.feed(data, now)

    # Bytes

    def take(self, now):
        """What of the module's arrives at the line."""
        if not self.channel.out and not self.down.waiting():
            return b""
        data, self.channel.out = self.channel.out, bytearray()
        self.down.put(data, now)
        data, self._out = bytes(self._out), bytearray()
        return data

    def mark(self, offset, n, what, data=b""):
        """n of the bytes that the channel is about to emit, offset from here, are a payload, or a count, or announce data."""
        start = self.down.count + self.down.waiting() + len(self.channel.out) + offset
        self._spans = [span for span in self._spans if span[1] > self.down.count]
        self._spans.append((start, start + n, what, data))

    def harm(self, fault, stream, at):
        """Why nobody can notice it, or ""."""
        if fault.what not in ("drop", "flip", "double", "insert"):
            return ""
        if stream == "up":
            return "payload up" if self.channel.in_payload() else "command"
        for span in self._spans:
            start, end, what, data = span
            if what == "announced" and start <= at < end and _looks_right(str(len(data)), at - start, fault, data):
                return "announcement"
            if what == "count" and start <= at < end:  # fewer taken than were: the rest would go twice
                return "count" if fault.what in ("flip", "drop") or fault.n == 13 else ""
            if what == "data" and fault.what == "flip" and start <= at < end:
                return "payload down"
            if what == "data" and fault.what != "flip" and start - _LEAD <= at < end + _TRAILER:
                if self._hurt == span:  # one byte less and one more: its length is right again
                    return "payload down"
                self._hurt = span
        return ""

    def harmed(self):
        """Has something happened that nobody could notice?"""
        return [fault for fault in self.happened if fault.harm]

    # Events

    def event(self, stream, now):
        """What is to happen to this prompt, result, URC or command: a Fault, or None."""
        count = self.counts[stream]
        self.counts[stream] = count + 1
        fault = self.due(stream, count, count + 1, now)
        if fault and fault.what not in kinds(stream):
            self.module.soon(lambda now: self.strike(fault, now))
            return None
        return fault

    def due(self, stream, start, end, now):
        """The first of the stream's faults from start to before end; it is taken off the plan."""
        self._arm(now)
        armed = self._armed[stream]
        if not armed or armed[0].at >= end:
            return None
        fault = armed.pop(0)
        fault.at = max(fault.at, start)
        fault.hit = now // _US
        self.happened.append(fault)
        return fault

    def _arm(self, now):
        while self._later and self._later[0].ms * _US <= now:
            fault = self._later.pop(0)
            fault.at = fault.count + (self._passed(fault.stream) if fault.ms else 0)
            armed = self._armed[fault.stream]
            armed.append(fault)
            armed.sort(key=lambda fault: fault.at)

    def _passed(self, stream):
        return self.up.count if stream == "up" else self.down.count if stream == "down" else self.counts[stream]

    # The module

    def poll(self, now):
        self.up.go(now)
        while self._timed and self._timed[0].ms * _US <= now:
            fault = self._timed.pop(0)
            fault.hit = now // _US
            self.happened.append(fault)
            self.strike(fault, now)

    def wake_at(self):
        """When something is to be done, or None."""
        best = self._timed[0].ms * _US if self._timed else None
        for way in (self.up, self.down):
            at = way.wake_at()
            if at is not None and (best is None or at < best):
                best = at
        return best

    def strike(self, fault, now):
        """A fault of the module, or of what is around it."""
        module = self.module
        if fault.what == "reset":
            module.reset(now)
        elif fault.what == "ap":
            module.ap_restart(now)
        elif fault.what == "pdp":
            module.radio.activate(fault.n, False)
        elif fault.what == "hang":  # until somebody presses reset
            module.hung = True
            module.agenda.add(now + fault.n * _US, module.reset)
        elif fault.what == "full":
            self.full_until = now + fault.n * _US
            module.agenda.add(self.full_until, module.settle)
        else:
            fault.harm = "host"
            self.mcu(now)

    def lost(self):
        """The module is off: what was on its way is lost."""
        self.up.clear()
        self.down.clear()

"""The quarantine: trust nothing until the module has fallen silent and answered a probe."""

from .compat import const, ticks_add, ticks_diff

_QUIET_MS = const(100)
_QUIET_MAX_MS = const(3000)  # a module that never falls silent is probed all the same
_PROBE_MS = const(500)
_PROBES = const(3)
_LATER_MS = const(5000)  # between further ones, to a module that may be busy

_LINES = (b"AT+CMEE?\r", b"AT+CSQ\r")
_PREFIXES = (b"+CMEE:", b"+CSQ:")


class Resync:
    """Silence, perhaps an escape, silence, a probe; three times at most, or for as long as there is patience.

    Of two probes one is in use until it is answered. Asked once, that proves it. Asked more often, nobody can tell which
    one's the answer is, and the others may be minutes late: then it is the other probe's turn, of which none is out.
    """

    def __init__(self):
        self._turn = 0  # which probe is in use
        self.listening = False  # a probe is out: lines count
        self._escape = False  # the module may be in a prompt, or in half a line
        self._seen = False  # the prefix has been seen
        self._asked = 0
        self.owed = 0  # answers that may come, of the probe in use
        self._at = 0  # when the phase ends
        self._end = 0  # of listening for silence
        self._lost = 0  # not given up before
        self.ignored = 0  # bytes that came meanwhile

    def begin(self, now, escape, patience, rest=_QUIET_MS):
        """rest: how long nothing is sent after a first probe without an answer, unless something comes."""
        self._rest = rest
        self._lost = ticks_add(now, patience)
        self._escape = escape
        self._asked = 0
        self.echoed = False  # a probe came back
        self._end = ticks_add(now, _QUIET_MAX_MS)
        self._hush(now)

    def _hush(self, now, ms=_QUIET_MS):
        self.listening = False
        self._at = ticks_add(now, ms)

    def heard(self, now, n):
        """n bytes came that are not looked at."""
        self.ignored += n
        if ticks_diff(self._end, now) > _QUIET_MS:
            self._at = ticks_add(now, _QUIET_MS)

    def step(self, now):
        """What is to be written now: a line, None, or b"" when the module is lost."""
        if ticks_diff(now, self._at) < 0:
            return None
        if self._asked >= _PROBES and self.listening and ticks_diff(now, self._lost) >= 0:
            return b""
        if self.listening:
            self._escape = True
            self._hush(now, self._rest)
            self._rest = _QUIET_MS
            return None
        if self._escape:  # ESC leaves a prompt; the CR ends what is half written, at the price of an ERROR
            self._escape = False
            self._hush(now)
            return b"\x1b\r"
        self._asked += 1
        self.owed += 1
        self._seen = False
        self.listening = True
        self._at = ticks_add(now, _PROBE_MS if self._asked <= _PROBES else _LATER_MS)
        return _LINES[self._turn]

    def line(self, buf, start, end, now):
        """Whether this line ends the answer to the one probe that is out."""
        if buf.startswith(_PREFIXES[self._turn], start):
            self._seen = True
        elif self.listening and self._seen and end - start == 2 and buf.startswith(b"OK", start):
            once = self.owed < 2
            self.owed = 0
            if once:
                self._turn = 0  # all that was asked before is answered
                return True
            self._turn ^= 1
            self._hush(now)
        else:
            self.ignored += end - start
            self.echoed = self.echoed or buf.startswith(_LINES[self._turn], start)
        return False

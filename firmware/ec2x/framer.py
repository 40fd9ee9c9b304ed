"""Bytes to lines, prompts and counted data. Knows CR, LF, `>` and counts, and no command."""

from .compat import Block, const

_CR = const(13)
_LF = const(10)
_SPACE = const(32)
_PROMPT = const(62)

# Behind the CR of the line that announces counted data comes its LF.
# assumed: the commas in the manual's "<0D>,<0A>," are typography; else they are sent, and all of them.
_LEAD = b",\n,"
# assumed: counted data is followed by CR LF and then by the CR LF that precedes every line, as AT+QIRD's is.
# A byte lost, added or moved shows here, since data of the wrong length puts something else in this place.
_TRAILER = b"\r\n\r\n"


class Framer:
    """feed() cuts what arrives and calls back with spans (buf, start, end), valid during the call.

    on_line: a line without CR and LF; empty if it was too long. It ends with its CR, for an echo has no LF. on_prompt: a `>` where
    a line starts, while prompt is set. on_first(byte): what follows that prompt begins so, and ignore may be set. on_data:
    part of the counted data. on_broken: what preceded or followed the counted data was not what does.
    """

    def __init__(self, on_line, on_prompt, on_first, on_data, on_broken, size=512):
        self._on_line = on_line
        self._on_prompt = on_prompt
        self._on_first = on_first
        self._on_data = on_data
        self._on_broken = on_broken
        self._store = Block(size)  # a line that came in pieces
        self._line = bytearray(size)
        self.prompt = False  # whether a prompt is awaited
        self.too_long = 0  # lines skipped because they did not fit
        self.reset()

    def reset(self, ignore=0):
        """Forget what is half read; begin at a line's start."""
        self.ignore = self.due = ignore  # bytes to come that are nobody's: an echo, the rest of a payload; and how many there were
        self._have = 0
        self._skip = False
        self._first = False
        self._lead = 0  # bytes before the counted data still to come
        self.left = 0  # counted data still to come
        self._trailer = 0  # bytes of the trailer still to come

    def expect(self, n):
        """To be called from on_line: n bytes of counted data follow that line."""
        self._lead = len(_LEAD)
        self.left = n
        self._trailer = len(_TRAILER)

    def feed(self, buf, n):
        i = 0
        while i < n:
            if self.ignore:
                k = min(self.ignore, n - i)
                self.ignore -= k
                i += k
            elif self._lead:
                self._lead = self._check(buf, i, _LEAD, self._lead)
                i += 1
            elif self.left:
                i = self._data(buf, i, n)
            elif self._trailer:
                self._trailer = self._check(buf, i, _TRAILER, self._trailer)
                i += 1
            else:
                i = self._text(buf, i, n)

    def _data(self, buf, i, n):
        end = min(n, i + self.left)
        self.left -= end - i
        self._on_data(buf, i, end)
        return end

    def _check(self, buf, i, what, left):
        """How many bytes of what are left behind this one."""
        if buf[i] == what[-left]:
            return left - 1
        if left != len(_LEAD) or buf[i] != _LF:  # the plain lead: LF alone
            self.reset()
            self._on_broken()
        return 0

    def _text(self, buf, i, n):
        if self._have == 0 and not self._skip:
            byte = buf[i]
            if byte == _CR or byte == _LF or byte == _SPACE:
                return i + 1
            if byte == _PROMPT and self.prompt:
                self.prompt = False
                self._first = True
                self._on_prompt()
                return i + 1
            if self._first:
                self._first = False
                self._on_first(byte)
                if self.ignore:
                    return i
        j = buf.find(b"\r", i, n)
        if j < 0:
            self._keep(buf, i, n)
            return n
        if self._have or self._skip:
            self._keep(buf, i, j)
            self._stored()
        else:
            self._on_line(buf, i, j)
        return j + 1

    def _keep(self, buf, i, j):
        if self._have + j - i >= len(self._line):
            self._skip = True
        if not self._skip:
            self._store.seek(self._have)
            self._store.write(buf, i, j - i)
            self._have += j - i

    def _stored(self):
        n = self._have
        self._have = 0
        if self._skip:  # it is told as an empty one
            self._skip = False
            self.too_long += 1
            n = 0
        self._store.seek(0)
        self._store.readinto(self._line, n)
        self._line[n] = _CR  # or what an older line has left there might complete a prefix
        self._on_line(self._line, 0, n)

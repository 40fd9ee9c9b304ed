"""Bytes to lines, prompts and counted data. Knows CR, LF, `>` and counts, and no command."""

from .compat import Block, const

_CR = const(13)
_LF = const(10)
_SPACE = const(32)
_PROMPT = const(62)
_COMMA = const(44)

# assumed: counted data is followed by CR LF and then by the CR LF that precedes every line, as AT+QIRD's is.
# A byte lost, added or moved shows here, since data of the wrong length puts something else in this place.
_TRAILER = b"\r\n\r\n"


class Framer:
    """feed() cuts what arrives and calls back with spans (buf, start, end), valid during the call.

    on_line: a line that is not empty, without CR and LF. on_prompt: a `>` where a line starts, while prompt is set.
    on_data: part of the counted data. on_broken: what followed the counted data was not its trailer.
    """

    def __init__(self, on_line, on_prompt, on_data, on_broken, size=512):
        self._on_line = on_line
        self._on_prompt = on_prompt
        self._on_data = on_data
        self._on_broken = on_broken
        self._store = Block(size)  # a line that came in pieces
        self._line = bytearray(size)
        self.prompt = False  # whether a prompt is awaited
        self.too_long = 0  # lines skipped because they did not fit
        self.reset()

    def reset(self):
        """Forget what is half read; begin at a line's start."""
        self.ignore = 0  # bytes to come that are an echo
        self._have = 0
        self._skip = False
        self._left = 0  # counted data still to come
        self._trailer = 0  # bytes of the trailer still to come
        # assumed: "<0D>,<0A>," before the data is typography, or else sent so: a comma on either side of the LF.
        self._ends_so = False
        self._comma = False

    def expect(self, n):
        """To be called from on_line: n bytes of counted data follow that line."""
        self._left = n
        self._trailer = len(_TRAILER)
        self._comma = self._ends_so

    def feed(self, buf, n):
        i = 0
        while i < n:
            if self.ignore:
                k = min(self.ignore, n - i)
                self.ignore -= k
                i += k
            elif self._comma:
                self._comma = False
                i += buf[i] == _COMMA
            elif self._left:
                i = self._data(buf, i, n)
            elif self._trailer:
                i = self._check(buf, i)
            else:
                i = self._text(buf, i, n)

    def _data(self, buf, i, n):
        end = min(n, i + self._left)
        self._left -= end - i
        self._on_data(buf, i, end)
        return end

    def _check(self, buf, i):
        if buf[i] == _TRAILER[-self._trailer]:
            self._trailer -= 1
        else:
            self.reset()
            self._on_broken()
        return i + 1

    def _text(self, buf, i, n):
        if self._have == 0 and not self._skip:
            byte = buf[i]
            if byte == _CR or byte == _LF or byte == _SPACE:
                return i + 1
            if byte == _PROMPT and self.prompt:
                self.prompt = False
                self._on_prompt()
                return i + 1
        j = buf.find(b"\n", i, n)
        if j < 0:
            self._keep(buf, i, n)
            return n
        if self._have or self._skip:
            self._keep(buf, i, j)
            self._stored()
        else:
            self._emit(buf, i, j)
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
        if self._skip:
            self._skip = False
            self.too_long += 1
            return
        self._store.seek(0)
        self._store.readinto(self._line, n)
        self._line[n] = _LF  # or what an older line has left there might complete a prefix
        self._emit(self._line, 0, n)

    def _emit(self, buf, start, end):
        while buf[end - 1] == _CR:  # the first byte is none
            end -= 1
        self._ends_so = buf[end - 1] == _COMMA and buf[end - 2] == _CR
        self._on_line(buf, start, end)

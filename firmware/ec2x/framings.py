"""Other ways in which a module may send counted data. Loaded only with a profile that names one."""

from .compat import const
from .framer import Framer

_CR = const(13)
_PLUS = const(43)
_COMMA = const(44)
_PIECE = const(128)


class Framing(Framer):
    """comma: the data follows the second comma of its header, one of headers, on the same line. digits: two of them a byte."""

    def __init__(self, framer, headers, comma, digits):
        super().__init__(framer._on_line, framer._on_prompt, framer._on_first, framer._on_data, framer._on_broken)
        self._headers = headers
        self._has_comma = comma
        self._has_digits = digits
        self._commas = 0  # that the line may still have before it is known to be no header
        self._inline = False  # the line that is being told ended with its comma
        self._piece = bytearray(_PIECE)
        self._digit = -1  # the first of a pair

    def expect(self, n):
        super().expect(n * 2 if self._has_digits else n)
        self._digit = -1
        if self._inline:
            self._lead = 0

    # The header

    def _text(self, buf, i, n):
        if not self._have:
            self._commas = 2 if self._has_comma and buf[i] == _PLUS and not self._first else 0
        if not self._commas or self._skip:
            return super()._text(buf, i, n)
        start = i
        while i < n and self._commas and buf[i] != _CR:
            self._commas -= buf[i] == _COMMA
            i += 1
        if i < n and self._commas:
            return super()._text(buf, start, n)  # the line ends here
        self._keep(buf, start, i)
        if not self._commas and not self._skip and self._is_header():
            self._inline = True
            self._stored()
            self._inline = False
        return i

    def _is_header(self):
        self._store.seek(0)
        self._store.readinto(self._line, self._have)
        for header in self._headers:
            if self._line.startswith(header):
                return True
        return False

    # The data

    def _data(self, buf, i, n):
        if not self._has_digits:
            return super()._data(buf, i, n)
        end = min(n, i + self.left, i + _PIECE)
        self.left -= end - i
        have = 0
        while i < end:
            digit = _value(buf[i])
            i += 1
            if digit < 0:
                self.reset()
                self._on_broken()
                return i
            if self._digit < 0:
                self._digit = digit
            else:
                self._piece[have] = self._digit << 4 | digit
                self._digit = -1
                have += 1
        if have:
            self._on_data(self._piece, 0, have)
        return end


def _value(byte):
    if 48 <= byte <= 57:
        return byte - 48
    byte |= 32
    return byte - 87 if 97 <= byte <= 102 else -1

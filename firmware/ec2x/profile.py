"""The dialect of a module that does not follow the plain reading of the manual: Modem(profile={...}). Loaded only then.

{"send": "hex"}: a send with a length is not literal, so payload goes as hexadecimal digits, ended by Ctrl+Z.
"""

from .forms import Forms

_KNOWN = {"send": ("literal", "hex")}
_HEX_MAX = 512  # assumed: 1024 digits, for nothing says whether the limit of 1024 counts bytes or digits
_PIECE = 128


class Digits:
    """A payload as two digits a byte, without an allocation."""

    def __init__(self):
        self.payload = None
        self._piece = bytearray(_PIECE)

    def peek(self, skip, buf, n):
        piece = self._piece
        n = self.payload.peek(skip >> 1, piece, min(n >> 1, _PIECE))
        for i in range(n):
            byte = piece[i]
            buf[2 * i] = _digit(byte >> 4)
            buf[2 * i + 1] = _digit(byte & 15)
        return 2 * n


def _digit(n):
    return n + 48 if n < 10 else n + 55


class Profiled(Forms):
    """The whole dialect, with the differences."""

    def __init__(self, profile):
        super().__init__()
        for key, value in profile.items():
            if value not in _KNOWN.get(key, ()):
                raise ValueError("profile: %s has no reading %s; known are %s" % (key, value, _KNOWN))
        self._hex = profile.get("send") == "hex"
        self._digits = Digits()

    def whole(self):
        return self

    def send(self, request, id, n, payload, hex=False, fixed=True):
        if hex or not self._hex:
            return super().send(request, id, n, payload, hex, fixed)
        self._digits.payload = payload
        return super().send(request, id, min(n, _HEX_MAX), self._digits, True, False)

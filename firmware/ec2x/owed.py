"""A payload whose prompt did not come. Loaded when that happens.

The prompt was lost, and the module takes for the payload whatever comes; or it is late, and the module will; or the module
knows nothing of it. Only the payload itself is right in the first two, and it is harmless in the third unless it reads like
a command. So it is kept until the module has answered a probe.
"""


# What in a line behind AT might do something that AT+CMEE? and the bring-up do not put right.
_WORDS = b"+&%\\*#^$=;0123456789D"


class Owed:
    """It stands in for the request: at the prompt, or before it if that is harmless, chat writes it from here."""

    cme = None

    def __init__(self, request):
        n = request.size + (request.end > 0)
        self.data = bytearray(n)
        piece = bytearray(64)
        at = 0
        while at < request.size:
            k = request.payload.peek(at, piece, min(64, request.size - at))
            self.data[at : at + k] = piece[:k]
            at += k
        if request.end:
            self.data[at] = request.end
        self.payload = self
        self.size = n
        self.end = 0
        self.harmless = harmless(self.data)

    def peek(self, skip, buf, n):
        buf[:n] = self.data[skip : skip + n]
        return n

    def on_done(self, how):
        """Whoever sent it has been told."""


def harmless(data):
    """Whether a module that waits for commands would do nothing of importance with it."""
    data = bytes(data).upper()
    at = data.find(b"AT")
    while at >= 0:
        end = data.find(b"\r", at)
        for byte in data[at + 2 : end if end >= 0 else len(data)]:
            if byte in _WORDS:
                return False
        at = data.find(b"AT", at + 2)
    return b"A/" not in data  # the last command again

"""What may be shown: the driver's own mask, for lines that are cut already."""

import re

from ec2x import mask


class Rules(mask.Mask):
    """command() and answer() give the line with its secrets masked, or None where none of it may be shown."""

    stage = None  # as of a chat, for payload: that does not come here

    def __init__(self):
        super().__init__(self, self, payload=True)

    def command(self, line: bytes) -> bytes | None:
        return self._masked(self.wrote, line + b"\r", 0, len(line) + 1, len(line) + 1)

    def answer(self, line: bytes) -> bytes | None:
        return self._masked(self._line, line, 0, len(line))

    def asked(self, line: bytes) -> bool:
        """Whether it bears a name of the last command."""
        return line.startswith(mask._HEADERS) or self._asked(line, 0, len(line))

    def _masked(self, show, *what) -> bytes | None:
        self._text_shown = b""
        show(*what)
        hidden, self._hidden = self._hidden, 0
        return None if hidden else self._text_shown

    # The pen

    def begin(self, way):
        pass

    def add(self, buf, start, end):
        self._text_shown += buf[start:end]

    def end(self):
        pass


def payload(data: bytes) -> bytes:
    """As long as it is, without what a line would not show either."""
    at = mask._named(data, 0, len(data), b"=:")
    if at >= 0:
        data = data[:at] + b"*" * (len(data) - at)
    return re.sub(rb"\d{%d,}" % mask._LONG, lambda digits: b"*" * len(digits[0]), data)


def final(line: bytes) -> str:
    """ "ok" or "error" for a line that ends a command, else ""."""
    if line in mask._FINALS:
        return "ok" if line == b"OK" else "error"
    return "error" if line.startswith(mask._ERRORS) else ""


def urc(line: bytes) -> bool:
    return line in mask._WORDS or line.startswith(mask._URCS)

"""What comes after the prompt: a payload of fixed or of variable length, literal or in hex digits."""

from .atline import AtError

_ESC = 0x1B


def unhex(data):
    """The bytes of a string of digit pairs, or AtError. E16: bad digits send nothing."""
    if len(data) % 2:
        raise AtError()
    try:
        text = bytes(data).decode()
        for c in text:
            if c not in "0123456789abcdefABCDEF":
                raise AtError()
        return bytes.fromhex(text)
    except ValueError:
        raise AtError()


class DataPhase:
    """Collects one payload; `complete(at)` answers it."""

    def __init__(self, length, is_hex, limit, deliver):
        self._hex = is_hex
        self._deliver = deliver
        self._data = bytearray()
        # E16: <send_len> and the limit count bytes of payload, each of which takes two digits in hex.
        width = 2 if is_hex else 1
        self._missing = None if length is None else length * width  # None: until Ctrl+Z
        self._limit = limit * width
        self._overflow = False
        self.cancelled = False

    def burst(self, buf):
        """How many bytes of `buf` it takes to complete the payload, or None if they do not."""
        if self._missing is not None:
            return self._missing if self._missing <= len(buf) else None
        end = self._end(buf, 0)
        return None if end < 0 else end + 1

    def feed(self, buf, start):
        """Take bytes from `start` on: (where it stopped, where the payload in them ends, is it complete)."""
        if self._missing is not None:
            # E17: fixed length, so every value is payload, Ctrl+Z and ESC too.
            end = min(len(buf), start + self._missing)
            self._data.extend(buf[start:end])
            self._missing -= end - start
            return end, end, self._missing == 0
        end = self._end(buf, start)
        if end < 0:
            self._collect(buf[start:])
            return len(buf), len(buf), False
        self._collect(buf[start:end])
        self.cancelled = buf[end] == _ESC
        return end + 1, end, True

    def complete(self, at):
        """The payload is whole: deliver it, or raise AtError. A cancelled one leaves only the OK (E15)."""
        if self.cancelled:
            return
        if self._overflow:
            raise AtError()  # the manual: more than 1024 bytes
        self._deliver(at, unhex(self._data) if self._hex else bytes(self._data))

    def _end(self, buf, start):
        z = buf.find(b"\x1a", start)
        e = buf.find(b"\x1b", start)
        return max(z, e) if z < 0 or e < 0 else min(z, e)

    def _collect(self, data):
        room = self._limit - len(self._data)
        if len(data) > room:
            self._overflow = True
        self._data.extend(data[:room])

    def payload(self):
        """What has come so far, for the log."""
        return bytes(self._data)

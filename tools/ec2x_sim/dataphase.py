"""What comes after the prompt: a payload of fixed or of variable length, literal or in hex digits."""

from .atline import AtError
from .quirks import check

_ESC = 0x1B

# Why a stretch of payload ends where it does.
_MORE = 0  # it does not: more has to come
_SKIP = 1  # a byte that counts for nothing
_LAST = 2  # it is whole
_CANCEL = 3
_SPILL = 4  # too much, and the rest is not payload any more


def unhex(data, truncate=False):
    """The bytes of a string of digit pairs. E16: bad digits are an AtError, or end what is sent."""
    good = 0
    while good < len(data) and data[good] in b"0123456789abcdefABCDEF":
        good += 1
    if not truncate and (good < len(data) or good % 2):
        raise AtError()
    return bytes.fromhex(bytes(data[: good - good % 2]).decode())


class DataPhase:
    """Collects one payload; `complete(at)` answers it."""

    def __init__(self, length, is_hex, limit, deliver, quirks=None):
        quirks = quirks or check(None)
        self._hex = is_hex
        self._deliver = deliver
        self._data = bytearray()
        self._have = 0  # payload bytes so far, those beyond the limit too
        # E16: <send_len> and the limit count bytes of payload, each of which takes two digits in hex; or digits.
        self._length = length  # None: until Ctrl+Z
        if length is not None and is_hex and quirks["hex_len"] == "bytes":
            self._length = length * 2
        self._limit = limit * 2 if is_hex and quirks["hex_limit"] == "bytes" else limit
        # E17, assumed: in a fixed length every value is payload, Ctrl+Z and ESC too.
        self._literal = length is not None and quirks["fixed_literal"] == "yes"
        self._spills = quirks["overflow"] == "error_now_spill"
        self._cancel = quirks["cancel"]  # E15
        self._truncate = quirks["hex_bad"] == "truncate"
        self.cancelled = False

    def burst(self, buf):
        """How many bytes of `buf` it takes to complete the payload, or None if they do not."""
        at, have = 0, self._have
        while True:
            end, after, why = self._stretch(buf, at, have)
            if why == _MORE:
                return None
            if why != _SKIP:
                return after
            have += end - at
            at = after

    def feed(self, buf, start):
        """Take bytes from `start` on: (where it stopped, where the payload in them ends, is it complete)."""
        end, after, why = self._stretch(buf, start, self._have)
        self._have += end - start
        self._data.extend(buf[start : min(end, start + self._limit - len(self._data))])
        self.cancelled = why == _CANCEL
        return after, end, why > _SKIP

    def _stretch(self, buf, start, have):
        # (where the payload ends, where to go on, why)
        end = after = len(buf)
        why = _MORE
        k = -1 if self._literal else self._control(buf, start)
        if k >= 0:
            end, after, why = k, k + 1, _LAST
            if buf[k] == _ESC:
                why = _SKIP if self._cancel == "ignored" else _CANCEL
        left = end - start if self._length is None else self._length - have
        if self._length is not None and start + left <= end:
            end, after, why = start + left, start + left, _LAST
        room = self._limit - have
        if self._spills and start + room < end:
            end, after, why = start + room + 1, start + room + 1, _SPILL
        return end, after, why

    def _control(self, buf, start):
        z = buf.find(b"\x1a", start)
        e = buf.find(b"\x1b", start)
        return max(z, e) if z < 0 or e < 0 else min(z, e)

    def complete(self, at):
        """The payload is whole: deliver it, or raise AtError. A cancelled one leaves only the OK (E15)."""
        if self.cancelled:
            if self._cancel == "error":
                raise AtError()
            return
        if self._have > self._limit:
            raise AtError()  # the manual: more than 1024 bytes
        self._deliver(at, unhex(self._data, self._truncate) if self._hex else bytes(self._data))

    def payload(self):
        """What has come so far, for the log."""
        return bytes(self._data)

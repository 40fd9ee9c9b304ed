"""A plain trace of the wire, secrets masked. Loaded when first used."""

# What stands between one of these and the end of its line is a secret: PIN, PUK, passwords.
_MARKS = (b"+CPIN=", b"+QICSGP=", b"+QICSGP:", b"+CGAUTH", b"+CLCK=", b"+CPWD=")
_LONGEST = 8


class _Mask:
    """One direction: what may be shown of it. It may come in pieces of any size."""

    def __init__(self):
        self._tail = b""  # of what was shown: a mark may begin in it
        self._hiding = False

    def show(self, data):
        shown = b""
        while data:
            if self._hiding:
                end = data.find(b"\r")
                if end < 0:
                    break
                self._hiding = False
                shown += b"***"
                data = data[end:]
            seen = (self._tail + data).upper()
            ends = [seen.find(mark) + len(mark) - len(self._tail) for mark in _MARKS if mark in seen]
            end = min(ends) if ends else len(data)
            self._hiding = bool(ends)
            self._tail = b"" if ends else seen[1 - _LONGEST :]
            shown += data[:end]
            data = data[end:]
        return shown


class Tap:
    """The UART, and a sink that gets sink(ms, ">" or "<", bytes) for what goes over it."""

    def __init__(self, uart, sink, now):
        self.uart = uart
        self._sink = sink
        self._now = now
        self._in = _Mask()  # the echo, and what AT+QICSGP is set to
        self._out = _Mask()
        self.any = uart.any

    def readinto(self, buf, n):
        n = self.uart.readinto(buf, n)
        if n:
            self._tell("<", self._in.show(bytes(buf[:n])))
        return n

    def write(self, buf, off, n):
        n = self.uart.write(buf, off, n)
        if n:
            self._tell(">", self._out.show(bytes(buf[off : off + n])))
        return n

    def _tell(self, direction, data):
        if data:
            self._sink(self._now(), direction, data)

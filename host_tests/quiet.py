"""A UART that allocates nothing, so that what runs above it can run with the heap locked."""

from ec2x.compat import Block


class QuietUart:
    """Wraps any UART: any, readinto and write move bytes in fixed blocks, exchange() moves them on and may allocate."""

    def __init__(self, uart, size=8192):
        self.uart = uart
        self._size = size
        self._rx = Block(size)
        self._have = 0  # bytes in _rx
        self._read = 0  # of them read
        self._tx = Block(size)
        self._written = 0
        self._buf = bytearray(size)

    def any(self):
        return self._have - self._read

    def readinto(self, buf, n):
        n = min(n, self._have - self._read)
        if not n:
            return None
        self._rx.seek(self._read)
        self._rx.readinto(buf, n)
        self._read += n
        return n

    def write(self, buf, off, n):
        n = min(n, self._size - self._written)
        if not n:
            return None
        self._tx.seek(self._written)
        self._tx.write(buf, off, n)
        self._written += n
        return n

    def exchange(self):
        """What was written goes out, what has come can be read; True when anything moved."""
        buf = self._buf
        moved = 0
        self._tx.seek(0)
        self._tx.readinto(buf, self._written)
        while moved < self._written:
            n = self.uart.write(buf, moved, self._written - moved)
            if not n:
                break
            moved += n
        self._tx.seek(0)
        self._tx.write(bytes(buf[moved : self._written]), 0, self._written - moved)
        self._written -= moved
        if self._read == self._have:
            self._read = self._have = 0
            n = min(self.uart.any(), self._size)
            if n:
                self._have = self.uart.readinto(buf, n) or 0
                self._rx.seek(0)
                self._rx.write(buf, 0, self._have)
        return bool(moved or self._have)

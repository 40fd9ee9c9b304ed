"""Between driver and module: cuts what the module says into small pieces, and puts URCs at its line boundaries."""


class Chopper:
    """A UART that hands over at most k bytes at a time, and takes at most j."""

    def __init__(self, uart, k=1, j=1000):
        self._uart = uart
        self._k = k
        self._j = j

    def __getattr__(self, name):
        return getattr(self._uart, name)

    def any(self):
        return min(self._k, self._uart.any())

    def readinto(self, buf, n):
        return self._uart.readinto(buf, min(n, self._k))

    def write(self, buf, off, n):
        return self._uart.write(buf, off, min(n, self._j))


class Interrupter:
    """A UART that says urc at the at-th place where a line of the module could start.

    Lines start outside counted data, which it knows by the +QFWDRECV header, and not behind a prompt.
    """

    def __init__(self, uart, at=-1, urc=b""):
        self._uart = uart
        self._at = at
        self._urc = urc
        self._line = b""
        self._data = 0
        self._out = bytearray()
        self.places = 0

    def __getattr__(self, name):
        return getattr(self._uart, name)

    def next_at(self):
        return self._uart.clock.us if self._out else self._uart.next_at()

    def any(self):
        self._fetch()
        return len(self._out)

    def readinto(self, buf, n):
        n = min(n, len(self._out))
        buf[:n] = self._out[:n]
        self._out = self._out[n:]
        return n or None

    def _fetch(self):
        n = self._uart.any()
        chunk = bytearray(n)
        for i in range(self._uart.readinto(chunk, n) or 0 if n else 0):
            self._byte(chunk[i])

    def _byte(self, byte):
        if not self._data and not self._line and byte == 13:
            self._place()
        self._out.append(byte)
        if self._data:
            self._data -= 1
            return
        self._line += bytes((byte,))
        if self._line.endswith(b"\r\n"):
            if self._line.startswith(b"+QFWDRECV:"):
                count = int(self._line.split(b",")[1])
                self._data = count + 2 if count else 0  # the CR LF behind the data is no line's
            self._line = b""
        elif self._line == b"\r\n> ":
            self._line = b""

    def _place(self):
        if self.places == self._at:
            self._out.extend(self._urc)
        self.places += 1

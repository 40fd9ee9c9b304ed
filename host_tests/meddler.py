"""Between driver and module: answers some commands in the module's place."""


class Meddler:
    """A UART around a UART. answer(prefix, reply) makes the next command that begins with prefix get reply instead."""

    def __init__(self, uart):
        self._uart = uart
        self._rules = []  # [prefix, reply, times, payload]
        self._line = bytearray()
        self._swallow = 0  # payload bytes that the module is not to see
        self._after = b""  # the reply behind them
        self._rx = bytearray()
        self.lines = []  # the command lines that the driver sent
        self._data = 0  # payload bytes to let pass

    def answer(self, prefix, reply, times=1, payload=0):
        """times commands get reply; with payload, that many bytes are swallowed at a prompt first."""
        self._rules.append([prefix, reply, times, payload])

    def say(self, data):
        """Bytes from nowhere."""
        self._rx.extend(data)

    def __getattr__(self, name):
        return getattr(self._uart, name)

    def next_at(self):
        return self._uart.clock.us if self._rx else self._uart.next_at()

    def any(self):
        return len(self._rx) or self._uart.any()

    def readinto(self, buf, n):
        if not self._rx:
            return self._uart.readinto(buf, n)
        n = min(n, len(self._rx))
        buf[:n] = self._rx[:n]
        self._rx = self._rx[n:]
        return n

    def write(self, buf, off, n):
        for i in range(off, off + n):
            self._byte(buf[i])
        return n

    def _byte(self, byte):
        if self._swallow:
            self._swallow -= 1
            if not self._swallow:
                self._rx.extend(self._after)
        elif self._data:
            self._data -= 1
            self._pass(bytes((byte,)))
        else:
            self._line.append(byte)
            if byte == 13:
                line, self._line = bytes(self._line), bytearray()
                self._command(line)

    def _command(self, line):
        self.lines.append(line[:-1])
        for rule in self._rules:
            if rule[2] and line.startswith(rule[0]):
                rule[2] -= 1
                self._swallow, self._after = rule[3], rule[1]
                self._rx.extend(b"\r\n> " if rule[3] else rule[1])
                return
        if line.startswith(b"AT+QFWDSEND=") and line.count(b",") == 2:
            self._data = int(line.split(b",")[2])
        self._pass(line)

    def _pass(self, data):
        # More than the UART takes at once, which Rig's tests of full buffers do with a SimUart of their own.
        while data:
            data = data[self._uart.write(data, 0, len(data)) or self._wait() :]

    def _wait(self):
        self._uart.clock.advance(1000)
        return 0

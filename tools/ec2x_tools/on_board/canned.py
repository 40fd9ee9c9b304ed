"""A UART with a module behind it that says yes to everything: what memory is measured against. Runs on MicroPython."""

_CLIENT = b"AT+QFWDCLIENT="


class Uart:
    def __init__(self):
        self._in = b""
        self._line = b""

    def any(self):
        return len(self._in)

    def readinto(self, buf, n=None):
        n = min(len(buf) if n is None else n, len(self._in))
        if not n:
            return None
        buf[:n] = self._in[:n]
        self._in = self._in[n:]
        return n

    def write(self, buf, off=0, n=None):
        n = len(buf) - off if n is None else n
        self._line += bytes(buf[off : off + n])
        while b"\r" in self._line:
            line, self._line = self._line.split(b"\r", 1)
            self._answer(line.strip())
        return n

    def _answer(self, line):
        name, mark, rest = line.partition(b"?")
        if mark and not rest and not name.startswith(b"AT+QFWD"):  # of the family's lists none has an entry
            self._in += b"\r\n" + name[2:] + b": 1\r\n"
        self._in += b"\r\nOK\r\n"
        if line.startswith(_CLIENT):
            self._in += b'\r\n+QFWDURC: "client/open",' + line.split(b",")[1] + b",0\r\n"

"""What stands between driver and module in a test: a wire that records, and that moves few bytes at a time."""


class Wire:
    """A UART around the rig's. takes, gives: the most bytes that a write, and any(), move; takes 0: none, for ever."""

    def __init__(self, rig, takes=65536, gives=65536):
        self.rig = rig
        self.takes = takes
        self.gives = gives
        self.sent = bytearray()  # to the module
        self.promised = 0  # what any() said last
        rig.modem.chat.uart = self
        rig.modem.idle = self._idle

    def any(self):
        self.promised = min(self.gives, self.rig.uart.any())
        return self.promised

    def readinto(self, buf, n):
        assert 0 < n <= self.promised, "asked for more than any() said"
        self.promised = 0
        return self.rig.uart.readinto(buf, n)

    def write(self, buf, off, n):
        n = min(n, self.takes) and self.rig.uart.write(buf, off, min(n, self.takes))
        self.sent.extend(bytes(buf[off : off + (n or 0)]))
        return n or None

    def _idle(self):
        """No jump while there is something to read: the rig does not know how little a poll takes."""
        if self.gives and self.rig.uart.any():
            self.rig.clock.advance(100)
        else:
            self.rig.idle()


def heard(rig):
    """The list to which every command of the main UART is added as it comes."""
    lines = []

    def log(kind, port, what):
        if kind == "command" and port == "uart1":
            lines.append(what)

    rig.module.log = log
    return lines


def lines_of(rig, *names):
    """What the module has heard of these commands, from here on."""
    lines = heard(rig)
    return lambda: [line for line in lines if line.split("=")[0].split("?")[0] in names]


def say(rig, text):
    """The module says this line, wherever it is in its dialogue."""
    rig.module.inject("uart1", b"\r\n" + text.encode() + b"\r\n", rig.clock.us)


def handlers(rig):
    """What the module does for each command, by its name, as "+CSQ": handler(at, command)."""
    return rig.module._channels["uart1"]._handlers  # all its ports share it


def answers(rig, name, *lines):
    """From now on the module answers this command with these lines, or, with an exception among them, refuses it."""

    def handler(at, command):
        for line in lines:
            if isinstance(line, Exception):
                raise line
            at.info(line)

    handlers(rig)[name] = handler

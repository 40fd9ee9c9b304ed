"""A machine.UART, opened with timeout=0, on MicroPython's unix port: a pty, a serial device or a TCP port."""

import errno
import select
import sys
import termios
import time

import usocket as socket  # MicroPython's own, whatever `import socket` gives
from micropython import RingIO, const

_BLOCK = const(512)  # bytes a read or a write moves at most, so that a full tty holds a write up for a moment only
_RING = const(4096)
_HANG_UP = const(0x38)  # poll's ERR, HUP and NVAL
_NVAL = const(0x20)
_LEVEL_TCP, _TCP_NODELAY = const(6), const(1)  # the same numbers on Linux and macOS
_CC = const(6)  # tcgetattr's list of control characters, and where VMIN and VTIME are in it
_VMIN, _VTIME = (16, 17) if sys.platform == "darwin" else (6, 5)


def _poll(stream, wanted):
    poll = select.poll()
    poll.register(stream, wanted)
    poll.ipoll(0)  # the first allocates what the later ones use again
    return poll


class Uart:
    """any, readinto and write of a machine.UART, on a stream that never waits. Allocates nothing once it is made."""

    def __init__(self, stream, name):
        self._stream = stream
        self._name = name
        self._ring = RingIO(_RING)
        self._block = bytearray(_BLOCK)
        self._readable = _poll(stream, select.POLLIN)
        self._writable = _poll(stream, select.POLLOUT)

    def any(self):
        """How many bytes can be read at once, at most 4096."""
        while _RING - self._ring.any() >= _BLOCK:
            n = self._stream.readinto(self._block)
            if not n:
                if n == 0:
                    self._read_nothing()
                break
            self._ring.write(self._block, 0, n)
            if n < _BLOCK:
                break
        return self._ring.any()

    def readinto(self, buf, n=None):
        self.any()
        return self._ring.readinto(buf, len(buf) if n is None else n) or None

    def write(self, buf, off=0, n=None):
        if n is None:
            n = len(buf) - off
        for _ in self._writable.ipoll(0):
            return self._stream.write(buf, off, min(n, _BLOCK))
        return None

    def idle(self):
        """Waits until there is something to read, for a millisecond at most."""
        if self._ring.any():
            return
        for event in self._readable.ipoll(1):
            flags = event[1]
            if flags & _NVAL:  # this system cannot poll this device
                time.sleep_ms(1)
            elif flags & _HANG_UP and not self.any():
                self._gone()

    def set_baud(self, rate):
        """A pty and a TCP port have no rate."""

    def close(self):
        self._stream.close()

    def _read_nothing(self):
        """A read gave b"": on a socket the other end has closed."""
        self._gone()

    def _gone(self):
        raise OSError(errno.ENODEV, "the modem's port %s was closed by its other end" % self._name)


class Tty(Uart):
    """A pty or a serial device, whose read gives b"" while there is nothing."""

    def __init__(self, path, baud=None):
        stream = open(path, "r+b", 0)
        self._fd = stream.fileno()
        termios.setraw(self._fd)
        settings = termios.tcgetattr(self._fd)
        settings[_CC][_VMIN] = settings[_CC][_VTIME] = 0
        termios.tcsetattr(self._fd, termios.TCSANOW, settings)
        if baud:
            self.set_baud(baud)
        super().__init__(stream, path)

    def set_baud(self, rate):
        speed = getattr(termios, "B%d" % rate, None)
        if speed is None:
            raise ValueError("this MicroPython cannot set %d baud" % rate)
        settings = termios.tcgetattr(self._fd)
        settings[4] = settings[5] = speed
        termios.tcsetattr(self._fd, termios.TCSANOW, settings)

    def _read_nothing(self):
        pass


def tcp(host, port):
    """A UART behind a TCP port, such as the simulator's."""
    stream = socket.socket()
    try:
        stream.connect(socket.getaddrinfo(host, port)[0][-1])
        stream.setsockopt(_LEVEL_TCP, _TCP_NODELAY, 1)
        stream.setblocking(False)
    except OSError:
        stream.close()
        raise
    return Uart(stream, "tcp:%s:%d" % (host, port))


def open_uart(port, baud=None):
    """Opens "tcp:HOST:PORT" or the path of a tty."""
    kind, _, rest = port.partition(":")
    if kind != "tcp":
        return Tty(port, baud)
    host, _, number = rest.rpartition(":")
    if not host or not number.isdigit():
        raise ValueError("a TCP port is written tcp:HOST:PORT, not %s" % port)
    return tcp(host, int(number))

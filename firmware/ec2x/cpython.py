"""What MicroPython has and CPython lacks, for compat.py. A board never loads it."""

import sys
import time

# CPython has an IOBase too, but its __del__ calls close(), which for our sockets would talk to the module.
IOBase = object

# As small as on a 32-bit board, so that the tests meet the wrap.
_PERIOD = 1 << 30


def const(value):
    return value


def ticks_ms():
    return time.monotonic_ns() // 1_000_000 % _PERIOD


def ticks_add(ticks, delta):
    return (ticks + delta) % _PERIOD


def ticks_diff(later, earlier):
    return (later - earlier + _PERIOD // 2) % _PERIOD - _PERIOD // 2


def print_exception(error):
    sys.excepthook(type(error), error, error.__traceback__)


def sleep_ms(ms):
    time.sleep(ms / 1000)


class Block:
    """What MicroPython's BytesIO does for a fixed block."""

    def __init__(self, size):
        self._bytes = bytearray(size)
        self._at = 0

    def tell(self):
        return self._at

    def seek(self, at):
        self._at = at
        return at

    def write(self, buf, off, n):
        self._bytes[self._at : self._at + n] = memoryview(buf)[off : off + n]
        self._at += n
        return n

    def readinto(self, buf, n):
        memoryview(buf)[:n] = self._bytes[self._at : self._at + n]
        self._at += n
        return n

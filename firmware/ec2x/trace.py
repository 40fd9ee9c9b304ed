"""Ears at the wire: modem.trace() and modem.record(). Loaded when first used."""


class Tap:
    """The UART, of which its ears hear, too."""

    def __init__(self, uart):
        self.uart = uart
        self.any = uart.any
        self.ears = ()

    def readinto(self, buf, n):
        n = self.uart.readinto(buf, n)
        if n:
            for ear in self.ears:
                ear.read(buf, n)
        return n

    def write(self, buf, off, n):
        k = self.uart.write(buf, off, n)
        if k:
            for ear in self.ears:
                ear.wrote(buf, off, k, n)
        return k


def _put(modem, role, ear):
    """Have ear hear, in place of the one of the same role; None: nobody."""
    chat = modem.chat
    tap = chat.uart if isinstance(chat.uart, Tap) else Tap(chat.uart)
    ears = tuple([other for other in tap.ears if other.role != role])
    tap.ears = ears + (ear,) if ear else ears
    chat.uart = tap if tap.ears else tap.uart


def trace(modem, sink, payload):
    """modem.trace()."""
    mask = None
    if sink:
        from .mask import Mask

        mask = Mask(modem.chat, Pen(sink, modem.now), payload)
    _put(modem, "trace", mask)


def record(modem, size, dump):
    """modem.record()."""
    recorder = None
    if size:
        from .recorder import Recorder

        recorder = Recorder(modem, size, dump)
    _put(modem, "record", recorder)


def recorded(modem):
    """modem.recorded()."""
    for ear in getattr(modem.chat.uart, "ears", ()):
        if ear.role == "record":
            return modem.alone(ear.lines)
    return []


class Pen:
    """Gives the sink what a mask shows."""

    def __init__(self, sink, now):
        self._sink = sink
        self._now = now

    def begin(self, way):
        self._way = way
        self._text = bytearray()

    def add(self, buf, start, end):
        self._text.extend(memoryview(buf)[start:end])

    def number(self, n):
        self._text.extend(b"%d" % n)

    def end(self):
        self._sink(self._now(), self._way, bytes(self._text))

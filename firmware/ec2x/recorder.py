"""The flight recorder: the last of the wire, as text in a fixed block. Loaded by modem.record().

Some time after a fault it stands still until it is read, or tells dump().
"""

from . import strings
from .compat import Block, const, ticks_add, ticks_diff
from .link import OFF, SETTING
from .mask import Mask

_AFTER_MS = const(10000)  # what follows a fault is recorded for so long, or for half the block
_DIGITS = const(10)
_WAYS = {">": b" > ", "<": b" < ", "!": b" ! "}


class Recorder:
    """An ear of trace.py: a mask, and its pen. A line is: ms, the way, what went."""

    role = "record"

    def __init__(self, modem, size, dump=None):
        if size < 256:
            raise ValueError("the record has 256 bytes at least")
        self._modem = modem
        self._size = size
        self._dump = dump
        self._block = Block(size)
        self._piece = bytearray(_DIGITS)
        self._mask = Mask(modem.chat, self)
        self._up = False  # the link is
        self._timeouts = modem.chat.timeouts  # as chat counts them
        self._broken = modem.chat.broken
        self._begin()

    def _begin(self):
        self._at = self._written = 0
        self._end = None  # since there was a fault, when it is to stand still,
        self._most = 0  # or how much may be written until then
        self.still = False

    # What is heard

    def read(self, buf, n):
        self.look()
        if not self.still:
            self._mask.read(buf, n)

    def wrote(self, buf, off, k, n):
        self.look()
        if not self.still:
            self._mask.wrote(buf, off, k, n)

    def look(self):
        """See whether there was a fault, by chat's counters and the link's state, and stand still some time after it."""
        chat = self._modem.chat
        state = self._modem.link.state
        what = None
        if state < SETTING:
            if self._up and state != OFF:
                what = b"the link is lost"
        elif chat.timeouts != self._timeouts:
            what = b"no answer in time"
        elif chat.broken != self._broken:
            what = b"an answer that cannot be right"
        self._up = state >= SETTING
        self._timeouts = chat.timeouts
        self._broken = chat.broken
        if self.still:
            return
        if what:
            self._fault(what)
        if self._end is not None and (self._written >= self._most or ticks_diff(self._modem.now(), self._end) >= 0):
            self._stop()

    def _fault(self, what):
        self._mask.flush()
        self.begin("!")
        self.add(what, 0, len(what))
        self.end()
        if self._end is None:  # the first one is what the others come from
            self._end = ticks_add(self._modem.now(), _AFTER_MS)
            self._most = self._written + self._size // 2

    def _stop(self):
        try:
            if self._dump:
                self._modem.events.soon(self._told, self._dump)
            self.still = True
        except MemoryError:
            pass  # with the next byte, then

    def _told(self, dump):
        dump(self._modem.alone(self.lines))

    # What the mask shows

    def begin(self, way):
        self.number(self._modem.now())
        self.add(_WAYS[way], 0, 3)

    def add(self, buf, start, end):
        """Copied in C, in two pieces where the block ends between them."""
        block, size = self._block, self._size
        self._written += end - start
        while start < end:
            n = min(end - start, size - self._at)
            block.seek(self._at)
            block.write(buf, start, n)
            self._at = (self._at + n) % size
            start += n

    def number(self, n):
        piece = self._piece
        i = _DIGITS
        while i == _DIGITS or n:
            i -= 1
            piece[i] = 48 + n % 10
            n //= 10
        self.add(piece, i, _DIGITS)

    def end(self):
        self.add(b"\n", 0, 1)

    # What is asked

    def lines(self):
        """The record as a list of str, the oldest first. One that stands still begins anew."""
        self.look()
        if not self.still:
            self._mask.flush()
        text = bytearray(min(self._written, self._size))
        self._block.seek(0)
        self._block.readinto(text, len(text))
        if self._written > self._size:
            text = text[self._at :] + text[: self._at]
            text = text[text.find(b"\n") + 1 :]  # its first line is cut
        if self.still:
            self._begin()
        return strings.decode(text, 0, len(text)).splitlines()

"""Between module and driver: a plan of edits on what the module says, and a record of what was told the driver."""

from hypothesis import strategies as st

from fuzz.tokens import noise, pieces

# (bytes to let pass first, what then happens, to how much or with what)
edits = st.one_of(
    st.tuples(st.just("insert"), st.one_of(pieces, noise)),
    st.tuples(st.just("drop"), st.sampled_from((1, 1, 2, 7, 30, 300))),
    st.tuples(st.just("flip"), st.sampled_from((1, 2, 4, 8, 16, 32, 64, 128, 255))),
    st.tuples(st.just("again"), st.sampled_from((1, 2, 6, 30, 300))),
    st.tuples(st.just("swap"), st.sampled_from((1, 2, 8, 40))),
    st.tuples(st.just("late"), st.sampled_from((10, 400, 6000, 40_000))),
)
plans = st.lists(st.tuples(st.sampled_from((0, 1, 2, 3, 5, 9, 17, 40, 90, 200, 500, 1500)), edits), max_size=12)


class Mangler:
    """A UART around a UART. Once armed it goes through its plan; after disarm() it is honest for ever."""

    def __init__(self, uart):
        self._uart = uart
        self._plan = []
        self._gap = 0
        self._drop = 0
        self._swap = bytearray()
        self._half = 0
        self._until = None  # us: all is held until then
        self._out = bytearray()
        self.said = bytearray()  # all that the driver was told
        self.written = 0

    def __getattr__(self, name):
        return getattr(self._uart, name)

    def arm(self, plan):
        self._plan = list(plan)
        self._gap = plan[0][0] if plan else 0

    def disarm(self):
        self._plan = []
        self._drop = self._half = 0
        self._until = None
        self._out += self._swap
        self._swap.clear()

    # As a UART

    def next_at(self):
        self._fetch()
        if self._until is None:
            return self._uart.clock.us if self._out else self._uart.next_at()
        at = self._uart.next_at()
        return self._until if at is None else min(at, self._until)

    def any(self):
        self._fetch()
        if self._until is not None and self._uart.clock.us < self._until:
            return 0
        self._until = None
        return len(self._out)

    def readinto(self, buf, n):
        n = min(n, len(self._out))
        buf[:n] = self._out[:n]
        self.said += self._out[:n]
        del self._out[:n]
        return n or None

    def write(self, buf, off, n):
        n = self._uart.write(buf, off, n)
        self.written += n or 0
        return n

    # The edits

    def _fetch(self):
        n = self._uart.any()
        if n:
            data = bytearray(n)
            self._take(bytes(data[: self._uart.readinto(data, n)]))

    def _take(self, data):
        for byte in data:
            while self._plan and not self._gap and not self._drop and not self._half:
                byte = self._edit(*self._plan.pop(0)[1], byte)
                self._gap = self._plan[0][0] if self._plan else 0
            if self._drop:
                self._drop -= 1
            elif self._half:
                self._hold(byte)
            else:
                self._out.append(byte)
                self._gap -= self._gap > 0

    def _edit(self, what, how, byte):
        """Do it; what has become of the byte that was about to pass."""
        if what == "insert":
            self._out += how
        elif what == "drop":
            self._drop = how
        elif what == "flip":
            byte ^= how
        elif what == "again":
            self._out += (self.said[-how:] + self._out)[-how:]
        elif what == "swap":
            self._half = how
        elif what == "late":
            self._until = self._uart.clock.us + how * 1000
        return byte

    def _hold(self, byte):
        self._swap.append(byte)
        if len(self._swap) == 2 * self._half:
            self._out += self._swap[self._half :] + self._swap[: self._half]
            self._swap.clear()
            self._half = 0

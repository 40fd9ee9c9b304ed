"""One direction of a serial line, and the clock of a test."""

_BITS = 10  # 8N1
_SECOND = 1000000


class Clock:
    """Time that only moves when told to."""

    def __init__(self, us=0):
        self.us = us

    def ms(self):
        """The time in whole milliseconds."""
        return self.us // 1000

    def advance(self, us):
        """Let time pass."""
        self.us += us


class Line:
    """Bytes in at one end, out at the other when their last bit has passed; `baud` 0 is instantaneous.

    A run is what goes without a pause; the k-th byte of it (from 1) arrives at start + ceil(k * 10 / baud),
    so rounding never adds up.
    """

    def __init__(self, baud=0):
        self.baud = baud
        self._data = bytearray()
        self._runs = []  # [start, baud, bytes in it, bytes of it taken]

    def put(self, data, now):
        """Begin to send, behind what is on its way."""
        if not data:
            return
        self._data.extend(data)
        if self._runs:
            run = self._runs[-1]
            if run[1] == self.baud and self._arrival(run, run[2]) >= now:
                run[2] += len(data)
                return
            # A new rate in mid-line begins where the old one ends.
            now = max(now, self._arrival(run, run[2]))
        self._runs.append([now, self.baud, len(data), 0])

    def take(self, now, limit=None):
        """The bytes that have arrived by `now`."""
        count = self.arrived(now)
        if limit is not None and count > limit:
            count = limit
        if not count:
            return b""
        data = bytes(self._data[:count])
        self._data[:count] = b""
        left = count
        while left:
            run = self._runs[0]
            part = min(left, run[2] - run[3])
            run[3] += part
            left -= part
            # The last run stays as long as it may be continued.
            if run[3] == run[2] and len(self._runs) > 1:
                self._runs.pop(0)
        return data

    def peek(self):
        """All bytes that are on the way or have arrived and were not taken."""
        return bytes(self._data)

    def pending(self):
        """How many bytes were put and not taken."""
        return len(self._data)

    def arrived(self, now):
        """How many bytes could be taken at `now`."""
        count = 0
        for run in self._runs:
            passed = run[2]
            if run[1]:
                passed = max(0, min(run[2], (now - run[0]) * run[1] // (_BITS * _SECOND)))
            elif now < run[0]:
                passed = 0
            count += max(0, passed - run[3])
            if passed < run[2]:
                break
        return count

    def at(self, k):
        """When the k-th byte (from 1) of those not taken arrives."""
        for run in self._runs:
            here = run[2] - run[3]
            if k <= here:
                return self._arrival(run, run[3] + k)
            k -= here
        return None

    def last_at(self):
        """When the last byte arrives, or None if there is none to be taken."""
        return self.at(len(self._data)) if self._data else None

    def _arrival(self, run, k):
        if not run[1]:
            return run[0]
        return run[0] + (k * _BITS * _SECOND + run[1] - 1) // run[1]

"""A socket's send and receive queues: bytes for TCP, whole datagrams for UDP."""


class ByteQueue:
    """A stream: what goes in comes out in any portions."""

    def __init__(self, limit):
        self.limit = limit
        self.pieces = 0  # how often something was put in
        self._data = bytearray()

    def used(self):
        """How many bytes wait in it."""
        return len(self._data)

    def room(self):
        """How many more it would take."""
        return self.limit - len(self._data)

    def put(self, data):
        """Take what fits; how many that were."""
        count = min(len(data), self.room())
        self.pieces += 1
        self._data.extend(data[:count])
        return count

    def get(self, n):
        """Take out up to n bytes."""
        data = bytes(self._data[:n])
        self._data[: len(data)] = b""
        return data

    def flush(self, write):
        """Hand what waits to `write`, as much as it takes."""
        while self._data:
            count = write(bytes(self._data))
            if not count:
                return
            self._data[:count] = b""


class DatagramQueue:
    """Datagrams: each goes in whole or not at all, and comes out in one portion."""

    def __init__(self, limit, keep_tail=False, merge=False):
        self.limit = limit
        self.pieces = 0
        self._keep_tail = keep_tail
        self._merge = merge
        self._items = []
        self._used = 0

    def used(self):
        """How many bytes wait in it, all datagrams together."""
        return self._used

    def room(self):
        """How many more bytes it would take (a datagram that begins inside the limit is let in whole)."""
        return max(0, self.limit - self._used)

    def put(self, data):
        """Take the datagram if there is room: its length, or 0."""
        if not data or self._used >= self.limit:
            return 0
        self.pieces += 1
        self._items.append(bytes(data))
        self._used += len(data)
        return len(data)

    def get(self, n):
        """Take out one datagram, or (E12) as many as fit whole. E12: what is beyond n bytes of it is lost or stays."""
        if not self._items:
            return b""
        data = self._items.pop(0)
        while self._merge and self._items and len(data) + len(self._items[0]) <= n:
            data += self._items.pop(0)
        if self._keep_tail and len(data) > n:
            self._items.insert(0, data[n:])
            data = data[:n]
        self._used -= len(data)
        return data[:n]

    def flush(self, write):
        """Hand what waits to `write`, datagram by datagram."""
        while self._items and write(self._items[0]):
            self._used -= len(self._items.pop(0))

"""One fixed byte ring with one writer and one reader."""

from .compat import Block


class Ring:
    """Bytes are written, then committed; peeked, then acknowledged.

    A scheduled poll may run between any two bytecodes of the application's call. So each index has one owner, which
    moves it last, and every access leaves the block's position as it found it.
    """

    def __init__(self, size):
        self._cap = size + 1  # one place stays free, so that full and empty differ
        self._block = Block(size + 1)
        self._tail = 0  # reader's: the oldest byte
        self._mark = 0  # writer's: up to here committed, hence readable
        self._head = 0  # writer's: up to here written

    def any(self):
        """Committed bytes."""
        return (self._mark - self._tail) % self._cap

    def free(self):
        """Bytes that can still be written."""
        return (self._tail - self._head - 1) % self._cap

    def write(self, buf, off, n):
        """Add buf[off:off+n], not yet readable. The caller has asked free()."""
        head = self._head
        first = min(n, self._cap - head)
        block = self._block
        at = block.tell()
        block.seek(head)
        block.write(buf, off, first)
        if first < n:
            block.seek(0)
            block.write(buf, off + first, n - first)
        block.seek(at)
        self._head = (head + n) % self._cap

    def commit(self):
        self._mark = self._head

    def rollback(self):
        self._head = self._mark

    def peek(self, skip, buf, n):
        """Copy up to n committed bytes that lie together, skip bytes from the oldest, into buf; return how many."""
        start = (self._tail + skip) % self._cap
        n = max(0, min(n, self.any() - skip, self._cap - start))
        block = self._block
        at = block.tell()
        block.seek(start)
        block.readinto(buf, n)
        block.seek(at)
        return n

    def ack(self, n):
        """Release the n oldest bytes."""
        self._tail = (self._tail + n) % self._cap

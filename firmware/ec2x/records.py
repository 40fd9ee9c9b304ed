"""Rings of whole datagrams, each with its peer: the io of all flows of one UDP socket."""

from . import errors
from .compat import const
from .ring import Ring

# As counters.py has them.
_N_DROPPED = const(2)
_N_SHORT = const(18)
_N_CUT = const(19)
_N_TRUNCATED = const(20)

_HOST = const(64)
_RX_HEAD = const(5)  # length (2), port (2), length of the host (1); then the host, then the payload
_TX_HEAD = const(4)  # length (2), key of the flow (2); then the payload
_PAD = b"\xff"  # no length begins so: the record did not fit before the block's end and stands at its beginning


class RecordRing(Ring):
    """A ring in which records can be kept together."""

    spoilt = False  # what is being written is not to be read

    def commit(self):
        if self.spoilt:
            self.spoilt = False
            self.rollback()
        else:
            super().commit()

    def gap(self, n):
        """For a writer whose n bytes must lie together: the bytes to skip() first."""
        left = self._cap - self._head
        return left if left < n else 0

    def skip(self, n):
        """Write n bytes of no meaning."""
        self._head = (self._head + n) % self._cap

    def lap(self):
        """Bytes from the oldest to the end of the block: what a reader acknowledges to follow a skip()."""
        return self._cap - self._tail


class Records:
    """Records in two rings, none of them split by the ring's end."""

    WHOLE = True
    full = 0

    def __init__(self, rx_size, tx_size, most):
        self._most = most
        # Twice the largest record: then there is always room for one in an empty ring, wherever its end lies.
        self.rx = RecordRing(max(rx_size, 2 * (_RX_HEAD + _HOST + most)))
        self.tx = RecordRing(max(tx_size, 2 * (_TX_HEAD + most)))
        self.flows = []
        self.failed = None  # a flow that failed, until it has been told
        self.whole = most  # a read of so many bytes has brought no more than a part of a datagram, if that can be longer
        self.head = bytearray(_RX_HEAD + _HOST)  # of the datagram last taken
        self._table = None  # of its flows
        self._keys = 0
        self._number = bytearray(_TX_HEAD)  # poll's
        self._own = bytearray(_TX_HEAD)  # the application's

    def add(self, flow, peer=None):
        """From now on it brings and takes datagrams: of this peer, or its own."""
        host, port = peer or flow.peer
        host = host.encode()[:_HOST]
        self._keys = self._keys % 65535 + 1
        flow.tag = (self._keys, bytes((port >> 8, port & 255, len(host))) + host)
        flow.io = self
        self._table = flow.table
        self.flows.append(flow)

    # In

    def room(self, flow):
        need = _RX_HEAD + _HOST + self._most
        return self._most if self.rx.free() >= self.rx.gap(need) + need else 0

    def begin(self, flow, n):
        rx = self.rx
        tag = flow.tag[1]
        _pad(rx, 2 + len(tag) + n)
        _put(self._number, 0, n)
        rx.write(self._number, 0, 2)
        rx.write(tag, 0, len(tag))
        rx.spoilt = n == self.whole < self._most
        if rx.spoilt:
            self._table.counts[_N_CUT] += 1
            self._tell(flow)

    def take(self, buf, n):
        """The oldest datagram: its first n bytes to buf, its peer to head; the rest is lost, as with any kernel."""
        rx = self.rx
        head = self.head
        _unpad(rx, head)
        rx.peek(0, head, len(head))
        size = _get(head, 0)
        skip = _RX_HEAD + head[4]
        n = rx.peek(skip, buf, min(n, size))
        rx.ack(skip + size)
        self._table.counts[_N_TRUNCATED] += n < size
        return n

    def size(self):
        """Of the oldest datagram."""
        _unpad(self.rx, self.head)
        self.rx.peek(0, self.head, 2)
        return _get(self.head, 0)

    def peer(self):
        """Whose the datagram last taken was."""
        head = self.head
        return bytes(head[_RX_HEAD : _RX_HEAD + head[4]]).decode(), _get(head, 2)

    # Out

    def fits(self, n):
        n += _TX_HEAD
        return self.tx.free() >= self.tx.gap(n) + n

    def write(self, flow, data, n):
        tx = self.tx
        _pad(tx, _TX_HEAD + n)
        head = self._own
        _put(head, 0, n)
        _put(head, 2, flow.tag[0])
        tx.write(head, 0, _TX_HEAD)
        tx.write(data, 0, n)
        tx.commit()

    def pending(self, flow):
        """The size of the oldest datagram if it is flow's, else 0. Those whose flow is gone are dropped."""
        while self.tx.any():
            size = self._oldest()
            key = _get(self._number, 2)
            if key == flow.tag[0]:
                return size
            for other in self.flows:
                if key == other.tag[0]:
                    return 0
            self.tx.ack(_TX_HEAD + size)
            self._table.counts[_N_DROPPED] += size
        return 0

    def _oldest(self):
        """The size of the oldest datagram, whose number is then filled."""
        head = self._number
        _unpad(self.tx, head)
        self.tx.peek(0, head, _TX_HEAD)
        return _get(head, 0)

    def peek(self, skip, buf, n):
        return self.tx.peek(_TX_HEAD + skip, buf, n)

    def sent(self, flow, n):
        """n of the datagram have gone: all of them, or none and it goes again, or the datagram is spoilt."""
        size = self.pending(flow)
        if n:
            self.tx.ack(_TX_HEAD + size)
        if 0 < n < size:
            self._table.counts[_N_SHORT] += 1
            self._tell(flow)

    def _tell(self, flow):
        flow.errno = errors.EMSGSIZE
        self.failed = flow

    def drop(self, flow):
        if flow in self.flows:
            self.flows.remove(flow)
            if flow.errno:
                self.failed = flow
        n = 0
        while self.tx.any() and not self.flows:  # else those that are left pass over it
            size = self._oldest()
            self.tx.ack(_TX_HEAD + size)
            n += size
        return n


def _put(buf, at, n):
    buf[at] = n >> 8
    buf[at + 1] = n & 255


def _get(buf, at):
    return buf[at] << 8 | buf[at + 1]


def _pad(ring, n):
    gap = ring.gap(n)
    if gap:
        ring.write(_PAD, 0, 1)
        ring.skip(gap - 1)


def _unpad(ring, head):
    ring.peek(0, head, 1)
    if head[0] == _PAD[0]:
        ring.ack(ring.lap())

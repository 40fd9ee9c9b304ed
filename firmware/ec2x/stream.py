"""TCP: the byte rings between application and module, and the socket."""

from . import errors
from .compat import const
from .errors import ModemError
from .posix import Socket
from .ring import Ring

# As flow.py has them.
_FRESH = const(0)
_OPENING = const(2)
_OPEN = const(3)
_CLOSING = const(4)

# As posix.py has them.
_RD = const(1)
_WR = const(4)
_ERR = const(8)
_HUP = const(16)

_BYTES = (bytes, bytearray, memoryview)
_HOLD_MS = const(3)  # small writes within it share a command


class Buffers:
    """A flow's io: two rings."""

    WHOLE = False

    def __init__(self, rx_size, tx_size, most):
        self.rx = Ring(rx_size)
        self.tx = Ring(tx_size)
        self._most = most
        self.full = min(tx_size, most)
        self._enough = min(rx_size // 2, most)

    def room(self, flow):
        # Not for a few bytes: a reader that takes them one by one would cost a command a byte.
        free = self.rx.free()
        return min(free, self._most) if free >= self._enough else 0

    def pending(self, flow):
        return min(self.tx.any(), self._most)

    def peek(self, skip, buf, n):
        return self.tx.peek(skip, buf, n)

    def sent(self, flow, n):
        self.tx.ack(n)

    def drop(self, flow):
        n = self.tx.any()
        self.tx.ack(n)
        return n


class StreamSocket(Socket):
    """A TCP socket, as MicroPython's own."""

    def __init__(self, modem, af, cid, flow=None):
        super().__init__(modem, af, "tcp", cid, Buffers, flow)
        self._bound = None  # the address to listen on
        self._listener = None  # what it becomes by listen()
        self._failed = False  # an error has been raised: what follows is the end of the stream
        self._io = self._flow.io

    # Client

    def connect(self, addr):
        self._check()
        flow = self._flow
        if flow.state == _FRESH:
            if self._timeout != 0:
                self._modem.may_block()
            sockets = self._modem.sockets
            if not sockets.online or flow not in sockets.flows:
                from .offline import place

                place(self._modem, flow)
            self._open(flow, addr)
            if self._timeout == 0:
                self._modem.poll()
                raise OSError(errors.EINPROGRESS, "EINPROGRESS")
            self._until(flow, _OPENING)
        else:
            from .offline import again

            again(flow)
        self._failure()

    # Out

    def send(self, data):
        """Take as much of data as there is room for, at least a byte; return how much."""
        data = raw(data)
        n = self._send(data, 0, len(data))
        if not n and len(data):
            raise OSError(errors.EAGAIN, "EAGAIN")
        return n

    def write(self, data, off=None, n=None):
        """write(data), write(data, n), write(data, off, n): all of it when blocking; None when nothing can be taken now."""
        data = raw(data)
        if n is None:
            off, n = 0, len(data) if off is None else off
        n = min(n, len(data) - off)
        if n <= 0:
            return 0
        start = self._modem.now()
        done = self._send(data, off, n)
        if 0 < done < n and self._timeout != 0:
            from .whole import finish

            return finish(self, data, off, done, n, start)
        return done or None

    def _send(self, data, off, n):
        """How much was taken: 0 only when non-blocking and there is no room."""
        self._check()
        tx = self._sending() or self._pump(_WR) and self._sending()
        if not tx:
            return 0
        n = min(n, tx.free())
        tx.write(data, off, n)
        tx.commit()
        self._flow.sender.wrote(self._modem.now(), _HOLD_MS)
        self._modem.poll()
        return n

    def _sending(self):
        """The ring to write to, None until it has room and the connection is there; an error when nothing can be sent (any more)."""
        flow = self._flow
        io = self._io
        if io and _FRESH < flow.state <= _OPEN and not flow.closed:
            return io.tx if flow.state == _OPEN and io.tx.free() else None
        self._failure()
        if flow.state == _FRESH or not io:
            raise ModemError(errors.ENOTCONN)
        self._failed = True
        raise ModemError(errors.EPIPE)

    # In

    def recv_into(self, buf, n=0):
        """Up to n bytes (0: as many as buf holds) into buf; how many, 0 at the end of the stream."""
        n = min(n, len(buf)) if n > 0 else len(buf)
        if not self._receiving():
            raise OSError(errors.EAGAIN, "EAGAIN")
        return self._take(buf, n)

    def readinto(self, buf, n=None):
        """As recv_into, but None instead of EAGAIN."""
        if not self._receiving():
            return None
        return self._take(buf, len(buf) if n is None else min(n, len(buf)))

    def recv(self, n):
        if not self._receiving():
            raise OSError(errors.EAGAIN, "EAGAIN")
        buf = bytearray(min(n, self._io.rx.any()))
        k = self._take(buf, len(buf))
        return bytes(buf) if k == len(buf) else bytes(buf[:k])

    def _receiving(self):
        """Wait for something to read, or the end; False when non-blocking and there is neither."""
        self._check()
        if self._io is None or self._flow.state == _FRESH:
            raise ModemError(errors.ENOTCONN)
        if not self._pump(_RD):
            return False
        if not self._io.rx.any():
            self._failure()
        return True

    def _take(self, buf, n):
        rx = self._io.rx
        n = rx.peek(0, buf, n)
        rx.ack(n)
        return n

    # State

    def _failure(self):
        if self._flow.errno:
            self._failed = True
        self._raise(self._flow)

    def _watch(self, now):
        self._flow.receiver.watch(now)

    def _end(self, now):
        if self._listener:
            self._listener.end(now)
        super()._end(now)

    def _flags(self, mask):
        """What select.poll says of it, as on lwIP."""
        flow = self._flow
        state = flow.state
        if state == _FRESH:
            return mask & _WR | _HUP
        if self._listener:
            return self._listener.flags(mask)
        if state < _OPEN:
            return 0
        flags = mask & _RD if self._io.rx.any() else 0
        if state == _OPEN and not flow.closed:
            return flags | (mask & _WR if self._io.tx.free() else 0)
        if flow.errno:
            return mask & (_RD | _WR) | _ERR | _HUP
        if state >= _CLOSING or flow.receiver.eof:  # a read gives the end, a write an error
            return mask & (_RD | _WR) | (_HUP if self._failed else 0)
        return flags | mask & _WR


def raw(data):
    """Its bytes: a str's, and those of an array of words."""
    if isinstance(data, str):
        return data.encode()
    return data if isinstance(data, _BYTES) else bytes(memoryview(data))

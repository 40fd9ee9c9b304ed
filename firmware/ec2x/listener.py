"""A TCP socket after listen(). Loaded with the first one."""

from . import errors
from .compat import const
from .errors import ModemError
from .flow import FRESH, OPEN
from .posix import ERR, HUP, RD
from .server import serve
from .stream import Buffers, StreamSocket

# As counters.py has them.
_N_UNWANTED = const(16)


class Listener:
    """QFWDSERVER for the socket, and the connections that the application has not accepted yet."""

    def __init__(self, sock, addr, backlog):
        if sock._flow.state != FRESH or not addr:
            raise ModemError(errors.EINVAL)
        self._sock = sock
        self._pending = []
        self._most = max(1, backlog)
        self._flow = serve(sock, addr, backlog, self)
        sock._io = None  # a listener has no bytes

    def accept(self):
        sock = self._sock
        if not sock._pump(RD):
            raise OSError(errors.EAGAIN, "EAGAIN")
        if not self._pending:
            sock._raise(self._flow)
            raise ModemError(errors.EINVAL)
        modem = sock._modem
        flow = self._pending[0]
        flow.io = modem.buffers(Buffers)  # ENOMEM leaves it waiting
        self._pending.pop(0)
        return StreamSocket(modem, 0, None, flow), flow.peer

    def wants(self):
        return len(self._pending) < self._most

    def incoming(self, flow):
        self._pending.append(flow)

    def end(self, now):
        for flow in self._pending:
            flow.table.counts[_N_UNWANTED] += 1
            flow.close(now)

    def flags(self, mask):
        if self._flow.state == OPEN:
            return mask & RD if self._pending else 0
        return mask & RD | ERR | HUP if self._flow.state > OPEN else 0

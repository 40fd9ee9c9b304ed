"""The methods of a socket that few applications call. Loaded when the first of them is."""

from . import errors
from .arguments import check_port
from .errors import ModemError
from .flow import FRESH


def pair(addr):
    """addr, unless it is bytes, as the unix port has them: two of those would pass for host and port."""
    if isinstance(addr, (bytes, bytearray)):
        raise TypeError("an address is (host, port)")
    return addr


class Rare:
    """Reached through the socket: sock.fileno is Rare(sock).fileno."""

    def __init__(self, sock):
        self._sock = sock

    def _flow(self):
        self._sock._check()
        return self._sock._flow

    def fileno(self):
        """The socket id in the module."""
        return self._flow().id

    def makefile(self, mode="rb", buffering=0):
        return self._sock

    def setblocking(self, flag):
        self._sock._timeout = None if flag else 0

    def setsockopt(self, level, option, value):
        pass  # QFWD has none; SO_REUSEADDR, which servers set, is how a module behaves anyway

    def getpeername(self):
        flow = self._flow()
        if not flow.peer or flow.state == FRESH:
            raise ModemError(errors.ENOTCONN, flow)
        return flow.peer

    def getsockname(self):
        flow = self._flow()
        return ("::" if flow.ip == "IPV6" else "0.0.0.0", getattr(flow, "port", 0))


class RareDatagram(Rare):
    """Of a UDP socket."""

    def listen(self, backlog=5):
        self._flow()
        raise ModemError(errors.EOPNOTSUPP, "UDP has no connections")

    accept = listen


class RareStream(Rare):
    """Of a TCP socket."""

    def bind(self, addr):
        """Only the port counts: AT+QFWDSERVER takes no address."""
        self._sock._check()
        _, port = pair(addr)[:2]
        check_port(port)
        self._sock._bound = addr

    def listen(self, backlog=5):
        sock = self._sock
        sock._check()
        if not sock._listener:
            from .listener import Listener

            sock._listener = Listener(sock, sock._bound, backlog)

    def accept(self):
        """(socket, (host, port)) of the next connection."""
        self._sock._check()
        if not self._sock._listener:
            raise ModemError(errors.EINVAL)
        return self._sock._listener.accept()

    def read(self, n=-1):
        """n bytes, or all until the end; fewer at the end, or when non-blocking and no more are here (None: none at all)."""
        from .whole import collect

        return collect(self._sock, n, False)

    def readline(self, n=-1):
        from .whole import collect

        return collect(self._sock, n, True)

    def sendall(self, data):
        from .stream import raw
        from .whole import sendall

        sendall(self._sock, raw(data))

    def sendto(self, data, addr=None):
        return self._sock.send(data)

    def recvfrom(self, n):
        return self._sock.recv(n), self._sock._flow.peer

    def unacked(self):
        """Bytes that the module has not delivered yet: AT+QFWDACK's sendused."""
        from .drain import unacked

        return unacked(self._sock)

    def drain(self, timeout=None):
        """Wait until the module has delivered all that was sent. ETIMEDOUT after timeout seconds."""
        from .drain import drain

        drain(self._sock, timeout)


def of(sock):
    return (RareStream if sock._flow.proto == "tcp" else RareDatagram)(sock)

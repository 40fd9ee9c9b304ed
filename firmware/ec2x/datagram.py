"""The UDP socket. Loaded when the first one is made."""

from . import errors
from .compat import const
from .errors import ModemError
from .flow import CHILD, CLIENT, FRESH, GONE, OPEN, OPENING, SERVER, Flow
from .posix import ERR, HUP, RD, WR, Socket
from .records import Records

# As counters.py has them.
_N_RETIRED = const(21)

_CLIENTS = const(4)  # peers that never came in, each by a QFWDCLIENT of its own
_CHILDREN = const(8)  # peers that came in
_BYTES = (bytes, bytearray, memoryview)
_UNSPECIFIED = ("0.0.0.0", "::")


class DatagramSocket(Socket):
    """A UDP socket: bound (a QFWDSERVER), connected, or a QFWDCLIENT for each peer it sends to."""

    def __init__(self, modem, af, cid):
        forms = modem.dialect.whole()
        if forms.NO_UDP:
            raise ModemError(errors.EOPNOTSUPP, forms.NO_UDP)
        if modem.sockets.credit < forms.MAX_READ:
            raise ModemError(errors.ENOMEM, "for UDP rxbuf must be 1280 at least, 2304 where reads come as digits")
        super().__init__(modem, af, "udp", cid, Records)
        self._io.whole = forms.MAX_READ
        self._most = forms.MAX_DATAGRAM
        self._flow.io = None  # a server has none, and a client gets it with its peer
        self._uses = 0
        self._peer = None

    def bind(self, addr):
        """Only the port counts: AT+QFWDSERVER takes no address."""
        self._check()
        if self._flow.state != FRESH:
            raise ModemError(errors.EINVAL)
        from .rare import pair
        from .server import serve
        from .udpserver import UdpServer

        # As a flow among the others it is not closed before what its children have to send is out.
        flow = serve(self, pair(addr), 1, self, UdpServer)
        self._modem.alone(self._io.add, flow, (self.getsockname()[0], 0))

    def connect(self, addr):
        self._check()
        if self._timeout != 0:
            self._modem.may_block()
        flow = self._to(addr)
        self._peer = addr
        if self._timeout != 0:
            self._until(flow, OPENING)
            self._failure()

    def send(self, data):
        self._check()
        if not self._peer:
            raise ModemError(errors.EDESTADDRREQ)
        return self.sendto(data, self._peer)

    write = sendall = send

    def sendto(self, data, addr):
        """One datagram of 1 to 1024 bytes (512, if the profile has it sent as digits)."""
        self._check()
        data = data.encode() if isinstance(data, str) else data
        if not isinstance(data, _BYTES):
            raise TypeError("a datagram is bytes")
        n = len(data)
        modem = self._modem
        if not 0 < n <= self._most:
            raise ModemError(errors.EMSGSIZE, "it may have 1 to %d bytes" % self._most)
        self._failure()
        flow = self._to(addr)
        self._uses += 1
        flow.used = self._uses
        while not self._io.fits(n):
            if not self._pump(WR):
                raise OSError(errors.EAGAIN, "EAGAIN")
            self._failure()
        self._io.write(flow, data, n)
        modem.poll()
        return n

    def _to(self, addr):
        """The flow to addr; a new one when there is none. To the unspecified address it is the server's own."""
        if len(addr) < 2:
            raise ValueError("an address is (host, port)")
        host, port = addr[0], addr[1]  # IPv6's flow and scope may follow; a slice would allocate
        if not port and self._flow.kind == SERVER and host in _UNSPECIFIED:
            if self._flow.state > OPEN:
                raise ModemError(errors.ENOTCONN, self._flow)
            return self._flow
        for flow in self._io.flows:
            peer = flow.peer  # a server has none
            if peer and peer[0] == host and peer[1] == port and flow.state <= OPEN and not flow.closed:
                return flow
        if self._flow.state == FRESH:
            flow = self._flow
            self._open(flow, addr)
        else:
            sockets = self._modem.sockets
            flow = Flow(sockets, CLIENT, self._flow.proto, self._flow.ip)
            self._open(flow, addr)
            self._retire(CLIENT, _CLIENTS)
            if not self._modem.alone(sockets.replace, None, flow):
                raise ModemError(errors.ENFILE, sockets)
        flow.used = self._uses
        self._modem.alone(self._io.add, flow)
        return flow

    def wants(self):
        return True

    def incoming(self, flow):
        """The server has a new peer."""
        flow.used = self._uses
        self._retire(CHILD, _CHILDREN)
        self._io.add(flow)

    def _retire(self, kind, most):
        """Close the least recently used flow of its kind when there are as many as there may be."""
        oldest = None
        n = 0
        for flow in self._io.flows:
            if flow.kind == kind and flow.state <= OPEN:
                n += 1
                if not oldest or flow.used < oldest.used:
                    oldest = flow
        if n >= most:
            self._modem.sockets.counts[_N_RETIRED] += 1
            oldest.close(self._modem.now())

    # In

    def recv_into(self, buf, n=0):
        """The next datagram, up to n bytes (0: as many as buf holds) of it, into buf; how many."""
        if not self._receiving():
            raise OSError(errors.EAGAIN, "EAGAIN")
        return self._io.take(buf, min(n, len(buf)) if n > 0 else len(buf))

    def readinto(self, buf, n=None):
        """As recv_into, but None instead of EAGAIN."""
        if not self._receiving():
            return None
        return self._io.take(buf, len(buf) if n is None else min(n, len(buf)))

    def recv(self, n):
        if not self._receiving():
            raise OSError(errors.EAGAIN, "EAGAIN")
        return self._bytes(n)

    def read(self, n=1024):
        return self._bytes(n) if self._receiving() else None

    def recvfrom(self, n):
        data = self.recv(n)
        return data, self._io.peer()

    def _bytes(self, n):
        buf = bytearray(min(n, self._io.size()))
        self._io.take(buf, len(buf))
        return bytes(buf)

    def _receiving(self):
        self._check()
        if not self._pump(RD):
            return False
        if not self._io.rx.any():
            self._failure()
            raise ModemError(errors.ENOTCONN)
        return True

    # State

    def _failure(self):
        failed = self._io.failed
        if failed:
            self._io.failed = None
            self._raise(failed)
        self._raise(self._flow)

    def _watch(self, now):
        for flow in self._io.flows:
            flow.receiver.watch(now, len(self._io.flows))

    def _end(self, now):
        super()._end(now)
        for flow in list(self._io.flows):
            flow.close(now)

    def _ending(self):
        return self._flow.state != GONE or len(self._io.flows) > 0

    def _flags(self, mask):
        io = self._io
        flags = mask & RD if io.rx.any() else 0
        if io.failed or self._flow.errno:
            return mask & (RD | WR) | ERR
        if self._flow.kind == SERVER and self._flow.state == GONE and mask & RD:
            return flags | HUP
        return flags | (mask & WR if io.fits(self._modem.sockets.dialect.MAX_DATA) else 0)

"""The ends of the connections of `realnet`: sockets of this computer. CPython only."""

import errno
import socket

# The core speaks Linux's numbers wherever it runs.
_LINUX = {
    "EACCES": 13,
    "EMFILE": 24,
    "EPIPE": 32,
    "EADDRINUSE": 98,
    "EADDRNOTAVAIL": 99,
    "ENETUNREACH": 101,
    "ECONNABORTED": 103,
    "ECONNRESET": 104,
    "ETIMEDOUT": 110,
    "ECONNREFUSED": 111,
    "EHOSTUNREACH": 113,
}
_INBOX = 64  # datagrams a UDP peer may have waiting


def linux(code):
    """A local errno as Linux numbers it."""
    return _LINUX.get(errno.errorcode.get(code, ""), code)


class Waiter:
    """A non-blocking socket and what the loop watches on it: a direction is watched from a "not now" until it is ready."""

    def __init__(self, net, sock):
        self.net = net
        self.sock = sock
        self.reading = False  # watched, so there is nothing to read
        self.writing = False
        sock.setblocking(False)
        net.waiters.add(self)

    def want_read(self):
        if not self.reading and self.sock.fileno() >= 0:
            self.reading = True
            self.net.loop.add_reader(self.sock, self._readable)

    def want_write(self):
        if not self.writing and self.sock.fileno() >= 0:
            self.writing = True
            self.net.loop.add_writer(self.sock, self._writable)

    def _readable(self):
        self.reading = False
        self.net.loop.remove_reader(self.sock)
        self.net.changed()

    def _writable(self):
        self.writing = False
        self.net.loop.remove_writer(self.sock)
        self.net.changed()

    def close(self):
        if self.sock.fileno() < 0:
            return
        self.net.loop.remove_reader(self.sock)
        self.net.loop.remove_writer(self.sock)
        self.net.waiters.discard(self)
        self.sock.close()


class Connection:
    """A TCP connection, or a UDP socket with one peer."""

    def __init__(self, net, sock, proto, remote, connected):
        self._waiter = Waiter(net, sock)
        self._sock = sock
        self._proto = proto
        self.remote = remote
        self._connected = connected
        self._error = 0

    @property
    def local(self):
        """(address, port) of this end."""
        return self._sock.getsockname()[:2]

    def connect(self, address):
        """Begin to connect."""
        code = self._sock.connect_ex(address)
        if code in (0, errno.EISCONN):
            self._connected = True
        elif code in (errno.EINPROGRESS, errno.EWOULDBLOCK):
            self._waiter.want_write()
        else:
            self._error = linux(code)

    def status(self):
        """None while connecting, 0 when open, else an errno."""
        if self._connected or self._error:
            return self._error
        if self._waiter.writing:
            return None
        self._error = linux(self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        if not self._error:
            try:
                self._sock.getpeername()
            except OSError:
                self._waiter.want_write()
                return None
            self._connected = True
        return self._error

    def read(self, n):
        """Up to n bytes or a datagram; None if there is nothing now; b"" at the end."""
        if self._waiter.reading:
            return None
        try:
            return self._sock.recv(n if self._proto == "tcp" else 65535)
        except BlockingIOError:
            self._waiter.want_read()
            return None
        except OSError as error:
            return self._broken(error)

    def write(self, data):
        """How many bytes were taken."""
        if self._waiter.writing:
            return 0
        try:
            return self._sock.send(data)
        except BlockingIOError:
            self._waiter.want_write()
            return 0
        except OSError as error:
            self._broken(error)
            return len(data)  # a datagram that nobody wanted is gone

    def _broken(self, error):
        # UDP tells by an error that an earlier datagram was not welcome; that ends nothing.
        if self._proto == "udp":
            self._waiter.want_read()
            return
        raise OSError(linux(error.errno), "the connection broke")

    def close(self):
        """End it."""
        self._waiter.close()


class TcpListener:
    """A TCP port on this computer."""

    def __init__(self, net, sock):
        self._net = net
        self._waiter = Waiter(net, sock)

    def accept(self):
        """A connection that came in, or None."""
        if self._waiter.reading:
            return None
        try:
            sock, address = self._waiter.sock.accept()
        except BlockingIOError:
            self._waiter.want_read()
            return None
        except OSError:
            # It was gone before it was taken, or there are no descriptors left: look again soon.
            self._net.loop.call_later(0.1, self._net.changed)
            return None
        return Connection(self._net, sock, "tcp", address[:2], True)

    def open(self):
        """Is it not closed yet?"""
        return self._waiter.sock.fileno() >= 0

    def close(self):
        """The port is free again."""
        self._waiter.close()


class UdpPeer:
    """What one peer of a UDP server has sent."""

    def __init__(self, listener, address):
        self._listener = listener
        self.address = address
        self.remote = address[:2]
        self.local = listener.local
        self.inbox = []

    def status(self):
        """UDP has nothing to wait for."""
        return 0

    def read(self, n):
        """One datagram, or None."""
        self._listener.drain()
        return self.inbox.pop(0) if self.inbox else None

    def write(self, data):
        """Send one datagram."""
        return self._listener.sendto(data, self.address)

    def close(self):
        """It is forgotten: its next datagram makes a new one."""
        self._listener.peers.pop(self.address, None)


class UdpListener:
    """A UDP port on this computer, with a connection for each peer."""

    def __init__(self, net, sock):
        self._waiter = Waiter(net, sock)
        self.local = sock.getsockname()[:2]
        self.peers = {}
        self._fresh = []

    def accept(self):
        """A peer that was not heard of before, or None."""
        self.drain()
        return self._fresh.pop(0) if self._fresh else None

    def drain(self):
        """Sort what has come by its sender; too much for one is lost, as UDP may."""
        while not self._waiter.reading:
            try:
                data, address = self._waiter.sock.recvfrom(65535)
            except OSError:  # nothing there, or a datagram sent earlier was not welcome
                self._waiter.want_read()
                return
            if address not in self.peers:
                self.peers[address] = UdpPeer(self, address)
                self._fresh.append(self.peers[address])
            if len(self.peers[address].inbox) < _INBOX:
                self.peers[address].inbox.append(data)

    def sendto(self, data, address):
        """Send one datagram: its length, or 0 if there is no room now."""
        if self._waiter.writing:
            return 0
        try:
            return self._waiter.sock.sendto(data, address)
        except BlockingIOError:
            self._waiter.want_write()
            return 0
        except OSError:
            return len(data)

    def open(self):
        """Is it not closed yet?"""
        return self._waiter.sock.fileno() >= 0

    def close(self):
        """The port is free again."""
        self._waiter.close()

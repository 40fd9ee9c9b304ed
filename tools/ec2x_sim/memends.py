"""The ends of the connections of `memnet`: the module's, and the world's in the hands of a test."""

from .net import ECONNRESET, ENOENT, EPIPE


class Pipe:
    """One direction of a TCP connection."""

    def __init__(self):
        self.data = bytearray()
        self.ended = False  # the writer closed
        self.reset = False  # the writer is gone with a RST
        self.deaf = False  # the reader closed
        self.window = None  # how much may lie unread; None: any amount


class Peer:
    """The other end of one of the module's TCP connections, in the hands of a test."""

    def __init__(self, net, inward, outward, remote, local):
        self._net = net
        self._in = inward  # from the module
        self._out = outward  # to the module
        self.remote = remote  # (host, port) of the module's end
        self.local = local
        self.refused = False  # of dial(): nothing listens there
        self._closed = False

    def send(self, data):
        """Send to the module."""
        if self._closed or self.refused:
            raise OSError(EPIPE)
        self._net.before()
        self._out.data.extend(data)
        self._net.after()

    def recv(self, n=-1):
        """What the module sent, up to n bytes (-1: all that is there)."""
        self._net.before()
        buf = self._in.data
        data = bytes(buf if n < 0 else buf[:n])
        if data:
            buf[: len(data)] = b""
            self._net.after()
        return data

    def unread(self):
        """How many bytes of the module's wait for recv."""
        return len(self._in.data)

    def close(self):
        """End the connection in order."""
        self._net.before()
        self._closed = True
        self._out.ended = True
        self._in.deaf = True
        self._net.after()

    def reset(self):
        """End it with a RST: what the module has not fetched is lost."""
        self._net.before()
        self._closed = True
        self._out.reset = True
        self._in.deaf = True
        self._out.data[:] = b""
        self._net.after()

    @property
    def closed(self):
        """Has the module closed it?"""
        return self._in.ended

    @property
    def window(self):
        """How many bytes it lets the module send ahead of recv; None: any number."""
        return self._in.window

    @window.setter
    def window(self, count):
        self._net.before()
        self._in.window = count
        self._net.after()


class TcpConnection:
    """The module's end of a TCP connection."""

    def __init__(self, net, remote):
        self._net = net
        self.remote = remote
        self.local = None
        self._in = None
        self._out = None
        self._inside = False  # the other end is the module's, too

    def join(self, inward, outward, local, inside=False):
        """It is connected."""
        self._in, self._out, self.local, self._inside = inward, outward, local, inside

    def status(self):
        """None while connecting, 0 when open, else an errno."""
        return 0 if self._in else self._net.try_connect(self)

    def read(self, n):
        """Up to n bytes, None if there are none now, b"" at the end."""
        pipe = self._in
        if pipe.data:
            data = bytes(pipe.data[:n])
            pipe.data[: len(data)] = b""
            if self._inside:
                self._net.changes += 1  # room for the other end
            return data
        if pipe.reset:
            raise OSError(ECONNRESET)
        return b"" if pipe.ended else None

    def write(self, data):
        """How many bytes were taken."""
        pipe = self._out
        if pipe.deaf:
            raise OSError(ECONNRESET if self._in.reset else EPIPE)
        count = len(data)
        if pipe.window is not None:
            count = max(0, min(count, pipe.window - len(pipe.data)))
        pipe.data.extend(data[:count])
        if self._inside and count:
            self._net.changes += 1
        return count

    def close(self):
        """End it."""
        if self._in:
            self._out.ended = True
            self._in.deaf = True
            if self._inside:
                self._net.changes += 1


class Listener:
    """A port of the module on which connections (or a UDP peer's first datagram) arrive."""

    def __init__(self, net, key):
        self._net = net
        self._key = key
        self.waiting = []
        self.peers = {}  # UDP: its connections by (host, port)

    def accept(self):
        """A connection that came in, or None."""
        return self.waiting.pop(0) if self.waiting else None

    def close(self):
        """The port is free again."""
        del self._net.listeners[self._key]
        for connection in self.waiting:
            connection.close()


class UdpConnection:
    """The module's end of a UDP exchange with one peer."""

    def __init__(self, net, local, remote, listener=None):
        self._net = net
        self.local = local
        self.remote = remote
        self._listener = listener
        self.inbox = []

    def status(self):
        """UDP has nothing to wait for."""
        return 0

    def read(self, n):
        """One datagram, or None."""
        return self.inbox.pop(0) if self.inbox else None

    def write(self, data):
        """Send one datagram."""
        self._net.route(self.local, self.remote, bytes(data))
        return len(data)

    def close(self):
        """Nothing reaches it any more."""
        if self._listener:
            self._listener.peers.pop(self.remote, None)
        else:
            self._net.udp_clients.pop(self.local[1], None)


class Service:
    """A TCP server out in the world."""

    def __init__(self):
        self.waiting = []

    def accept(self):
        """The next connection of the module's as a Peer, or None."""
        return self.waiting.pop(0) if self.waiting else None


class Udp:
    """A UDP socket out in the world."""

    def __init__(self, net, local):
        self._net = net
        self.local = local
        self.inbox = []

    def sendto(self, data, module_port):
        """Send a datagram to a port of the module."""
        self._net.before()
        self._net.route(self.local, (self._net.own(self.local[0]), module_port), bytes(data))
        self._net.after()

    def recvfrom(self):
        """(data, (host, port)) of the next datagram, or None."""
        return self.inbox.pop(0) if self.inbox else None


class Lookup:
    """A name being looked up."""

    def __init__(self, net, name, v6):
        self._net = net
        self._name = name
        self._v6 = v6

    def poll(self):
        """None while it runs, else (errno, addresses)."""
        names = self._net.names
        if self._name not in names:
            return ENOENT, []
        found = names[self._name]
        if found is None:
            return None
        found = [found] if isinstance(found, str) else found
        return 0, [address for address in found if self._v6 is None or (":" in address) == self._v6]

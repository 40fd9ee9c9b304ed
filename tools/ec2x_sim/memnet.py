"""The world in memory: servers, clients and names that a test makes up; no sockets, no time."""

from .memends import Listener, Lookup, Peer, Pipe, Service, TcpConnection, Udp, UdpConnection
from .net import EADDRINUSE, ECONNREFUSED, ENOENT, is_address

_INSIDE = ("127.0.0.1", "0.0.0.0", "::1", "::")


class MemoryNet:
    """The network interface of `net.py` over a world that a test describes.

    `fail[(host, port)]` is the errno with which a connect fails, None: it gets no answer at all.
    `names[name]` is an address or a list of them, None: no answer. After changing either while the
    module waits for it, call `kick()`.
    """

    def __init__(self, ip="10.64.0.1", ip6="2001:db8::1"):
        self.ip = ip  # the module's own addresses, as the world sees them
        self.ip6 = ip6
        self.changes = 0
        self.fail = {}
        self.names = {}
        self.watchers = []  # called around everything the world does, so that it is done at the right time
        self.listeners = {}  # the module's, by (proto, port, IPv6 or not)
        self.udp_clients = {}  # the module's, by local port
        self._services = {}
        self._udps = {}
        self._next_port = 50000

    # --- for the test ----------------------------------------------------------------------------

    def listen(self, proto, host, port):
        """A server out in the world: Service for "tcp", Udp for "udp"."""
        if proto == "udp":
            return self.udp(host, port)
        self._services[(host, port)] = Service()
        return self._services[(host, port)]

    def udp(self, host, port):
        """A UDP socket out in the world."""
        self._udps[(host, port)] = Udp(self, (host, port))
        return self._udps[(host, port)]

    def dial(self, proto, port, source=("192.168.225.58", 56784)):
        """Somebody connects to the module's server: a Peer. For "udp" a Udp, which still has to send.

        With a source whose address has a colon it is IPv6, which only an IPv6 server takes.
        """
        if proto == "udp":
            return self.udp(source[0], source[1])
        self.before()
        to_module, to_world = Pipe(), Pipe()
        own = self.own(source[0])
        peer = Peer(self, to_world, to_module, (own, port), source)
        listener = self.listeners.get(("tcp", port, ":" in source[0]))
        if listener is None:
            peer.refused = True
            return peer
        end = TcpConnection(self, source)
        end.join(to_module, to_world, (own, port))
        listener.waiting.append(end)
        self.after()
        return peer

    def unlisten(self, host, port):
        """A server out in the world goes away; its connections stay."""
        del self._services[(host, port)]

    def forget(self, host, port):
        """A UDP peer out in the world is there no more."""
        del self._udps[(host, port)]

    def kick(self):
        """Something in `fail` or `names` was changed."""
        self.before()
        self.after()

    # --- for the module --------------------------------------------------------------------------

    def resolve(self, name, v6):
        """Look a name up."""
        return Lookup(self, name, v6)

    def bind(self, proto, port, v6):
        """Listen on a port of the module."""
        key = (proto, port, v6)
        if key in self.listeners:
            raise OSError(EADDRINUSE)
        self.listeners[key] = Listener(self, key)
        return self.listeners[key]

    def connect(self, proto, address, port, v6):
        """Begin to connect."""
        if not is_address(address):
            raise OSError(ENOENT)
        if proto == "tcp":
            return TcpConnection(self, (address, port))
        local = self._local(address)
        connection = UdpConnection(self, local, (address, port))
        self.udp_clients[local[1]] = connection
        return connection

    def own(self, address):
        """The module's own address for talking to this one."""
        return self.ip6 if ":" in address else self.ip

    def _inside(self, address):
        return address in _INSIDE or address in (self.ip, self.ip6)

    def _local(self, address):
        self._next_port = self._next_port + 1 if self._next_port < 60000 else 50000
        if address in _INSIDE:
            return ("::1" if ":" in address else "127.0.0.1"), self._next_port
        return self.own(address), self._next_port

    def try_connect(self, connection):
        """How a TCP connect stands: None, 0 or an errno."""
        key = connection.remote
        if key in self.fail:
            return self.fail[key]
        out, back = Pipe(), Pipe()
        local = self._local(key[0])
        listener = self.listeners.get(("tcp", key[1], ":" in key[0])) if self._inside(key[0]) else None
        if listener:
            end = TcpConnection(self, local)
            end.join(out, back, key, True)
            connection.join(back, out, local, True)
            listener.waiting.append(end)
            self.changes += 1
            return 0
        service = self._services.get(key)
        if service is None:
            return ECONNREFUSED
        connection.join(back, out, local)
        service.waiting.append(Peer(self, out, back, local, key))
        return 0

    def route(self, source, target, data):
        """Carry a datagram."""
        if not self._inside(target[0]):
            if target in self._udps:
                self._udps[target].inbox.append((data, source))
            return
        self.changes += 1
        client = self.udp_clients.get(target[1])
        if client:
            # A connected socket takes datagrams of its peer only.
            if client.remote == source or client.remote[0] in _INSIDE:
                client.inbox.append(data)
            return
        listener = self.listeners.get(("udp", target[1], ":" in target[0]))
        if listener is None:
            return
        if source not in listener.peers:
            connection = UdpConnection(self, target, source, listener)
            listener.peers[source] = connection
            listener.waiting.append(connection)
        listener.peers[source].inbox.append(data)

    def before(self):
        """The world is about to do something: whoever keeps the time catches up."""
        for watcher in self.watchers:
            watcher()

    def after(self):
        """It did."""
        self.changes += 1
        for watcher in self.watchers:
            watcher()

"""The network interface of `net.py` over sockets of this computer, on an asyncio loop. CPython only."""

import asyncio
import socket

from .net import EADDRNOTAVAIL, ENOENT
from .realends import Connection, TcpListener, UdpListener, linux

_BACKLOG = 64
_LOOPBACK = ("127.0.0.1", "::1")
_EVERY = ("0.0.0.0", "::")
_LIKES = (_LOOPBACK, _EVERY)  # what an address to listen on is in the other family


class Lookup:
    """A name on its way through getaddrinfo, in a thread of the loop's executor."""

    def __init__(self, net, name, v6):
        family = socket.AF_INET6 if v6 else socket.AF_INET
        self._task = net.loop.create_task(net.loop.getaddrinfo(name, None, family=family, type=socket.SOCK_STREAM))
        net.lookups.add(self._task)
        self._task.add_done_callback(net.lookups.discard)
        self._task.add_done_callback(lambda task: net.changed())

    def poll(self):
        """None while it runs, else (errno, addresses)."""
        if not self._task.done():
            return None
        if self._task.cancelled() or self._task.exception():
            return ENOENT, []
        return 0, list(dict.fromkeys(entry[4][0] for entry in self._task.result()))


class RealNet:
    """The network interface of `net.py`; `bind_host` is the address on which servers listen."""

    def __init__(self, bind_host="127.0.0.1"):
        self.loop = asyncio.get_running_loop()
        self.bind_host = bind_host
        self.changes = 0
        self.watchers = []  # called before and after whatever the world does
        self.waiters = set()
        self.lookups = set()
        self._listeners = {}  # by (proto, port, IPv6 or not); some of them closed

    def changed(self):
        """The loop found something ready."""
        for watcher in self.watchers:
            watcher()
        self.changes += 1
        for watcher in self.watchers:
            watcher()

    def resolve(self, name, v6):
        """Look a name up."""
        return Lookup(self, name, v6)

    def bind(self, proto, port, v6):
        """Listen on a port of this computer."""
        sock = socket.socket(socket.AF_INET6 if v6 else socket.AF_INET, socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM)
        try:
            if proto == "tcp":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if v6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind((self._host(v6), port))
            if proto == "tcp":
                sock.listen(_BACKLOG)
            listener = TcpListener(self, sock) if proto == "tcp" else UdpListener(self, sock)
            self._listeners[(proto, port, v6)] = listener
            return listener
        except socket.gaierror:  # an address of the other family
            sock.close()
            raise OSError(EADDRNOTAVAIL, "cannot listen on %s" % self.bind_host) from None
        except OSError as error:
            sock.close()
            raise OSError(linux(error.errno), "cannot listen on port %d" % port)

    def _host(self, v6):
        for likes in _LIKES:
            if self.bind_host in likes:
                return likes[v6]
        return self.bind_host

    def connect(self, proto, address, port, v6):
        """Begin to connect."""
        here = self._inside(proto, address, port, v6)
        try:
            found = socket.getaddrinfo(here, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)[0]
        except OSError:
            raise OSError(ENOENT, "no such address")
        sock = socket.socket(found[0], socket.SOCK_STREAM if proto == "tcp" else socket.SOCK_DGRAM)
        connection = Connection(self, sock, proto, (address, port), False)
        connection.connect(found[4])
        return connection

    def _inside(self, proto, address, port, v6):
        # A server that listens on another address only is there under the module's own loopback address, too.
        here = self._host(v6)
        own = self._listeners.get((proto, port, v6))
        return here if own and own.open() and address in _LOOPBACK and here not in _EVERY else address

    async def close(self):
        """Close everything and wait for what runs."""
        for waiter in list(self.waiters):
            waiter.close()
        tasks = list(self.lookups)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

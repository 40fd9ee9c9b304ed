"""The AP side's sockets: servers, connections, their queues, and what is announced about them."""

from .entries import Connection, Server
from .net import EADDRINUSE, ENETUNREACH, ENOENT, ETIMEDOUT, is_address
from .quirks import result

MAX_ID = 65535


class Sockets:
    """The table of all of them; one namespace of ids (E23, assumed)."""

    def __init__(self, module, net, sizes):
        self.module = module
        self.net = net
        self.sizes = sizes  # (sendmax, recvmax)
        self.servers = {}
        self.connections = {}
        self._leaving = []  # closed by the host, still delivering what it sent

    def known(self, id):
        """Is the id in use?"""
        return id in self.servers or id in self.connections

    def sorted_servers(self):
        """The servers in the order of their ids."""
        return [self.servers[id] for id in sorted(self.servers)]

    def open_connections(self):
        """The connections that are open, in the order of their ids (assumed: one that connects is not listed)."""
        every = [self.connections[id] for id in sorted(self.connections)]
        return [c for c in every if c.state == "open"]

    # --- opening -------------------------------------------------------------------------------

    def open_server(self, id, cid, v6, proto, port, idle_us, urc_port):
        """Listen; the URC tells how it went."""
        code = 0
        try:
            if not self.module.radio.reachable(cid):
                code = self._failed("pdp", ENETUNREACH)
            else:
                listener = self.net.bind(proto, port, v6)
                self.servers[id] = Server(id, cid, proto, port, idle_us, urc_port, listener)
        except OSError as error:
            errno = error.args[0]  # not .errno: CPython sets that with two arguments only
            code = self._failed("busy" if errno == EADDRINUSE else "bind", errno)
        self._urc(urc_port, '"server/open",%d,%d' % (id, code))

    def open_client(self, id, cid, v6, proto, host, port, urc_port):
        """Begin to connect; the URC comes when that is decided."""
        c = Connection(id, cid, proto, urc_port, self.sizes)
        c.remote = (host, port)
        self.connections[id] = c
        if not self.module.radio.reachable(cid):
            self._refuse(c, "pdp", ENETUNREACH)
        elif is_address(host):
            self._connect(c, host, v6)
        else:
            c.v6 = v6
            c.lookup = self.net.resolve(host, v6)

    def _connect(self, c, address, v6):
        try:
            c.handle = self.net.connect(c.proto, address, c.remote[1], v6)
        except OSError as error:
            self._refuse(c, "connect", error.args[0])

    def _failed(self, kind, errno):
        return result(self.module.quirks["result_style"], kind, errno)

    def _refuse(self, c, kind, errno):
        # assumed: an id whose opening failed is free again.
        del self.connections[c.id]
        if c.handle:
            c.handle.close()
        self._urc(c.urc_port, '"client/open",%d,%d' % (c.id, self._failed(kind, errno)))

    def _advance(self, c, now):
        if c.lookup:
            answer = c.lookup.poll()
            if answer is None:
                return
            c.lookup = None
            if answer[0] or not answer[1]:
                self._refuse(c, "dns", answer[0] or ENOENT)
                return
            self._connect(c, answer[1][0], c.v6)
        status = c.handle.status() if c.handle else None
        if status is None:
            return
        if status:
            self._refuse(c, "timeout" if status == ETIMEDOUT else "connect", status)
            return
        c.state = "open"
        c.last = now
        self._urc(c.urc_port, '"client/open",%d,0' % c.id)

    def _accept(self, server, now):
        handle = server.listener.accept()
        while handle:
            id = 1
            while self.known(id):
                id += 1  # E23: the lowest free id, as in the manual's example
            # E3: the child has the URC port that its server has now.
            c = Connection(id, server.cid, server.proto, server.urc_port, self.sizes)
            c.server = server
            c.handle = handle
            c.remote = handle.remote
            c.state = "open"
            c.last = now
            self.connections[id] = c
            server.children.append(c)
            self._watch_idle(c, now)
            where = (server.id, id, c.remote[0], c.remote[1], c.local()[0], c.local()[1])
            self._urc(c.urc_port, '"client/incoming",%d,%d,"%s",%d,"%s",%d' % where)
            handle = server.listener.accept()

    # --- data ----------------------------------------------------------------------------------

    def pump(self, now):
        """Let everything happen that the network is ready for."""
        for server in self.sorted_servers():
            self._accept(server, now)
        for id in sorted(self.connections):
            c = self.connections[id]
            if c.state == "connecting":
                self._advance(c, now)
            if c.state == "open":
                self._move(c, now)
        for c in list(self._leaving):
            self._leave(c)

    def _move(self, c, now):
        fresh = not c.rx.used()
        ended = False
        try:
            c.tx.flush(c.handle.write)
        except OSError:
            ended = True  # but what the peer said before can still be had
        try:
            ended = self._pull(c, now) or ended
        except OSError:
            ended = True
        # E20: once for each change from empty to readable.
        if fresh and c.rx.used():
            self._urc(c.urc_port, '"client/read",%d' % c.id)
        if ended:
            self._lost(c)

    def _pull(self, c, now):
        # Never beyond recvmax: what does not fit stays in the network, and the peer has to wait.
        while c.rx.room():
            data = c.handle.read(c.rx.room())
            if data is None:
                return False
            if data:
                c.last = now
                c.rx.put(data)
            elif c.proto == "tcp":
                return True
        return False

    def send(self, c, data, now):
        """Put into the send queue what fits: how many bytes that were."""
        count = c.tx.put(data)
        if count:
            c.last = now
        return count

    def receive(self, c, n):
        """Take up to n bytes out of the receive queue."""
        data = c.rx.get(n)
        if not data and c.state == "closed":
            del self.connections[c.id]  # E26: it was kept for its data only
        return data

    # --- closing -------------------------------------------------------------------------------

    def _lost(self, c):
        # The peer's end, an error, or idleness. E26: unread data stays, the place in the lists does not.
        c.handle.close()
        c.state = "closed"
        if c.server:
            c.server.children.remove(c)
        if not c.rx.used():
            del self.connections[c.id]
        self._urc(c.urc_port, '"client/close",%d' % c.id)

    def _watch_idle(self, c, now):
        self.module.agenda.add(c.last + c.server.idle_us, lambda at: self._idle(c, at))

    def _idle(self, c, at):
        # E33: data in either direction counts, assumed from "no data interaction".
        if c.state != "open" or self.connections.get(c.id) is not c:
            return
        if at >= c.last + c.server.idle_us:
            self._lost(c)
        else:
            self._watch_idle(c, at)

    def close(self, id):
        """QFWDCLOSE. E27: no URC tells of it."""
        if id in self.servers:
            server = self.servers.pop(id)
            server.listener.close()
            if server.proto == "udp":
                # E28, assumed: the pseudo-connections live on the server's one socket.
                for c in list(server.children):
                    self._drop(c)
            return
        self._drop(self.connections[id])

    def _drop(self, c):
        del self.connections[c.id]
        if c.server and c.state == "open":
            c.server.children.remove(c)
        if c.state == "open":
            self._leaving.append(c)  # E42, assumed: what was sent still goes out
            self._leave(c)
        elif c.handle and c.state == "connecting":
            c.handle.close()

    def _leave(self, c):
        try:
            c.tx.flush(c.handle.write)
        except OSError:
            pass
        else:
            if c.tx.used():
                return
        c.handle.close()
        self._leaving.remove(c)

    def drop_context(self, cid):
        """The PDP context is gone: its connections close, its servers vanish (assumed, E32)."""
        for server in self.sorted_servers():
            if server.cid == cid:
                self.close(server.id)
        for id in sorted(self.connections):
            c = self.connections[id]
            if c.cid == cid and c.state == "connecting":
                self._refuse(c, "pdp", ENETUNREACH)
            elif c.cid == cid and c.state == "open":
                self._lost(c)

    def vanish(self):
        """The module was reset: everything closes, nothing is said."""
        for id in sorted(self.servers):
            self.servers[id].listener.close()
        for c in list(self.connections.values()) + self._leaving:
            if c.handle and c.state != "closed":
                c.handle.close()
        self.servers = {}
        self.connections = {}
        self._leaving = []

    def _urc(self, port, text):
        self.module.urc_to(port, "+QFWDURC: " + text)

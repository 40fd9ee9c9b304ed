"""The AP side's sockets: the table of servers and connections, how they come in, and how they end."""

from .atline import AtError
from .entries import Connection
from .gathered import Gathered
from .ids import Ids
from .opening import Opening
from .spelling import FULL
from .transfer import Transfer


class Sockets:
    """The table of all of them; one namespace of ids (E23, assumed)."""

    def __init__(self, module, net, quirks, sizes):
        self.module = module
        self.servers = {}
        self.connections = {}
        self.ids = Ids(quirks)
        self.opening = Opening(self, net, quirks)
        self.data = Transfer(self, quirks, sizes)
        self._leaving = []  # closed by the host, still delivering what it sent
        self._orphaned = []  # listeners of UDP servers that are closed, but not their children
        self._most = quirks["max_sockets"]
        self._waits = quirks["full"] == "silent"
        self._udp_server = quirks["udp_server"]
        self._real_ip = quirks["local_ip"] == "real"
        self._discards = quirks["on_close"] == "discard"
        self._holds = quirks["slot"] == "held"
        self._says_closed = quirks["close_urc_local"] == "yes"
        self._takes_children = quirks["udp_close_children"] == "yes"
        self._says_dropped = quirks["pdp_drop_urc"] == "yes"
        self._flushes = quirks["close_flush"] == "yes"

    def known(self, id):
        """Is the id in use?"""
        return id in self.servers or id in self.connections

    def find(self, id):
        """The connection of this id, or a UDP server's that stands for all its peers; or None."""
        server = self.servers.get(id)
        return server.gathered if server else self.connections.get(id)

    def sorted_servers(self):
        """The servers that listen, in the order of their ids."""
        return [self.servers[id] for id in sorted(self.servers) if self.servers[id].ready]

    def open_connections(self):
        """The connections that are open, in the order of their ids (assumed: one that connects is not listed)."""
        every = [self.connections[id] for id in sorted(self.connections)]
        return [c for c in every if c.state == "open"]

    def full(self):
        """Is the table (E34)? assumed: servers count as connections do."""
        return self._most and len(self.servers) + len(self.connections) >= self._most

    def need_room(self):
        """AtError if there is none."""
        if self.full():
            raise AtError(FULL)

    def add(self, c):
        """A new connection."""
        self.data.equip(c)
        self.connections[c.id] = c
        self.ids.taken(c.id)

    # --- what the network brings ---------------------------------------------------------------

    def pump(self, now):
        """Let everything happen that the network is ready for."""
        for server in self.sorted_servers():
            if server.proto == "udp" and self._udp_server != "per_peer":
                self._gather(server, now)
            else:
                self._accept(server, now)
        for id in sorted(self.connections):
            c = self.connections[id]
            if c.state == "connecting":
                self.opening.advance(c, now)
            if c.state == "open" and self.data.move(c, now):
                self._lost(c)
        for c in list(self._leaving):
            self._leave(c)

    def _gather(self, server, now):
        # E29, assumed: reads and sends name the server's own id.
        c = server.gathered
        if c is None:
            c = server.gathered = Connection(server.id, server.cid, "udp", server.urc_port)
            self.data.equip(c)
            c.handle = Gathered(server.listener, self._udp_server == "single_last_peer")
            c.reply = c.handle.can_write
            c.state = "open"
        c.urc_port = server.urc_port
        self.data.move(c, now)

    def _accept(self, server, now):
        while not (self._waits and self.full()):
            handle = server.listener.accept()
            if handle is None:
                return
            id = None if self.full() else self.ids.choose(self.known)
            if id is None:
                handle.close()
            else:
                self._income(server, handle, id, now)

    def _income(self, server, handle, id, now):
        # E3: the child has the URC port that its server has now.
        c = Connection(id, server.cid, server.proto, server.child_port or server.urc_port, server.idle_us)
        c.server = server
        c.handle = handle
        c.remote = handle.remote
        if not self._real_ip:
            # E31: the bind address, as in the manual's example, not the interface's own.
            c.bound = ("::" if ":" in c.remote[0] else "0.0.0.0"), server.port
        c.state = "open"
        c.last = now
        self.add(c)
        server.children.append(c)
        self.watch_idle(c)
        here = c.local()
        self.urc(c.urc_port, "client/incoming", '%d,%d,"%s",%d,"%s",%d' % (server.id, id, c.remote[0], c.remote[1], here[0], here[1]))

    # --- closing -------------------------------------------------------------------------------

    def _lost(self, c, told=True):
        # The peer's end, an error, or idleness. E26: unread data stays, the place in the lists does not.
        c.handle.close()
        c.state = "closed"
        self._unwatch(c)
        self._orphan(c)
        if self._discards:
            self.data.equip(c)
        self.drained(c)
        if told:
            self.urc(c.urc_port, "client/close", "%d" % c.id)

    def drained(self, c):
        """A connection that was kept for its data only, and has none left, may go (E26)."""
        if c.state == "closed" and not c.rx.used() and not self._holds:
            del self.connections[c.id]
            if self._waits:
                self.module.soon(lambda now: None)  # look again: somebody may wait for the id

    def _orphan(self, c):
        server = c.server
        if server:
            server.children.remove(c)
            if server in self._orphaned and not server.children:
                self._orphaned.remove(server)
                server.listener.close()

    def watch_idle(self, c):
        """Have it closed when no data moves for as long as it says."""
        if c.idle_us is not None:
            c.idle = lambda at: self._idle(c, at)
            self.module.agenda.add(c.last + c.idle_us, c.idle)

    def _unwatch(self, c):
        self.module.agenda.drop(c.idle)

    def _idle(self, c, at):
        # E33: data in either direction counts, assumed from "no data interaction".
        if at >= c.last + c.idle_us:
            self._lost(c)
        else:
            self.watch_idle(c)

    def close(self, id):
        """QFWDCLOSE. E27: no URC tells of it."""
        if id not in self.servers:
            self._drop(self.connections[id])
            return
        server = self.servers.pop(id)
        if server.proto == "udp" and server.children and not self._takes_children:
            self._orphaned.append(server)
            return
        server.listener.close()
        if server.proto == "udp":
            # E28, assumed: the pseudo-connections live on the server's one socket.
            for c in list(server.children):
                self._drop(c)

    def _drop(self, c):
        del self.connections[c.id]
        self._unwatch(c)
        if c.state == "open":
            self._orphan(c)
            if self._flushes:
                self._leaving.append(c)  # E42, assumed: what was sent still goes out
                self._leave(c)
            else:
                c.handle.close()
            if self._says_closed:
                self.urc(c.urc_port, "client/close", "%d" % c.id)
        elif c.state == "connecting":
            if c.handle:
                c.handle.close()
            c.outcome.refuse()

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
                self.opening.refuse(c)
            elif c.cid == cid and c.state == "open":
                self._lost(c, self._says_dropped)

    def vanish(self):
        """The module, or its AP, was reset: everything closes, nothing is said."""
        for server in list(self.servers.values()) + self._orphaned:
            server.listener.close()
        for c in list(self.connections.values()) + self._leaving:
            self._unwatch(c)
            if c.handle and c.state != "closed":
                c.handle.close()
            if c.state == "connecting":
                c.outcome.refuse()
        self.servers = {}
        self.connections = {}
        self._leaving = []
        self._orphaned = []

    # --- URCs ----------------------------------------------------------------------------------

    def urc(self, port, kind, rest):
        """Tell of something."""
        self.module.fwd_urc(port, self.module.spelling.urc(kind, rest))

    def urc_before(self, at, port, kind, rest):
        """Tell of something before the OK of the command that runs on this channel, if it is that one that hears it."""
        if port == at.name:
            at.urc_before(self.module.spelling.urc(kind, rest))
        else:
            self.urc(port, kind, rest)

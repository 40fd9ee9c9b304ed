"""What a user may expect of all sockets together: places, ports, ids, and what the module lists."""

from rig import Rig
from streams import CLOSED, DEAD, FAILING, OPEN, PENDING, RD

HOST = "198.51.100.7"


class Fresh:
    """A TCP socket that is not connected."""

    def __init__(self, sock):
        self.sock = sock

    def places(self):
        return 1, 1

    def disagreement(self):
        return None if self.sock.ioctl(3, 5) == 4 | 16 else "a fresh socket's flags"


class Listening:
    """A TCP socket after listen()."""

    def __init__(self, sock, port, backlog):
        self.sock = sock
        self.port = port
        self.backlog = backlog
        self.pending = []

    def places(self):
        return 1, 1

    def candidates(self):
        """Those that have, or are next to have, a place; the others wait in the module."""
        return self.pending[: self.backlog]

    def waiting(self, roomy):
        return self.pending

    def settled(self, roomy):
        """roomy: there is a place for each candidate."""
        for i, stream in enumerate(self.candidates()):
            stream.known = stream.known or roomy or i == 0 and self.sock.ioctl(3, 5) == RD

    def disagreement(self):
        if self.sock.ioctl(3, 5) not in (0, RD if self.pending else 0):
            return "the listener's flags, with %d waiting" % len(self.pending)
        if self.sock.getsockname() != ("0.0.0.0", self.port):
            return "the listener's name"
        return None


class Table:
    """Everything that is open, and the virtual board it is open on."""

    def __init__(self, places, quirks, **board):
        self.most = places
        self.rig = Rig(sockets=places, module={"quirks": quirks}, **board)
        self.modem = self.rig.modem
        self.net = self.rig.net
        self.fresh = []
        self.listening = []
        self.streams = []  # that the application has, or had
        self.datagrams = []
        self.ghosts = 0  # listeners that were closed, whose places and ports may not be free yet
        self.freeing = set()  # those ports
        self.keys = 0
        self.start = self.modem.stats()

    def key(self):
        self.keys += 1
        return self.keys

    # Places

    def everything(self):
        yield from self.fresh
        yield from self.streams
        yield from self.datagrams
        for listening in self.listening:
            yield listening
            yield from listening.candidates()

    def every_stream(self):
        return [*self.streams, *(s for each in self.listening for s in each.pending)]

    def places(self):
        low = high = 0
        for each in self.everything():
            least, most = each.places()
            low += least
            high += most
        return low, high + self.ghosts

    def full(self):
        """Whether a new one finds no place; None: it depends."""
        low, high = self.places()
        return True if low >= self.most else False if high < self.most else None

    def roomy(self):
        """Whether there is a place for everybody, who else waits."""
        return self.places()[1] <= self.most

    def listener(self, port):
        for listening in self.listening:
            if listening.port == port:
                return listening
        return None

    # Agreement

    def find_peers(self):
        """Whom the services in the world have heard of."""
        for stream in self.streams:
            if stream.peer is None and not stream.errno:
                service = self.net._services.get(stream.remote)
                stream.peer = service.accept() if service else None

    def settle(self):
        """Let time pass until the driver agrees; it must, in a minute."""
        why = "?"
        for _ in range(120):
            self.rig.pump(100 if why == "?" else 500)
            self.find_peers()
            why = self.disagreement()
            if not why:
                break
        assert not why, why
        roomy = self.roomy()
        for each in self.every_stream():
            each.settled()
        for each in (*self.listening, *self.datagrams):
            each.settled(roomy)
        self.streams = [s for s in self.streams if s.state != CLOSED]
        self.datagrams = [d for d in self.datagrams if not d.closed]
        self.ghosts = 0
        self.freeing.clear()

    def disagreement(self):
        """In a few words, or None."""
        for each in self.everything():
            why = each.disagreement()
            if why:
                return why
        return self._queues() or self._module() or self._flows()

    def _queues(self):
        """Nobody waits where there is a place."""
        if self.roomy():
            for each in (*self.listening, *self.datagrams):
                if each.waiting(True) and not each.sock.ioctl(3, RD) & RD:
                    return "somebody waits, and there is a place"
        return None

    def _module(self):
        """The simulated module's own tables."""
        sockets = self.rig.module.sockets
        servers = sorted((s.proto, s.port) for s in sockets.sorted_servers())
        expected = [("tcp", each.port) for each in self.listening]
        expected += [("udp", d.port) for d in self.datagrams if d.port and not d.closed]
        if servers != sorted(expected):
            return "servers %r, not %r" % (servers, sorted(expected))
        listed = sorted(c.remote for c in sockets.open_connections())
        must, may = self._connections()
        for remote in must:
            if remote not in listed:
                return "%r is not listed" % (remote,)
            listed.remove(remote)
        for remote in listed:
            if remote not in may:
                return "%r is left open" % (remote,)
        return None

    def _connections(self):
        must, may = [], []
        for stream in self.every_stream():
            listed = stream.listed()
            if listed is not False:
                (must if listed else may).append(stream.remote)
        for datagrams in self.datagrams:
            datagrams.listed(must, may)
        return must, may

    def _flows(self):
        """The driver's table: nothing twice, nothing too many."""
        flows = [flow for flow in self.modem.sockets.flows if flow]
        low = high = 0
        for each in self.everything():
            least, most = each.places()
            low += least
            high += 0 if getattr(each, "leaving", False) else most
        if not low <= len(flows) <= high or len(set(map(id, flows))) != len(flows):
            return "%d places taken, not %d to %d" % (len(flows), low, high)
        return None

    def sound(self):
        """What has to be so at any time."""
        stats = self.modem.stats()
        for name in ("broken", "timeouts", "resyncs", "lost", "too_long", "unknown", "short"):
            assert stats[name] == self.start[name], "%s: %d" % (name, stats[name])
        assert self.rig.uart.overrun == 0

    def lists(self):
        """What the module says when it is asked: as its own tables have it."""
        sockets = self.rig.module.sockets
        assert [row[0] for row in self.modem.fwd.servers()] == [s.id for s in sockets.sorted_servers()]
        assert [row[0] for row in self.modem.fwd.clients()] == [c.id for c in sockets.open_connections()]

    def alive(self):
        """Connections with a peer in the world, that peer still at it."""
        return [s for s in self.every_stream() if s.peer and not s.ended and s.state in (PENDING, OPEN)]

    def held(self):
        """Connections in the application's hands."""
        return [s for s in self.streams if s.state in (OPEN, FAILING, DEAD)]

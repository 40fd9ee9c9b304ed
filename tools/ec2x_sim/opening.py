"""How sockets are opened: what begins at once, what takes time, and how the host hears of it (E24, E25, E41)."""

from .atline import AtError
from .net import EADDRINUSE, EEXIST, ENETUNREACH, ENOENT, ETIMEDOUT, is_address
from .pending import Wait
from .quirks import result
from .spelling import DENIED

# assumed: where the OK waits for the connection, it does not wait longer than this.
_GIVE_UP_US = 150000000


class _Nowhere:
    """The lookup of a name that is not found."""

    def poll(self):
        return ENOENT, []


class Outcome:
    """How the host hears of one opening: `wait` holds the OK back where that depends on it."""

    def __init__(self, sockets, at, told, kind, id):
        self._sockets = sockets
        self._at = at
        self._told = told
        self._kind = kind
        self._id = id
        self.wait = Wait() if told in ("before", "error") else None

    def tell(self, port, code):
        """It ended with this <result>."""
        told = self._told
        if told == "error" and code:
            self.refuse()
            return
        rest = "%d,%d" % (self._id, code)
        if told == "before":
            self._sockets.urc_before(self._at, port, self._kind, rest)
        if self.wait:
            self.wait.end()
        if told in ("after", "error"):
            self._sockets.urc(port, self._kind, rest)

    def refuse(self):
        """It came to nothing, and there is no URC."""
        if self.wait:
            self.wait.end(self._sockets.module.spelling.failure(AtError(DENIED)))


class Opening:
    """Opens servers and clients; what these return is for the channel: None, or the Wait that holds the OK back."""

    def __init__(self, sockets, net, quirks):
        self._sockets = sockets
        self._module = sockets.module
        self._net = net
        self._style = quirks["result_style"]
        self._told = quirks["open_urc"]
        self._delay_us = quirks["open_delay"] * 1000
        self._dns_us = quirks["dns_delay"] * 1000
        self._finds = quirks["dns"] == "ok"
        self._dup = quirks["dup"]
        self._dup_port = quirks["dup_port"]
        self._any_context = quirks["pdp_required"] == "no"

    def server(self, at, s, v6):
        """Listen; the URC tells how it went."""
        outcome = Outcome(self._sockets, at, self._told, "server/open", s.id)
        if self._sockets.known(s.id):
            return self._twice(outcome, s.urc_port)
        self._sockets.need_room()
        code = self._bind(s, v6)
        if not code:
            self._sockets.servers[s.id] = s
            self._sockets.ids.taken(s.id)
        if self._delay_us:
            self._module.agenda.add(at.now + self._delay_us, lambda now: self._listening(s, outcome, code))
        else:
            self._listening(s, outcome, code)
        return outcome.wait

    def _bind(self, s, v6):
        try:
            if not self._reachable(s.cid):
                return self._failed("pdp", ENETUNREACH)
            s.listener = self._net.bind(s.proto, s.port, v6)
        except OSError as error:
            errno = error.args[0]  # not .errno: CPython sets that with two arguments only
            if errno == EADDRINUSE and self._dup_port == "error":
                raise AtError(DENIED)
            return self._failed("busy" if errno == EADDRINUSE else "bind", errno)
        return 0

    def _listening(self, s, outcome, code):
        if not code and self._sockets.servers.get(s.id) is not s:
            outcome.refuse()  # it was closed meanwhile
            return
        s.ready = not code
        outcome.tell(s.urc_port, code)

    def client(self, at, c):
        """Begin to connect; the URC comes when that is decided."""
        outcome = Outcome(self._sockets, at, self._told, "client/open", c.id)
        if self._sockets.known(c.id):
            return self._twice(outcome, c.urc_port)
        self._sockets.need_room()
        self._sockets.add(c)
        c.active = True
        c.outcome = outcome
        delay = self._delay_us + (0 if is_address(c.remote[0]) else self._dns_us)
        if delay:
            c.start_at = at.now + delay
            self._module.agenda.add(c.start_at, lambda now: None)  # time passes, so it is looked at
        else:
            self._start(c)
        if outcome.wait:
            self._module.agenda.add(at.now + _GIVE_UP_US, lambda now: self._give_up(c))
        return outcome.wait

    def _twice(self, outcome, port):
        if self._dup == "error":
            raise AtError(DENIED)
        outcome.tell(port, self._failed("id", EEXIST))
        return outcome.wait

    def _reachable(self, cid):
        # E32: assumed, 0 is the module's own network and needs nothing.
        return self._any_context or self._module.radio.reachable(cid)

    def _failed(self, kind, errno):
        return result(self._style, kind, errno)

    def _start(self, c):
        host = c.remote[0]
        c.start_at = None
        if not self._reachable(c.cid):
            self.refuse(c, "pdp", ENETUNREACH)
        elif is_address(host) and (":" in host) != c.v6:
            self.refuse(c, "dns", ENOENT)  # assumed: the other family's address is like a name that has none of this one
        elif is_address(host):
            self._connect(c, host)
        else:
            c.lookup = self._net.resolve(host, c.v6) if self._finds else _Nowhere()

    def _connect(self, c, address):
        try:
            c.handle = self._net.connect(c.proto, address, c.remote[1], c.v6)
        except OSError as error:
            self.refuse(c, "connect", error.args[0])

    def refuse(self, c, kind="pdp", errno=ENETUNREACH):
        """A client that is not to be."""
        # assumed: an id whose opening failed is free again.
        del self._sockets.connections[c.id]
        if c.handle:
            c.handle.close()
        c.outcome.tell(c.urc_port, self._failed(kind, errno))

    def _give_up(self, c):
        if c.state == "connecting" and self._sockets.connections.get(c.id) is c:
            self.refuse(c, "timeout", ETIMEDOUT)

    def advance(self, c, now):
        """See how far a client has come."""
        if c.start_at is not None and now >= c.start_at:
            self._start(c)
        if c.lookup:
            self._look(c)
        status = c.handle.status() if c.handle else None
        if status is None or self._sockets.connections.get(c.id) is not c:
            return
        if status:
            self.refuse(c, "timeout" if status == ETIMEDOUT else "connect", status)
            return
        c.state = "open"
        c.last = now
        self._sockets.watch_idle(c)
        c.outcome.tell(c.urc_port, 0)

    def _look(self, c):
        answer = c.lookup.poll()
        if answer is None:
            return
        c.lookup = None
        if answer[0] or not answer[1]:
            self.refuse(c, "dns", answer[0] or ENOENT)
        else:
            self._connect(c, answer[1][0])

"""What the table of sockets holds: servers and connections."""


class Server:
    """A QFWDSERVER."""

    def __init__(self, id, cid, proto, port, idle_us, urc_port, child_port):
        self.id = id
        self.cid = cid
        self.proto = proto
        self.port = port
        self.idle_us = idle_us
        self.urc_port = urc_port
        self.child_port = child_port  # where its children's URCs go; None: where its own do
        self.listener = None
        self.ready = False  # it listens, and that was said
        self.children = []  # in the order of their coming
        self.gathered = None  # E29: the connection that stands for all peers of a UDP server


class Connection:
    """One connection, of either direction."""

    def __init__(self, id, cid, proto, urc_port, idle_us=None):
        self.id = id
        self.cid = cid
        self.proto = proto
        self.urc_port = urc_port
        self.idle_us = idle_us  # None: it is never closed for being idle
        self.v6 = False
        self.server = None  # of an Income: the one that accepted it
        self.active = False  # the module opened it
        self.remote = None  # (address as the host gave it or the peer has it, port)
        self.bound = None  # the local end as it is shown, where that is not the real one
        self.start_at = None  # until it begins to connect: when
        self.outcome = None  # how its opening will be told of
        self.lookup = None  # while the name is looked up
        self.handle = None  # the net's, from then on
        self.reply = None  # E29: where there may be nobody to send to, tells whether there is
        # "connecting" -> "open" -> "closed": the peer went, its data can still be read
        self.state = "connecting"
        self.tx = None
        self.rx = None
        self.armed = True  # E20: client/read is due at the next arrival
        self.last = 0  # when data last moved, for the idle timeout
        self.idle = None  # the call that looks whether it has passed

    def local(self):
        """(address, port) of this end as the lists show it."""
        return self.bound or self.handle.local

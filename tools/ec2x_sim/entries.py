"""What the table of sockets holds: servers and connections."""

from .queues import ByteQueue, DatagramQueue


class Server:
    """A QFWDSERVER."""

    def __init__(self, id, cid, proto, port, idle_us, urc_port, listener):
        self.id = id
        self.cid = cid
        self.proto = proto
        self.port = port
        self.idle_us = idle_us
        self.urc_port = urc_port
        self.listener = listener
        self.children = []  # in the order of their coming


class Connection:
    """One connection, of either direction."""

    def __init__(self, id, cid, proto, urc_port, sizes):
        self.id = id
        self.cid = cid
        self.proto = proto
        self.urc_port = urc_port
        self.server = None  # of an Income: the one that accepted it
        self.remote = None  # (address as the host gave it or the peer has it, port)
        self.lookup = None  # while the name is looked up
        self.handle = None  # the net's, from then on
        # "connecting" -> "open" -> "closed": the peer went, its data can still be read
        self.state = "connecting"
        queue = ByteQueue if proto == "tcp" else DatagramQueue
        self.tx = queue(sizes[0])
        self.rx = queue(sizes[1])
        self.last = 0  # when data last moved, for the idle timeout

    def local(self):
        """(address, port) of this end as the lists show it."""
        if self.server:
            # E31: the bind address, as in the manual's example, not the interface's own.
            return "0.0.0.0", self.server.port
        return self.handle.local

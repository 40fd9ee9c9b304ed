"""How data moves between queues and network, and when client/read tells of it (E12, E18, E20, E21, E33)."""

from .queues import ByteQueue, DatagramQueue

# E20: how often an arrival is announced, by whether it is due at all and in how many pieces it came.
_ARRIVALS = {
    "edge": lambda armed, pieces: 1 if armed else 0,
    "level": lambda armed, pieces: 1 if armed else 0,
    "per_segment": lambda armed, pieces: pieces,
    "lost": lambda armed, pieces: 0,
}


class Transfer:
    """Moves the data of all connections."""

    def __init__(self, sockets, quirks, sizes):
        self._sockets = sockets
        self._sizes = sizes  # (sendmax, recvmax)
        self._keep_tail = quirks["udp_tail"] == "keep"
        self._merge = quirks["udp_merge"] == "yes"
        self._most = quirks["short_write"]
        self._cuts_datagrams = quirks["short_udp"] == "yes"
        self._arrivals = _ARRIVALS[quirks["read_urc"]]
        self._leftovers = quirks["read_urc"] == "level"
        self._any_read_arms = quirks["rearm"] == "on_read"
        self._active_too = quirks["read_urc_active"] == "yes"
        self._with_len = quirks["read_urc_len"] == "yes"
        self._counts_rx = quirks["idle_counts"] != "tx"
        self._counts_tx = quirks["idle_counts"] != "rx"

    def equip(self, c):
        """Give a connection its queues."""
        if c.proto == "tcp":
            c.tx, c.rx = ByteQueue(self._sizes[0]), ByteQueue(self._sizes[1])
        else:
            c.tx = DatagramQueue(self._sizes[0])
            c.rx = DatagramQueue(self._sizes[1], self._keep_tail, self._merge)

    def move(self, c, now):
        """Let data flow both ways: True if the peer is gone."""
        ended = False
        faults = self._sockets.module.faults
        try:
            if not faults or now >= faults.full_until:
                c.tx.flush(c.handle.write)
        except OSError:
            ended = True  # but what the peer said before can still be had
        before = c.rx.pieces
        try:
            ended = self._pull(c, now) or ended
        except OSError:
            ended = True
        pieces = c.rx.pieces - before
        if pieces:
            self._announce(c, self._arrivals(c.armed, pieces))
            c.armed = False
        return ended

    def _pull(self, c, now):
        # Never beyond recvmax: what does not fit stays in the network, and the peer has to wait.
        while c.rx.room():
            data = c.handle.read(c.rx.room())
            if data is None:
                return False
            if data:
                if self._counts_rx:
                    c.last = now
                c.rx.put(data)
            elif c.proto == "tcp":
                return True
        return False

    def _announce(self, c, times):
        # E21, assumed: the length is that of all that can be read now.
        if c.active and not self._active_too:
            return
        rest = "%d,%d" % (c.id, c.rx.used()) if self._with_len else "%d" % c.id
        for _ in range(times):
            self._sockets.urc(c.urc_port, "client/read", rest)

    def send(self, c, data, now):
        """Put into the send queue what fits: how many bytes that were. E18, assumed: datagrams go whole."""
        if self._most and (c.proto == "tcp" or self._cuts_datagrams):
            data = data[: self._most]
        count = c.tx.put(data)
        if count and self._counts_tx:
            c.last = now
        return count

    def receive(self, c, n):
        """Take up to n bytes out of the receive queue."""
        data = c.rx.get(n)
        c.armed = self._any_read_arms or not c.rx.used()
        if self._leftovers and c.rx.used():
            self._announce(c, 1)
        return data

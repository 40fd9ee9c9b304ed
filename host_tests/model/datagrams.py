"""What a user may expect of one UDP socket: whole datagrams, each with its peer, in each peer's order."""

import random

from ec2x import errors
from streams import RD, WR


class Exchange:
    """A UDP socket of the world's, and what goes between it and one of the application's."""

    def __init__(self, udp):
        self.udp = udp
        self.out = []  # sent by the application, not come
        self.back = []  # sent by the world, not read
        self.port = None  # of the module, where it can be answered
        self.client = False  # the application has sent to it first
        self.came = False  # it has sent to a bound socket first
        self.known = False  # and the driver has had the time to hear of it, and a place for it


class Datagrams:
    """A UDP socket."""

    def __init__(self, sock, key, net):
        self.sock = sock
        self.port = None  # when bound
        self.closed = False
        self.leaving = False
        self.ready = False  # the driver has had the time to fetch one
        self.peers = {}
        for i in range(3):
            addr = ("198.51.100.%d" % (8 + i), 10000 + key)
            self.peers[addr] = Exchange(net.udp(*addr))
        self._random = random.Random(key)

    def datagram(self, n):
        return self._random.randbytes(n)

    def places(self):
        if self.closed:
            return 0, self._count()[1]
        return self._count()

    def _count(self):
        clients = sum(x.client for x in self.peers.values())
        children = sum(x.came for x in self.peers.values())
        known = sum(x.known for x in self.peers.values())
        if self.port:
            return 1 + clients + known, 1 + clients + children
        return max(1, clients), max(1, clients)

    def needs_place(self, exchange):
        """Whether sending to it takes one."""
        if exchange.came or exchange.client:
            return False
        return self.port is not None or any(x.client for x in self.peers.values())

    def listed(self, must, may):
        if self.closed:
            return
        for addr, exchange in self.peers.items():
            if exchange.client or exchange.came:
                must.append(addr)

    # What a call of the application gave

    def received(self, data, addr, n):
        self.ready = False
        exchange = self.peers[addr]
        assert exchange.back, "a datagram that was never sent"
        assert exchange.back.pop(0)[:n] == data, "a datagram lost, doubled or spoilt"

    def waiting(self, roomy=False):
        """Peers of whom there is something to read; of one that waits in the module there is when it gets its place."""
        return [] if self.closed else [x for x in self.peers.values() if x.back and (x.known or not x.came or roomy)]

    def nothing(self, errno, wait, roomy):
        assert errno == (errors.ETIMEDOUT if wait else errors.EAGAIN), errno
        assert not self.ready and not (wait and self.waiting(roomy)), "there is a datagram"

    # After settling

    def settled(self, roomy):
        for exchange in self.peers.values():
            exchange.known = exchange.known or exchange.came and roomy
        self.ready = bool(self.waiting())

    def collect(self):
        """What came to the world."""
        for exchange in self.peers.values():
            while True:
                arrival = exchange.udp.recvfrom()
                if not arrival:
                    break
                data, source = arrival
                assert exchange.out and exchange.out.pop(0) == data, "a datagram lost, doubled or spoilt on its way out"
                exchange.port = source[1]

    def disagreement(self):
        self.collect()
        if any(x.out for x in self.peers.values()):
            return "datagrams have not left"
        if self.closed:
            return None
        flags = self.sock.ioctl(3, 5)
        expected = WR
        if any(x.back for x in self.peers.values()):
            expected |= RD if self.waiting() else flags & RD
        if flags != expected:
            return "UDP flags %d, not %d" % (flags, expected)
        if self.sock.getsockname()[1] != (self.port or 0):
            return "a UDP socket's name"
        return None

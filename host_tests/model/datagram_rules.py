"""UDP in any order."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from datagrams import Datagrams
from ec2x import errors
from play import LONG, PORTS, Play, attempt, pick, wait
from streams import HELD


class DatagramRules(Play):
    def begins(self):
        super().begins()
        self.makes_a_udp_socket(None)

    @rule(port=st.sampled_from((None, *PORTS)))
    def makes_a_udp_socket(self, port):
        table = self.table
        sock = self.socket(2)
        if not sock:
            return
        datagrams = Datagrams(sock, table.key(), table.net)
        if port:
            _, errno = attempt(sock.bind, ("", port))
            taken = any(d.port == port and not d.closed for d in table.datagrams)
            assert errno in (0, errors.EADDRINUSE), errno
            assert bool(errno) == taken or errno and ("udp", port) in table.freeing
            if errno:
                self.close(sock, 0)
                table.ghosts += 1
                return
            datagrams.port = port
        table.datagrams.append(datagrams)

    def udp(self):
        return [d for d in self.table.datagrams if not d.closed]

    @precondition(lambda self: self.udp())
    @rule(pick=pick, to=pick, n=st.sampled_from((1, 300, 1024)), wait=wait)
    def sends_a_datagram(self, pick, to, n, wait):
        datagrams = self.some(self.udp(), pick, wait and LONG)
        addr, exchange = list(datagrams.peers.items())[to % 3]
        if datagrams.port and not exchange.known:
            return  # a bound socket answers here
        data = datagrams.datagram(n)
        full = self.table.full() if datagrams.needs_place(exchange) else False
        k, errno = attempt(datagrams.sock.sendto, data, addr)
        if errno == errors.ENFILE:
            assert full is not False
        elif errno:
            assert errno == errors.EAGAIN and not wait, errno
            assert any(x.out for x in datagrams.peers.values()), "there is room"
        else:
            assert k == n and full is not True
            exchange.out.append(data)
        if errno != errors.ENFILE and not exchange.came:
            exchange.client = True

    @precondition(lambda self: self.udp())
    @rule(pick=pick, of=pick, n=st.sampled_from((1, 300, 1024)))
    def a_peer_sends_a_datagram(self, pick, of, n):
        datagrams = self.some(self.udp(), pick)
        datagrams.collect()
        exchange = list(datagrams.peers.values())[of % 3]
        port = datagrams.port or exchange.port
        if port and sum(map(len, exchange.back)) + n < HELD:
            if datagrams.port and not exchange.came:
                self.uncross()
                exchange.came = True
            data = datagrams.datagram(min(n, self.longest))
            exchange.back.append(data)
            exchange.udp.sendto(data, port)

    @precondition(lambda self: self.udp())
    @rule(pick=pick, n=st.sampled_from((1, 1024)), wait=wait)
    def receives_a_datagram(self, pick, n, wait):
        datagrams = self.some(self.udp(), pick, wait)
        roomy = self.table.roomy()
        pair, errno = attempt(datagrams.sock.recvfrom, n)
        if errno:
            datagrams.nothing(errno, wait, roomy)
        else:
            datagrams.received(*pair, n)

    @precondition(lambda self: self.udp())
    @rule(pick=pick, n=st.sampled_from((1, 300, 1024)))
    def sends_to_everybody(self, pick, n):
        for to in (0, 1, 2, 0):
            self.sends_a_datagram(pick, to, n, 0)

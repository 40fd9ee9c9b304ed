"""Connections in any order: who opens them, and what goes over them."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ec2x import errors
from play import LONG, PORTS, RING, Play, attempt, pick, size, wait
from streams import CLOSED, CONNECTING, DEAD, HELD, OPEN, PENDING, Stream
from table import HOST, Fresh, Listening

MOST = 32  # that wait
LISTENS, REFUSES, SILENT = 0, errors.ECONNREFUSED, errors.ETIMEDOUT  # what a client finds


class StreamRules(Play):
    def begins(self):
        super().begins()
        self.asks_a_server(0, 300)
        self.somebody_comes_in(0, PORTS[0])

    # Making sockets

    @rule()
    def makes_a_socket(self):
        sock = self.socket(1)
        if sock:
            self.table.fresh.append(Fresh(sock))

    @precondition(lambda self: self.table.fresh)
    @rule(pick=pick, wait=wait, kind=st.sampled_from((LISTENS, LISTENS, REFUSES, SILENT)))
    def connects(self, pick, wait, kind):
        table = self.table
        fresh = self.some(table.fresh, pick, wait)
        table.fresh.remove(fresh)
        key = table.key()
        stream = Stream(key, (HOST, 1000 + key), CONNECTING, sock=fresh.sock)
        stream.errno = kind
        if kind == LISTENS:
            table.net.listen("tcp", *stream.remote)
        elif kind == SILENT:
            table.net.fail[stream.remote] = None
        table.streams.append(stream)
        _, errno = attempt(fresh.sock.connect, stream.remote)
        assert errno == (kind if wait else errors.EINPROGRESS), errno
        if wait:
            stream.state = DEAD if errno else OPEN
            stream.leaving = bool(errno)
            table.find_peers()

    @precondition(lambda self: [s for s in self.table.streams if s.state in (CONNECTING, OPEN)])
    @rule(pick=pick)
    def connects_again(self, pick):
        stream = self.some([s for s in self.table.streams if s.state in (CONNECTING, OPEN)], pick, 0)
        _, errno = attempt(stream.sock.connect, stream.remote)
        if errno == errors.EISCONN:
            assert stream.state == OPEN or not stream.errno
            stream.state = OPEN
            self.table.find_peers()
        elif errno != errors.EALREADY:
            stream.fails(errno)
        else:
            assert stream.state == CONNECTING

    # Listening

    @precondition(lambda self: self.table.fresh)
    @rule(pick=pick, port=st.sampled_from(PORTS), backlog=st.integers(1, 3))
    def listens(self, pick, port, backlog):
        table = self.table
        fresh = self.some(table.fresh, pick)
        table.fresh.remove(fresh)
        sock = fresh.sock
        sock.bind(("", port))
        _, errno = attempt(sock.listen, backlog)
        assert errno in (0, errors.EADDRINUSE), errno
        assert bool(errno) == bool(table.listener(port)) or errno and port in table.freeing
        if errno:
            self.close(sock, 0)
            table.ghosts += 1
        else:
            table.listening.append(Listening(sock, port, backlog))

    @rule(port=st.sampled_from(PORTS))
    def the_world_dials(self, port):
        table = self.table
        if sum(len(each.pending) for each in table.listening) == MOST:
            return
        self.uncross()
        key = table.key()
        remote = ("192.168.225.58", 20000 + key)
        peer = table.net.dial("tcp", port, remote)
        listening = table.listener(port)
        if peer.refused:
            assert not listening
        elif listening:
            listening.pending.append(Stream(key, remote, PENDING, peer))
        else:
            assert port in table.freeing, "nobody listens there"
            stream = Stream(key, remote, CLOSED, peer)
            stream.leaving = True
            table.streams.append(stream)

    @precondition(lambda self: self.table.listening)
    @rule(pick=pick, wait=wait)
    def accepts(self, pick, wait):
        listening = self.some(self.table.listening, pick, wait)
        sure = [s for s in listening.pending if s.known or wait and self.table.roomy()]
        pair, errno = attempt(listening.sock.accept)
        if errno:
            assert errno == (errors.ETIMEDOUT if wait else errors.EAGAIN), errno
            assert not sure, "somebody waits"
            return
        sock, addr = pair
        stream = listening.pending.pop(0)
        assert stream.remote == addr, "accepted out of turn"
        stream.sock, stream.state = sock, OPEN
        self.table.streams.append(stream)

    @rule(pick=pick, port=st.sampled_from(PORTS))
    def somebody_comes_in(self, pick, port):
        if not self.table.listener(port):
            self.makes_a_socket()
            if self.table.fresh:
                self.listens(pick, port, 3)
        if self.table.listener(port):
            self.the_world_dials(port)
            self.accepts(self.table.listening.index(self.table.listener(port)), 2)

    @precondition(lambda self: self.table.listening and self.table.alive())
    @rule(pick=pick, n=size)
    def a_peer_gives_way_to_another(self, pick, n):
        self.a_peer_ends(pick, False)
        listening = self.some(self.table.listening, pick)
        self.the_world_dials(listening.port)
        self.a_peer_sends(11, n)

    @precondition(lambda self: self.table.listening)
    @rule(pick=pick)
    def several_come_at_once(self, pick):
        listening = self.some(self.table.listening, pick)
        for _ in range(2):
            self.the_world_dials(listening.port)
        self.table.rig.pump(50)
        for _ in range(2):
            self.accepts(pick, 0)

    @precondition(lambda self: self.table.alive())
    @rule(pick=pick, n=size, reset=st.booleans())
    def a_peer_says_more_than_fits_and_ends(self, pick, n, reset):
        self.a_peer_sends(pick, RING)
        self.a_peer_sends(pick, n)
        self.a_peer_ends(pick, reset)

    @rule(pick=pick, n=size)
    def asks_a_server(self, pick, n):
        if not self.table.fresh:
            self.makes_a_socket()
        if self.table.fresh:
            self.connects(pick, 2, LISTENS)
            self.sends(len(self.table.held()) - 1, n, 2, "send")

    @rule(pick=pick, wait=wait, kind=st.sampled_from((REFUSES, SILENT)), minutes=st.sampled_from((False, False, True)))
    def asks_where_nobody_is(self, pick, wait, kind, minutes):
        if not self.table.fresh:
            self.makes_a_socket()
        if not self.table.fresh:
            return
        self.connects(pick, wait, kind)
        if minutes:
            self.table.rig.pump(160_000)
            self.table.settle()
            assert not [s for s in self.table.streams if s.state == CONNECTING], "a connect that never ends"

    # Data

    @precondition(lambda self: self.table.held())
    @rule(pick=pick, n=size, wait=wait, how=st.sampled_from(("send", "write", "sendall")))
    def sends(self, pick, n, wait, how):
        stream = self.some(self.table.held(), pick)
        if how == "sendall" or stream.ended and how == "write":
            wait = LONG  # else nobody is told how much was taken
        if stream.mute and how != "send":
            wait, how = 0, "write"
        stream.sock.settimeout(wait)
        k, errno = attempt(getattr(stream.sock, how), stream.out.next(n))
        if how == "sendall":
            k = n
            if errno:
                stream.out.sent += n
        if k is None and not errno:
            errno = errors.EAGAIN
        if errno:
            stream.not_sent(errno, wait, RING)
        else:
            assert 0 < k <= n and (k == n or how != "write" or not wait or stream.ended)
            stream.sent(k)

    @precondition(lambda self: self.table.held())
    @rule(pick=pick, n=size, wait=wait, how=st.sampled_from(("recv", "recv_into", "readinto", "read", "readline")))
    def receives(self, pick, n, wait, how):
        stream = self.some(self.table.held(), pick)
        left = stream.back.left()
        if how == "read" and n > left and not stream.ended or how == "readline" and not stream.back.has_newline():
            wait = 0  # a read that times out loses what it has, as everywhere
        stream.sock.settimeout(wait)
        call = getattr(stream.sock, how)
        if how in ("recv_into", "readinto"):
            buf = bytearray(n)
            k, errno = attempt(call, buf)
            data = None if k is None else bytes(buf[:k])
        else:
            data, errno = attempt(call, n)
        if data is None:
            stream.nothing(errno or errors.EAGAIN, wait)
            return
        assert len(data) <= n and b"\n" not in data[:-1] or how != "readline"
        stream.received(data)
        if how == "read" and wait and stream.state == OPEN:
            assert len(data) == min(n, left), "fewer bytes than asked for, and no end"

    @precondition(lambda self: self.table.alive())
    @rule(pick=pick, n=size)
    def a_peer_sends(self, pick, n):
        stream = self.some(self.table.alive(), pick)
        if stream.back.left() + n <= HELD:
            stream.peer.send(stream.back.next(n))
            stream.back.sent += n

    @precondition(lambda self: self.table.alive())
    @rule(pick=pick, n=size)
    def a_peer_reads(self, pick, n):
        stream = self.some(self.table.alive(), pick)
        stream.out.came(stream.peer.recv(n))

    @precondition(lambda self: self.table.alive())
    @rule(pick=pick)
    def a_peer_takes_nothing_more_or_all_again(self, pick):
        stream = self.some(self.table.alive(), pick)
        stream.mute = not stream.mute
        stream.peer.window = 0 if stream.mute else None

    @precondition(lambda self: self.table.alive())
    @rule(pick=pick, reset=st.booleans())
    def a_peer_ends(self, pick, reset):
        stream = self.some(self.table.alive(), pick)
        if not stream.peer.closed:
            stream.ends(reset)

    @precondition(lambda self: self.table.held())
    @rule(times=st.sampled_from((3, 15, 40)), ms=st.sampled_from((1, 7)))
    def watches(self, times, ms):
        """As a loop around select.poll does."""
        for _ in range(times):
            for stream in self.table.held():
                stream.sock.ioctl(3, 1)
            self.table.rig.pump(ms)

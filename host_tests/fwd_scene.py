"""modem.fwd in each of its forms, step by step, on a module that reads the manual in a given way; and how that went."""

from ec2x import ModemError, errors
from ec2x_sim.quirks import check as chosen
from expect import raises
from readings import error_name
from rig import Rig

ALL = bytes(range(256))
LINES = b'\r\nOK\r\nERROR\r\n> \r\n+QFWDSEND: 7,3\r\n+QFWDRECV: 7,3\r\n+QFWDURC: "client/close",7\r\n'
PLAIN = bytes([byte for byte in range(256) if byte not in b"\x1a\x1b"])  # all that a send without a length carries
FAR = ("198.51.100.7", 80)
UDP = ("198.51.100.9", 53)
RESULTS = {"1": (1, 1), "errno": (111, 98), "neg": (-111, -98), "55x": (566, 574)}  # refused, port in use
TESTS = {
    "QFWDSERVER": ['+QFWDSERVER: (0-16),(1-65535),("IP","IPV6"),("tcp","udp"),(1-65535),(1-10),(1-65535),("uart1","usbat","usbmodem")'],
    "QFWDCLIENT": ['+QFWDCLIENT: (0-16),(1-65535),("IP","IPV6"),("tcp","udp"),<remote_addr>,<1-65535>,("uart1","usbat","usbmodem")'],
    "QFWDSEND": ["+QFWDSEND: <socket_id>,<data_format>,<send_length>"],
    "QFWDRECV": ["+QFWDPRECV: <socket_id>,<read_len>"],
    "QFWDACK": ["+QFWDACK: <socket_id>"],
    "QFWDSSTATE": [],
    "QFWDCLOSE": [],
    "QFWDCFG": ['+QFWDCFG: "urc",<socketfd>,<urc_port>'],
}
BAUD = 921600
SLOWEST_MS = 155_000  # for one step: the longest deadline of all, and the resynchronisation behind it


class NotReached(Exception):
    """The step needs what an earlier one could not open."""


class Scene:
    """A module online, and what the steps have opened on it, at most four at a time."""

    def __init__(self, quirks, profile):
        self.quirks = chosen(quirks)
        self.rig = rig = Rig(online=False, baud=BAUD, module={"quirks": quirks}, profile=profile)
        rig.modem.active(True)
        rig.modem.connect("internet")
        rig.modem.wait(120_000)
        self.fwd = rig.modem.fwd
        self.sockets = rig.module.sockets  # the truth
        rig.net.names["far.example"] = FAR[0]
        self.service = rig.net.listen("tcp", *FAR)
        self.far = rig.net.udp(*UDP)
        self.far_end = None  # of client 7
        self.near = []  # (id, peer) of the children of the server in hand
        self.source = None  # the port of UDP client 8

    def peer(self):
        """The far end of client 7."""
        if not self.far_end:
            raise NotReached()
        return self.far_end

    def child(self):
        """(id, peer) of the last."""
        if not self.near:
            raise NotReached()
        return self.near[-1]

    def datagram(self, *all):
        """To client 8."""
        if not self.source:
            raise NotReached()
        for data in all:
            self.far.sendto(data, self.source)
        self.rig.pump(50)

    def tidy(self):
        """A step that failed leaves nothing to the next."""
        self.rig.until(self.rig.modem.isconnected, 60_000)
        self.rig.pump(50)
        for c in self.sockets.connections.values():
            while c.rx.used():
                c.rx.get(1 << 20)
        for peer in [self.far_end] + [near[1] for near in self.near]:
            if hasattr(peer, "window"):
                peer.window = None
                self.rig.pump(100)
                peer.recv()

    def send(self, data, hex=False, fixed=True, id=7, peer=None):
        """exact, or a part: as much as it says."""
        peer = peer or self.peer()
        n = self.fwd.send(id, data, hex, fixed)
        self.rig.pump(50)
        came = peer.recv()
        assert came == data[:n], "%d bytes are said to be taken, %d came" % (n, len(came))
        return "exact" if n == len(data) else "a part"

    def read(self, id):
        """All there is."""
        got = piece = self.fwd.recv(id, 1)
        while piece:
            piece = self.fwd.recv(id, 1024)
            got += piece
        return got

    def received(self, id, data):
        """exact; or what nothing tells the driver."""
        got = self.read(id)
        if self.quirks["nul"] == "truncate" and got == data[: data.find(b"\0")]:
            return "silently cut"
        assert got == data, "%d bytes of %d, or others" % (len(got), len(data))
        return "exact"


# The steps, in the order in which they are taken


def told(s):
    for name in TESTS:
        assert s.fwd.test(name) == TESTS[name]
    return "exact"


def server(s):
    s.fwd.server(1, 2020)
    made = s.sockets.servers[1]
    assert (made.proto, made.port, made.urc_port, made.cid) == ("tcp", 2020, "uart1", 0)
    return "exact"


def listening(s):
    if 1 not in s.sockets.servers:
        raise NotReached()


def same_id(s):
    listening(s)
    try:
        s.fwd.server(1, 2021)
    finally:
        assert s.sockets.servers[1].port == 2020


def same_port(s):
    listening(s)
    error = raises(ModemError, s.fwd.server, 3, 2020)
    assert 3 not in s.sockets.servers and error.result in (None, RESULTS[s.quirks["result_style"]][1])
    raise error


def client(s):
    s.fwd.client(7, FAR[0], FAR[1], cid=1)
    s.far_end = s.service.accept()
    assert s.sockets.connections[7].cid == 1
    return "exact"


def name(s):
    s.fwd.client(8, "far.example", 80)
    assert s.service.accept() and s.sockets.connections[8].remote == ("far.example", 80)
    s.fwd.close(8)
    return "exact"


def refused(s):
    error = raises(ModemError, s.fwd.client, 8, FAR[0], 81)
    assert 8 not in s.sockets.connections and error.result in (None, RESULTS[s.quirks["result_style"]][0])
    raise error


def servers(s):
    listening(s)
    assert s.fwd.servers() == [(1, "tcp", 2020, "uart1")]
    return "exact"


def no_children(s):
    listening(s)
    assert s.fwd.sstate(1) == []
    return "exact"


def children(s):
    listening(s)
    peers = [s.rig.dial(at=port) for port in (56784, 56794)]
    s.rig.pump(50)
    rows = s.fwd.sstate(1)
    s.near = [(row[1], peer) for row, peer in zip(rows, peers)]
    assert rows == [(i + 1, s.near[i][0]) + peers[i].local + s.sockets.connections[s.near[i][0]].local() for i in (0, 1)]
    return "exact"


def unknown_server(s):
    assert s.fwd.sstate(99) == []
    return "empty"


def clients(s):
    rows = s.fwd.clients()
    here = s.sockets.connections[7].local()
    expected = [(7, "Active", "tcp") + FAR + here + ("uart1",)]
    for id, peer in s.near:
        c = s.sockets.connections[id]
        expected.append((id, "Income", "tcp") + peer.local + c.local() + (c.urc_port,))
    assert rows == sorted(expected), rows
    return "exact"


def child_data(s):
    id, peer = s.child()
    peer.send(b"question")
    s.rig.pump(50)
    assert s.read(id) == b"question"
    return s.send(b"answer", id=id, peer=peer)


def received(s):
    s.peer().send(ALL * 5)
    s.rig.pump(50)
    return s.received(7, ALL * 5)


def received_text(s):
    data = LINES + b"x" * 700 + LINES  # a line that no AT line is as long as
    s.peer().send(data)
    s.rig.pump(50)
    return s.received(7, data)


def nothing_received(s):
    s.peer()
    assert s.fwd.recv(7, 1024) == b""
    return "exact"


def counters(s):
    peer = s.peer()
    peer.window = 0
    s.fwd.send(7, b"x" * 60)
    peer.send(b"y" * 50)
    s.rig.pump(50)
    c = s.sockets.connections[7]
    said = s.fwd.ack(7)
    assert said.sendused == c.tx.used() > 0 and said.recvused == c.rx.used() == 50
    assert (said.sendmax, said.recvmax) == (c.tx.limit, c.rx.limit)
    peer.window = None
    assert peer.recv() == b"x" * said.sendused and s.fwd.ack(7).sendused == 0
    if (said.sendunused, said.recvunused) != (said.sendmax - said.sendused, said.recvmax - 50):
        assert s.quirks["ack_sum"] == "less"
        return "as told"
    return "exact"


def cancelled(s):
    peer = s.peer()
    s.fwd.cancel(7)
    s.rig.pump(50)
    assert peer.recv() == b""
    assert s.fwd.ack(7).sendused == 0
    return "exact"


def urc_port(s):
    s.peer()
    assert s.fwd.urc_port(7) == "uart1"
    for port in ("usbat", "usbmodem", "uart1"):
        assert s.fwd.urc_port(7, port) == port == s.sockets.connections[7].urc_port == s.fwd.urc_port(7)
    return "exact"


def gone(s):
    """The last data of a peer that has closed, the end of it, and from then on a refusal."""
    id, peer = s.near.pop(0) if s.near else s.child()
    peer.send(b"the last")
    s.rig.pump(50)
    peer.close()
    s.rig.pump(50)
    try:
        assert s.fwd.recv(id, 1024) == b"the last"
        assert s.fwd.recv(id, 1024) == b""
        if id in s.sockets.connections:
            assert s.fwd.recv(id, 1024) == b""
            return "empty"
        assert raises(ModemError, s.fwd.recv, id, 1024).errno == errors.EIO
        return "exact"
    finally:
        if id in s.sockets.connections:
            s.fwd.close(id)


def last_child(s):
    id = s.child()[0]
    assert [row[1] for row in s.fwd.sstate(1)] == [id]
    return "exact"


def close_child(s):
    id, peer = s.near.pop() if s.near else s.child()
    s.fwd.close(id)
    s.rig.pump(50)
    assert peer.closed and s.fwd.sstate(1) == []
    return "exact"


def close_server(s):
    """Its child stays."""
    listening(s)
    peer = s.rig.dial(at=56795)
    s.rig.pump(50)
    id = s.fwd.sstate(1)[0][1]
    s.fwd.close(1)
    assert 1 not in s.sockets.servers and not peer.closed
    s.fwd.close(id)
    s.rig.pump(50)
    assert peer.closed
    return "exact"


def close_client(s):
    """With something still to be sent."""
    peer = s.peer()
    peer.window = 0
    assert s.fwd.send(7, b"x") == 1
    s.fwd.close(7)
    peer.window = None
    s.rig.pump(50)
    assert peer.closed and 7 not in s.sockets.connections
    data = peer.recv()
    assert data in (b"x", b"")
    return "exact" if data else "silently lost"


def udp_client(s):
    s.fwd.client(8, UDP[0], UDP[1], "udp")
    assert s.fwd.send(8, b"question") == 8
    s.rig.pump(50)
    data, source = s.far.recvfrom()
    assert data == b"question"
    s.source = source[1]
    return "exact"


def datagram(s):
    s.datagram(ALL[1:] * 3)
    data = s.fwd.recv(8, 1024)
    if len(data) == s.quirks["recv_cap"]:
        assert data == (ALL[1:] * 3)[: len(data)]
        return "silently cut"
    assert data == ALL[1:] * 3
    return "exact"


def udp_nul(s):
    s.datagram(b"x\0y")
    data = s.fwd.recv(8, 1024)
    if data == b"x":
        return "silently cut"
    assert data == b"x\0y"
    return "exact"


def datagrams(s):
    s.datagram(b"one", b"two")
    got = [s.fwd.recv(8, 1024), s.fwd.recv(8, 1024)]
    if got == [b"onetwo", b""]:
        return "silently joined"
    assert got == [b"one", b"two"], got
    return "exact"


def datagram_tail(s):
    s.datagram(b"onetwo")
    got = [s.fwd.recv(8, 3), s.fwd.recv(8, 3)]
    if got == [b"one", b"two"]:
        return "the rest follows"
    assert got == [b"one", b""], got
    return "exact"


def close_udp_client(s):
    s.datagram()
    s.fwd.close(8)
    assert 8 not in s.sockets.connections
    return "exact"


def udp_server(s):
    s.fwd.server(2, 2021, "udp", backlog=1)
    peer = s.rig.net.dial("udp", 2021, ("192.168.225.58", 5001))
    peer.sendto(b"question", 2021)
    s.rig.pump(50)
    rows = s.fwd.sstate(2)
    id = rows[0][1] if rows else 2
    s.near = [(id, peer)]
    assert s.fwd.recv(id, 1024) == b"question"
    assert s.fwd.send(id, b"answer") == 6
    s.rig.pump(50)
    assert peer.recvfrom()[0] == b"answer"
    return "exact" if rows else "under the server's id"


def close_udp_server(s):
    """And its children."""
    id = s.child()[0]
    s.fwd.close(2)
    if s.fwd.clients():
        s.fwd.close(id)
        return "its children stay"
    return "exact"


def slow_client(s):
    """Whose peer takes 8 s to answer."""
    net = s.rig.net
    net.fail[FAR] = None

    def answer(now):
        del net.fail[FAR]
        net.kick()

    s.rig.module.agenda.add(s.rig.clock.us + 8_000_000, answer)
    try:
        s.fwd.client(8, FAR[0], FAR[1])
    finally:
        s.rig.pump(10_000)
        s.fwd.close(8)
    return "exact"


def nothing_left(s):
    assert not s.fwd.servers() and not s.fwd.clients()
    return "exact"


# (name, what a plain module gives, the step).
STEPS = (
    ("test", "exact", told),
    ("server", "exact", server),
    ("server: id in use", "errno EIO", same_id),
    ("server: port in use", "errno EADDRINUSE", same_port),
    ("client", "exact", client),
    ("client: id in use", "errno EIO", lambda s: s.peer() and s.fwd.client(7, FAR[0], FAR[1])),
    ("client: refused", "errno ECONNREFUSED", refused),
    ("client: a name", "exact", name),
    ("servers", "exact", servers),
    ("sstate: no child", "exact", no_children),
    ("sstate", "exact", children),
    ("sstate: unknown", "errno EIO", unknown_server),
    ("clients", "exact", clients),
    ("send", "exact", lambda s: s.send(ALL * 2)),
    ("send: 1024", "exact", lambda s: s.send(ALL * 4)),
    ("send: like answers", "exact", lambda s: s.send(LINES)),
    ("send: like its answer", "exact", lambda s: s.send(b"\r\n+QFWDSEND: 7,3\r\n\r\nOK\r\n")),
    ("send: OK", "exact", lambda s: s.send(b"OK")),
    ("send: variable", "exact", lambda s: s.send(PLAIN, fixed=False)),
    ("send: hex", "exact", lambda s: s.send(ALL, hex=True)),
    ("send: hex, variable", "exact", lambda s: s.send(ALL * 2, hex=True, fixed=False)),
    ("send: hex, 1024", "exact", lambda s: s.send(ALL * 4, hex=True, fixed=False)),
    ("cancel", "exact", cancelled),
    ("recv", "exact", received),
    ("recv: like answers", "exact", received_text),
    ("recv: nothing", "exact", nothing_received),
    ("recv, send: child", "exact", child_data),
    ("ack", "exact", counters),
    ("urc_port", "exact", urc_port),
    ("recv: peer gone", "exact", gone),
    ("sstate: last child", "exact", last_child),
    ("close: child", "exact", close_child),
    ("close: server", "exact", close_server),
    ("close: client", "exact", close_client),
    ("close: unknown", "errno EIO", lambda s: s.fwd.close(99)),
    ("udp: client", "exact", udp_client),
    ("udp: recv", "exact", datagram),
    ("udp: recv a NUL", "exact", udp_nul),
    ("udp: datagrams", "exact", datagrams),
    ("udp: a short recv", "exact", datagram_tail),
    ("udp: close client", "exact", close_udp_client),
    ("udp: server", "exact", udp_server),
    ("udp: close server", "exact", close_udp_server),
    ("client: slow", "exact", slow_client),
    ("nothing left", "exact", nothing_left),
)


def taken(step, s):
    """How the step ends: a word of its own, errno NAME, not reached."""
    try:
        return step(s)
    except NotReached:
        return "not reached"
    except OSError as error:
        if "refuses" in error.args[1]:
            assert (error.cme is not None) == (s.quirks["cme"] != "off")
        return "errno " + error_name(error)


def play(quirks, profile=None):
    """{step: how it ends} of those that end otherwise than on a plain module."""
    s = Scene(quirks, profile)
    ends = {}
    for title, plain, step in STEPS:
        began = s.rig.now()
        try:
            end = taken(step, s)
            if end != plain:
                s.tidy()
            assert s.rig.now() - began < SLOWEST_MS, "it takes too long"
        except Exception as error:
            raise AssertionError("%s with %r %r: %r" % (title, quirks, profile, error))
        if end != plain:
            ends[title] = end
    return ends

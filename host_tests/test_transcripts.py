"""Whole conversations, with the module's bytes cut anywhere, and with each URC at each line boundary."""

from ec2x_tools.virtual import Board
from interrupter import Chopper, Interrupter

ALL = bytes(range(256))
DATA = ALL + b'\r\nOK\r\n> \r\n+QFWDURC: "client/close",40000\r\n\x1a\x1b\x00ERROR\r\n'

# Each of the five, about nobody and about a socket of the conversation.
URCS = (
    b'\r\n+QFWDURC: "server/open",77,0\r\n',
    b'\r\n+QFWDURC: "client/open",77,1\r\n',
    b'\r\n+QFWDURC: "client/incoming",77,78,"192.168.225.9",5,"0.0.0.0",2020\r\n',
    b'\r\n+QFWDURC: "client/read",40000\r\n',
    b'\r\n+QFWDURC: "client/close",77\r\n',
    b'\r\n+CREG: 1\r\n',
)


def client(board):
    """Connect, send, receive, close."""
    sock, peer = board.client()
    sock.send(DATA)
    peer.send(DATA)
    assert sock.read(len(DATA)) == DATA
    board.until(lambda: peer.unread() == len(DATA))
    assert peer.recv() == DATA
    assert sock.unacked() == 0
    peer.close()
    assert sock.recv(1) == b""
    sock.close()


def server(board):
    """Listen, accept two, both ways, close."""
    listener = board.modem.socket()
    listener.settimeout(10)
    listener.bind(("", 2020))
    listener.listen(2)
    for at in (1, 2):
        peer = board.net.dial("tcp", 2020, ("192.168.225.58", at))
        sock, addr = listener.accept()
        assert addr == ("192.168.225.58", at)
        peer.send(DATA)
        assert sock.read(len(DATA)) == DATA
        sock.send(DATA)
        board.until(lambda peer=peer: peer.unread() == len(DATA))
        sock.close()
        assert peer.recv() == DATA and peer.closed
    listener.close()


def datagrams(board):
    """Question and answer."""
    peer = board.net.udp("198.51.100.7", 123)
    sock = board.modem.socket(2, 2)
    sock.settimeout(10)
    sock.sendto(DATA, ("198.51.100.7", 123))
    got = []
    board.until(lambda: got.append(peer.recvfrom()) or got[-1])
    data, (_, port) = got[-1]
    assert data == DATA
    peer.sendto(DATA, port)
    assert sock.recvfrom(2000) == (DATA, ("198.51.100.7", 123))
    sock.close()


def commands(board):
    """The eight one to one."""
    fwd = board.modem.fwd
    board.net.listen("tcp", "198.51.100.7", 80)
    fwd.client(7, "198.51.100.7", 80)
    assert fwd.send(7, DATA) == len(DATA)
    assert fwd.send(7, b"11", hex=True, fixed=False) == 2
    fwd.cancel(7)
    assert fwd.recv(7, 1024) == b""
    assert len(fwd.ack(7)) == 6 and fwd.urc_port(7) == "uart1" and len(fwd.clients()) == 1
    fwd.server(8, 2020)
    assert fwd.servers() == [(8, "tcp", 2020, "uart1")] and fwd.sstate(8) == []
    for name in ("QFWDSERVER", "QFWDCLIENT", "QFWDSEND", "QFWDRECV", "QFWDACK", "QFWDSSTATE", "QFWDCLOSE", "QFWDCFG"):
        fwd.test(name)
    fwd.close(7)
    fwd.close(8)


SCENES = (client, server, datagrams, commands)


def play(scene, wrap, **kw):
    board = Board(wrap=wrap, **kw)
    board.online("internet")
    scene(board)
    stats = board.modem.stats()
    assert stats["broken"] == stats["timeouts"] == stats["dropped"] == 0, stats
    return board


def test_conversations_do_not_depend_on_how_their_bytes_are_cut():
    for scene in SCENES:
        for k, j in ((1, 1), (2, 3), (3, 1000), (7, 64), (8, 8), (61, 7), (256, 1)):
            play(scene, lambda uart, k=k, j=j: Chopper(uart, k, j))


def test_conversations_do_not_depend_on_where_the_first_cut_is():
    for scene in SCENES:
        for k in range(1, 40):
            play(scene, lambda uart, k=k: Chopper(uart, k), baud=921600)


def test_a_urc_at_any_line_boundary_changes_nothing():
    for scene in SCENES:
        places = play(scene, Interrupter).uart.places
        assert places >= 20
        for at in range(places):
            urc = URCS[at % len(URCS)]
            play(scene, lambda uart, at=at, urc=urc: Interrupter(uart, at, urc))


def test_each_urc_at_each_line_boundary_of_a_client_changes_nothing():
    places = play(client, Interrupter).uart.places
    for urc in URCS:
        for at in range(places):
            play(client, lambda uart, at=at, urc=urc: Interrupter(uart, at, urc))


def test_a_module_that_echoes_for_ever_is_understood_whatever_the_payload():
    for scene in SCENES:
        for k in (1, 7, 256):
            play(scene, lambda uart, k=k: Chopper(uart, k), module={"quirks": {"echo": "stuck"}})

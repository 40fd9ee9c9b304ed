"""udpserver.py: a bound UDP socket, also where the module has all peers on the server's own id."""

from ec2x import ModemError, errors
from expect import raises
from rig import Rig
from wires import heard

ANYBODY = ("0.0.0.0", 0)


def bound(timeout=10, **quirks):
    """A rig, its socket on port 2020, and two peers."""
    rig = Rig(module={"quirks": quirks})
    sock = rig.modem.socket(2, 2)
    sock.settimeout(timeout)
    sock.bind(("", 2020))
    return rig, sock, [rig.net.dial("udp", 2020, ("192.168.225.58", port)) for port in (5001, 5002)]


def test_what_comes_on_the_servers_own_id_is_read_and_the_answer_goes_to_the_last_one_heard():
    rig, sock, peers = bound(udp_server="single_last_peer")
    for peer in peers + peers:
        peer.sendto(b"question", 2020)
        assert sock.recvfrom(100) == (b"question", ANYBODY)
        assert sock.sendto(b"answer", ANYBODY) == 6
        rig.until(lambda peer=peer: peer.inbox)
        assert peer.recvfrom()[0] == b"answer"
    sock.close()
    assert not rig.net.listeners and rig.modem.stats()["unwanted"] == 0


def test_datagrams_of_several_peers_on_one_id_stay_whole_and_in_order():
    rig, sock, (one, other) = bound(udp_server="single_last_peer", read_urc="lost")
    for i in range(20):
        (one, other)[i % 2].sendto(bytes((i,)) * (i + 1), 2020)
    for i in range(20):
        assert sock.recvfrom(100) == (bytes((i,)) * (i + 1), ANYBODY)


def test_an_answer_that_cannot_be_is_an_errno_and_what_comes_is_still_read():
    rig, sock, (peer, _) = bound(udp_server="single_noreply")
    for _ in range(3):
        peer.sendto(b"question", 2020)
        assert sock.recvfrom(100) == (b"question", ANYBODY)
        sock.sendto(b"answer", ANYBODY)
        error = raises(ModemError, sock.recvfrom, 100)
        assert error.errno == errors.EOPNOTSUPP and "udp" in error.args[1]
    assert not peer.inbox
    sock.sendto(b"x", ("192.168.225.58", 5001))  # from another port of the module, but it goes
    rig.until(lambda: peer.inbox)


def test_an_answer_to_nobody_is_an_errno():
    rig, sock, _ = bound(udp_server="single_last_peer")
    sock.sendto(b"answer", ANYBODY)
    assert raises(ModemError, sock.recvfrom, 100).errno == errors.EOPNOTSUPP


def test_where_each_peer_has_its_id_an_answer_to_anybody_is_an_errno_and_harms_no_other():
    rig, sock, (peer, _) = bound()
    peer.sendto(b"question", 2020)
    data, addr = sock.recvfrom(100)
    assert addr == ("192.168.225.58", 5001)
    sock.sendto(b"answer", ANYBODY)
    assert raises(ModemError, sock.recvfrom, 100).errno == errors.EOPNOTSUPP
    sock.sendto(b"answer", addr)
    rig.until(lambda: peer.inbox)
    assert peer.recvfrom()[0] == b"answer"


def test_peers_whose_urcs_are_lost_or_go_elsewhere_are_found():
    for quirks in ({"child_urc": "default"}, {"child_urc": "default", "read_urc": "lost"}):
        rig, sock, peers = bound(**quirks)
        for peer in peers:
            peer.sendto(b"question", 2020)
            assert sock.recvfrom(100) == (b"question", peer.local), quirks


def test_a_server_that_nobody_waits_on_costs_ever_fewer_commands():
    rig, sock, _ = bound()
    before = rig.module.total
    rig.pump(600_000)
    watched = rig.module.commands["QFWDSERVER"]  # by watch.py, twice a minute
    assert watched < 25 and rig.module.total - before - watched < 60, rig.module.total - before


def test_the_servers_own_id_is_read_only_after_a_look_for_peers():
    rig, sock, _ = bound(timeout=10)
    lines = heard(rig)
    raises(OSError, sock.recv, 100)
    looks = [line for line in lines if line.startswith("+QFWDSSTATE")]
    reads = [line for line in lines if line.startswith("+QFWDRECV")]
    assert len(looks) == len(reads) == len(lines) // 2 and 30 < len(looks) < 42, lines


def test_what_no_module_says_on_the_servers_id_ends_it_with_an_error():
    rig = Rig(meddle=True)
    sock = rig.modem.socket(2, 2)
    sock.settimeout(5)
    sock.bind(("", 2020))
    rig.uart.answer(b"AT+QFWDRECV", b"\r\n+QFWDRECV: 7,5\r\nhello\r\n\r\nOK\r\n")
    assert raises(OSError, sock.recv, 100).errno == errors.ECONNRESET
    rig = Rig(meddle=True)
    sock = rig.modem.socket(2, 2)
    sock.bind(("", 2020))
    rig.uart.answer(b"AT+QFWDSEND", b"\r\nERROR\r\n", payload=6)  # it was given, and then it is refused
    sock.sendto(b"answer", ANYBODY)
    assert raises(OSError, sock.recv, 100).errno == errors.ECONNRESET

"""backlog.py: connections for which there is no place wait in the module, as they wait in a kernel."""

from ec2x import errors
from expect import raises
from heap import locked
from rig import Rig

HOST = "192.168.225.58"


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def crowded(**kw):
    """(rig, listener, peers 1 to 4): one place beside the listener's, which peer 1 has."""
    rig = Rig(sockets=2, **kw)
    listener = rig.listener()
    peers = [rig.dial(at=at) for at in (1, 2, 3, 4)]
    rig.pump(50)
    return rig, listener, peers


def incoming(rig, listener, id, at):
    rig.urc(b'+QFWDURC: "client/incoming",%d,%d,"192.168.225.58",%d,"0.0.0.0",2020' % (listener.fileno(), id, at))
    rig.pump(20)


def test_whoever_finds_no_place_waits_and_has_lost_nothing():
    rig, listener, peers = crowded()
    for at, peer in enumerate(peers, 1):
        peer.send(b"from %d" % at)
    rig.pump(1000)
    assert "QFWDRECV" not in rig.module.commands
    for at, peer in enumerate(peers, 1):
        sock, addr = listener.accept()
        assert addr == (HOST, at) and sock.recv(10) == b"from %d" % at
        sock.send(b"answer")
        sock.close()
        assert peer.recv() == b"answer" and peer.closed
    assert rig.modem.stats()["unwanted"] == 0


def test_more_than_the_backlog_are_accepted_in_the_order_they_came():
    rig = Rig()
    listener = rig.modem.socket()
    listener.bind(("", 2020))
    listener.listen(1)
    peers = [rig.dial(at=at) for at in range(1, 10)]
    rig.pump(50)
    assert sum(1 for flow in rig.modem.sockets.flows if flow) == 2  # it takes no more places than it may
    assert [listener.accept()[1][1] for _ in peers] == list(range(1, 10))
    assert not any(peer.closed for peer in peers)


def test_whoever_left_while_it_waited_is_accepted_and_read_to_its_end():
    for quirks in ({}, {"slot": "held"}, {"read_urc": "lost"}, {"accept_alloc": "next"}):
        rig, listener, peers = crowded(module={"quirks": quirks})
        peers[1].send(b"and gone")
        peers[1].close()
        peers[2].close()
        rig.pump(50)
        listener.accept()[0].close()
        for at, data in ((2, b"and gone"), (3, b""), (4, b"still here")):
            if at == 4:
                peers[3].send(data)
                peers[3].close()
            sock, addr = listener.accept()
            assert addr == (HOST, at) and sock.read() == data, (quirks, at)
            sock.close()
        assert not rig.module.sockets.connections


def test_the_id_of_one_that_left_while_it_waited_is_anothers_and_each_has_its_own_bytes():
    rig, listener, peers = crowded()
    peers[1].close()
    rig.pump(50)
    fifth = rig.dial(at=5)
    fifth.send(b"from 5")
    rig.pump(50)
    assert sorted(rig.module.sockets.connections) == [1, 2, 3, 4], "the module has used the id again"
    got = []
    for _ in range(5):
        sock, addr = listener.accept()
        if addr[1] in (2, 5):
            got.append((addr[1], sock.recv(10)))
        sock.close()
    assert got == [(2, b""), (5, b"from 5")] and fifth.closed


def test_an_id_given_to_another_while_its_connection_waits_is_a_lost_connection():
    rig, listener, _ = crowded()
    incoming(rig, listener, 2, 99)
    listener.accept()[0].close()
    sock, addr = listener.accept()
    assert addr == (HOST, 2) and errno_of(sock.recv, 1) == errors.ECONNRESET


def test_one_that_waits_is_heard_of_or_listed_twice_and_is_one():
    rig, listener, peers = crowded()
    incoming(rig, listener, 2, 2)
    peers[2].close()
    rig.urc(b'+QFWDURC: "client/open",2,0')  # makes no sense
    rig.pump(3000)  # the list is looked at
    assert [listener.accept()[0].close() or i for i in range(4)] == [0, 1, 2, 3]
    listener.settimeout(1)
    assert errno_of(listener.accept) == errors.ETIMEDOUT


def test_one_that_is_closed_and_still_listed_is_not_taken_for_another():
    rig = Rig(meddle=True)
    listener = rig.listener(timeout=2)
    peer = rig.dial(at=1)
    sock, _ = listener.accept()
    peer.close()
    rig.pump(50)
    line = b'\r\n+QFWDSSTATE: 0,1,"192.168.225.58",%d,"0.0.0.0",2020\r\n\r\nOK\r\n'
    rig.uart.answer(b"AT+QFWDSSTATE", line % 1, 2)
    assert errno_of(listener.accept) == errors.ETIMEDOUT
    rig.uart.answer(b"AT+QFWDSSTATE", line % 2, 1)
    assert listener.accept()[1] == (HOST, 2) and sock.recv(1) == b""


def test_one_whose_news_was_lost_waits_like_the_others():
    rig = Rig(sockets=2)
    listener = rig.listener()
    rig.dial(at=1)
    rig.pump(50)
    urcs = rig.modem.chat.urcs[:]
    rig.modem.chat.urcs[:] = []
    rig.dial(at=2).send(b"hello")
    rig.pump(50)
    rig.modem.chat.urcs[:] = urcs
    listener.setblocking(False)
    rig.until(lambda: listener.ioctl(3, 1) and rig.module.commands.get("QFWDSSTATE", 0) > 1)
    listener.setblocking(True)
    listener.accept()[0].close()
    sock, addr = listener.accept()
    assert addr == (HOST, 2) and sock.recv(10) == b"hello"


def test_closing_the_listener_closes_whoever_waits():
    rig, listener, peers = crowded(meddle=True)
    sock, _ = listener.accept()
    rig.pump(50)
    incoming(rig, listener, 2, 99)  # so that one that waits has no id any more
    listener.close()
    rig.until(lambda: all(peer.closed for peer in peers[1:]))
    rig.pump(50)
    assert sorted(line for line in rig.uart.lines if b"QFWDCLOSE" in line) == [b"AT+QFWDCLOSE=%d" % id for id in (2, 3, 4, 40000)]
    assert rig.modem.stats()["unwanted"] == 4 and not peers[0].closed
    sock.send(b"still served")
    rig.until(lambda: peers[0].unread() == 12)


def test_after_a_reset_nobody_waits_any_more():
    rig, listener, _ = crowded(meddle=True)
    rig.reset()
    assert errno_of(listener.accept()[0].recv, 1) == errno_of(listener.accept) == errors.ECONNRESET
    listener.close()
    listener = rig.listener()
    peer = rig.dial(at=7)
    sock, addr = listener.accept()
    peer.send(b"hello")
    assert addr == (HOST, 7) and sock.recv(10) == b"hello"
    rig.pump(1000)
    assert not [line for line in rig.uart.lines if b"QFWDCLOSE" in line] and not peer.closed


def test_no_more_than_thirty_two_wait_and_the_others_are_closed():
    rig = Rig(sockets=1)
    rig.listener()
    peers = [rig.dial(at=at) for at in range(1, 36)]
    rig.until(lambda: rig.modem.stats()["unwanted"])
    rig.pump(1000)
    assert [peer.closed for peer in peers] == [False] * 32 + [True] * 3 and rig.modem.stats()["unwanted"] == 3


def test_an_id_that_is_to_be_closed_and_is_anothers_by_then_is_left_alone():
    rig = Rig(sockets=2, meddle=True)
    listener = rig.listener()
    rig.uart.answer(b"AT+QFWDCLOSE=9", b"")
    for id in (9, 8):  # of a server that is gone; the second waits until the first is answered
        rig.urc(b'+QFWDURC: "client/incoming",40007,%d,"192.168.225.58",5,"0.0.0.0",2020' % id)
    rig.pump(50)
    incoming(rig, listener, 8, 6)
    rig.pump(30_000)
    assert b"AT+QFWDCLOSE=8" not in rig.uart.lines and b"AT+QFWDCLOSE=9" in rig.uart.lines
    assert listener.accept()[1] == (HOST, 6)


def test_a_connection_that_is_heard_of_before_its_server_waits_for_it():
    rig = Rig(meddle=True)
    opened = b'\r\n+QFWDURC: "server/open",40000,0\r\n'
    came = b'\r\n+QFWDURC: "client/incoming",40000,1,"192.168.225.58",5,"0.0.0.0",2020\r\n'
    rig.uart.answer(b"AT+QFWDSERVER=0", came + b"\r\nOK\r\n" + opened)
    assert rig.listener().accept()[1] == (HOST, 5)


def test_a_connection_to_a_server_that_then_does_not_open_is_closed():
    rig = Rig(meddle=True)
    came = b'\r\n+QFWDURC: "client/incoming",40000,1,"192.168.225.58",5,"0.0.0.0",2020\r\n'
    rig.uart.answer(b"AT+QFWDSERVER=0", came + b"\r\nOK\r\n")
    assert errno_of(rig.listener) == errors.ETIMEDOUT
    rig.until(lambda: b"AT+QFWDCLOSE=1" in rig.uart.lines)


def test_what_one_that_waits_has_sent_is_read_at_once_when_it_is_accepted():
    for data, leaves in ((b"hello", False), (b"hello", True), (b"", True)):
        rig, listener, peers = crowded()
        peers[1].send(data)
        if leaves:
            peers[1].close()
        rig.pump(50)
        listener.accept()[0].close()
        sock, _ = listener.accept()
        before = rig.clock.us
        assert sock.recv(10) == data and rig.clock.us - before < 100_000


def test_datagrams_of_a_peer_for_which_there_is_no_place_wait():
    rig = Rig(sockets=2)
    server = rig.modem.socket(2, 2)
    server.settimeout(10)
    server.bind(("", 2020))
    other = rig.modem.socket()
    peer = rig.net.dial("udp", 2020, (HOST, 5))
    peer.sendto(b"first", 2020)
    peer.sendto(b"second", 2020)
    rig.pump(1000)
    server.setblocking(False)
    assert errno_of(server.recv, 10) == errors.EAGAIN
    other.close()
    server.settimeout(10)
    assert server.recvfrom(10) == (b"first", (HOST, 5)) and server.recv(10) == b"second"


def test_the_close_of_one_who_waits_takes_no_memory():
    rig, _, _ = crowded()
    data = bytearray(b'\r\n+QFWDURC: "client/close",2\r\n')
    locked(lambda: rig.modem.chat.feed(data, len(data), 0))
    assert rig.modem.sockets.by_id(2).closed

"""flow.py: a socket's life in the module, from the opening to the close."""

from ec2x import errors
from expect import raises
from rig import Rig

OPEN = b'\r\n+QFWDURC: "client/open",%d,%d\r\n'


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def sent(rig, prefix):
    return [line for line in rig.uart.lines if line.startswith(prefix)]


def test_the_open_urc_may_come_before_or_after_the_ok():
    for answer in (b"\r\nOK\r\n" + OPEN % (40000, 0), OPEN % (40000, 0) + b"\r\nOK\r\n"):
        rig = Rig(meddle=True)
        rig.uart.answer(b"AT+QFWDCLIENT", answer)
        sock = rig.modem.socket()
        sock.connect(("198.51.100.7", 80))
        assert sock.ioctl(3, 5) == 4


def test_a_failure_may_come_before_or_after_the_ok():
    for answer in (b"\r\nOK\r\n" + OPEN % (40000, 5), OPEN % (40000, 5) + b"\r\nOK\r\n"):
        rig = Rig(meddle=True)
        rig.uart.answer(b"AT+QFWDCLIENT", answer)
        error = raises(OSError, rig.modem.socket().connect, ("198.51.100.7", 80))
        assert error.result == 5


def test_an_open_urc_for_another_socket_opens_nothing():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b"\r\nOK\r\n" + OPEN % (40001, 0))
    sock = rig.modem.socket()
    sock.settimeout(1)
    assert errno_of(sock.connect, ("198.51.100.7", 80)) == errors.ETIMEDOUT
    assert rig.modem.stats()["strange"] == 1


def test_a_collision_of_ids_is_retried_with_another():
    rig = Rig(meddle=True)
    rig.net.listen("tcp", "198.51.100.7", 80)
    rig.uart.answer(b"AT+QFWDCLIENT=", b"\r\nERROR\r\n", 2)
    sock = rig.modem.socket()
    sock.connect(("198.51.100.7", 80))
    assert [line[:22] for line in sent(rig, b"AT+QFWDCLIENT=")] == [b"AT+QFWDCLIENT=0,%d," % (40000 + i) for i in range(3)]
    assert sock.fileno() == 40002


def test_an_opening_that_is_refused_for_ever_fails_with_the_modules_words():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b"\r\n+CME ERROR: 4\r\n", 99)
    error = raises(OSError, rig.modem.socket().connect, ("198.51.100.7", 80))
    assert error.errno == errors.EHOSTUNREACH and error.cme == 4
    assert len(sent(rig, b"AT+QFWDCLIENT=")) == 4


def test_an_opening_that_is_not_answered_fails_and_its_id_is_closed():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b"")
    assert errno_of(rig.modem.socket().connect, ("198.51.100.7", 80)) == errors.ETIMEDOUT
    rig.until(lambda: sent(rig, b"AT+QFWDCLOSE=40000"))
    assert rig.modem.isconnected()


def test_an_open_urc_that_comes_too_late_opens_nothing():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b"\r\nOK\r\n")
    sock = rig.modem.socket()
    sock.settimeout(1)
    assert errno_of(sock.connect, ("198.51.100.7", 80)) == errors.ETIMEDOUT
    rig.uart.say(OPEN % (40000, 0))
    rig.pump(100)
    assert errno_of(sock.send, b"x") == errors.EPIPE


def test_close_delivers_what_was_sent():
    rig = Rig(baud=115200, module={"sendmax": 1000})
    sock, peer = rig.client()
    peer.window = 500
    sock.send(bytes(2048))
    taken = bytearray()

    def idle(real=rig.modem.idle):
        real()
        taken.extend(peer.recv(100))

    rig.modem.idle = idle
    sock.close()
    taken.extend(peer.recv())
    assert len(taken) == 2048 and peer.closed


def test_close_gives_up_a_peer_that_takes_nothing_after_five_seconds():
    rig = Rig(module={"sendmax": 1000})
    sock, peer = rig.client()
    peer.window = 0
    sock.send(bytes(2048))
    before = rig.clock.us
    sock.close()
    assert 5_000_000 <= rig.clock.us - before < 6_100_000
    rig.pump(100)
    assert rig.modem.sockets.flows[0] is None and rig.modem.stats()["dropped"] == 1048


def test_close_of_a_non_blocking_socket_returns_and_lingers():
    rig = Rig(baud=115200)
    sock, peer = rig.client()
    sock.setblocking(False)
    sock.write(bytes(2000))
    before = rig.clock.us
    sock.close()
    assert rig.clock.us == before
    rig.until(lambda: peer.closed)
    assert peer.unread() == 2000


def test_close_waits_until_the_module_has_delivered():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    peer.window = 0
    sock.send(b"x" * 100)
    rig.pump(1000)
    sock.setblocking(False)
    sock.close()
    rig.pump(1000)
    assert sent(rig, b"AT+QFWDACK") and not sent(rig, b"AT+QFWDCLOSE")
    peer.window = None
    rig.until(lambda: peer.closed)
    assert peer.unread() == 100


def test_close_ends_whether_the_module_answers_or_not():
    rig = Rig(meddle=True)
    sock, _ = rig.client()
    rig.uart.answer(b"AT+QFWDCLOSE", b"", 99)
    before = rig.clock.us
    sock.close()
    assert rig.clock.us - before < 6_500_000
    rig.pump(60_000)
    assert rig.modem.sockets.flows[0] is None and len(sent(rig, b"AT+QFWDCLOSE")) == 4
    rig.client()


def test_close_while_connecting_gives_the_id_back():
    rig = Rig(meddle=True)
    rig.net.fail[("198.51.100.7", 81)] = None
    sock = rig.modem.socket()
    sock.setblocking(False)
    errno_of(sock.connect, ("198.51.100.7", 81))
    rig.pump(100)
    sock.close()
    rig.until(lambda: sent(rig, b"AT+QFWDCLOSE=40000"))
    rig.pump(10)
    assert rig.modem.sockets.flows[0] is None


def test_close_before_the_opening_went_out_asks_for_nothing():
    rig = Rig(meddle=True)
    rig.pump(10)
    before = len(rig.uart.lines)
    rig.modem._busy = True  # no step until the close
    sock = rig.modem.socket()
    sock.setblocking(False)
    errno_of(sock.connect, ("198.51.100.7", 81))
    sock.close()
    rig.modem._busy = False
    rig.pump(100)
    assert len(rig.uart.lines) == before and rig.modem.sockets.flows[0] is None
    rig.modem.socket().close()
    assert len(rig.uart.lines) == before


def test_a_close_in_the_middle_of_a_read_harms_nobody():
    rig = Rig(baud=9600)
    sock, peer = rig.client()
    other, peer2 = rig.client(host="198.51.100.8")
    peer.send(bytes(1024))
    rig.pump(200)
    sock.setblocking(False)
    sock.close()
    peer2.send(b"fine")
    assert other.recv(5) == b"fine" and rig.modem.stats()["broken"] == 0


def test_an_error_after_the_close_of_a_lost_socket_does_not_matter():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    peer.reset()
    rig.pump(100)
    rig.uart.answer(b"AT+QFWDCLOSE", b"\r\nERROR\r\n")
    sock.close()
    assert rig.modem.sockets.flows[0] is None


def test_a_datagram_sent_just_before_the_close_still_goes():
    rig = Rig()
    first = rig.net.udp("198.51.100.7", 123)
    second = rig.net.udp("198.51.100.8", 123)
    sock = rig.modem.socket(2, 2)
    sock.sendto(b"one", ("198.51.100.7", 123))
    sock.sendto(b"two", ("198.51.100.8", 123))
    sock.close()
    assert first.recvfrom()[0] == b"one" and second.recvfrom()[0] == b"two"
    assert rig.modem.fwd.clients() == []


def test_a_datagram_for_a_peer_that_does_not_open_delays_the_close_by_five_seconds():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b"\r\nOK\r\n", 9)
    for wait in (0, 500):
        sock = rig.modem.socket(2, 2)
        sock.sendto(b"one", ("198.51.100.7", 123))
        rig.pump(wait)
        before = rig.clock.us
        sock.close()
        assert 4_900_000 <= rig.clock.us - before < 6_100_000
        rig.pump(2000)
        assert rig.modem.sockets.flows[0] is None


def test_a_connect_that_times_out_before_it_went_out_asks_for_nothing():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDACK", b"")  # the channel is busy
    sock, _ = rig.client()
    sock._flow.sender.query = True
    rig.pump(10)
    late = rig.modem.socket()
    late.settimeout(0.1)
    assert errno_of(late.connect, ("198.51.100.7", 80)) == errors.ETIMEDOUT
    rig.pump(10_000)
    assert len(sent(rig, b"AT+QFWDCLIENT=")) == 1 and not sent(rig, b"AT+QFWDCLOSE=40001")


def test_a_reset_at_any_moment_ends_in_the_same_error():
    for us in range(0, 200_000, 7_000):
        rig = Rig(baud=115200)
        sock, peer = rig.client()
        peer.send(bytes(5000))
        sock.send(bytes(2000))
        rig.pump(us // 1000)
        rig.reset()
        rig.pump(5000)
        assert errno_of(sock.send, b"x") == errors.ECONNRESET
        assert rig.modem.isconnected() and rig.modem.sockets.flows[0] is None


def test_the_first_reason_of_a_failure_is_the_one_that_is_told():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLOSE", b"", 9)
    sock = rig.modem.socket()
    sock.setblocking(False)
    assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.EINPROGRESS
    rig.until(lambda: sent(rig, b"AT+QFWDCLOSE"))
    rig.reset()
    assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.ECONNREFUSED
    assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.EISCONN

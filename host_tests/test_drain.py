"""drain.py: whether what was sent has been delivered."""

from ec2x import errors
from expect import raises
from rig import Rig


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def test_unacked_is_what_the_module_still_holds():
    rig = Rig()
    sock, peer = rig.client()
    assert sock.unacked() == 0
    peer.window = 10
    sock.send(bytes(110))
    rig.pump(100)
    assert sock.unacked() == 100
    peer.window = None
    assert sock.unacked() == 0


def test_drain_waits_until_all_is_delivered():
    rig = Rig(baud=115200)
    sock, peer = rig.client()
    sock.send(bytes(2000))
    sock.drain()
    assert peer.unread() == 2000
    before = rig.module.total
    sock.drain(0)
    assert rig.module.total == before + 1


def test_drain_ends_at_its_timeout():
    rig = Rig()
    sock, peer = rig.client()
    peer.window = 0
    sock.send(b"x")
    before = rig.clock.us
    assert errno_of(sock.drain, 2) == errors.ETIMEDOUT
    assert 1_999_000 <= rig.clock.us - before < 2_500_000  # in whole ms


def test_drain_of_a_lost_connection_says_so():
    rig = Rig()
    sock, peer = rig.client()
    peer.window = 0
    sock.send(b"x")
    real = rig.modem.idle
    rig.modem.idle = lambda: (real(), rig.clock.us > 1_000_000 and rig.module.running and rig.module.reset(rig.clock.us))
    assert errno_of(sock.drain) == errors.ECONNRESET


def test_a_connection_lost_while_the_counters_are_asked_for_says_so():
    rig = Rig(meddle=True)
    sock, _ = rig.client()
    rig.uart.answer(b"AT+QFWDACK", b"\r\nRDY\r\n")
    assert errno_of(sock.unacked) == errors.ECONNRESET


def test_only_a_connection_has_something_to_deliver():
    rig = Rig()
    assert errno_of(rig.modem.socket().unacked) == errno_of(rig.listener().drain) == errors.ENOTCONN


def test_a_module_that_does_not_tell_is_no_module_that_has_delivered():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", 9)
    assert errno_of(sock.unacked) == errors.EIO
    peer.send(b"fine")
    assert sock.recv(5) == b"fine"

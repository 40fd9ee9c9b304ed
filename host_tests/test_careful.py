"""careful.py: a module that cuts what is read at a NUL fails the socket, and delivers all before it."""

from ec2x import ModemError, errors
from ec2x.backlog import backlog
from ec2x_sim.faults import Faults
from expect import raises
from rig import Rig

PROFILE = {"send": "hex", "nul": "cut"}


def cutting(meddle=False, quirks=None, timeout=60, **profile):
    """A rig whose module cuts at a NUL, its connected socket and the peer."""
    chosen = {"nul": "truncate"}
    chosen.update(quirks or {})
    profile.update(PROFILE)
    rig = Rig(meddle=meddle, module={"quirks": chosen}, profile=profile)
    return (rig,) + rig.client(timeout=timeout)


def test_without_its_profile_a_module_that_cuts_loses_data_and_nothing_tells():
    rig = Rig(module={"quirks": {"nul": "truncate"}})
    sock, peer = rig.client()
    peer.send(b"before\0behind")
    assert sock.recv(100) == b"before"
    peer.send(b"after")
    assert sock.recv(100) == b"after"


def test_all_before_the_nul_is_read_and_then_the_connection_is_lost():
    rig, sock, peer = cutting()
    peer.send(b"before\0behind")
    assert sock.read(6) == b"before"
    assert raises(OSError, sock.recv, 100).errno == errors.ECONNRESET
    assert rig.modem.stats()["cut"] == 1


def test_a_nul_at_the_very_beginning_is_noticed():
    for quirks in ({}, {"empty": "ok_only"}, {"empty": "error"}, {"ack_sum": "less"}):
        rig, sock, peer = cutting(quirks=quirks)
        peer.send(b"\0behind")
        assert raises(OSError, sock.recv, 100).errno == errors.ECONNRESET, quirks


def test_what_has_no_nul_is_exact_to_the_end():
    data = bytes(range(1, 256)) * 20
    for quirks in ({}, {"read_urc": "lost"}, {"slot": "held"}, {"empty": "error"}, {"urc_place": "torn"}, {"recvmax": "64"}):
        rig, sock, peer = cutting(quirks=quirks)
        peer.send(data)
        peer.close()
        assert sock.read() == data, quirks
        sock.close()


def test_every_value_can_be_sent():
    rig, sock, peer = cutting()
    data = bytes(range(256)) * 20
    sock.sendall(data)
    sock.drain(60)
    assert peer.recv() == data


def test_a_read_asks_for_no_more_than_there_is():
    rig, sock, peer = cutting(meddle=True)
    peer.send(b"x" * 600)
    assert sock.read(600) == b"x" * 600
    asked = [line for line in rig.uart.lines if line.startswith(b"AT+QFWDRECV")]
    assert asked == [b"AT+QFWDRECV=40000,512", b"AT+QFWDRECV=40000,88"]


def test_a_module_that_brings_less_can_be_told_of():
    rig, sock, peer = cutting(quirks={"recv_cap": "100"}, recv_max=100)
    peer.send(b"x" * 600)
    assert sock.read(600) == b"x" * 600


def test_a_datagram_cannot_be_trusted_so_there_are_none():
    rig = Rig(profile=PROFILE)
    error = raises(ModemError, rig.modem.socket, 2, 2)
    assert error.errno == errors.EOPNOTSUPP and "NUL" in error.args[1]


def test_counters_that_are_refused_or_cannot_be_read_lose_nothing_silently():
    rig, sock, peer = cutting(meddle=True)
    rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", 3)
    peer.send(b"data")
    assert sock.recv(100) == b"data"
    rig.uart.answer(b"AT+QFWDACK", b"\r\n+QFWDACK: 40000\r\n\r\nOK\r\n")
    peer.send(b"data")
    assert raises(OSError, sock.recv, 100).errno == errors.ECONNRESET


def test_a_count_whose_line_is_lost_is_no_end():
    for answer in (b"\r\nOK\r\n", b"\r\n+QFDACK: 40000,0,1024,1024,600,424,1024\r\n\r\nOK\r\n"):
        for times in (1, 2):
            rig, sock, peer = cutting(meddle=True)
            rig.pump(300)
            rig.uart.answer(b"AT+QFWDACK=40000", answer, times)
            peer.send(b"x" * 600)
            peer.close()
            assert sock.read() == b"x" * 600, (answer, times)


def test_a_refused_read_that_may_have_lost_a_nul_is_no_end_behind_a_close():
    for data in (b"\0behind", b"x" * 512 + b"\0behind"):
        rig, sock, peer = cutting(quirks={"empty": "error"})
        peer.send(data)
        peer.close()
        assert raises(OSError, sock.read).errno == errors.ECONNRESET
        assert rig.modem.stats()["cut"] == 1


def test_counts_that_are_refused_are_no_end_behind_a_close():
    for times in (1, 2, 3, 4, 99):
        for n, ms in ((600, 0), (1000, 300)):
            rig, sock, peer = cutting(meddle=True)
            if ms:
                peer.send(b"x" * n)
                rig.pump(ms)
            rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", times)
            if not ms:
                peer.send(b"x" * n)
            peer.close()
            rig.pump(ms)
            try:
                assert sock.read() == b"x" * n, (times, n)
            except OSError as error:
                assert error.errno == errors.ECONNRESET and times > 2


def test_nor_are_those_of_our_own_where_the_module_counts_accepted_ones():
    rig, sock, peer = cutting(meddle=True)
    backlog(rig.modem.sockets).counts = True
    rig.module.faults = faults = Faults("urc:0 lose")
    faults.attach(rig.module)
    rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", 99)
    peer.send(b"x" * 600)
    peer.close()
    assert raises(OSError, sock.read).errno == errors.ECONNRESET


def test_a_linux_side_that_restarts_between_count_and_read_is_no_end():
    rig, sock, peer = cutting()
    peer.send(b"x" * 600)
    rig.until(lambda: sock._flow.receiver._known, 1000)
    peer.close()
    rig.module.ap_restart(rig.clock.us)
    rig.pump(9000)
    assert raises(OSError, sock.read).errno == errors.ECONNRESET

"""ended.py: behind a close all is read, or it is an error."""

import sys

import ec2x.ended  # noqa: F401 - to be there
from ec2x import errors
from ec2x.watch import _sure as sure
from ec2x_sim.faults import Faults
from expect import raises
from heap import locked
from rig import Rig
from wires import lines_of

COUNT, PROBE = "+QFWDACK=40000", "+QFWDSERVER=?"
SHUT = {"empty": "error"}  # and the id is free once a read has found nothing


def ended(rig, n):
    """A connection of which the module has n bytes and the close, and what it hears from then on of the questions whether that was all."""
    sock, peer = rig.client()
    asked = lines_of(rig, "+QFWDACK", "+QFWDSERVER")
    peer.send(b"x" * n)
    peer.close()
    return sock, asked


def restarts(rig):
    """The Linux side restarts, and is back before anybody asks it: a command that holds module and driver, say."""
    rig.module.ap_restart(rig.clock.us)
    rig.clock.us += 8_000_000


def test_where_the_last_read_was_full_and_the_next_is_refused_the_module_is_asked_and_it_is_the_end():
    rig = Rig(module={"quirks": SHUT})
    sock, asked = ended(rig, 1024)
    assert sock.recv(2000) == b"x" * 1024 and sock.recv(2000) == b"" == sock.recv(1)
    assert asked() == [COUNT, COUNT, PROBE] and rig.modem.stats()["failed"] == 0


def test_a_close_after_a_long_silence_is_the_end_where_all_was_read():
    for room, n in ((1024, 1024), (2048, 2048)):
        rig = Rig(module={"quirks": SHUT}, rx_size=room)
        sock, peer = rig.client()
        peer.send(b"x" * n)
        rig.pump(10_000)
        peer.close()
        rig.pump(1000)
        assert sock.read() == b"x" * n


def test_a_reader_that_takes_its_time_is_told_the_end_too():
    """Its ring is full, so the end cannot be read; when it can, the module has been silent for too long to be known for the one it was."""
    for answer in (None, b"\r\nERROR\r\n", b"\r\nOK\r\n"):
        rig = Rig(meddle=True, module={"quirks": SHUT}, rx_size=1024)
        sock, asked = ended(rig, 1024)
        if answer:
            rig.uart.answer(b"AT+QFWDACK", answer)
        rig.pump(10_000)
        assert asked() == [COUNT]
        assert sock.recv(2000) == b"x" * 1024 and sock.recv(2000) == b"", answer
        assert asked() == [COUNT]


def test_what_is_left_is_counted_once_while_there_is_no_room():
    rig = Rig(rx_size=1024)
    sock, asked = ended(rig, 1500)
    rig.pump(10_000)
    assert asked() == [COUNT]
    assert sock.read() == b"x" * 1500
    assert asked() == [COUNT]


def test_a_linux_side_that_restarts_before_there_is_room_is_no_end():
    rig = Rig(rx_size=1024)
    sock, asked = ended(rig, 1500)
    rig.pump(10_000)
    restarts(rig)
    assert sock.recv(2000) == b"x" * 1024
    assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET
    assert asked() == [COUNT, COUNT, COUNT, PROBE]


def test_a_module_that_counts_and_refuses_each_read_is_given_up():
    rig = Rig(meddle=True, latency_us=1000)
    sock, asked = ended(rig, 600)
    rig.uart.answer(b"AT+QFWDRECV=40000", b"\r\nERROR\r\n", 99)
    assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET
    assert asked() == [COUNT] * 9 and rig.now() < 5000


def test_a_module_that_counts_slowly_or_not_at_all_is_read_when_there_is_room():
    for quirk, answer in ((1_500_000, None), (1000, b""), (1000, b"\r\n+QFWDACK: 40000,0,1024,1024\r\n\r\nOK\r\n")):
        rig = Rig(meddle=True, rx_size=1024, latency_us={"QFWDACK": quirk, "*": 1000})
        sock, _ = ended(rig, 1500)
        if answer is not None:
            rig.uart.answer(b"AT+QFWDACK", answer, 1000)
        rig.pump(30_000)
        stats = rig.modem.stats()
        assert stats["timeouts"] + stats["broken"] <= 10, (quirk, answer)
        assert sock.read() == b"x" * 1500


def test_a_module_that_answers_the_probe_slowly_is_the_end_or_an_error_and_no_hang():
    rig = Rig(module={"quirks": SHUT}, latency_us={"QFWDSERVER": 1_500_000, "*": 1000})
    sock, _ = ended(rig, 1024)
    sock.settimeout(60)
    assert sock.recv(2000) == b"x" * 1024
    assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET


def test_no_memory_for_the_count_is_no_end_and_keeps_nobody_from_working():
    rig = Rig(rx_size=1024)
    other, there = rig.client(host="198.51.100.8")

    class Full:
        def __getattr__(self, name):
            raise MemoryError

    sys.modules["ec2x.ended"], kept = Full(), sys.modules["ec2x.ended"]
    try:
        sock, _ = ended(rig, 1500)
        rig.pump(1000)
        there.send(b"hello")
        assert other.recv(9) == b"hello"
    finally:
        sys.modules["ec2x.ended"] = kept
    assert sock.read() == b"x" * 1500


def test_a_read_that_is_refused_because_it_was_garbled_is_no_end():
    rig = Rig(meddle=True, latency_us=1000)
    sock, asked = ended(rig, 600)
    rig.uart.answer(b"AT+QFWDRECV=40000", b"\r\nERROR\r\n")
    assert sock.recv(2000) == b"x" * 600 and sock.recv(2000) == b""
    assert asked() == [COUNT]


def test_where_only_the_close_was_told_it_is_asked_too():
    rig = Rig(module={"quirks": SHUT})
    sock, asked = ended(rig, 0)
    assert sock.recv(2000) == b"" == sock.recv(1)
    assert asked() == [COUNT, COUNT, PROBE] and rig.modem.stats()["failed"] == 0


def test_where_it_was_not_nothing_is_asked():
    rig = Rig(module={"quirks": SHUT})
    rig.modem.sockets.most = 1024  # an earlier one was longer
    sock, asked = ended(rig, 1000)
    assert sock.recv(2000) == b"x" * 1000 and sock.recv(2000) == b""
    assert asked() == []


def test_a_linux_side_that_has_restarted_is_no_end():
    rig = Rig(latency_us=1000)
    sock, asked = ended(rig, 600)
    rig.until(lambda: sock._flow.closed, 1000)
    rig.module.ap_restart(rig.clock.us)
    assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET
    stats = rig.modem.stats()
    assert asked() == [COUNT, COUNT, PROBE] and (stats["failed_reads"], stats["failed"]) == (1, 1)


def test_where_the_answer_is_lost_it_is_asked_again():
    for lost in (COUNT, PROBE):
        rig = Rig(meddle=True, module={"quirks": SHUT})
        sock, asked = ended(rig, 1024)
        rig.uart.answer(b"AT" + lost.encode(), b"")
        assert sock.recv(2000) == b"x" * 1024 and sock.recv(2000) == b"", lost
        assert asked() == [COUNT, COUNT, PROBE] and rig.modem.stats()["timeouts"] == 1


def test_a_linux_side_that_restarts_before_it_is_asked_again_is_no_end():
    rig = Rig(meddle=True, rx_size=1024)
    sock, asked = ended(rig, 1500)
    rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n")  # garbled on its way
    rig.uart.answer(b"AT+QFWDACK", b"")
    rig.until(lambda: rig.uart.lines.count(b"AT" + COUNT.encode()) == 2, 1000)
    rig.module.ap_restart(rig.clock.us)
    rig.pump(1300)
    assert sock.recv(2000) == b"x" * 1024
    assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET


def test_reads_that_the_module_caps_are_no_end_whatever_befalls_the_next():
    for befalls in ("garbled", "restart"):
        rig = Rig(meddle=True, latency_us=1000, module={"quirks": {"recv_cap": 700}})
        sock, _ = ended(rig, 1500)
        rig.until(lambda: rig.uart.lines[-1].startswith(b"AT+QFWDRECV"), 1000)
        if befalls == "garbled":
            rig.uart.answer(b"AT+QFWDRECV=40000", b"\r\nERROR\r\n")
            assert sock.read() == b"x" * 1500
        else:
            rig.until(sock._io.rx.any, 1000)
            rig.module.ap_restart(rig.clock.us)
            assert raises(OSError, sock.read).errno == errors.ECONNRESET


def test_a_linux_side_that_answers_late_what_came_while_it_restarted_is_no_end():
    rig = Rig(meddle=True, rx_size=1024, latency_us=1000)
    sock, _ = ended(rig, 1500)
    other, there = rig.client(host="198.51.100.8")
    rig.pump(3000)
    other.write(b"q")
    rig.pump(20)
    rig.module.ap_restart(rig.clock.us)
    rig.pump(1300)
    rig.uart.answer(b"AT+QFWDCLIENT", b"")
    rig.module.agenda.add(rig.clock.us + 3_720_000, lambda now: rig.uart.say(b"\r\nOK\r\n"))
    third = rig.modem.socket()
    third.settimeout(0)
    raises(OSError, third.connect, ("198.51.100.8", 80))
    rig.pump(3730)
    assert raises(OSError, sock.read).errno == errors.ECONNRESET


def test_an_answer_that_anothers_command_loses_makes_no_error_of_an_end():
    for lost in (b"AT+QIACT?", b"AT+QFWDRECV=40001"):
        rig = Rig(apn="internet", meddle=True, latency_us=1000)
        sock, peer = rig.client()
        _, there = rig.client(host="198.51.100.8")
        rig.pump(40_000)
        peer.send(b"x" * 100)
        rig.pump(100)
        rig.uart.answer(lost, b"")
        there.send(b"y")
        peer.close()
        rig.pump(12_000)
        assert sock.read() == b"x" * 100


def test_a_close_that_came_while_nobody_polled_is_the_end_where_nothing_was_to_be_read():
    """With something to read it is not: all that was said may be older than a restart of the Linux side."""
    for n, outcome in ((0, b""), (600, errors.ECONNRESET)):
        rig = Rig(latency_us=1000)
        sock, _ = ended(rig, n)
        rig.clock.us += 1_000_000
        if n:
            rig.module.ap_restart(rig.clock.us)
        rig.clock.us += 7_000_000
        assert (raises(OSError, sock.recv, 9).errno if n else sock.recv(9)) == outcome


def test_a_close_is_as_old_as_when_it_was_first_told():
    rig = Rig(latency_us=1000)
    sock, _ = ended(rig, 600)
    rig.until(lambda: sock._flow.closed, 1000)
    sock._flow.receiver.more = 2  # as where the URC of what there is was lost
    sock._flow.receiver._told = False
    restarts(rig)
    rig.urc(b'+QFWDURC: "client/close",40000')
    assert raises(OSError, sock.recv, 9).errno == errors.ECONNRESET


def test_a_count_that_is_never_legible_is_no_proof():
    for times in (2, 1000):
        for answer in (b"\r\nOK\r\n", b"\r\n+QFWDACK: 4000,0,1024,1024,500,0,0\r\n\r\nOK\r\n"):
            rig = Rig(meddle=True, rx_size=1024, latency_us=1000)
            sock, _ = ended(rig, 1500)
            rig.uart.answer(b"AT+QFWDACK", answer, times)
            rig.pump(5000)
            restarts(rig)
            assert sock.recv(2000) == b"x" * 1024
            assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET, (times, answer)


def test_a_linux_side_that_restarts_between_the_questions_is_no_end():
    for after in range(6):
        rig = Rig(meddle=True, rx_size=1024, latency_us=1000)
        sock, _ = ended(rig, 1500)
        rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n")
        rig.until(lambda: b"AT" + COUNT.encode() in rig.uart.lines, 3000)
        rig.pump(after)
        rig.module.ap_restart(rig.clock.us)
        rig.pump(10_000)
        assert sock.recv(2000) == b"x" * 1024
        assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET, after


def test_a_connection_that_closed_long_before_it_is_accepted_has_its_end():
    rig = Rig(latency_us=1000)
    listener = rig.listener()
    peer = rig.dial()
    rig.pump(50)
    peer.close()
    rig.pump(60_000)
    assert listener.accept()[0].recv(9) == b""


def test_the_peer_of_a_datagram_is_gone_without_a_word():
    """The module closes it when nothing has come for a while; whoever restarts meanwhile makes no error of it."""
    for restarted, slot in ((False, "freed"), (True, "freed"), (False, "held")):
        rig = Rig(latency_us=1000, module={"quirks": {"idle_scale": 1, "slot": slot}})
        sock = rig.modem.socket(2, 2)
        sock.settimeout(5)
        sock.bind(("", 2020))
        peer = rig.net.udp("192.168.225.58", 5000)
        peer.sendto(b"hi", 2020)
        assert sock.recvfrom(9)[0] == b"hi"
        child = next(flow for flow in rig.modem.sockets.flows if flow and flow.peer)
        rig.until(lambda child=child: child.closed, 100_000)
        if restarted:
            restarts(rig)
        assert raises(OSError, sock.recvfrom, 9).errno == errors.ETIMEDOUT
        assert child.state > 3 and rig.modem.stats()["failed_reads"] == 0


def test_nothing_behind_a_close_is_read_once_more():
    """The count says so when the close has just been told: it was asked because a read had been refused."""
    for us in range(0, 120_000, 5_000):
        rig = Rig(latency_us=30_000, module={"quirks": {"empty": "error", "slot": "held", "urc_place": "any_line"}})
        sock, peer = rig.client(timeout=20)
        peer.send(b"x" * 100)
        assert sock.recv(200) == b"x" * 100
        rig.pump(3000)
        rig.module.agenda.add(rig.clock.us + 240_000 + us, lambda now, peer=peer: peer.close())
        assert sock.recv(1) == b"", us


def test_where_only_the_close_was_told_and_there_is_no_room_it_is_counted_too():
    rig = Rig(module={"quirks": SHUT}, rx_size=1024)
    sock, peer = rig.client()
    peer.send(b"x" * 600)
    rig.pump(100)
    peer.close()
    rig.pump(10_000)
    assert sock.read() == b"x" * 600


def accepted():
    """(rig, an accepted connection, its peer)."""
    rig = Rig(latency_us=1000, rx_size=1024)
    listener = rig.listener()
    peer = rig.dial(at=1001)
    rig.pump(100)
    sock = listener.accept()[0]
    return rig, sock, peer


def test_what_was_counted_as_nothing_is_an_end_whoever_gets_the_id_later():
    rig, sock, peer = accepted()
    peer.send(b"x" * 600)
    rig.pump(100)
    peer.close()
    rig.pump(60_000)
    rig.dial(at=1002)
    rig.pump(100)
    assert sock.read() == b"x" * 600


def test_an_accepted_connection_of_which_something_was_told_is_read_without_a_count():
    rig, sock, peer = accepted()
    asked = lines_of(rig, "+QFWDACK")
    peer.send(b"x" * 800)
    assert sock.recv(999) == b"x" * 800
    peer.send(b"x" * 600)
    peer.close()
    assert sock.read() == b"x" * 600
    assert not asked()


def test_a_data_call_that_is_lost_is_no_end_where_the_question_about_it_is_lost_too():
    rig = Rig(apn="internet", meddle=True, module={"quirks": SHUT})
    sock, peer = rig.client(timeout=60)
    peer.send(b"half of it")
    assert sock.recv(99) == b"half of it"
    rig.uart.answer(b"AT+QIACT?", b"")
    rig.module.radio.activate(1, False)
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET


def test_a_data_call_that_is_seen_says_nothing_of_what_was_counted():
    rig = Rig(apn="internet", meddle=True, rx_size=1024, latency_us=1000)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QIACT?", b"")
    peer.send(b"x" * 1500)
    peer.close()
    rig.pump(12_000)
    rig.uart.answer(b"AT+QFWDRECV=40000", b"\r\nERROR\r\n")
    assert sock.read() == b"x" * 1500


def test_a_module_that_refuses_to_count_is_read_all_the_same():
    for n, room in ((1500, 1024), (5000, 2048), (600, 1024)):
        for ms in (0, 3000):
            rig = Rig(meddle=True, rx_size=room, latency_us=5000)
            sock, peer = rig.client()
            peer.send(b"x" * n)
            rig.pump(300)
            rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", 10_000)
            peer.close()
            rig.pump(ms)
            assert sock.read() == b"x" * n, (n, room, ms)


def test_so_is_one_that_has_counted_before():
    rig = Rig(meddle=True, rx_size=1024, latency_us=5000)
    listener = rig.listener()
    for times in (0, 10_000):
        peer = rig.dial(at=1000 + times)
        sock, _ = listener.accept()
        peer.send(b"x" * 1500)
        rig.pump(300)
        rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", times)
        peer.close()
        rig.pump(3000)
        assert sock.read() == b"x" * 1500, times


def test_it_is_asked_no_more_than_is_of_use_nor_believed_once_the_linux_side_has_restarted():
    for polled in (True, False):
        rig = Rig(meddle=True, rx_size=1024, latency_us=5000)
        sock, peer = rig.client()
        peer.send(b"x" * 1500)
        rig.pump(300)
        rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", 10_000)
        peer.close()
        n = len(rig.uart.lines)
        rig.pump(20_000)
        assert len(rig.uart.lines) - n < 6
        rig.module.ap_restart(rig.clock.us)
        if polled:
            rig.pump(9000)
        else:
            rig.clock.us += 9_000_000
        assert raises(OSError, sock.read).errno == errors.ECONNRESET


def test_a_close_that_is_told_again_after_a_restart_proves_nothing():
    rig = Rig(latency_us=1000, rx_size=1024)
    sock, _ = ended(rig, 1500)
    other, _ = rig.client(host="198.51.100.8")
    rig.pump(300)
    restarts(rig)
    other.write(b"q")
    rig.pump(100)
    rig.urc(b'+QFWDURC: "client/close",40000')
    assert raises(OSError, sock.read).errno == errors.ECONNRESET


def test_no_memory_for_the_proof_asks_for_it_again():
    rig = Rig(module={"quirks": SHUT})
    sock, _ = ended(rig, 0)
    kept = ec2x.ended.Alive
    tries = []

    def full(*_):
        tries.append(rig.now())
        raise MemoryError

    ec2x.ended.Alive = full
    try:
        rig.pump(1000)
    finally:
        ec2x.ended.Alive = kept
    assert tries and sock.recv(9) == b""


def test_a_data_call_that_is_seen_in_the_middle_of_the_questions_proves_nothing():
    """The link asks between them, and its answer says only that the close was the peer's."""
    rig = Rig(apn="internet", latency_us=20_000, module={"quirks": SHUT})
    sock, _ = ended(rig, 1024)
    rig.until(lambda: sock._flow.errand, 3000)
    sock._flow.sure = False
    sure(rig.modem.sockets)
    assert sock._flow.sure and sock._flow.receiver.more != 4
    assert sock.read() == b"x" * 1024


def test_what_an_earlier_read_was_told_of_is_no_matter_of_a_close_that_nobody_polled_for():
    rig = Rig(latency_us=1000, rx_size=1024)
    sock, peer = rig.client()
    peer.send(b"x" * 600)
    rig.pump(3000)
    rig.module.agenda.add(rig.clock.us + 100_000, lambda now: peer.close())
    rig.clock.us += 8_000_000
    rig.pump(5000)
    assert sock.read() == b"x" * 600


def test_the_questions_take_no_memory_or_are_asked_again():
    rig = Rig(module={"quirks": SHUT})
    sock, _ = rig.client()
    for ask in (ec2x.ended.left, ec2x.ended.alive):
        locked(lambda ask=ask: ask(sock._flow, rig.modem.sockets._request))


def test_no_memory_for_the_question_keeps_nobody_from_working():
    rig = Rig(rx_size=1024)
    other, there = rig.client(host="198.51.100.8")

    def full(*_):
        raise MemoryError

    kept = ec2x.ended.Left
    ec2x.ended.Left = full
    try:
        sock, _ = ended(rig, 1500)
        rig.pump(1000)
        there.send(b"hello")
        assert other.recv(9) == b"hello"
    finally:
        ec2x.ended.Left = kept
    assert sock.read() == b"x" * 1500


def waiting(told=True):
    """A listener with one to be accepted, and behind it one of whom there are 600 bytes, of which it is told or not, and the close."""
    rig = Rig(latency_us=1000)
    listener = rig.listener()
    listener.listen(1)
    rig.dial(at=1001)
    rig.pump(100)
    waits = rig.dial(at=1002)
    rig.pump(100)
    if not told:
        rig.module.faults = faults = Faults("urc:0 lose")
        faults.attach(rig.module)
    waits.send(b"x" * 600)
    rig.pump(100)
    waits.close()
    rig.pump(100)
    return rig, listener


def test_an_id_that_a_restarted_linux_side_gives_to_another_is_no_end():
    rig, sock, peer = accepted()
    sock.settimeout(10)
    peer.send(b"x" * 1500)
    peer.close()
    rig.pump(1000)
    rig.module.ap_restart(rig.clock.us)
    rig.clock.us += 6_000_000
    other = rig.listener(2021)
    rig.dial(2021, at=1002)
    other.accept()
    assert raises(OSError, sock.read).errno == errors.ECONNRESET


def test_nor_is_that_of_one_who_still_waited():
    for told in (True, False):
        rig, listener = waiting(told)
        rig.module.ap_restart(rig.clock.us)
        rig.clock.us += 6_000_000
        rig.listener(2021)
        rig.dial(2021, at=1003)
        rig.dial(2021, at=1004)
        rig.pump(100)
        listener.accept()
        rig.pump(10)
        assert raises(OSError, lambda: listener.accept()[0].read()).errno == errors.ECONNRESET, told


def test_a_linux_side_that_has_restarted_ends_none_of_several():
    """The commands that go through for one of them say nothing of what the module has lost with the other."""
    for size, room in ((600, 2048), (1500, 1024)):
        rig = Rig(latency_us=1000, rx_size=room)
        pairs = [rig.client(port=80), rig.client(port=81)]
        for _, peer in pairs:
            peer.send(b"x" * size)
            peer.close()
        rig.until(lambda: pairs[0][0]._flow.closed and pairs[1][0]._flow.closed, 1000)
        if size > room:
            rig.pump(3000)
        restarts(rig)
        for sock, _ in pairs:
            if size > room:
                assert sock.recv(2000) == b"x" * room
            assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET, size


def test_a_linux_side_that_restarts_before_a_connection_is_accepted_is_no_end():
    rig, listener = waiting()
    restarts(rig)
    rig.client()
    listener.accept()
    rig.pump(10)
    assert raises(OSError, lambda: listener.accept()[0].read()).errno == errors.ECONNRESET


def test_a_linux_side_that_has_restarted_and_has_served_another_since_is_no_end_either():
    rig = Rig(rx_size=1024)
    sock, asked = ended(rig, 1500)
    rig.pump(1000)
    restarts(rig)
    rig.client(host="198.51.100.8")
    assert sock.recv(2000) == b"x" * 1024
    assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET


def test_a_linux_side_that_has_restarted_and_is_back_is_no_end_either():
    rig = Rig(latency_us=1000)
    sock, asked = ended(rig, 600)
    rig.until(lambda: sock._flow.closed, 1000)
    restarts(rig)
    assert raises(OSError, sock.recv, 2000).errno == errors.ECONNRESET
    assert rig.modem.stats()["failed_reads"] == 1 and asked() == [COUNT, COUNT, PROBE]

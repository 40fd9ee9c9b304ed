"""traffic.py: when a flow reads and sends, and what it makes of the module's answers."""

from ec2x import ModemError, errors
from expect import raises
from rig import Rig

ALL = bytes(range(256))


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def sent(rig, prefix):
    return [line for line in rig.uart.lines if line.startswith(prefix)]


# Sending


def test_a_short_write_is_completed_and_nothing_goes_twice():
    for queue in (1, 7, 300, 1023):
        rig = Rig(module={"sendmax": queue})
        sock, peer = rig.client()
        peer.window = queue
        sock.setblocking(False)
        data = ALL * 2
        assert sock.write(data) == len(data)
        got = b""
        while len(got) < len(data):
            rig.pump(5)
            got += peer.recv()
        assert got == data


def test_a_full_module_is_looked_at_before_more_is_sent():
    rig = Rig(meddle=True, module={"sendmax": 1000})
    sock, peer = rig.client()
    peer.window = 0
    sock.setblocking(False)
    sock.write(bytes(2000))
    rig.pump(5000)
    assert len(sent(rig, b"AT+QFWDSEND")) == 1
    assert 5 < len(sent(rig, b"AT+QFWDACK")) < 20  # with a back-off of half a second at most
    peer.window = None
    rig.until(lambda: peer.unread() == 2000)


def test_a_stalled_peer_delays_nobody_else():
    rig = Rig(baud=921600, module={"sendmax": 1000})
    stalled, deaf = rig.client()
    deaf.window = 0
    other, peer = rig.client(host="198.51.100.8")
    stalled.setblocking(False)
    other.setblocking(False)
    data = ALL * 80
    done = 0
    before = rig.clock.us
    got = b""
    while len(got) < len(data):
        stalled.write(data)
        done += other.write(data[done:]) or 0
        got += peer.recv()
        rig.idle()
        rig.modem.poll()
    assert got == data
    assert rig.clock.us - before < 300_000, rig.clock.us - before  # 235 ms is what the wire takes


def test_a_send_that_is_refused_before_the_prompt_is_repeated():
    for refusal in (b"\r\nERROR\r\n", b"\r\n+CME ERROR: 14\r\n"):
        rig = Rig(meddle=True)
        sock, peer = rig.client()
        rig.uart.answer(b"AT+QFWDSEND", refusal, 3)
        sock.send(b"hello")
        rig.until(lambda peer=peer: peer.unread() == 5)
        assert peer.recv() == b"hello" and rig.modem.stats()["refused"] == 3


def test_a_send_that_is_refused_for_ever_fails_the_socket():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDSEND", b"\r\n+CME ERROR: 14\r\n", 99)
    sock.send(b"hello")
    error = raises(OSError, sock.recv, 5)
    assert error.errno == errors.ECONNRESET and error.cme == 14
    assert len(sent(rig, b"AT+QFWDSEND")) == 4
    rig.until(lambda: peer.closed)
    assert rig.modem.stats()["dropped"] == 5


def test_a_send_that_is_refused_behind_the_prompt_is_not_repeated():
    rig = Rig(meddle=True)
    sock, _ = rig.client()
    rig.uart.answer(b"AT+QFWDSEND", b"\r\nERROR\r\n", 9, 5)
    sock.send(b"hello")
    assert errno_of(sock.recv, 5) == errors.ECONNRESET
    assert len(sent(rig, b"AT+QFWDSEND")) == 1


def test_an_answer_to_a_send_that_cannot_be_right_fails_the_socket():
    for answer in (b"+QFWDSEND: 40001,5", b"+QFWDSEND: 40000,6", b"+QFWDSEND: 40000,-1", b"+QFWDSEND: 40000,x", b"+QFWDSEND: 40000"):
        rig = Rig(meddle=True)
        sock, _ = rig.client()
        rig.uart.answer(b"AT+QFWDSEND", b"\r\n" + answer + b"\r\n\r\nOK\r\n", 1, 5)
        sock.send(b"hello")
        assert errno_of(sock.recv, 5) == errors.ECONNRESET, answer
        assert rig.modem.stats()["broken"] == 1


def test_two_counts_for_one_send_fail_the_socket():
    rig = Rig(meddle=True)
    sock, _ = rig.client()
    rig.uart.answer(b"AT+QFWDSEND", b"\r\n+QFWDSEND: 40000,2\r\n\r\n+QFWDSEND: 40000,3\r\n\r\nOK\r\n", 1, 5)
    sock.send(b"hello")
    assert errno_of(sock.recv, 5) == errors.ECONNRESET


def test_an_ok_without_a_count_behind_a_payload_fails_the_socket_for_nobody_knows_what_was_taken():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDSEND", b"\r\nOK\r\n", 1, 5)
    sock.send(b"hello")
    assert errno_of(sock.recv, 5) == errors.ECONNRESET
    rig.pump(100)
    assert peer.recv() == b"" and len(sent(rig, b"AT+QFWDSEND")) == 1


def test_an_ok_instead_of_a_prompt_has_moved_nothing():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDSEND", b"\r\nOK\r\n")
    sock.send(b"hello")
    rig.until(lambda: peer.unread() == 5)
    assert peer.recv() == b"hello"


def test_a_look_that_says_nothing_of_use_does_not_stop_the_sending():
    for answer in (b"\r\nERROR\r\n", b"\r\nOK\r\n"):
        rig = Rig(meddle=True)
        sock, peer = rig.client()
        rig.uart.answer(b"AT+QFWDSEND", b"\r\n+QFWDSEND: 40000,0\r\n\r\nOK\r\n", 1, 5)
        rig.uart.answer(b"AT+QFWDACK", answer)
        sock.send(b"hello")
        rig.until(lambda peer=peer: peer.unread() == 5)


def test_a_look_that_is_garbled_fails_the_socket():
    for answer in (b"+QFWDACK: 40000,x,5,5", b"+QFWDACK: 40009,0,5,5,0,5,5", b"+QFWDACK: 40000,-1,-2"):
        rig = Rig(meddle=True)
        sock, _ = rig.client()
        rig.uart.answer(b"AT+QFWDACK", b"\r\n" + answer + b"\r\n\r\nOK\r\n")
        assert errno_of(sock.unacked) == errors.ECONNRESET, answer


def test_after_the_peers_close_nothing_more_is_sent():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    sock.setblocking(False)
    peer.close()
    rig.pump(100)
    before = len(sent(rig, b"AT+QFWDSEND"))
    assert errno_of(sock.send, b"x") == errors.EPIPE
    rig.pump(100)
    assert len(sent(rig, b"AT+QFWDSEND")) == before


# Receiving


def test_a_lost_urc_costs_a_quarter_of_a_second_not_the_data():
    rig = Rig()
    sock, peer = rig.client()
    rig.modem.chat.urcs[:] = []
    peer.send(b"unheard")
    before = rig.clock.us
    assert sock.recv(20) == b"unheard"
    assert rig.clock.us - before < 400_000


def test_an_idle_socket_is_looked_at_less_and_less():
    rig = Rig(meddle=True)
    rig.client()
    rig.pump(300_000)
    assert 5 < len(sent(rig, b"AT+QFWDRECV")) < 20


def test_a_socket_somebody_waits_on_is_looked_at_four_times_a_second():
    rig = Rig(meddle=True)
    sock, _ = rig.client(timeout=10)
    rig.pump(100_000)
    before = len(sent(rig, b"AT+QFWDRECV"))
    errno_of(sock.recv, 1)
    assert 35 <= len(sent(rig, b"AT+QFWDRECV")) - before <= 41


def test_a_urc_in_the_middle_of_a_read_is_followed():
    rig = Rig(meddle=True)
    sock, _ = rig.client()
    urc = b'\r\n+QFWDURC: "client/read",40000\r\n'
    head, tail = b"\r\n+QFWDRECV: 40000,3\r\nabc\r\n", b"\r\nOK\r\n"
    for i, answer in enumerate((urc + head + tail, head + urc + tail, head + tail + urc)):
        rig.uart.answer(b"AT+QFWDRECV", answer)
        rig.uart.answer(b"AT+QFWDRECV", b"\r\n+QFWDRECV: 40000,3\r\ndef\r\n\r\nOK\r\n")
        rig.urc(b'+QFWDURC: "client/read",40000')
        assert sock.read(6) == b"abcdef", i


def test_an_empty_read_in_any_form_is_no_error():
    for answer in (b"\r\n+QFWDRECV: 40000,0\r\n\r\nOK\r\n", b"\r\nOK\r\n", b"\r\n+QFWDRECV: 40000,0\r\n\r\n\r\nOK\r\n"):
        rig = Rig(meddle=True)
        sock, peer = rig.client()
        rig.uart.answer(b"AT+QFWDRECV", answer)
        rig.urc(b'+QFWDURC: "client/read",40000')
        rig.pump(100)
        peer.send(b"data")
        assert sock.recv(9) == b"data"


def test_a_read_that_is_refused_is_repeated_and_then_fails():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDRECV", b"\r\n+CME ERROR: 14\r\n", 3)
    peer.send(b"data")
    assert sock.recv(9) == b"data"
    rig.uart.answer(b"AT+QFWDRECV", b"\r\n+CME ERROR: 14\r\n", 10)
    peer.send(b"more")
    at = rig.now()
    error = raises(OSError, sock.recv, 9)
    assert error.errno == errors.ECONNRESET and error.cme == 14
    assert 2500 < rig.now() - at < 4500


def test_an_end_whose_urc_comes_seconds_after_the_id_is_gone_is_an_end_and_no_error():
    for quirks in ({}, {"empty": "error"}, {"slot": "held"}, {"read_urc": "lost"}):
        quirks["urc_place"] = "torn"
        rig = Rig(module={"quirks": quirks})
        sock, peer = rig.client(timeout=60)
        peer.send(b"the last words")
        peer.close()
        assert sock.read(-1) == b"the last words", quirks


def test_a_module_that_has_room_and_takes_nothing_fails_the_socket_with_a_hint():
    rig = Rig(module={"quirks": {"fixed_literal": "no"}})
    sock, peer = rig.client(timeout=None)
    sock.send(b"a\x1ab")
    at = rig.now()
    error = raises(ModemError, sock.recv, 5)
    assert error.errno == errors.ENOBUFS and "'send': 'hex'" in error.args[1]
    assert 25_000 < rig.now() - at < 35_000 and peer.recv() == b"a"


def test_a_full_queue_is_waited_for_however_long_it_is_full():
    rig = Rig(module={"sendmax": 100})
    sock, peer = rig.client(timeout=None)
    peer.window = 0
    sock.send(b"x" * 300)
    rig.pump(600_000)
    peer.window = None
    rig.until(lambda: peer.unread() == 300)
    assert sock.unacked() == 0


def test_an_answer_whose_header_is_too_long_to_be_one_is_broken_and_not_empty():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDRECV", b"\r\n+QFWDRECV: 40000,1000," + b"x" * 1000 + b"\r\n\r\nOK\r\n")
    rig.urc(b'+QFWDURC: "client/read",40000')
    assert raises(OSError, sock.recv, 9).errno == errors.ECONNRESET
    assert rig.modem.stats()["too_long"] == 1


def test_a_refusal_may_mean_that_there_is_nothing_which_the_counters_tell():
    rig = Rig(meddle=True)
    sock, peer = rig.client(timeout=3)
    rig.uart.answer(b"AT+QFWDRECV", b"\r\nERROR\r\n", 9)
    assert errno_of(sock.recv, 9) == errors.ETIMEDOUT
    rig.uart._rules[0][2] = 0
    peer.send(b"data")
    assert sock.recv(9) == b"data"


def test_a_read_and_counters_that_are_refused_are_a_lost_connection():
    rig = Rig(meddle=True)
    sock, _ = rig.client(timeout=30)
    rig.uart.answer(b"AT+QFWDRECV", b"\r\nERROR\r\n", 99)
    rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", 99)
    assert errno_of(sock.recv, 9) == errors.ECONNRESET


def test_a_header_is_understood_in_each_way_that_the_manual_can_be_read():
    answers = (
        b"\r\n+QFWDPRECV: 40000,4\r\n,dat",
        b"\r\n+QFWDRECV: 40000,4,\r\n,dat",
        b"\r\n+QFWDRECV: 40000,4,\r,\n,,dat",
        b"\r\n+QFWDRECV: 40000, 4 \r\n,dat",
    )
    for answer in answers:
        rig = Rig(meddle=True)
        sock, _ = rig.client()
        rig.uart.answer(b"AT+QFWDRECV", answer + b"\r\n\r\nOK\r\n")
        rig.urc(b'+QFWDURC: "client/read",40000')
        assert sock.recv(9) == b",dat", answer


def test_an_answer_to_a_read_that_cannot_be_right_fails_the_socket_and_no_other():
    data = b"x" * 1025
    twice = b"40000,3\r\nabc\r\n\r\n+QFWDRECV: 40000,3"
    for header in (b"40001,3", b"40000,1025", b"40000,-3", b"40000,x", b"40000", b"40000,1000000000000", twice):
        rig = Rig(meddle=True)
        sock, _ = rig.client()
        other, peer = rig.client(host="198.51.100.8")
        rig.uart.answer(b"AT+QFWDRECV=40000", b"\r\n+QFWDRECV: " + header + b"\r\n" + data + b"\r\n\r\nOK\r\n")
        rig.urc(b'+QFWDURC: "client/read",40000')
        assert errno_of(sock.recv, 5) == errors.ECONNRESET, header
        peer.send(b"undisturbed")
        assert other.recv(20) == b"undisturbed"


def test_data_without_its_trailer_never_becomes_readable():
    for data in (b"ab\r\n\r\nOK\r\n", b"abcd\r\n\r\nOK\r\n", b"abc\r\nOK\r\n", b"abc\r\n\r\nERROR\r\n", b"abc\r\n\r\n"):
        rig = Rig(meddle=True)
        sock, _ = rig.client()
        rig.uart.answer(b"AT+QFWDRECV", b"\r\n+QFWDRECV: 40000,3\r\n" + data)
        rig.urc(b'+QFWDURC: "client/read",40000')
        assert errno_of(sock.recv, 5) == errors.ECONNRESET, data


def test_after_a_broken_answer_the_next_command_waits_until_the_channel_is_quiet():
    rig = Rig(meddle=True)
    sock, _ = rig.client()
    other, peer = rig.client(host="198.51.100.8")
    rig.uart.answer(b"AT+QFWDRECV=40000", b"\r\n+QFWDRECV: 40000,3\r\nabcX")
    rig.urc(b'+QFWDURC: "client/read",40000')
    rig.pump(20)
    rig.uart.say(b'\r\n\r\nOK\r\n\r\n+QFWDURC: "client/close",40001\r\n')
    peer.send(b"fine")
    assert other.recv(9) == b"fine"
    assert rig.modem.stats()["resyncs"] == 2


def test_several_sockets_are_served_in_turn_both_ways():
    rig = Rig(baud=921600)
    pairs = [rig.client(host="198.51.100.%d" % i) for i in range(4)]
    data = ALL * 24
    state = []
    for sock, peer in pairs:
        peer.send(data)
        sock.setblocking(False)
        state.append([0, 0, 0])
    lead = 0
    while min(s[0] for s in state) < len(data) or min(s[1] for s in state) < len(data):
        for (sock, peer), s in zip(pairs, state):
            chunk = sock.read(500)
            if chunk:
                assert data[s[0] : s[0] + len(chunk)] == chunk
                s[0] += len(chunk)
            s[2] += sock.write(data[s[2] :]) or 0
            there = peer.recv()
            assert data[s[1] : s[1] + len(there)] == there
            s[1] += len(there)
        rig.idle()
        lead = max(lead, max(s[0] for s in state) - min(s[0] for s in state))
    assert lead <= 2048


def test_a_slow_reader_does_not_cost_a_command_a_byte():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    peer.send(ALL * 16)
    for _ in range(4096):
        assert len(sock.recv(1)) == 1
    assert len(sent(rig, b"AT+QFWDRECV")) <= 12

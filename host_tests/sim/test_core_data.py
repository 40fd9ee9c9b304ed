"""Payloads both ways: every form of QFWDSEND, QFWDRECV and QFWDACK, and what becomes of each byte."""

from sim_dialogue import ERROR, OK, PROMPT, Dialogue, line, urc

ALL = bytes(range(256))


def send(d, command, payload, answer):
    assert d.say("AT+QFWDSEND=" + command) == PROMPT
    assert d.raw(payload) == answer


def taken(count):
    return line("+QFWDSEND: 1,%d" % count) + OK


def test_fixed_length_is_literal_for_all_values():
    d = Dialogue()
    peer = d.client()
    send(d, "1,0,256", ALL, taken(256))
    send(d, "1,0,1024", ALL * 4, taken(1024))
    assert peer.recv() == ALL * 5


def test_variable_length_ends_at_ctrl_z():
    d = Dialogue()
    peer = d.client()
    send(d, "1,0", b"line\r\nA/AT\x00\xff\x1a", taken(12))
    send(d, "1,0,", b"\x1a", taken(0))
    send(d, "1,0", b"a" * 1024 + b"\x1a", taken(1024))
    assert peer.recv() == b"line\r\nA/AT\x00\xff" + b"a" * 1024


def test_esc_cancels_with_a_bare_ok():
    d = Dialogue()
    peer = d.client()
    send(d, "1,0", b"abc\x1b", OK)
    send(d, "1,1", b"3\x1b", OK)
    send(d, "1,0", b"a" * 2000 + b"\x1b", OK)
    assert peer.recv() == b""


def test_more_than_1024_bytes_is_an_error_at_the_end():
    d = Dialogue()
    peer = d.client()
    assert d.say("AT+QFWDSEND=1,0") == PROMPT
    assert d.raw(b"a" * 1025) == b""
    assert d.raw(b"AT\r") == b""
    assert d.raw(b"\x1a") == ERROR
    send(d, "1,0", b"a" * 1025 + b"\x1a", ERROR)
    send(d, "1,1", b"31" * 1025 + b"\x1a", ERROR)
    assert peer.recv() == b""
    assert d.say("AT") == OK


def test_hex_counts_the_decoded_bytes():
    d = Dialogue()
    peer = d.client()
    send(d, "1,1", b"3131\x1a", taken(2))
    send(d, "1,1,3", b"0aFf1A", taken(3))
    send(d, "1,1", b"42" * 1024 + b"\x1a", taken(1024))
    assert peer.recv() == b"11\x0a\xff\x1a" + b"B" * 1024


def test_hex_that_is_none_sends_nothing():
    d = Dialogue()
    peer = d.client()
    for bad in (b"313\x1a", b"3g\x1a", b"31 2\x1a", b"\xff\xff\x1a", b"+1\x1a"):
        send(d, "1,1", bad, ERROR)
    send(d, "1,1,2", b"31\r\n", ERROR)
    assert peer.recv() == b""


def test_a_payload_arrives_the_same_however_it_is_cut():
    for cut in range(1, 12):
        d = Dialogue()
        peer = d.client()
        script = b"AT+QFWDSEND=1,0,7\rA\x1a\x1b\r\nT\rAT\r"
        first = d.raw(script[: cut + 12])
        assert first + d.raw(script[cut + 12 :]) == PROMPT + taken(7) + OK
        assert peer.recv() == b"A\x1a\x1b\r\nT\r"


def test_the_payload_is_echoed_as_measured_unless_echo_is_off():
    d = Dialogue()
    d.client()
    d.say("ATE1")
    assert d.say("AT+QFWDSEND=1,0") == b"AT+QFWDSEND=1,0\r" + PROMPT
    assert d.raw(b"ab\x1a") == b"ab" + taken(2)


def test_what_comes_before_the_prompt_is_lost():
    d = Dialogue()
    peer = d.client()
    d.module.latency_us = 1000
    d.raw(b"AT+QFWDSEND=1,0,4\r")
    d.module.feed("uart1", b"AT\r", d.module.now + 999)
    assert d.module.take("uart1") == b""
    d.module.feed("uart1", b"kept", d.module.now + 1)
    assert d.module.take("uart1") == PROMPT
    assert d.heard(999) == b""
    assert d.heard(1) == taken(4)
    assert d.heard(10000) == b""
    assert peer.recv() == b"kept"


def test_a_send_queue_that_is_full_takes_less_and_then_nothing():
    d = Dialogue(sendmax=1500)
    peer = d.client()
    peer.window = 100
    send(d, "1,0,1024", b"a" * 1024, taken(1024))  # 100 of them went on
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,924,576,1500,0,10240,10240") + OK
    send(d, "1,0,1024", b"b" * 1024, taken(576))
    send(d, "1,0,1024", b"c" * 1024, taken(0))
    got = b""
    while len(got) < 1600:
        more = peer.recv()
        assert len(more) == 100
        got += more
        d.heard()
    assert got == b"a" * 1024 + b"b" * 576
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,1500,1500,0,10240,10240") + OK
    send(d, "1,0,2", b"ok", taken(2))


def test_a_read_says_how_much_and_then_the_bytes():
    d = Dialogue()
    peer = d.client()
    peer.send(ALL + b"\r\nOK\r\n")
    assert d.heard() == urc('"client/read",1')
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,10240,10240,262,9978,10240") + OK
    assert d.say("AT+QFWDRECV=1,256") == line("+QFWDRECV: 1,256") + ALL + OK[:2] + OK
    assert d.say("AT+QFWDRECV=1,1024") == line("+QFWDRECV: 1,6") + b"\r\nOK\r\n" + b"\r\n" + OK
    assert d.say("AT+QFWDRECV=1,1") == b"\r\n+QFWDRECV: 1,0\r\n\r\nOK\r\n"


def test_a_numeric_read_has_the_count_all_the_same():
    d = Dialogue()
    d.client().send(b"abc")
    d.heard()
    d.say("ATV0")
    assert d.say("AT+QFWDRECV=1,10") == b"+QFWDRECV: 1,3\r\nabc\r\n0\r"


def test_readable_is_said_once_until_all_was_read():
    d = Dialogue()
    peer = d.client()
    peer.send(b"1")
    assert d.heard() == urc('"client/read",1')
    peer.send(b"23")
    assert d.heard() == b""
    assert d.say("AT+QFWDRECV=1,1") == line("+QFWDRECV: 1,1") + b"1\r\n" + OK
    peer.send(b"4")
    assert d.heard() == b""
    assert d.say("AT+QFWDRECV=1,3") == line("+QFWDRECV: 1,3") + b"234\r\n" + OK
    peer.send(b"5")
    assert d.heard() == urc('"client/read",1')


def test_what_does_not_fit_waits_in_the_network():
    d = Dialogue(recvmax=2000)
    peer = d.client()
    data = ALL * 40
    peer.send(data)
    assert d.heard() == urc('"client/read",1')
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,10240,10240,2000,0,2000") + OK
    got = b""
    while len(got) < len(data):
        answer = d.say("AT+QFWDRECV=1,1000")
        n = min(1000, len(data) - len(got))
        head = line("+QFWDRECV: 1,%d" % n)
        assert answer.startswith(head) and answer.endswith(b"\r\n" + OK)
        got += answer[len(head) : len(head) + n]
    assert got == data


def test_no_urc_lands_inside_a_response():
    d = Dialogue()
    peer = d.client()
    d.module.latency_us = 5000
    assert d.say("AT+QFWDSEND=1,0,3") == b""
    peer.send(b"x")
    assert d.heard(5000) == PROMPT
    d.module.urc("+CMTI: 1")  # and those of another kind
    assert d.heard(5000) == b""
    d.raw(b"abc")
    assert d.heard(5000) == taken(3) + urc('"client/read",1')
    d.module.latency_us = 0
    assert d.heard(port="usbat") == line("+CMTI: 1")


def test_inject_puts_bytes_anywhere():
    d = Dialogue()
    d.client()
    assert d.say("AT+QFWDSEND=1,0,3") == PROMPT
    d.module.inject("uart1", b"\r\nnoise\r\n", d.module.now)
    assert d.heard() == b"\r\nnoise\r\n"
    assert d.raw(b"abc") == taken(3)


def test_udp_keeps_its_datagrams_apart():
    d = Dialogue()
    ntp = d.client(1, "198.51.100.7", 123, "udp")
    send(d, "1,0,2", b"ab", taken(2))
    send(d, "1,1", b"63\x1a", taken(1))
    data, source = ntp.recvfrom()
    assert data == b"ab" and source[0] == "10.64.0.1"
    assert ntp.recvfrom() == (b"c", source)
    assert ntp.recvfrom() is None
    ntp.sendto(b"first", source[1])
    ntp.sendto(b"second", source[1])
    assert d.heard() == urc('"client/read",1')
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,10240,10240,11,10229,10240") + OK
    assert d.say("AT+QFWDRECV=1,1024") == line("+QFWDRECV: 1,5") + b"first\r\n" + OK
    assert d.say("AT+QFWDRECV=1,3") == line("+QFWDRECV: 1,3") + b"sec\r\n" + OK  # the rest is gone
    assert d.say("AT+QFWDRECV=1,1024") == line("+QFWDRECV: 1,0") + OK
    d.net.udp("203.0.113.9", 123).sendto(b"stranger", source[1])
    assert d.heard() == b""
    ntp.sendto(b"third", source[1])
    assert d.heard() == urc('"client/read",1')


def test_a_udp_server_has_a_connection_for_each_peer():
    d = Dialogue()
    d.server(1, 5683, "udp")
    one, two = d.net.udp("192.168.225.58", 1000), d.net.udp("192.168.225.59", 2000)
    one.sendto(b"hello", 5683)
    incoming = '"client/incoming",1,2,"192.168.225.58",1000,"0.0.0.0",5683'
    assert d.heard() == urc(incoming) + urc('"client/read",2')
    two.sendto(b"other", 5683)
    assert d.heard() == urc('"client/incoming",1,3,"192.168.225.59",2000,"0.0.0.0",5683') + urc('"client/read",3')
    assert d.say("AT+QFWDRECV=3,100") == line("+QFWDRECV: 3,5") + b"other\r\n" + OK
    assert d.say("AT+QFWDSEND=2,0,2") == PROMPT
    assert d.raw(b"hi") == line("+QFWDSEND: 2,2") + OK
    assert one.recvfrom() == (b"hi", ("10.64.0.1", 5683)) and two.recvfrom() is None
    assert b'2,"Income","udp","192.168.225.58",1000,"0.0.0.0",5683,"uart1"' in d.say("AT+QFWDCLIENT?")
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.say("AT+QFWDCLIENT?") == OK

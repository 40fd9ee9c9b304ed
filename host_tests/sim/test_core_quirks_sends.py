"""Other readings of the prompt, the payload behind it, and how much of it is taken."""

from ec2x_sim import Clock, SimUart
from sim_dialogue import ERROR, OK, PROMPT, Dialogue, line, quirky

CLIENT = 'AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"'


def taken(count):
    return line("+QFWDSEND: 1,%d" % count) + OK


def sends(command, *payload, **quirks):
    """What each part of a payload is answered with, and then: what the peer has."""
    d = quirky(**quirks)
    peer = d.client()
    assert d.say("AT+QFWDSEND=" + command) == PROMPT
    answers = [d.raw(part) for part in payload]
    return answers, peer.recv()


def test_the_prompts():
    for prompt, text in (("gt_sp", b"> "), ("gt", b">"), ("crlf_gt_crlf", b"\r\n>\r\n"), ("crlf_gt_sp", b"\r\n> ")):
        d = quirky(prompt=prompt)
        peer = d.client()
        assert d.say("AT+QFWDSEND=1,0,2") == text
        assert d.raw(b"ab") == taken(2)
        assert peer.recv() == b"ab"


def test_the_prompt_takes_its_time():
    d = quirky(prompt_delay=50)
    peer = d.client()
    assert d.say("AT+QFWDSEND=1,0,2") == b""
    assert d.raw(b"lost") == b""
    assert d.heard(48999) == b""
    assert d.heard(1) == PROMPT
    assert d.raw(b"ab") == taken(2)
    assert peer.recv() == b"ab"
    assert d.say("AT+QFWDSEND=9,0,2") == ERROR  # what is wrong is said at once


def test_a_reset_before_a_late_prompt():
    d = quirky(prompt_delay=2000)
    d.client()
    assert d.say("AT+QFWDSEND=1,0,2") == b"" and d.heard(1998999) == b""
    d.module.reset(d.module.now)
    d.heard(10000000)
    assert d.say("AT") == b"AT\r" + OK


def test_esc_is_an_error():
    assert sends("1,0", b"abc\x1b", cancel="error") == ([ERROR], b"")
    assert sends("1,1,9", b"3\x1b" + b"1" * 16, cancel="error", fixed_literal="no")[0][0][: len(ERROR)] == ERROR


def test_esc_does_nothing():
    assert sends("1,0", b"ab\x1b", b"\x1bc\x1b", b"d\x1a", cancel="ignored") == ([b"", b"", taken(4)], b"abcd")
    assert sends("1,1", b"3\x1b1\x1a", cancel="ignored") == ([taken(1)], b"1")
    assert sends("1,0,3", b"a\x1bb", cancel="ignored") == ([taken(3)], b"a\x1bb")  # literal there
    assert sends("1,0,3", b"a\x1bb", b"c", cancel="ignored", fixed_literal="no") == ([b"", taken(3)], b"abc")


def test_a_length_in_digits():
    assert sends("1,1,4", b"3132", hex_len="chars") == ([taken(2)], b"12")
    assert sends("1,1,4", b"3132", b"3334") == ([b"", taken(4)], b"1234")
    assert sends("1,1,3", b"313", hex_len="chars") == ([ERROR], b"")
    assert sends("1,1,1024", b"31" * 512, hex_len="chars") == ([taken(512)], b"1" * 512)
    assert sends("1,0,4", b"abcd", hex_len="chars") == ([taken(4)], b"abcd")


def test_a_limit_in_digits():
    assert sends("1,1", b"31" * 512 + b"\x1a", hex_limit="chars") == ([taken(512)], b"1" * 512)
    assert sends("1,1", b"31" * 513 + b"\x1a", hex_limit="chars") == ([ERROR], b"")
    assert sends("1,1", b"31" * 513 + b"\x1a") == ([taken(513)], b"1" * 513)
    assert sends("1,1,513", b"31" * 513, hex_limit="chars") == ([ERROR], b"")
    assert sends("1,0,1024", b"a" * 1024, hex_limit="chars") == ([taken(1024)], b"a" * 1024)


def test_bad_digits_cut_the_payload():
    for payload, data in ((b"3132xx33", b"12"), (b"31323", b"12"), (b"313x32", b"1"), (b"x", b""), (b"31 32", b"1"), (b"3132", b"12")):
        assert sends("1,1", payload + b"\x1a", hex_bad="truncate") == ([taken(len(data))], data)
    assert sends("1,1", b"3132xx33\x1a") == ([ERROR], b"")


def test_a_fixed_length_that_is_not_literal():
    assert sends("1,0,9", b"ab\x1a", fixed_literal="no") == ([taken(2)], b"ab")
    assert sends("1,0,9", b"ab\x1b", fixed_literal="no") == ([OK], b"")
    assert sends("1,0,3", b"abc", fixed_literal="no") == ([taken(3)], b"abc")
    assert sends("1,1,3", b"3132\x1a", fixed_literal="no") == ([taken(2)], b"12")


def test_too_much_is_an_error_at_once_and_the_rest_is_commands():
    assert sends("1,0", b"a" * 1024, b"b", overflow="error_now_spill") == ([b"", ERROR], b"")
    tail = b"xyz\rAT\rAT+CSQ\r\x1a"
    answers, got = sends("1,0", b"a" * 1024 + tail, overflow="error_now_spill")
    assert (answers, got) == ([ERROR + OK + line("+CSQ: 24,99") + OK], b"")
    assert sends("1,0", b"a" * 1024 + tail) == ([ERROR], b"")
    assert sends("1,0", b"a" * 1024 + b"\x1a", overflow="error_now_spill")[0] == [taken(1024)]
    assert sends("1,1", b"31" * 512 + b"\r", overflow="error_now_spill", hex_limit="chars")[0] == [ERROR]
    assert sends("1,0", b"a" * 1024 + b"\x1b", overflow="error_now_spill")[0] == [OK]


def test_a_send_takes_only_so_much():
    for most in (1, 7, 100):
        d = quirky(short_write=most)
        peer = d.client()
        data = bytes(range(256))
        while data:
            assert d.say("AT+QFWDSEND=1,0,%d" % len(data)) == PROMPT
            assert d.raw(data) == taken(min(most, len(data)))
            assert peer.recv() == data[:most]
            data = data[most:]
    assert sends("1,1", b"313233\x1a", short_write=2) == ([taken(2)], b"12")
    assert sends("1,0", b"x\x1a", short_write=0) == ([taken(1)], b"x")


def udp(**quirks):
    d = quirky(**quirks)
    peer = d.client(1, "198.51.100.7", 123, "udp")
    d.say("AT+QFWDSEND=1,0,5")
    return d.raw(b"abcde"), peer.recvfrom()[0]


def test_a_datagram_goes_whole_unless_it_is_said_to_be_cut():
    assert udp(short_write=2) == (taken(5), b"abcde")
    assert udp(short_write=2, short_udp="yes") == (taken(2), b"ab")
    assert udp(short_udp="yes") == (taken(5), b"abcde")


def test_the_payload_is_echoed_or_not():
    for echo, quirks, letter in (
        (True, {}, b"a"),
        (False, {}, b"\r"),
        (False, {"payload_echo": "always"}, b"a"),
        (True, {"payload_echo": "never"}, b"\r"),
    ):
        d = quirky(**quirks)
        d.client()
        if echo:
            d.say("ATE1")
        assert d.say("AT+QFWDSEND=1,0").endswith(PROMPT)
        assert d.raw(b"abc\x1a") == (b"abc" if letter == b"a" else b"") + taken(3)
    d = quirky(payload_echo="always")
    d.client()
    d.say("AT+QFWDSEND=1,0,3")
    assert d.raw(b"a\x1ab") == b"a\x1ab" + taken(3)
    d = quirky(payload_echo="never")
    d.client()
    d.say("ATE1")
    assert d.say("AT+QFWDSEND=1,0") == b"AT+QFWDSEND=1,0\r" + PROMPT
    assert d.raw(b"abc\x1a") == taken(3)


def test_an_echo_that_stays():
    d = quirky(echo="stuck")  # which says ATE0
    assert d.say("AT") == b"AT\r" + OK
    assert d.say("ATE0") == b"ATE0\r" + OK
    d.net.listen("tcp", "198.51.100.7", 80)
    d.say(CLIENT)
    assert d.say("AT+QFWDSEND=1,0") == b"AT+QFWDSEND=1,0\r" + PROMPT
    assert d.raw(b"ab\x1a") == b"ab" + taken(2)
    d = quirky(echo="stuck", payload_echo="never")
    d.net.listen("tcp", "198.51.100.7", 80)
    d.say(CLIENT)
    d.say("AT+QFWDSEND=1,0")
    assert d.raw(b"ab\x1a") == taken(2)


def test_a_payload_is_cut_at_its_first_nul():
    assert sends("1,0,5", b"ab\0cd", nul="truncate") == ([taken(2)], b"ab")
    assert sends("1,0", b"\0cd\x1a", nul="truncate") == ([taken(0)], b"")
    assert sends("1,1", b"610062\x1a", nul="truncate") == ([taken(3)], b"a\0b")
    assert sends("1,0,5", b"ab\0cd") == ([taken(5)], b"ab\0cd")


def closed_with_a_queue(**quirks):
    d = quirky(**quirks)
    peer = d.client()
    peer.window = 3
    d.say("AT+QFWDSEND=1,0,5")
    d.raw(b"abcde")
    assert d.say("AT+QFWDCLOSE=1") == OK
    early = peer.closed
    data = peer.recv()
    d.heard()
    return early, data + peer.recv()


def test_a_close_leaves_unsent_what_waits():
    assert closed_with_a_queue(close_flush="no") == (True, b"abc")
    assert closed_with_a_queue() == (False, b"abcde")


def spoken(step, **quirks):
    """A payload over a paced line, looked at every `step` µs."""
    d = Dialogue(quirks=quirks)
    d.net.listen("tcp", "198.51.100.7", 80)
    d.say(CLIENT)
    start = d.module.now
    clock = Clock(start)
    uart = SimUart(d.module, clock, baud=115200)
    script = {0: b"AT+QFWDSEND=1,0\r", 20000: b"ab\x1bcd", 25000: b"e" * 20 + b"\x1aAT\r", 60000: b"AT+CSQ\r"}
    for at in sorted(script):
        while clock.us < start + at:
            clock.us = min(clock.us + step, start + at)
            uart.any()
        uart.write(script[at])
    while clock.us < start + 100000:
        clock.us = min(clock.us + step, start + 100000)
    buf = bytearray(uart.any())
    uart.readinto(buf)
    return bytes(buf), d.module.commands


def test_how_often_one_looks_changes_nothing_with_these_either():
    for quirks in (
        {"cancel": "ignored"},
        {"overflow": "error_now_spill", "hex_limit": "chars"},
        {"payload_echo": "always", "cancel": "ignored"},
        {"prompt_delay": 7, "echo": "stuck"},
    ):
        whole = spoken(1000000, **quirks)
        assert whole[0].count(b"OK") >= 2
        for step in (7, 86, 3333):
            assert spoken(step, **quirks) == whole

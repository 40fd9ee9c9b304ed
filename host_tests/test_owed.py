"""owed.py: a payload whose prompt did not come is not followed by anything that the module might take for it."""

from ec2x.owed import Owed, harmless
from ec2x.request import BROKEN, OK, TIMEOUT
from scripted import OTHER, OTHER_PROVED, PROBE, PROVED, Desk, Spans
from split import feed

ESC = b"\x1b\r"


def desk_with(payload, *script, end=0):
    """A send that has got no prompt for a second."""
    desk = Desk((b"AT+S\r", b""), *script)
    desk.request(b"AT+S", b"+S:", 1000, payload, end)
    desk.step()
    desk.pass_(1000)
    return desk


def test_where_the_prompt_is_lost_the_peer_gets_the_payload_and_nothing_else():
    payload = bytes(range(256)) * 3
    assert harmless(payload)
    desk = desk_with(payload, (payload, b"\r\n+S: 768\r\n\r\nOK\r\n"), (PROBE, PROVED))
    desk.play()
    assert desk.done == [TIMEOUT] and desk.uart.left() == PROBE
    desk.pass_(200)
    desk.play()
    assert desk.synced == 1 and desk.uart.left() == b"" and desk.lines == []


def test_the_byte_that_ends_it_goes_with_it():
    desk = desk_with(b"abc", (b"abc\x1a", b"\r\nOK\r\n"), (PROBE, PROVED), end=26)
    desk.pass_(300)
    desk.play()
    assert desk.synced == 1


def test_what_reads_like_a_command_is_not_written_to_a_module_that_may_take_it_for_one():
    payload = b"x\rAT+CFUN=1,1\r"
    desk = desk_with(payload, (ESC, b"\r\nERROR\r\n"), (PROBE, PROVED))
    desk.pass_(500)
    desk.play()
    assert desk.done == [TIMEOUT] and desk.synced == 1 and desk.uart.left() == b""


def test_a_prompt_that_is_late_gets_its_payload_whatever_that_reads_like():
    for payload in (b"x\rAT+CFUN=1,1\r", b"harmless"):
        asked = (payload,) if harmless(payload) else (ESC,)
        for prompts in range(1, 4):  # lost on a deaf module: the payload, an escape, one probe, two
            deaf = [(line, b"") for line in (asked + (PROBE, ESC, PROBE))[:prompts]]
            proof = [(PROBE, PROVED), (OTHER, OTHER_PROVED)][: 1 + ((PROBE, b"") in deaf)]
            left = b"".join([line for line, _ in proof])
            desk = desk_with(payload, *deaf, (payload, b"\r\nOK\r\n"), *proof)
            while len(desk.uart.left()) > len(payload + left):
                desk.pass_(10)
            feed(desk.take, [b"\r\n> "])
            desk.play()
            assert desk.uart.left() == left, (payload, prompts, desk.uart.left())
            for _ in proof:
                desk.pass_(300)
                desk.play()
            assert desk.synced == 1 and desk.done == [TIMEOUT]


def test_a_late_prompt_ends_what_is_in_flight_for_the_module_did_not_hear_it():
    deaf = [(ESC, b""), (PROBE, b"")] * 3
    desk = desk_with(b"AT+X\r", *deaf, (b"AT\r", b"\r\n> "), (b"AT+X\r", b"\r\nOK\r\n"), (PROBE, PROVED), (OTHER, OTHER_PROVED))
    desk.pass_(34000)
    assert desk.lost == 1
    desk.request(b"AT", b"", 500).careless = True
    desk.play()
    for _ in range(2):
        desk.pass_(300)
        desk.play()
    assert desk.done == [TIMEOUT, TIMEOUT] and desk.synced == 1 and desk.uart.left() == b""


def test_what_is_owed_is_never_written_at_the_prompt_of_another():
    desk = desk_with(b"AT+X\r", (ESC, b""), (PROBE, PROVED), (b"AT+S\r", b"\r\n> "), (b"mine", b"\r\n+S: 4\r\n\r\nOK\r\n"))
    desk.pass_(300)
    desk.play()
    desk.request(b"AT+S", b"+S:", 1000, b"mine")
    desk.play()
    assert desk.uart.left() == b"" and desk.lines == [b"+S: 4"]


def test_after_a_restart_nothing_is_owed():
    desk = desk_with(b"AT+X\r", (ESC, b""), (PROBE, b""))
    desk.pass_(150)
    desk.chat.reset()
    feed(desk.take, [b"\r\n> \r\n> "])
    desk.pass_(150)
    assert desk.uart.left() == PROBE


def test_a_prompt_inside_a_quarantine_and_what_follows_it_at_once():
    desk = desk_with(b"AT+X\r", (ESC, b""), (b"AT+X\r", b""), (PROBE, PROVED))
    desk.pass_(110)
    feed(desk.take, [b"\r\nOK\r\n> \r\nOK\r\n+CMEE: 1\r\nOK\r\n"])
    desk.play()
    assert desk.uart.left() == PROBE and desk.synced == 0
    feed(desk.take, [b"x"])  # what follows the prompt is nobody's
    desk.pass_(300)
    desk.play()
    assert desk.synced == 1


def test_a_prompt_while_it_is_written_has_it_written_from_its_start_and_once():
    desk = Desk((b"AT+S\r", b""), (b"harm", b""), (b"harmless", b"\r\nOK\r\n"), (PROBE, PROVED))
    desk.uart.room = 9
    desk.request(b"AT+S", b"+S:", 1000, b"harmless")
    desk.step()
    desk.pass_(1010)
    feed(desk.take, [b"\r\n> "])
    desk.uart.room = 1 << 20
    feed(desk.take, [b"harmless\r\n> ", b"\r\n> "])  # an echo of something that looks like a prompt
    desk.play()
    assert desk.uart.left() == PROBE
    desk.pass_(300)
    desk.play()
    assert desk.done == [TIMEOUT] and desk.synced == 1


def test_a_prompt_when_nothing_is_owed_any_more_is_none():
    desk = desk_with(b"AT+X\r", (ESC, b"\r\nERROR\r\n"), (PROBE, PROVED), (b"AT\r", b"\r\nOK\r\n"))
    desk.pass_(300)
    desk.play()
    assert desk.synced == 1
    feed(desk.take, [b"\r\n> x", b"y\r\n"])
    desk.request(b"AT")
    desk.play()
    assert desk.done == [TIMEOUT, OK] and desk.uart.left() == b""


def test_an_answer_that_cannot_be_right_before_the_prompt_leaves_it_owed_too():
    desk = Desk((b"AT+S\r", b"\r\n+S: 1\r\n"), (b"abc", b"\r\nOK\r\n"), (PROBE, PROVED))
    desk.count = -1
    desk.request(b"AT+S", b"+S:", 1000, b"abc")
    desk.play()
    assert desk.done == [BROKEN] and desk.uart.left()[:3] == b"abc"
    feed(desk.take, [b"\r\n> "])
    desk.pass_(300)
    desk.play()
    assert desk.synced == 1 and desk.uart.left() == b""


def test_without_memory_for_it_the_quarantine_escapes_as_ever():
    class Poor(Spans):
        def peek(self, skip, buf, n):
            raise MemoryError

    desk = Desk((b"AT+S\r", b""), (ESC, b"\r\nERROR\r\n"), (PROBE, PROVED))
    desk.request(b"AT+S", b"+S:", 1000, b"abc").payload = Poor(b"abc")
    desk.step()
    desk.pass_(1300)
    desk.play()
    assert desk.done == [TIMEOUT] and desk.synced == 1


def test_what_is_harmless():
    for data in (b"", b"A", b"hello", b"that is what a cat says", b"DATA\r1+1=2", b"a\rt+", b"\x00\xff", b"1+2;AT", b"at \r+CFUN=0"):
        assert harmless(data), data
    for data in (b"AT+X", b"at+x", b"aT x=", b"data 1", b"A/", b"a/", b"\rATD1", b"ATZ;", b"AT AT&F", b"atat\rat+", b"AT^X", b"AT$Q"):
        assert not harmless(data), data


def test_it_is_a_copy():
    data = bytearray(b"abcdef" * 40)
    desk = Desk()
    owed = Owed(desk.request(b"AT+S", b"", 1000, data, 26))
    data[:] = b"x" * len(data)
    buf = bytearray(300)
    assert owed.peek(0, buf, owed.size) == 241 and bytes(buf[:241]) == b"abcdef" * 40 + b"\x1a"
    assert owed.peek(239, buf, 2) == 2 and bytes(buf[:2]) == b"f\x1a"


def test_while_it_may_be_asked_for_nothing_else_is_said_for_half_a_minute():
    deaf = [(ESC, b""), (PROBE, b"")]
    desk = desk_with(b"AT+X\r", *deaf, (b"AT+X\r", b"\r\nOK\r\n"), (PROBE, PROVED), (OTHER, OTHER_PROVED))
    desk.pass_(30_000)
    assert desk.uart.left() == b"AT+X\r" + PROBE + OTHER  # no second probe
    feed(desk.take, [b"\r\n> "])
    for _ in range(2):
        desk.pass_(300)
        desk.play()
    assert desk.synced == 1 and desk.uart.left() == b""

"""echo.py: a payload that comes back behind its prompt is passed over, whatever it looks like."""

from ec2x.echo import rest, same
from ec2x.fwd import Bytes
from ec2x.profile import Digits
from ec2x.request import OK, TIMEOUT, Request
from ec2x.ring import Ring
from heap import locked
from quiet import QuietUart
from rig import Rig
from scripted import PROBE, PROVED, Desk

# What an echo could be taken for.
LIKE_ANSWERS = (
    b"OK\r\n",
    b"EHLO me\r\n",
    b"OPTIONS * HTTP/1.0\r\n\r\n",
    b"+1 234\r\nOK\r\nERROR\r\n",
    b"\r\n \r\nERROR\r\n",
    b"\r\n+QFWDSEND: 40000,3\r\n\r\nOK\r\n",
    b"\r\n\r\n  \r\n",
    b" ",
    b"> ",
    b"\x1a\x1b\0",
    bytes(range(256)) * 4,
)


def request_of(payload, size):
    request = Request(None, None, None)
    request.carry(payload, size, 0)
    return request


def test_what_is_left_of_an_echo_begins_with_its_first_byte_that_is_no_blank():
    for data, byte, known, left in (
        (b"hello", b"h", False, 5),
        (b"\r\n hello", b"h", False, 5),
        (b"hello", b"+", True, 0),
        (b"hello", b"+", False, 0),
        (b"\r\n+x", b"+", True, 2),
        (b"\r\n+x", b"+", False, -2),
        (b"\r\n \r\n", b"+", False, -1),
        (b"", b"+", True, -1),
    ):
        assert rest(request_of(Bytes(data), len(data)), byte[0], known) == left, data


def test_digits_are_looked_at_as_they_go_over_the_wire():
    digits = Digits()
    digits.payload = Bytes(b"\r\n")
    assert rest(request_of(digits, 4), 48, False) == 4 and rest(request_of(digits, 4), 43, False) == 0


def test_a_line_that_is_the_beginning_of_the_payload_is_its_echo():
    for data, line, left in (
        (b"\r\n+x\r\nOK\r\n", b"+x", 5),
        (b"+x", b"+x", 0),
        (b"+x\r", b"+x", 0),
        (b"+x", b"+xy", -1),
        (b"+xy", b"+x", -1),
        (b"+x\r\n", b"+QFWDSEND: 1,4", -1),
    ):
        assert same(request_of(Bytes(data), len(data)), b"?" + line + b"?", 1, 1 + len(line)) == left, data


def test_a_payload_in_a_ring_is_looked_at_across_its_end():
    ring = Ring(10)
    for used in range(11):
        ring.write(b"x" * 10, 0, used)
        ring.commit()
        ring.ack(used)
        ring.write(b" \r\n+abcde", 0, 9)
        ring.commit()
        assert rest(request_of(ring, 9), 43, True) == 6 and same(request_of(ring, 9), b"+abcde", 0, 6) == 0
        ring.ack(9)


def test_a_line_of_digits_is_compared_as_it_goes_over_the_wire():
    digits = Digits()
    digits.payload = Bytes(b"\xe0\x1a")
    assert same(request_of(digits, 4), b"E01A", 0, 4) == 0 and same(request_of(digits, 4), b"E01B", 0, 4) == -1


def exchange(quirks, first, profile=None):
    """Sends first, then everything that looks like an answer; what the far end got."""
    rig = Rig(module={"quirks": quirks}, profile=profile)
    sock, peer = rig.client()
    sent = b""
    for data in (first,) + LIKE_ANSWERS:
        sock.send(data)
        sent += data
        rig.until(lambda sent=sent: peer.unread() == len(sent), 5000)
        assert sock.unacked() == 0
    stats = rig.modem.stats()
    assert stats["broken"] == stats["timeouts"] == 0, (quirks, first, stats)
    assert peer.recv() == sent


def test_echoes_are_passed_over_with_every_prompt():
    for prompt in ("crlf_gt_sp", "gt_sp", "gt", "crlf_gt_crlf"):
        for echo in ("settable", "stuck"):
            for payload_echo in ("with_echo", "always", "never"):
                exchange({"prompt": prompt, "echo": echo, "payload_echo": payload_echo}, b"x")


def test_a_line_that_is_echoed_is_taken_to_mean_a_payload_that_is_from_the_first_one_on():
    for first in LIKE_ANSWERS:
        exchange({"echo": "stuck"}, first)


def test_digits_that_are_echoed_are_passed_over():
    for quirks in ({"payload_echo": "always"}, {"echo": "stuck", "prompt": "gt"}):
        quirks["fixed_literal"] = "no"
        exchange(quirks, b"\xe0", {"send": "hex"})


def test_a_first_payload_that_looks_like_an_answer_is_sent_even_if_it_comes_back_unexpectedly():
    for first in LIKE_ANSWERS:
        exchange({"payload_echo": "always"}, first)


def test_without_an_echo_nothing_is_passed_over():
    for first in LIKE_ANSWERS:
        exchange({}, first)


def test_on_a_module_that_echoes_a_send_allocates_nothing_once_that_is_known():
    rig = Rig(module={"quirks": {"echo": "stuck"}})
    sock, peer = rig.client()
    sock.send(b"first")
    rig.pump(100)
    uart = rig.modem.chat.uart = QuietUart(rig.uart)
    sock.setblocking(False)

    def step():
        rig.modem.poll()
        return sock.write(LIKE_ANSWERS[-1])

    for _ in range(5000):
        uart.exchange()
        rig.clock.advance(500)
        locked(step)
        if peer.unread() > 20_005:
            return
    raise AssertionError(peer.unread())


def test_a_doubt_about_one_payload_is_none_about_the_next_command():
    desk = Desk(
        (b"SEND\r", b"\r\n> "),
        (b"+x", b"\r\n+"),  # and then nothing
        (b"\x1b\r", b""),
        (PROBE, PROVED),
        (b"READ\r", b"\r\n+x\r\n\r\nOK\r\n"),
    )
    desk.request(b"SEND", b"+SEND:", payload=b"+x")
    desk.request(b"READ", b"+x")
    for _ in range(400):
        desk.play()
        desk.now += 10
    assert desk.lines == [b"+x"] and desk.done == [TIMEOUT, OK] and desk.uart.left() == b""
    assert desk.chat._echo is None  # nothing was learned from it

"""profile.py: a module that does not follow the plain reading, and is told so."""

from ec2x.fwd import Bytes
from ec2x.profile import Digits
from ec2x_tools.virtual import Board
from expect import raises
from heap import locked
from rig import Rig
from test_transcripts import SCENES


def test_sends_that_are_not_literal_go_as_digits_whatever_the_digits_count_as():
    for more in ({}, {"hex_len": "chars"}, {"hex_limit": "chars"}, {"hex_len": "chars", "hex_limit": "chars"}):
        quirks = {"fixed_literal": "no"}
        quirks.update(more)
        for scene in SCENES:
            board = Board(module={"quirks": quirks}, profile={"send": "hex"})
            board.online()
            scene(board)


def test_without_the_profile_such_a_module_fails_the_socket():
    rig = Rig(module={"quirks": {"fixed_literal": "no"}})
    sock, peer = rig.client()
    sock.send(b"a\x1ab")
    raises(OSError, sock.recv, 5)
    assert peer.recv() in (b"", b"a")


def test_a_large_send_is_cut_where_the_limit_may_lie():
    rig = Rig(profile={"send": "hex"})
    wire = []
    rig.modem.trace(lambda ms, way, data: wire.append(data) if way == ">" else None)
    sock, peer = rig.client()
    sock.send(bytes(range(256)) * 8)
    sock.close()
    assert peer.recv() == bytes(range(256)) * 8
    assert [data for data in wire if b"QFWDSEND" in data] == [b"AT+QFWDSEND=40000,1\r"] * 4
    assert b"".join(wire).count(b"\x1a") == 4


def test_digits_are_those_of_the_payload_in_pieces_of_any_size():
    data = bytes(range(256)) * 2
    digits = Digits()
    digits.payload = Bytes(data)
    for size in (2, 10, 64, 256, 1000):
        got = b""
        buf = bytearray(1000)
        while len(got) < 1024:
            n = digits.peek(len(got), buf, min(size, 1024 - len(got)))
            assert 0 < n <= size
            got += bytes(buf[:n])
        assert got == b"".join([b"%02X" % byte for byte in data])


def test_the_plain_reading_may_be_named_and_an_unknown_one_is_refused():
    rig = Rig(meddle=True, profile={"send": "literal"})
    sock, peer = rig.client()
    sock.send(b"x")
    rig.until(lambda: peer.unread() == 1)
    assert b"AT+QFWDSEND=40000,0,1" in rig.uart.lines
    for wrong in ({"send": "binary"}, {"sent": "hex"}):
        raises(ValueError, Rig, profile=wrong)


def test_digits_cost_no_allocation():
    digits = Digits()
    digits.payload = Fixed()
    buf = bytearray(256)
    assert locked(lambda: digits.peek(0, buf, 256)) == 256
    assert buf[:4] == b"4142"


class Fixed:
    def peek(self, skip, buf, n):
        buf[0] = 0x41
        buf[1] = 0x42
        return n

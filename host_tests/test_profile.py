"""profile.py: a module that does not follow the plain reading, and is told so."""

from ec2x import ModemError, errors
from ec2x.fwd import Bytes
from ec2x.profile import Digits
from ec2x_tools.virtual import Board
from expect import raises
from heap import locked
from rig import Rig
from test_transcripts import SCENES
from wires import heard


def test_sends_that_are_not_literal_go_as_digits_whatever_the_digits_count_as():
    for more in ({}, {"hex_len": "chars"}, {"hex_limit": "chars"}, {"hex_len": "chars", "hex_limit": "chars"}):
        quirks = {"fixed_literal": "no"}
        quirks.update(more)
        for scene in SCENES:
            board = Board(module={"quirks": quirks}, profile={"send": "hex"})
            board.online()
            scene(board)


def test_digits_have_the_time_that_the_slowest_rate_takes():
    rig = Rig(baud=4800, latency_us=50_000, module={"quirks": {"recv_hex": "yes"}}, profile={"recv": "hex"}, rx_size=4096, rxbuf=4096)
    sock, peer = rig.client(timeout=60)
    peer.send(b"x" * 3000)
    peer.close()
    assert sock.read() == b"x" * 3000 and rig.modem.stats()["timeouts"] == 0


def test_without_the_profile_such_a_module_fails_the_socket():
    rig = Rig(module={"quirks": {"fixed_literal": "no"}})
    sock, peer = rig.client()
    sock.send(b"a\x1ab")
    raises(OSError, sock.recv, 5)
    assert peer.recv() in (b"", b"a")


def test_a_large_send_is_cut_where_the_limit_may_lie():
    rig = Rig(profile={"send": "hex"})
    wire = []
    rig.modem.trace(lambda ms, way, data: wire.append(data) if way == ">" else None, payload=True)
    sock, peer = rig.client()
    sock.send(bytes(range(256)) * 8)
    sock.close()
    assert peer.recv() == bytes(range(256)) * 8
    assert [data for data in wire if b"QFWDSEND" in data] == [b"AT+QFWDSEND=40000,1"] * 4
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
    for wrong in (
        {"send": "binary"},
        {"sent": "hex"},
        {"recv": "comma"},
        {"recv_max": 0},
        {"recv_max": 1025},
        {"recv_max": "700"},
        {"short_write": -1},
        {"ms_send": "2"},
        {"why": 1},
        {"apn": None},
        {"read_urc": "never"},
        {"server": "legacy", "apn": 'a"b'},
        {"server": "legacy", "apn": "a" * 101},
    ):
        raises(ValueError, Rig, profile=wrong)


def test_a_comma_goes_behind_the_format_where_it_is_wanted():
    for quirks, send in (({}, "hex"), ({"need_trailing_comma": "yes"}, "hex_comma")):
        rig = Rig(module={"quirks": quirks}, profile={"send": send})
        sock, peer = rig.client()
        lines = heard(rig)
        sock.send(b"\x1a\x1b\0")
        rig.until(lambda peer=peer: peer.unread() == 3)
        assert lines == ["+QFWDSEND=40000,1" + "," * (send == "hex_comma")]
        assert rig.modem.fwd.send(40000, b"abc", hex=True, fixed=False) == rig.modem.fwd.send(40000, b"abc") == 3
        assert peer.recv() == b"\x1a\x1b\0abcabc"


def test_a_server_of_six_arguments_is_opened_found_and_heard():
    for quirks in ({}, {"default_urc_port": "issuing"}, {"child_urc": "default"}):
        quirks["server_syntax"] = "legacy"
        rig = Rig(module={"quirks": quirks}, profile={"server": "legacy", "apn": "internet"})
        lines = heard(rig)
        listener = rig.listener()
        assert lines[0] == '+QFWDSERVER=40000,"internet","IP","tcp",2020,5', lines
        peer = rig.dial()
        sock, _ = listener.accept()
        urcs = []
        rig.pump(300)
        rig.modem.on_urc("+QFWDURC", urcs.append)
        peer.send(b"data")
        assert sock.recv(9) == b"data" and len(urcs) == 1, quirks
        listener.close()
        sock.close()
        assert not rig.net.listeners


def test_a_datagram_as_digits_has_512_bytes_at_most():
    rig = Rig(profile={"send": "hex"})
    peer = rig.net.udp("198.51.100.7", 123)
    sock = rig.modem.socket(2, 2)
    error = raises(ModemError, sock.sendto, b"x" * 513, ("198.51.100.7", 123))
    assert error.errno == errors.EMSGSIZE and "512" in error.args[1]
    sock.sendto(b"x" * 512, ("198.51.100.7", 123))
    rig.until(lambda: peer.inbox)
    assert peer.recvfrom()[0] == b"x" * 512


def test_reads_that_come_as_digits_fit_the_uarts_buffer():
    for rxbuf, most in ((512, 128), (1024, 384), (2048, 896), (4096, 1024)):
        rig = Rig(rxbuf=rxbuf, meddle=True, module={"quirks": {"recv_hex": "yes"}}, profile={"recv": "hex"})
        sock, peer = rig.client()
        peer.send(bytes(range(256)) * 8)
        assert sock.read(2048) == bytes(range(256)) * 8
        reads = [line for line in rig.uart.lines if line.startswith(b"AT+QFWDRECV")]
        assert set(reads) == {b"AT+QFWDRECV=40000,%d" % most}, reads
    error = raises(ModemError, Rig(profile={"recv": "hex"}).modem.socket, 2, 2)
    assert error.errno == errors.ENOMEM and "2304" in error.args[1]


def test_a_datagram_that_may_be_cut_is_told_of_and_not_delivered():
    rig = Rig(module={"quirks": {"recv_cap": "100"}}, profile={"recv_max": 100})
    sock = rig.modem.socket(2, 2)
    sock.settimeout(5)
    sock.bind(("", 2020))
    peer = rig.net.dial("udp", 2020, ("192.168.225.58", 5001))
    for size in (99, 100, 101, 640, 1, 99):
        peer.sendto(b"x" * size, 2020)
        if size < 100:
            assert sock.recv(1024) == b"x" * size
        else:
            assert raises(ModemError, sock.recv, 1024).errno == errors.EMSGSIZE, size
    assert rig.modem.stats()["cut"] == 3


def test_a_module_that_joins_datagrams_has_no_udp():
    error = raises(ModemError, Rig(profile={"udp": "joined"}).modem.socket, 2, 2)
    assert error.errno == errors.EOPNOTSUPP and "joins" in error.args[1]


def test_the_raw_commands_follow_the_profile():
    quirks = {"recv_sep": "comma", "recv_hex": "yes", "fixed_literal": "no", "server_syntax": "legacy", "default_urc_port": "issuing"}
    rig = Rig(module={"quirks": quirks}, profile={"recv_sep": "comma", "recv": "hex", "send": "hex", "server": "legacy"})
    fwd = rig.modem.fwd
    fwd.server(1, 2020)
    peer = rig.dial()
    rig.pump(100)
    data = bytes(range(256))
    peer.send(data)
    assert fwd.recv(2, 1024) == data
    assert fwd.send(2, data) == 256 and peer.recv() == data


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

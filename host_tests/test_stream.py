"""stream.py: a TCP socket does what MicroPython's own does."""

from ec2x import errors
from expect import raises
from heap import locked
from quiet import QuietUart
from rig import Rig

ALL = bytes(range(256))
NASTY = ALL + b'\r\nOK\r\n\r\n> \r\n+QFWDURC: "client/close",40000\r\n\x1a\x1b\x00\r\nERROR\r\n+CME ERROR: 14\r\nAT+QFWDCLOSE=40000\r'


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def exchange(rig, sock, peer, data):
    """data both ways at once; what arrived at the peer, and here."""
    peer.send(data)
    here = bytearray()
    there = bytearray()
    sock.setblocking(False)
    sent = 0
    buf = bytearray(700)
    while len(here) < len(data) or len(there) < len(data):
        sent += sock.write(data[sent:]) or 0
        n = sock.readinto(buf)
        here.extend(buf[: n or 0])
        there.extend(peer.recv())
        rig.idle()
    return bytes(there), bytes(here)


def test_every_byte_arrives_both_ways_whatever_it_is():
    for baud, latency, tx, rx in ((0, 0, 2048, 2048), (115200, 5000, 2048, 2048), (921600, 0, 600, 700), (0, 0, 1024, 1024)):
        rig = Rig(baud=baud, latency_us=latency, tx_size=tx, rx_size=rx)
        sock, peer = rig.client()
        data = NASTY * 20
        assert exchange(rig, sock, peer, data) == (data, data)
        assert rig.uart.overrun == 0 and rig.modem.stats()["broken"] == 0


def test_a_small_receive_buffer_of_the_uart_is_never_overrun():
    rig = Rig(baud=921600, rxbuf=512)
    sock, peer = rig.client()
    peer.send(NASTY * 30)
    rig.clock.advance(100_000)
    got = b""
    while len(got) < len(NASTY) * 30:
        got += sock.recv(4096)
        rig.clock.advance(50_000)  # an application that is busy with something else
    assert got == NASTY * 30 and rig.uart.overrun == 0


def test_nothing_is_allocated_while_bytes_flow():
    rig = Rig()
    sock, peer = rig.client()
    uart = rig.modem.chat.uart = QuietUart(rig.uart)
    peer.send(NASTY * 50)
    sock.setblocking(False)
    state = [0, 0]
    want = len(NASTY) * 50
    buf = bytearray(900)

    def step():
        rig.modem.poll()
        n = sock.readinto(buf)
        if n:
            state[0] += n
        n = sock.write(NASTY)
        if n:
            state[1] += n
        return sock.ioctl(3, 5)

    for _ in range(2000):
        uart.exchange()
        rig.clock.advance(500)
        locked(step)
        if state[0] == want and state[1] > want:
            return
    raise AssertionError(state)


def test_recv_into_with_data_at_hand_allocates_nothing():
    rig = Rig()
    sock, peer = rig.client()
    peer.send(ALL)
    rig.until(lambda: sock._io.rx.any() == 256)
    uart = rig.modem.chat.uart = QuietUart(rig.uart)
    uart.exchange()
    buf = bytearray(100)
    assert locked(lambda: sock.recv_into(buf, 50)) == 50 and buf[:50] == ALL[:50]
    assert locked(lambda: sock.recv_into(buf)) == 100 and bytes(buf) == ALL[50:150]
    assert locked(lambda: sock.send(buf)) == 100


def test_a_hundred_small_writes_share_one_or_two_commands():
    rig = Rig(baud=115200)
    sock, peer = rig.client()
    for i in range(100):
        sock.write(bytes((i,)))
    rig.until(lambda: peer.unread() == 100)
    assert rig.module.commands["QFWDSEND"] <= 2
    assert peer.recv() == bytes(range(100))


def test_whoever_waits_for_the_answer_does_not_wait_for_company():
    rig = Rig()
    sock, peer = rig.client(timeout=1)
    sock.send(b"question")
    before = rig.clock.us
    raises(OSError, sock.recv, 1)
    assert peer.recv() == b"question"
    sock.send(b"x")
    sock.close()
    assert rig.clock.us - before < 1_200_000 and peer.recv() == b"x"


def test_an_answer_is_no_reason_to_send_the_next_writes_alone():
    rig = Rig(baud=115200)
    sock, peer = rig.client()
    sock.send(b"1")
    peer.send(b"2")
    assert sock.recv(9) == b"2"
    for _ in range(50):
        sock.send(b"3")
    rig.until(lambda: peer.unread() == 51)
    assert rig.module.commands["QFWDSEND"] <= 3


def test_a_connection_that_is_refused_says_so_and_keeps_the_result():
    for style, code in (("1", 1), ("errno", 111), ("55x", 566), ("neg", -111)):
        rig = Rig(module={"quirks": {"result_style": style}})
        sock = rig.modem.socket()
        error = raises(OSError, sock.connect, ("198.51.100.7", 81))
        assert error.errno == errors.ECONNREFUSED and error.result == code, (style, error)
        assert str(code) in str(error) and "198.51.100.7:81" in str(error)
        rig.until(lambda rig=rig: rig.module.commands.get("QFWDCLOSE") == 1)
        assert rig.modem.sockets.flows[0] is None


def test_the_errno_is_what_a_kernel_would_give():
    for code, number in ((110, errors.ETIMEDOUT), (111, errors.ECONNREFUSED), (113, errors.EHOSTUNREACH)):
        rig = Rig(module={"quirks": {"result_style": "errno"}})
        rig.net.fail[("198.51.100.7", 81)] = code
        assert errno_of(rig.modem.socket().connect, ("198.51.100.7", 81)) == number


def test_a_connect_without_answer_ends_at_the_sockets_timeout():
    rig = Rig()
    rig.net.fail[("198.51.100.7", 81)] = None
    sock = rig.modem.socket()
    sock.settimeout(2)
    before = rig.clock.us
    assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.ETIMEDOUT
    assert 2_000_000 <= rig.clock.us - before < 2_500_000
    rig.until(lambda: rig.modem.sockets.flows[0] is None)


def test_a_connect_without_timeout_ends_all_the_same():
    rig = Rig()
    rig.net.fail[("198.51.100.7", 81)] = None
    assert errno_of(rig.modem.socket().connect, ("198.51.100.7", 81)) == errors.ETIMEDOUT
    assert rig.clock.us > 150_000_000


def test_a_non_blocking_connect_returns_at_once_and_poll_tells_the_end():
    rig = Rig()
    server = rig.net.listen("tcp", "198.51.100.7", 80)
    sock = rig.modem.socket()
    sock.setblocking(False)
    assert sock.ioctl(3, 5) == 4 | 16
    assert errno_of(sock.connect, ("198.51.100.7", 80)) == errors.EINPROGRESS
    rig.until(lambda: sock.ioctl(3, 4) == 4)
    assert server.accept()
    assert errno_of(sock.connect, ("198.51.100.7", 80)) == errors.EISCONN


def test_a_second_connect_meanwhile_says_that_one_is_under_way():
    rig = Rig()
    rig.net.fail[("198.51.100.7", 81)] = None
    sock = rig.modem.socket()
    sock.setblocking(False)
    assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.EINPROGRESS
    assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.EALREADY
    assert sock.ioctl(3, 5) == 0


def test_what_writes_without_polling_goes_on_when_the_connection_is_there():
    rig = Rig()
    rig.net.fail[("198.51.100.7", 81)] = None
    sock = rig.modem.socket()
    sock.setblocking(False)
    assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.EINPROGRESS
    assert sock.write(b"x") is None
    assert errno_of(sock.send, b"x") == errno_of(sock.sendall, b"x") == errors.EAGAIN
    sock.settimeout(1)
    assert errno_of(sock.send, b"x") == errors.ETIMEDOUT
    server = rig.net.listen("tcp", "198.51.100.7", 80)
    sock = rig.modem.socket()
    sock.setblocking(False)
    assert errno_of(sock.connect, ("198.51.100.7", 80)) == errors.EINPROGRESS
    sock.setblocking(True)
    assert sock.write(b"hello") == 5
    peer = server.accept()
    rig.until(lambda: peer.unread() == 5)


def test_a_non_blocking_connect_that_fails_shows_in_poll_and_then_as_an_error():
    rig = Rig()
    for call, argument in ("send", b"x"), ("connect", ("198.51.100.7", 81)):
        sock = rig.modem.socket()
        sock.setblocking(False)
        assert errno_of(sock.connect, ("198.51.100.7", 81)) == errors.EINPROGRESS
        rig.until(lambda sock=sock: sock.ioctl(3, 5) == 29)
        assert errno_of(getattr(sock, call), argument) == errors.ECONNREFUSED
        assert sock.ioctl(3, 5) == 21 and sock.ioctl(3, 1) == 17  # readable, for a read gives the end


def test_before_connect_a_socket_is_not_connected():
    rig = Rig()
    sock = rig.modem.socket()
    for call in (sock.recv, sock.read):
        assert errno_of(call, 1) == errors.ENOTCONN
    assert errno_of(sock.recv_into, bytearray(1)) == errors.ENOTCONN
    assert errno_of(sock.send, b"x") == errors.ENOTCONN
    assert errno_of(sock.getpeername) == errors.ENOTCONN
    assert errno_of(sock.accept) == errors.EINVAL


def test_offline_a_connect_is_refused_without_a_byte_on_the_wire():
    rig = Rig(online=False)
    sock = rig.modem.socket()
    assert errno_of(sock.connect, ("198.51.100.7", 80)) == errors.EHOSTUNREACH
    assert rig.uart.tx_bytes == 0


def test_addresses_that_no_command_can_carry_are_refused_before_a_byte_is_written():
    rig = Rig()
    sock = rig.modem.socket()
    rig.pump(10)
    before = rig.uart.tx_bytes
    for host in ("", "a" * 256, 'a"b', "a\rb", "a\nb", "a\x00b", "a\x1ab", "h\xf6st"):
        raises(ValueError, sock.connect, (host, 80))
    for port in (0, 65536, -1):
        raises(ValueError, sock.connect, ("host", port))
    for addr in (("host", "80"), (5, 80), "host", ("host",), None):
        raises((TypeError, ValueError), sock.connect, addr)
    rig.pump(10)
    assert rig.uart.tx_bytes == before
    rig.net.listen("tcp", "198.51.100.7", 80)
    sock.connect(("198.51.100.7", 80))  # and the socket is as good as new


def test_the_longest_host_name_fits():
    rig = Rig()
    sock = rig.modem.socket()
    host = "a" * 250 + ".test"
    rig.net.names[host] = "198.51.100.7"
    rig.net.listen("tcp", "198.51.100.7", 65535)
    sock.connect((host, 65535))
    assert sock.getpeername() == (host, 65535)


def test_the_end_of_the_stream_comes_after_its_last_byte():
    for pause in (0, 300):
        rig = Rig(baud=115200)
        sock, peer = rig.client()
        peer.send(ALL * 9)
        rig.pump(pause)
        peer.close()
        got = b""
        while True:
            data = sock.recv(1000)
            if not data:
                break
            got += data
        assert got == ALL * 9
        assert sock.recv(10) == b"" and sock.readinto(bytearray(4)) == 0
        assert sock.ioctl(3, 5) == 5
        assert errno_of(sock.send, b"x") == errors.EPIPE
        sock.close()
        assert rig.module.commands["QFWDCLOSE"] == 1


def test_a_read_that_is_refused_after_the_peers_close_is_the_end():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDRECV", b"\r\nERROR\r\n", 9)
    peer.close()
    assert sock.recv(10) == b""


def test_what_was_received_is_handed_out_before_the_error():
    rig = Rig()
    sock, peer = rig.client()
    peer.send(b"last words")
    rig.until(lambda: sock._io.rx.any() == 10)
    rig.reset()
    assert sock.ioctl(3, 5) == 29
    assert sock.recv(100) == b"last words"
    assert errno_of(sock.recv, 100) == errors.ECONNRESET
    assert sock.recv(100) == b"" and sock.ioctl(3, 5) == 21


def test_a_send_that_fails_loses_nothing_of_what_the_peer_had_sent():
    rig = Rig()
    sock, peer = rig.client()
    peer.send(bytes(range(256)) * 40)
    peer.close()
    rig.until(lambda: sock._flow.closed)
    assert errno_of(sock.send, b"x") == errors.EPIPE
    assert sock.ioctl(3, 5) == 5
    assert sock.read() == bytes(range(256)) * 40
    assert sock.recv(1) == b"" and sock.ioctl(3, 5) == 21


def test_read_gives_exactly_what_was_asked_unless_the_stream_ends():
    rig = Rig(baud=115200)
    sock, peer = rig.client()
    peer.send(ALL * 5)
    assert sock.read(700) == (ALL * 5)[:700]
    peer.close()
    assert sock.read() == (ALL * 5)[700:]
    assert sock.read(5) == b""


def test_non_blocking_reads_say_that_there_is_nothing_yet():
    rig = Rig()
    sock, peer = rig.client()
    sock.setblocking(False)
    assert errno_of(sock.recv, 5) == errors.EAGAIN
    assert errno_of(sock.recv_into, bytearray(5)) == errors.EAGAIN
    assert sock.read(5) is None and sock.readinto(bytearray(5)) is None and sock.readline() is None
    peer.send(b"abc\nde")
    rig.until(lambda: sock.ioctl(3, 1) == 1)
    assert sock.readline() == b"abc\n"
    assert sock.readline() == b"de"
    assert sock.readline() is None


def test_a_read_ends_at_its_timeout_and_the_socket_goes_on():
    rig = Rig()
    sock, peer = rig.client(timeout=0.25)
    before = rig.clock.us
    assert errno_of(sock.recv, 5) == errors.ETIMEDOUT
    assert 250_000 <= rig.clock.us - before < 400_000
    peer.send(b"late")
    assert sock.recv(5) == b"late"


def test_lines_are_found_across_every_border():
    rig = Rig()
    sock, peer = rig.client()
    lines = [b"x" * n + b"\n" for n in (0, 1, 62, 63, 64, 65, 200, 2000)]
    peer.send(b"".join(lines) + b"rest")
    peer.close()
    for line in lines:
        assert sock.readline() == line
    assert sock.readline() == b"rest"
    assert sock.readline() == b""
    assert sock.makefile("rb") is sock


def test_a_line_is_cut_at_the_length_that_was_asked():
    rig = Rig()
    sock, peer = rig.client()
    peer.send(b"abcdef\n")
    assert sock.readline(4) == b"abcd" and sock.readline(9) == b"ef\n"


def test_readinto_and_recv_into_take_a_count():
    rig = Rig()
    sock, peer = rig.client()
    peer.send(b"abcdefgh")
    buf = bytearray(4)
    assert sock.readinto(buf, 3) == 3 and buf == b"abc\x00"
    assert sock.recv_into(buf, 9) == 4 and buf == b"defg"
    data, addr = sock.recvfrom(9)
    assert data == b"h" and addr == ("198.51.100.7", 80)


def test_write_takes_what_the_libraries_give_it():
    rig = Rig()
    sock, peer = rig.client()
    assert sock.write("text") == 4
    assert sock.write(b"bytes", 3) == 3
    assert sock.write(bytearray(b"array"), 1, 2) == 2
    assert sock.write(memoryview(b"view")) == 4
    assert sock.write(b"") == 0 and sock.send(b"") == 0
    assert sock.send("s") == 1 and sock.sendto(b"t", None) == 1
    sock.sendall(b"u" * 5000)
    rig.until(lambda: peer.unread() == 5015)
    assert peer.recv(15) == b"textbytrrviewst"


def test_a_full_ring_takes_no_more_than_it_holds():
    rig = Rig(module={"sendmax": 100})
    sock, peer = rig.client()
    peer.window = 0
    sock.setblocking(False)
    taken = 0
    for _ in range(5):
        taken += sock.write(bytes(9000)) or 0
        rig.pump(100)
    assert taken == 2048 + 100  # in our ring, and in the module's queue
    assert sock.write(b"x") is None and errno_of(sock.send, b"x") == errors.EAGAIN and errno_of(sock.sendall, b"x") == errors.EAGAIN
    assert sock.ioctl(3, 4) == 0
    sock.settimeout(0.1)
    assert errno_of(sock.send, b"x") == errors.ETIMEDOUT
    peer.window = None
    rig.until(lambda: peer.unread() == taken)
    assert sock.ioctl(3, 4) == 4


def test_a_blocking_write_that_is_cut_short_tells_how_much_went():
    rig = Rig(module={"sendmax": 100})
    sock, peer = rig.client(timeout=0.5)
    peer.window = 0
    taken = sock.write(bytes(9000))
    assert 2048 <= taken <= 2148
    assert errno_of(sock.write, b"x") == errors.ETIMEDOUT
    assert errno_of(sock.sendall, bytes(10)) == errors.ETIMEDOUT


def test_what_cannot_be_connected_while_offline_takes_no_place():
    rig = Rig(online=False, sockets=2)
    for _ in range(5):  # and is forgotten, as asyncio.open_connection does
        assert errno_of(rig.modem.socket().connect, ("10.0.0.9", 80)) == errors.EHOSTUNREACH
    first, second, third = rig.modem.socket(), rig.modem.socket(), None
    assert errno_of(rig.modem.socket) == errors.ENFILE
    assert errno_of(first.connect, ("10.0.0.9", 80)) == errors.EHOSTUNREACH
    third = rig.modem.socket()
    rig.online()
    rig.net.listen("tcp", "10.0.0.9", 80)
    assert errno_of(first.connect, ("10.0.0.9", 80)) == errors.ENFILE
    second.close()
    first.connect(("10.0.0.9", 80))  # the same socket
    first.send(b"x")
    third.close()
    first.close()
    assert rig.modem.sockets.flows == [None, None]


def test_an_error_in_the_middle_of_a_write_is_told_by_the_next_call_not_taken_for_an_end():
    for call in (lambda sock: sock.recv(1), lambda sock: sock.write(b"more"), lambda sock: sock.read()):
        rig = Rig(baud=115200)
        sock, _ = rig.client()
        rig.module.agenda.add(rig.clock.us + 100_000, rig.module.reset)
        n = sock.write(bytes(20_000))
        assert 0 < n < 20_000
        assert raises(OSError, call, sock).errno == errors.ECONNRESET
        assert sock.recv(1) == b""

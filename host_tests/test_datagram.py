"""datagram.py: UDP keeps its datagrams whole, and each with its peer."""

from ec2x import errors
from expect import raises
from heap import locked
from quiet import QuietUart
from rig import Rig

TIME = ("198.51.100.7", 123)


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def udp(rig, timeout=1):
    sock = rig.modem.socket(2, 2)
    sock.settimeout(timeout)
    return sock


def arrival(rig, peer):
    """The next datagram at peer."""
    got = []
    rig.until(lambda: got.append(peer.recvfrom()) or got[-1])
    return got[-1]


def test_a_question_and_its_answer_by_sendto():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    assert sock.sendto(b"what time is it", TIME) == 15
    data, (_, port) = arrival(rig, server)
    assert data == b"what time is it"
    server.sendto(b"late", port)
    assert sock.recvfrom(48) == (b"late", TIME)


def test_a_lost_answer_times_out():
    rig = Rig()
    rig.net.udp(*TIME)
    sock = udp(rig)
    sock.sendto(b"what time is it", TIME)
    before = rig.clock.us
    assert errno_of(sock.recv, 48) == errors.ETIMEDOUT
    assert 1_000_000 <= rig.clock.us - before < 1_400_000


def test_a_connected_socket_sends_and_receives_without_addresses():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.connect(TIME)
    assert sock.getpeername() == TIME
    for call in (sock.send, sock.write, sock.sendall):
        call(b"x")
        data, (_, port) = arrival(rig, server)
        server.sendto(b"answer", port)
        assert sock.read() == b"answer"


def test_sizes_from_1_to_1024_bytes_arrive_whole_and_others_are_refused():
    rig = Rig(baud=921600)
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    for size in (1, 2, 255, 256, 1023, 1024):
        data = bytes(range(256)) * 4
        sock.sendto(data[:size], TIME)
        got, (_, port) = arrival(rig, server)
        assert got == data[:size]
        server.sendto(got, port)
        assert sock.recv(2000) == data[:size]
    for size in (0, 1025, 5000):
        assert errno_of(sock.sendto, bytes(size), TIME) == errors.EMSGSIZE


def test_many_datagrams_stay_apart_and_in_order_across_the_rings_end():
    rig = Rig(baud=921600)
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.connect(TIME)
    for i in range(200):
        data = bytes((i,)) * (1 + i * 37 % 1024)
        sock.send(data)
        got, (_, port) = arrival(rig, server)
        assert got == data
        server.sendto(data, port)
        if i % 3 == 2:
            for k in (i - 2, i - 1, i):
                assert sock.recv(1024) == bytes((k,)) * (1 + k * 37 % 1024)


def test_a_burst_is_sent_datagram_by_datagram():
    rig = Rig(baud=115200)
    server = rig.net.udp(*TIME)
    sock = udp(rig, 10)
    for i in range(30):
        sock.sendto(b"%03d" % i * 100, TIME)
    for i in range(30):
        assert arrival(rig, server)[0] == b"%03d" % i * 100


def test_a_datagram_that_is_too_long_for_the_reader_is_cut_and_the_next_is_whole():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.sendto(b"x", TIME)
    _, (_, port) = arrival(rig, server)
    server.sendto(b"abcdef", port)
    server.sendto(b"ghi", port)
    buf = bytearray(4)
    assert sock.recv_into(buf) == 4 and buf == b"abcd"
    assert sock.recv_into(buf, 2) == 2 and buf == b"ghcd"
    server.sendto(b"jkl", port)
    server.sendto(b"mno", port)
    rig.pump(100)
    assert sock.readinto(buf) == 3 and sock.readinto(buf, 1) == 1 and buf == b"mkld"


def test_a_bound_socket_answers_whoever_asked():
    rig = Rig()
    sock = udp(rig)
    sock.bind(("0.0.0.0", 5000))
    peers = [rig.net.udp("198.51.100.%d" % i, 4000 + i) for i in range(3)]
    for turn in range(2):
        for i, peer in enumerate(peers):
            peer.sendto(b"ping %d" % turn, 5000)
            data, addr = sock.recvfrom(100)
            assert data == b"ping %d" % turn and addr == ("198.51.100.%d" % i, 4000 + i)
            sock.sendto(b"pong", addr)
            assert arrival(rig, peer) == (b"pong", ("10.64.0.1", 5000))
    assert rig.module.commands["QFWDCLIENT"] == 1  # the list, at the bring-up
    assert sock.getsockname() == ("0.0.0.0", 5000)


def test_a_bound_socket_also_reaches_a_peer_that_never_came_in():
    rig = Rig()
    sock = udp(rig)
    sock.bind(("0.0.0.0", 5000))
    other = rig.net.udp(*TIME)
    sock.sendto(b"hello", TIME)
    data, (_, port) = arrival(rig, other)
    other.sendto(b"back", port)
    assert sock.recvfrom(10) == (b"back", TIME)


def test_at_most_four_peers_have_a_client_and_the_least_recently_used_goes():
    rig = Rig()
    peers = [rig.net.udp("198.51.100.%d" % i, 123) for i in range(6)]
    sock = udp(rig)
    for i in (0, 1, 2, 3, 0, 4, 0, 5):
        sock.sendto(b"x", ("198.51.100.%d" % i, 123))
        arrival(rig, peers[i])
        rig.pump(50)
        assert len(rig.modem.fwd.clients()) <= 4
    hosts = sorted(row[3] for row in rig.modem.fwd.clients())
    assert hosts == ["198.51.100.0", "198.51.100.3", "198.51.100.4", "198.51.100.5"]
    sock.close()
    assert rig.modem.fwd.clients() == []


def test_a_server_with_ever_new_peers_does_not_run_out_of_places():
    rig = Rig()
    sock = udp(rig)
    sock.bind(("0.0.0.0", 5000))
    for i in range(40):
        peer = rig.net.udp("198.51.100.7", 4000 + i)
        peer.sendto(b"ping", 5000)
        assert sock.recvfrom(9) == (b"ping", ("198.51.100.7", 4000 + i))
        sock.sendto(b"pong", ("198.51.100.7", 4000 + i))
        assert arrival(rig, peer)[0] == b"pong"
    assert rig.modem.stats()["unwanted"] == 0


def test_a_peer_that_cannot_be_reached_is_told_with_the_next_call():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b'\r\nOK\r\n\r\n+QFWDURC: "client/open",40000,113\r\n')
    sock = udp(rig)
    sock.sendto(b"x", TIME)
    rig.pump(100)
    assert sock.ioctl(3, 5) == 1 | 4 | 8
    error = raises(OSError, sock.recv, 5)
    assert error.errno == errors.EHOSTUNREACH and error.result == 113
    server = rig.net.udp(*TIME)
    sock.sendto(b"y", TIME)
    assert arrival(rig, server)[0] == b"y"


def test_a_connect_that_fails_raises():
    rig = Rig()
    sock = udp(rig)
    assert errno_of(sock.connect, ("nobody.test", 123)) == errors.ECONNREFUSED


def test_a_non_blocking_connect_returns_and_is_done_in_poll():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.setblocking(False)
    sock.connect(TIME)
    sock.send(b"x")
    assert arrival(rig, server)[0] == b"x"
    assert errno_of(sock.recv, 1) == errors.EAGAIN and sock.read() is None and sock.readinto(bytearray(1)) is None
    assert errno_of(sock.recv_into, bytearray(1)) == errors.EAGAIN


def test_what_cannot_be_sent_now_waits_or_says_so():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b"\r\nOK\r\n")  # and no URC: everything waits
    sock = udp(rig, 0.5)
    for _ in range(2):
        sock.sendto(bytes(1000), TIME)
    assert sock.ioctl(3, 4) == 0
    assert errno_of(sock.sendto, bytes(1000), TIME) == errors.ETIMEDOUT
    sock.setblocking(False)
    assert errno_of(sock.sendto, bytes(1000), TIME) == errors.EAGAIN


def test_a_module_without_room_gets_the_same_datagram_again():
    rig = Rig(module={"sendmax": 1024})
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.connect(TIME)
    sock.send(b"a" * 1000)
    sock.send(b"b" * 1000)
    assert arrival(rig, server)[0] == b"a" * 1000
    assert arrival(rig, server)[0] == b"b" * 1000


def test_a_datagram_taken_only_in_part_is_an_error_and_not_sent_twice():
    rig = Rig(meddle=True)
    rig.net.udp(*TIME)
    sock = udp(rig)
    sock.connect(TIME)
    rig.uart.answer(b"AT+QFWDSEND=40000,0,9", b"\r\n+QFWDSEND: 40000,5\r\n\r\nOK\r\n", 1, 9)
    sock.send(b"123456789")
    rig.pump(100)
    assert sum(line.startswith(b"AT+QFWDSEND") for line in rig.uart.lines) == 1
    assert errno_of(sock.send, b"next") == errors.EMSGSIZE


def test_a_datagram_the_module_took_nothing_of_goes_again():
    rig = Rig(meddle=True)
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.connect(TIME)
    rig.uart.answer(b"AT+QFWDSEND=40000,0,9", b"\r\n+QFWDSEND: 40000,0\r\n\r\nOK\r\n", 1, 9)
    sock.send(b"123456789")
    assert arrival(rig, server)[0] == b"123456789"


def test_an_unconnected_send_wants_an_address_and_a_bad_address_is_refused():
    rig = Rig()
    sock = udp(rig)
    assert errno_of(sock.send, b"x") == errors.EDESTADDRREQ
    before = rig.uart.tx_bytes
    for addr in (("", 5), ("a\rb", 5), ("host", 0), ("host", 65536), ("host",), ()):
        raises(ValueError, sock.sendto, b"x", addr)
        raises(ValueError, sock.connect, addr)
    for addr in (("", 0), ("",), ()):
        raises(ValueError, sock.bind, addr)
    assert rig.uart.tx_bytes == before
    sock.bind(("", 7))
    assert errno_of(sock.bind, ("", 8)) == errors.EINVAL
    for addr in (("", 5), ("host", 0)):
        raises(ValueError, sock.sendto, b"x", addr)


def test_a_port_in_use_is_told():
    rig = Rig()
    udp(rig).bind(("", 5000))
    assert errno_of(udp(rig).bind, ("", 5000)) == errors.EADDRINUSE


def test_closing_closes_all_its_peers_after_what_was_sent():
    rig = Rig()
    sock = udp(rig)
    sock.bind(("", 5000))
    peer = rig.net.udp(*TIME)
    peer.sendto(b"x", 5000)
    sock.recv(5)
    other = rig.net.udp("198.51.100.8", 9)
    sock.sendto(b"last", ("198.51.100.8", 9))
    sock.close()
    assert arrival(rig, other)[0] == b"last"
    assert rig.modem.fwd.servers() == [] and rig.modem.fwd.clients() == []
    assert errno_of(sock.sendto, b"x", TIME) == errno_of(sock.recv, 5) == errors.EBADF
    assert sock.ioctl(3, 5) == 32


def test_after_a_reset_of_the_module_the_error_comes_and_a_client_goes_on():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.sendto(b"x", TIME)
    arrival(rig, server)
    bound = udp(rig)
    bound.bind(("", 5000))
    rig.reset()
    assert errno_of(sock.sendto, b"y", TIME) == errors.ECONNRESET
    assert errno_of(bound.recv, 5) == errors.ECONNRESET
    assert bound.ioctl(3, 5) == 16 and errno_of(bound.recv, 5) == errors.ENOTCONN
    sock.sendto(b"y", TIME)
    assert arrival(rig, server)[0] == b"y"


def test_a_full_table_names_what_is_open():
    rig = Rig(sockets=2)
    rig.net.udp(*TIME)
    sock = udp(rig)
    sock.connect(TIME)
    rig.modem.socket()
    error = raises(OSError, udp, rig)
    assert error.errno == errors.ENFILE and "udp 198.51.100.7:123" in str(error) and "tcp unconnected" in str(error)


def test_no_memory_takes_no_place():
    rig = Rig(sockets=1, rx_size=1 << 60)
    assert errno_of(udp, rig) == errors.ENOMEM
    rig.modem._rings = 2048, 2048
    udp(rig)


def test_datagrams_flow_without_an_allocation():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.connect(TIME)
    sock.send(b"x")
    _, (_, port) = arrival(rig, server)
    rig.pump(100)
    uart = rig.modem.chat.uart = QuietUart(rig.uart)
    sock.setblocking(False)
    buf = bytearray(1024)
    got = [0]

    def step():
        rig.modem.poll()
        n = sock.readinto(buf)
        if n:
            got[0] += n
        return sock.ioctl(3, 5)

    for i in range(300):
        if i < 20:
            server.sendto(bytes(700), port)
        uart.exchange()
        rig.clock.advance(1000)
        locked(step)
    assert got[0] == 14000


def test_a_peer_that_the_module_drops_gives_its_place_back_and_can_be_sent_to_again():
    rig = Rig(sockets=3)
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    for i in range(6):
        sock.sendto(b"%d" % i, TIME)
        data, (_, port) = arrival(rig, server)
        assert data == b"%d" % i
        server.sendto(b"answer", port)
        rig.pump(50)
        rig.urc(b'+QFWDURC: "client/close",%d' % sock._io.flows[0].id)
        rig.until(lambda: not sock._io.flows)
        assert sock.recvfrom(9) == (b"answer", TIME)


def test_a_datagram_to_a_peer_that_is_being_dropped_goes_by_a_new_one():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    sock.sendto(b"1", TIME)
    assert arrival(rig, server)[0] == b"1"
    rig.urc(b'+QFWDURC: "client/close",40000')
    rig.modem.poll()
    sock.sendto(b"2", TIME)
    assert arrival(rig, server)[0] == b"2"


def test_what_is_no_datagram_is_refused_whole():
    rig = Rig()
    server = rig.net.udp(*TIME)
    sock = udp(rig)
    for data in ([1, 2, 3], 5, None):
        raises(TypeError, sock.sendto, data, TIME)
    sock.sendto("gr\xfc\xdfe", TIME)
    assert arrival(rig, server)[0] == "gr\xfc\xdfe".encode()
    sock.sendto(memoryview(b"abc"), TIME)
    assert arrival(rig, server)[0] == b"abc"


def test_a_reply_sent_just_before_the_close_of_a_server_still_goes():
    rig = Rig(baud=115200)
    sock = udp(rig)
    sock.bind(("", 5000))
    peer = rig.net.udp(*TIME)
    peer.sendto(b"question", 5000)
    data, addr = sock.recvfrom(20)
    sock.sendto(data, addr)
    sock.close()
    assert peer.recvfrom()[0] == b"question"
    assert rig.modem.fwd.servers() == []


def test_a_uart_buffer_too_small_for_a_datagram_is_told():
    rig = Rig(rxbuf=1024)
    error = raises(OSError, udp, rig)
    assert error.errno == errors.ENOMEM and "rxbuf" in str(error)


def test_a_table_without_room_for_another_peer_says_so():
    rig = Rig(sockets=2)
    rig.net.udp(*TIME)
    sock = udp(rig)
    sock.sendto(b"x", TIME)
    rig.modem.socket()
    assert errno_of(sock.sendto, b"x", ("198.51.100.8", 9)) == errors.ENFILE


def test_a_datagram_longer_than_the_room_that_the_module_tells_of_is_tried_while_nothing_waits():
    for quirks in ({"sendmax": "64"}, {"sendmax": "1024", "ack_sum": "less"}):
        quirks["empty"] = "error"  # which makes the driver ask for the counters
        rig = Rig(latency_us=20_000, module={"quirks": quirks})
        peer = rig.net.udp("198.51.100.7", 123)
        sock = rig.modem.socket(2, 2)
        for i in range(20):
            sock.settimeout(0.2 + i / 100)  # so that the next datagram comes in every state of the look
            sock.sendto(b"x" * 512, ("198.51.100.7", 123))
            assert errno_of(sock.recv, 1) == errors.ETIMEDOUT, quirks
            rig.pump(100)
            assert peer.recvfrom()[0] == b"x" * 512, quirks

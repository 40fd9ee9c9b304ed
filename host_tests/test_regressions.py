"""Faults that a reading of the code found. Each test was seen to fail first."""

from array import array

from ec2x import errors
from expect import raises
from heap import locked
from quiet import QuietUart
from rig import Rig
from wires import answers, handlers

URC = b'+QFWDURC: "client/incoming",%d,%s,"192.168.225.58",56784,"0.0.0.0",2020'


class Uart:
    """The rig's UART, with readinto or write replaced."""

    def __init__(self, uart, readinto=None, write=None):
        self.any = uart.any
        self.readinto = readinto or uart.readinto
        self.write = write or uart.write


def held(rig):
    """Ids that the module holds."""
    return [s[0] for s in rig.modem.fwd.servers()] + [c[0] for c in rig.modem.fwd.clients()]


def garble(rig, word, when=b""):
    """One byte of the next answer that begins with word (and has when behind it) changes on the wire."""
    uart = rig.uart
    hits = []

    def readinto(buf, n):
        n = uart.readinto(buf, n)
        at = bytes(buf[: n or 0]).find(word)
        if at >= 0 and not hits and bytes(buf[at:n]).find(when) >= 0:
            hits.append(at)
            buf[at + 3] = 88
        return n

    rig.modem.chat.uart = Uart(uart, readinto)
    return hits


def background(rig):
    """A background poll, as soon as the interpreter lets it come."""
    try:
        from micropython import schedule

        schedule(lambda _: rig.modem.poll(), 0)
    except ImportError:
        rig.modem.poll()


# 1


def test_a_garbled_header_of_a_read_is_no_silent_loss():
    rig = Rig()
    sock, peer = rig.client()
    hits = garble(rig, b"+QFWDRECV:", b"first")
    got = b""
    try:
        peer.send(b"first")
        rig.pump(2000)
        peer.send(b"second")
        rig.pump(2000)
        got = sock.recv(100)
    except OSError:
        pass
    assert hits
    assert got in (b"", b"firstsecond"), got


def test_a_garbled_answer_to_a_send_duplicates_nothing():
    rig = Rig()
    sock, peer = rig.client()
    hits = garble(rig, b"+QFWDSEND:")
    try:
        sock.send(b"once")
        rig.pump(3000)
    except OSError:
        pass
    assert hits
    got = peer.recv(100)
    assert got == b"once", got


# 2


def test_ctrl_c_in_a_write_duplicates_nothing():
    rig = Rig()
    sock, peer = rig.client()
    real = rig.uart.write
    data = bytes(range(256)) * 4
    hits = []

    def write(buf, off, n):
        n = real(buf, off, n)
        if not hits and n == 64:  # the payload's first piece
            hits.append(1)
            raise KeyboardInterrupt
        return n

    rig.modem.chat.uart = Uart(rig.uart, None, write)
    try:
        sock.send(data)
        rig.pump(2000)
    except KeyboardInterrupt:
        pass
    rig.pump(4000)
    try:
        sock.send(b"next")
    except OSError:
        return  # told
    rig.pump(2000)
    got = peer.recv(4000)
    assert (data + b"next").startswith(got), len(got)


def test_ctrl_c_in_a_read_loses_nothing_silently():
    rig = Rig()
    sock, peer = rig.client()
    data = bytes([i * 7 & 255 for i in range(251)] * 4)
    real = sock._io.rx.write
    hits = []

    def write(buf, off, n):
        if not hits:
            hits.append(1)
            raise KeyboardInterrupt
        real(buf, off, n)

    sock._io.rx.write = write
    peer.send(data)
    for _ in range(3):
        try:
            rig.pump(500)
        except KeyboardInterrupt:
            pass
    assert hits
    got = b""
    try:
        while len(got) < len(data):
            some = sock.recv(1024)
            if not some:
                break
            got += some
    except OSError:
        pass
    assert data.startswith(got), len(got)


# 3


def test_an_id_that_no_command_can_carry_disturbs_nobody():
    for n in (b"0", b"70000", b"-5"):
        rig = Rig()
        sock, peer = rig.client()
        listener = rig.listener(timeout=1)
        rig.urc(URC % (listener.fileno(), n))
        try:
            listener.accept()
        except OSError:
            pass
        rig.pump(2000)
        peer.send(b"hello")
        assert sock.recv_into(bytearray(5)) == 5
        listener.close()


# 4


def test_a_connect_given_up_before_its_ok_leaves_nothing_in_the_module():
    rig = Rig(latency_us=50_000)
    rig.net.listen("tcp", "198.51.100.7", 80)
    sock = rig.modem.socket()
    sock.setblocking(False)
    raises(OSError, sock.connect, ("198.51.100.7", 80))
    sock.close()
    rig.pump(3000)
    assert held(rig) == []


def test_a_listener_closed_while_its_load_state_is_asked_frees_its_port():
    rig = Rig(latency_us=50_000)
    sock = rig.listener()
    sock.setblocking(False)
    for _ in range(400):
        sock.ioctl(3, 1)
        rig.idle()
        if rig.modem.sockets.task is sock._flow:
            break
    assert rig.modem.sockets.task is sock._flow
    sock.close()
    rig.pump(3000)
    assert held(rig) == []


def test_a_connection_that_comes_while_its_listener_closes_is_closed():
    rig = Rig(latency_us=50_000)
    sock = rig.listener()
    sock.setblocking(False)
    sock.close()
    rig.dial()
    rig.pump(3000)
    assert held(rig) == []


# 5


def test_a_connection_that_comes_while_a_socket_is_made_is_served():
    rig = Rig()
    listener = rig.listener()
    rig.dial()
    rig.clock.us += 10_000
    real = rig.modem.sockets.flows

    class Places:
        armed = True

        def __len__(self):
            return len(real)

        def __iter__(self):
            return iter(real)

        def __setitem__(self, i, flow):
            real[i] = flow

        def __getitem__(self, i):
            flow = real[i]
            if self.armed and flow is None and not rig.modem._busy:
                self.armed = False
                background(rig)
            return flow

    rig.modem.sockets.flows = Places()
    rig.modem.socket()
    sock, _ = listener.accept()
    assert sock._flow in real


# 6


def test_drain_ends_when_the_peer_has_gone():
    rig = Rig(baud=115200)
    sock, peer = rig.client()
    sock.write(bytes(2048))
    peer.close()
    raises(OSError, sock.drain)


# 7


def test_a_week_of_silence_after_drain_does_not_hold_what_is_sent_then():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    rig.uart.answer(b"AT+QFWDACK", b"\r\n+QFWDACK: %d,5,10235,10240,0,10240,10240\r\n\r\nOK\r\n" % sock.fileno())
    sock.send(b"first")
    sock.drain(10)
    rig.modem.now = lambda: rig.now() % (1 << 30)
    rig.clock.us += ((1 << 29) + 60_000) * 1000
    sock.send(b"hello")
    rig.pump(5000)
    got = peer.recv(20)
    assert got == b"firsthello", got


# 8


def test_a_lost_urc_costs_a_quarter_of_a_second_in_a_non_blocking_reader():
    rig = Rig()
    sock, peer = rig.client()
    sock.setblocking(False)
    for _ in range(40):
        rig.pump(1000)
        assert sock.readinto(bytearray(10)) is None
    rig.modem.chat.urcs[0] = (rig.modem.chat.urcs[0][0], lambda buf, start, end: None)
    peer.send(b"hello")
    begin = rig.now()
    while sock.readinto(bytearray(10)) is None:
        rig.idle()
    assert rig.now() - begin < 1000, rig.now() - begin


# 9


def steps(rig, uart, call, ms):
    for _ in range(ms):
        uart.exchange()
        now = rig.now()
        rig.modem.now = lambda: now
        locked(call)
        rig.clock.us += 1000


def test_poll_beside_a_listener_with_a_connection_allocates_nothing():
    rig = Rig()
    listener = rig.listener()
    rig.dial()
    sock, _ = listener.accept()
    rig.modem.chat.uart = uart = QuietUart(rig.uart)
    listener.ioctl(3, 1)
    steps(rig, uart, rig.modem.poll, 2000)


def test_a_datagram_is_sent_without_allocating():
    rig = Rig()
    rig.net.udp("198.51.100.7", 53)
    sock = rig.modem.socket(2, 2)
    sock.setblocking(False)
    sock.connect(("198.51.100.7", 53))
    sock.send(b"x")
    rig.pump(200)
    rig.modem.chat.uart = uart = QuietUart(rig.uart)
    steps(rig, uart, lambda: sock.send(b"hello"), 5)


# 10


def test_a_failing_callback_does_not_come_out_of_ioctl():
    rig = Rig()
    sock, _ = rig.client()

    def bad(line):
        raise KeyError(line)

    rig.modem.on_urc("+CMTI", bad)
    rig.urc(b'+CMTI: "SM",1')
    for _ in range(20):
        rig.idle()
        assert sock.ioctl(3, 1) >= 0


def test_close_never_raises():
    rig = Rig()
    sock, _ = rig.client()

    def gone():
        raise OSError(19)

    rig.modem.chat.uart.any = gone
    sock.close()


# 11


def test_connections_that_nobody_accepts_leave_places_for_the_application():
    rig = Rig()
    listener = rig.modem.socket()
    listener.bind(("", 2020))
    listener.listen(1)
    for i in range(12):
        rig.dial(at=50000 + i)
    rig.pump(1000)
    rig.modem.socket()


# 12



def test_a_peer_given_as_a_list_or_with_flow_info_opens_one_client():
    for peer in (["198.51.100.7", 53], ("198.51.100.7", 53, 0, 0)):
        rig = Rig()
        sock = rig.modem.socket(2, 2)
        sock.sendto(b"a", peer)
        sock.sendto(b"b", peer)
        assert len(sock._io.flows) == 1


# 13


def test_words_are_sent_whole():
    rig = Rig()
    sock, peer = rig.client()
    sock.sendall(array("H", [0x4142, 0x4344]))
    rig.pump(1000)
    got = peer.recv(10)
    assert got == b"BADC", got


def test_a_negative_count_is_no_end_of_the_stream():
    rig = Rig()
    sock, peer = rig.client()
    peer.send(b"hello")
    rig.pump(500)
    assert sock.recv_into(bytearray(10), -3) != 0


def test_a_bad_urc_port_is_refused_where_it_is_given():
    raises(ValueError, Rig, urc_port="uart1\r")


# What a second review found


def test_a_reset_while_an_opening_is_waited_for_is_noticed_however_long_the_boot_takes():
    rig = Rig("net", meddle=True, module={"reboot_us": 10_000_000})
    listener = rig.listener(timeout=None)
    rig.uart.answer(b"AT+QFWDCLIENT=", b"")
    sock = rig.modem.socket()
    sock.setblocking(False)
    raises(OSError, sock.connect, ("198.51.100.7", 80))
    rig.pump(50)
    rig.module.reset(rig.clock.us)
    rig.until(lambda: listener.ioctl(3, 1) & 16, 60_000)
    rig.until(rig.modem.isconnected, 60_000)
    rig.client()


def test_a_udp_server_that_is_gone_says_so_to_each_send():
    rig = Rig()
    sock = rig.modem.socket(2, 2)
    sock.settimeout(2)
    sock.bind(("", 2020))
    rig.reset()
    assert raises(OSError, sock.sendto, b"x", ("0.0.0.0", 0)).errno == errors.ECONNRESET
    for _ in range(5):
        assert raises(OSError, sock.sendto, b"x" * 1024, ("0.0.0.0", 0)).errno == errors.ENOTCONN


def test_a_udp_socket_whose_server_is_gone_waits_for_room_and_no_longer_than_it_may():
    rig = Rig()
    sock = rig.modem.socket(2, 2)
    sock.settimeout(2)
    sock.bind(("", 2020))
    rig.net.names["slow.example"] = None
    rig.reset()
    raises(OSError, sock.sendto, b"x", ("0.0.0.0", 0))
    rig.net.kick()
    at = rig.now()
    error = None
    while error is None:
        try:
            sock.sendto(b"x" * 1024, ("slow.example", 53))
        except OSError as e:
            error = e
    assert error.errno == errors.ETIMEDOUT and 2000 <= rig.now() - at < 3000


def test_a_cut_datagram_whose_answer_breaks_takes_no_later_one_along():
    rig = Rig(meddle=True, profile={"recv_max": 100})
    sock = rig.modem.socket(2, 2)
    sock.settimeout(5)
    sock.bind(("", 2020))
    peers = [rig.net.dial("udp", 2020, ("192.168.225.58", port)) for port in (1, 2)]
    peers[0].sendto(b"x", 2020)
    assert sock.recv(9) == b"x"
    rig.uart.answer(b"AT+QFWDRECV=1,", b"\r\n+QFWDRECV: 1,100\r\n" + b"x" * 101 + b"\r\n\r\nOK\r\n")
    rig.urc(b'+QFWDURC: "client/read",1')
    raises(OSError, sock.recv, 9)
    rig.pump(1000)
    peers[1].sendto(b"good", 2020)
    got = []
    while not got:
        try:
            got.append(sock.recv(9))
        except OSError as e:
            assert e.errno in (errors.EMSGSIZE, errors.ECONNRESET), e
    assert got == [b"good"]


def test_a_drain_ends_in_time_whatever_the_module_does():
    rig = Rig(module={"quirks": {"open_urc": "before"}})
    sock, peer = rig.client()
    rig.net.fail[("198.51.100.9", 80)] = None
    other = rig.modem.socket()
    other.setblocking(False)
    raises(OSError, other.connect, ("198.51.100.9", 80))
    rig.pump(50)
    at = rig.now()
    assert raises(OSError, sock.drain, 1).errno == errors.ETIMEDOUT
    assert rig.now() - at < 1500


def test_a_byte_sent_after_days_of_silence_is_sent():
    rig = Rig()
    sock, peer = rig.client()
    peer.window = 0
    sock.send(b"a")
    rig.pump(100)
    assert sock.unacked() == 1
    peer.window = None
    rig.pump(5000)
    rig.clock.advance(7 * 86_400_000_000)
    sock.send(b"b")
    rig.pump(5000)
    assert peer.recv() == b"ab"


# Found by fuzzing (host_tests/fuzz)


def test_a_peer_that_has_no_possible_port_ends_no_poll():
    rig = Rig()
    sock = rig.modem.socket(2, 2)
    sock.bind(("", 2020))
    for port in (b"70000", b"-1", b"999999999"):
        rig.urc(b'+QFWDURC: "client/incoming",%d,9,"192.168.225.58",%s,"0.0.0.0",2020' % (sock._flow.id, port))
        rig.pump(10)
    rig.net.udp("192.168.225.9", 9).sendto(b"here", 2020)
    rig.until(lambda: sock.ioctl(3, 1))
    assert sock.recvfrom(9) == (b"here", ("192.168.225.9", 9))


def test_connections_by_the_thousand_take_no_memory_and_hold_nobody_up():
    rig = Rig()
    sock, peer = rig.client()
    lines = []
    rig.module.log = lambda kind, port, what: lines.append(what) if kind == "command" else None
    for _ in range(20):
        for k in range(10):
            rig.urc(URC % (41000, b"%d" % (100 + k)))  # for a server that is no more: each id again and again
        rig.pump(1)
    assert len(rig.modem.sockets.backlog._unwanted) <= 10
    for k in range(1000):
        rig.urc(URC % (41000, b"%d" % (1000 + k)))
        if not k % 20:
            rig.modem.poll()
    assert len(rig.modem.sockets.backlog._unwanted) <= 32
    del lines[:]
    peer.send(b"here")
    assert sock.recv(9) == b"here"
    assert len(lines) < 50, lines  # after 32 of those that are closed it has its turn
    rig.pump(2000)
    assert not rig.modem.sockets.backlog._unwanted


def test_addresses_without_end_are_one():
    rig = Rig()
    handlers(rig)["+QIDNSGIP"] = lambda at, command: None
    said = [b"0,999999999,600"]

    def idle():
        rig.idle()
        rig.urc(b'+QIURC: "dnsgip",' + said[-1])
        said.append(b'"198.51.100.%d"' % (len(said) % 256))
        rig.urc(b'+QIURC: "dnsgip",' + said[-1])
        rig.urc(b'+QIURC: "dnsgip",' + said[-1])

    rig.modem.idle = idle
    assert rig.modem.resolve("a.example", 2000) == "198.51.100.1"
    assert len(said) < 20


def test_an_orphan_whose_id_is_a_sockets_by_now_is_not_closed():
    rig = Rig()
    for id in (40000, 40001):
        rig.urc(URC % (41000, b"%d" % id))
    sock, peer = rig.client()
    rig.urc(URC % (41000, b"%d" % sock._flow.id))
    rig.pump(100)
    peer.send(b"here")
    assert sock.recv(9) == b"here"


def test_a_name_with_no_address_is_an_errno():
    rig = Rig()
    handlers(rig)["+QIDNSGIP"] = lambda at, command: None
    for rows in ((b"0,0,600",), (b"0",), (b"0,-1,600",), (b"0,1,600", b""), (b"0,1,600", b'"')):
        said = []

        def idle():
            rig.idle()
            if len(said) < len(rows):
                said.append(rows[len(said)])
                rig.urc(b'+QIURC: "dnsgip",' + said[-1])

        rig.modem.idle = idle
        assert raises(OSError, rig.modem.resolve, "a.example", 2000).errno == errors.EHOSTUNREACH, rows


def test_an_answer_without_an_end_takes_no_more_memory_than_there_is():
    rig = Rig(baud=921600)

    def endless(at, command):
        for _ in range(3000):
            at.info("+X: " + "1" * 40)

    handlers(rig)["+X"] = endless
    assert raises(OSError, rig.modem.command, "AT+X", 10_000).errno == errors.EIO
    assert rig.modem.command("AT+CSQ")


def test_ids_that_cannot_be_are_no_answer_to_a_list():
    rig = Rig()
    for id in ("0", "65536", "-1"):
        for name, call, line in (
            ("+QFWDSERVER", rig.modem.fwd.servers, '%s,"tcp",2020,"uart1"'),
            ("+QFWDCLIENT", rig.modem.fwd.clients, '%s,"active","tcp","1.2.3.4",80,"0.0.0.0",1,"uart1"'),
            ("+QFWDSSTATE", lambda: rig.modem.fwd.sstate(1), '0,%s,"1.2.3.4",80,"0.0.0.0",1'),
        ):
            before = handlers(rig)[name]
            answers(rig, name, name + ": " + line % id)
            assert raises(OSError, call).errno == errors.EIO, (name, id)
            handlers(rig)[name] = before


def test_a_sign_with_every_answer_starves_no_command():
    rig = Rig("internet")
    rig.pump(31_000)  # the link looks after itself
    rig.module.log = lambda kind, port, what: rig.urc(b"+CPIN: READY") if kind == "command" else None
    rig.urc(b"+CPIN: READY")
    rig.modem.poll()
    limit = rig.idles + 1000
    idle = rig.idle

    def bounded():
        assert rig.idles < limit, "it has never its turn"
        idle()

    rig.modem.idle = bounded
    assert rig.modem.command("AT+CSQ")


def test_a_data_call_that_is_none_any_more_is_not_looked_at():
    rig = Rig("internet")
    rig.pump(31_000)
    at = handlers(rig)["+QIACT"]

    def forget(channel, command):
        rig.modem.connect(None)
        return at(channel, command)

    handlers(rig)["+QIACT"] = forget
    rig.pump(61_000)
    assert rig.modem.isconnected() and rig.modem.link.call is None


def test_an_echo_that_looks_like_a_prompt_is_no_prompt_again_and_again():
    rig = Rig(module={"quirks": {"echo": "stuck"}})
    sock, peer = rig.client()
    lost = []

    def readinto(buf, n):
        n = rig.uart.readinto(buf, n)
        at = bytes(buf[: n or 0]).find(b"\r\n> ")
        if at >= 0 and not lost:
            lost.append(at)
            buf[at : at + 4] = b"\r\n\r\n"
        return n

    rig.modem.chat.uart = Uart(rig.uart, readinto)
    sock.send(b"a line\r\n> a quoted one\r\n")
    rig.pump(30_000)  # the send's time
    assert lost
    written = rig.uart.tx_bytes
    rig.pump(10_000)
    assert rig.uart.tx_bytes - written < 1000
    assert rig.modem.command("AT+CSQ")


def test_a_module_that_echoes_again_does_not_have_a_payload_answer_commands():
    rig = Rig()
    sock, peer = rig.client()
    sock.sendall(b"hello, which does not come back")
    rig.pump(100)
    assert rig.modem.chat._echo is False
    rig.module.channel("uart1").set["E"] = 1  # it was reset, and nothing of that was heard
    said = b"payload\r\nOK\r\n, again\r\nOK\r\n, and ERROR\r\nERROR\r\n" * 20
    sock.sendall(said)
    assert rig.modem.command("AT+CSQ")
    rig.pump(1000)
    assert peer.recv()[-len(said) :] == said and rig.modem.chat.broken == 0 and rig.modem.stats()["unknown"] == 0

"""posix.py: what TCP and UDP sockets share."""

from ec2x import errors
from ec2x.compat import ticks_add
from expect import raises
from heap import locked
from rig import Rig

try:
    from select import poll as Poll

    import micropython  # noqa: F401
except ImportError:

    class Poll:
        """What MicroPython's select.poll does with a Python object."""

        def __init__(self):
            self._wanted = []

        def register(self, sock, mask):
            self._wanted.append([sock, mask])

        def modify(self, sock, mask):
            for entry in self._wanted:
                if entry[0] is sock:
                    entry[1] = mask

        def poll(self, timeout):
            flags = [(sock, sock.ioctl(3, mask)) for sock, mask in self._wanted]
            return [entry for entry in flags if entry[1]]


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def test_a_timeout_is_seconds_none_or_nought():
    rig = Rig()
    sock, peer = rig.client()
    for seconds, least, most in ((1, 1_000_000, 1_300_000), (0.05, 50_000, 80_000)):
        sock.settimeout(seconds)
        before = rig.clock.us
        assert errno_of(sock.recv, 1) == errors.ETIMEDOUT
        assert least <= rig.clock.us - before < most
    sock.settimeout(0)
    assert errno_of(sock.recv, 1) == errors.EAGAIN
    sock.setblocking(True)
    rig.modem.idle = lambda: (rig.idle(), rig.clock.us > 100_000_000 and not peer.unread() and peer.send(b"at last"))
    assert sock.recv(20)[:7] == b"at last"
    sock.settimeout(None)
    assert sock._timeout is None
    sock.settimeout(1e12)  # longer than the clock: as long as it can
    raises(ValueError, sock.settimeout, -1)


def test_waiting_works_across_the_wrap_of_the_clock():
    for before_wrap in (1, 100, 300, 499):
        rig = Rig()
        sock, peer = rig.client(timeout=0.5)
        start = rig.now()
        rig.modem.now = lambda rig=rig, start=start, ms=before_wrap: ticks_add(ticks_add(0, -ms), rig.now() - start)
        before = rig.clock.us
        assert errno_of(sock.recv, 1) == errors.ETIMEDOUT
        assert 500_000 <= rig.clock.us - before < 800_000
        assert rig.modem.now() < 1000
        peer.send(b"fine")
        assert sock.recv(9) == b"fine"


def test_after_close_everything_is_ebadf():
    rig = Rig()
    sock, peer = rig.client()
    sock.close()
    sock.close()
    assert peer.closed
    for call in (sock.fileno, sock.getpeername, sock.getsockname, sock.accept, sock.listen, sock.unacked):
        assert errno_of(call) == errors.EBADF, call
    for call in (sock.recv, sock.read):
        assert errno_of(call, 1) == errors.EBADF
    for call in (sock.send, sock.write, sock.sendall):
        assert errno_of(call, b"x") == errors.EBADF
    assert errno_of(sock.readline) == errno_of(sock.recv_into, bytearray(1)) == errno_of(sock.readinto, bytearray(1)) == errors.EBADF
    assert errno_of(sock.connect, ("h", 1)) == errno_of(sock.bind, ("h", 1)) == errors.EBADF
    assert sock.ioctl(3, 5) == 32 and sock.ioctl(4, 0) == 0


def test_what_a_socket_does_not_have_it_does_not_have():
    rig = Rig()
    for sock in (rig.modem.socket(), rig.modem.socket(2, 2)):
        for name in ("_nothing", "nothing", "shutdown"):
            raises(AttributeError, getattr, sock, name)
    for name in ("unacked", "drain", "readline"):
        raises(AttributeError, getattr, sock, name)
    assert errno_of(sock.listen, 1) == errno_of(sock.listen) == errno_of(sock.accept) == errors.EOPNOTSUPP
    sock.close()
    assert errno_of(sock.listen, 1) == errno_of(sock.accept) == errors.EBADF


def test_with_closes():
    rig = Rig()
    sock, peer = rig.client()
    with sock as same:
        assert same is sock
    assert peer.closed and errno_of(sock.recv, 1) == errors.EBADF
    try:
        with rig.modem.socket() as sock:
            raise ValueError
    except ValueError:
        assert rig.modem.sockets.flows[0] is None


def test_poll_flags_are_lwips_in_every_state():
    rig = Rig()
    sock = rig.modem.socket()
    assert sock.ioctl(3, 5) == 20 and sock.ioctl(3, 1) == 16
    server = rig.net.listen("tcp", "198.51.100.7", 80)
    sock.setblocking(False)
    errno_of(sock.connect, ("198.51.100.7", 80))
    rig.until(lambda: sock.ioctl(3, 5) == 4)
    peer = server.accept()
    assert sock.ioctl(3, 1) == 0
    peer.send(b"x")
    rig.until(lambda: sock.ioctl(3, 5) == 5)
    assert sock.ioctl(3, 1) == 1 and sock.ioctl(3, 4) == 4
    peer.close()
    rig.until(lambda: sock._flow.closed)
    assert sock.ioctl(3, 5) == 5
    sock.recv(1)
    rig.until(lambda: sock.ioctl(3, 5) == 5)
    assert sock.recv(1) == b""
    sock.close()
    assert sock.ioctl(3, 5) == 32


def test_select_poll_tells_several_sockets_apart():
    rig = Rig()
    poller = Poll()
    server = rig.listener()
    socks = [rig.client(host="198.51.100.%d" % i) for i in range(3)]
    for sock in [server] + [sock for sock, _ in socks]:
        poller.register(sock, 1)

    def ready():
        rig.idle()
        return [(sock, flags) for sock, flags in poller.poll(0)]

    assert ready() == []
    socks[1][1].send(b"x")
    socks[2][1].close()
    rig.dial()
    rig.pump(50)
    assert ready() == [(server, 1), (socks[1][0], 1), (socks[2][0], 1)]
    poller.modify(socks[1][0], 4)
    assert (socks[1][0], 4) in ready()


def test_closed_sockets_in_a_poll_set_say_so_and_hold_up_nobody():
    rig = Rig()
    poller = Poll()
    sock, peer = rig.client()
    gone = [rig.client(host="198.51.100.8")[0], rig.listener(), rig.modem.socket(), rig.modem.socket(2, 2)]
    for each in [sock] + gone:
        poller.register(each, 1)
    for each in gone:
        each.close()
    peer.send(b"x")
    rig.until(lambda: sock.ioctl(3, 1))
    told = poller.poll(0)
    assert len(told) == 5 and (sock, 1) in told and all((each, 32) in told for each in gone), told
    assert [each.ioctl(99, 0) for each in gone] == [-errors.EINVAL] * 4


def test_an_ioctl_never_raises():
    rig = Rig()
    sock, _ = rig.client()
    for request in (-1, 0, 1, 2, 5, 6, 7, 10, 11, 12, 99, 1 << 40):
        assert sock.ioctl(request, 0) == -errors.EINVAL

    # On MicroPython every exception has an errno: its first argument.
    for error in (OSError(errors.EIO, "a UART that fails"), OSError("why"), OSError(), ValueError("no number"), MemoryError()):

        def broken(error=error):
            raise error

        rig.modem.poll = broken
        assert sock.ioctl(3, 5) == -errors.EIO
    del rig.modem.poll
    assert sock.ioctl(4, 0) == 0 and sock.ioctl(3, 5) == 32


def test_a_close_for_which_there_was_no_memory_can_be_repeated():
    rig = Rig()
    sock, peer = rig.client()
    locked(lambda: sock.ioctl(4, 0))  # as for a TLS socket that is collected
    sock.close()
    assert peer.closed and rig.modem.sockets.flows[0] is None


def test_names_of_both_ends():
    rig = Rig()
    sock, _ = rig.client()
    assert sock.getpeername() == ("198.51.100.7", 80) and sock.getsockname() == ("0.0.0.0", 0)
    assert rig.listener().getsockname() == ("0.0.0.0", 2020)
    assert sock.fileno() == 40000
    sock.setsockopt(1, 2, 1)


def test_nothing_blocks_inside_a_callback():
    rig = Rig()
    sock, peer = rig.client()
    seen = []

    def callback(line):
        seen.append(errno_of(sock.recv, 5))
        fresh = rig.modem.socket()
        seen.append(errno_of(fresh.connect, ("198.51.100.7", 80)))
        fresh.bind(("", 5))
        seen.append(errno_of(fresh.listen))
        fresh.close()
        udp = rig.modem.socket(2, 2)
        seen.append(errno_of(udp.connect, ("198.51.100.7", 80)))
        seen.append(errno_of(udp.bind, ("", 5)))
        sock.close()  # of a callback: no wait

    rig.modem.on_urc("+TEST", callback)
    rig.urc(b"+TEST: 1")
    rig.pump(10)
    assert seen == [errors.EBUSY] * 5
    assert rig.module.commands["QFWDSERVER"] == 2 and rig.module.commands["QFWDCLIENT"] == 2
    rig.until(lambda: peer.closed)


def test_a_socket_of_an_unknown_kind_is_refused():
    rig = Rig()
    for family in (0, 1, 3, "x"):
        assert errno_of(rig.modem.socket, family) == errors.EAFNOSUPPORT
    assert errno_of(rig.modem.socket, 2, 3) == errors.EOPNOTSUPP


def test_a_context_may_be_chosen_for_each_socket():
    rig = Rig(apn="internet", meddle=True)
    for cid, sent in ((None, b"1"), (0, b"0"), (7, b"7")):
        rig.uart.answer(b"AT+QFWDCLIENT", b"\r\nERROR\r\n", 4)
        sock = rig.modem.socket(2, 1, cid)
        errno_of(sock.connect, ("h", 5))
        assert [line for line in rig.uart.lines if line.startswith(b"AT+QFWDCLIENT")][-1].split(b"=")[1][:1] == sent


def test_a_context_that_there_cannot_be_is_refused():
    rig = Rig()
    for cid in (-1, 17):
        raises(ValueError, rig.modem.socket, 2, 1, cid)


def test_an_ipv6_socket_says_so_to_the_module():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT", b'\r\nOK\r\n\r\n+QFWDURC: "client/open",40000,0\r\n')
    sock = rig.modem.socket(10)
    sock.connect(("2001:db8::1", 80, 0, 0))
    assert rig.uart.lines[-1] == b'AT+QFWDCLIENT=0,40000,"IPV6","tcp","2001:db8::1",80,"uart1"'


def test_every_blocking_loop_feeds_the_watchdog():
    rig = Rig()
    fed = []
    real = rig.modem.idle
    rig.modem.idle = lambda: fed.append(1) or real()
    rig.net.fail[("198.51.100.7", 81)] = None
    sock = rig.modem.socket()
    sock.settimeout(1)
    server = rig.listener(timeout=1)
    client, peer = rig.client(timeout=1)
    peer.window = 0
    client.send(bytes(2000))
    for call in (
        lambda: sock.connect(("198.51.100.7", 81)),
        server.accept,
        lambda: client.recv(1),
        lambda: client.drain(1),
        client.unacked,
        lambda: rig.modem.command("AT"),
        client.close,
    ):
        del fed[:]
        try:
            call()
        except OSError:
            pass
        assert fed, call


def test_no_memory_for_a_socket_takes_no_place():
    rig = Rig(sockets=1, rx_size=1 << 60)
    assert errno_of(rig.modem.socket) == errors.ENOMEM
    rig.modem._rings = 2048, 2048
    rig.modem.socket()

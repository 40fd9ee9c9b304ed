"""What an application can get wrong with a socket is refused, and leaves the socket and the table as they were."""

from expect import raises
from rig import Rig

PEER = ("198.51.100.7", 80)
NO_PAIRS = (None, 80, "198.51.100.7:80", "h", "", b"\x02\x00\x00P\xc63d\x07", b"\x02\x50", bytearray(b"\x02\x50"), (), ("h",), [])
NO_PORTS = (0, -1, 65536, 1 << 40, None, "80", b"80", 80.0, ("80",))
NO_HOSTS = ("", None, 5, b"198.51.100.7", ["h"], "h\xf6st.example", "\u4f8b\u3048.jp", "\u200b", "a b\x7f", "x" * 256)


def addresses(hosts=NO_HOSTS):
    yield from NO_PAIRS
    for port in NO_PORTS:
        yield PEER[0], port
    for host in hosts:
        yield host, 80


def refused(call, *args):
    raises((TypeError, ValueError, OSError), call, *args)


def test_an_address_that_is_none_leaves_a_tcp_socket_as_it_was():
    rig = Rig()
    sock = rig.modem.socket()
    rig.pump(10)
    written = rig.uart.tx_bytes
    for timeout in (None, 0):
        sock.settimeout(timeout)
        for addr in addresses():
            refused(sock.connect, addr)
            assert sock.ioctl(3, 5) == 20, addr  # as new
    for addr in addresses(()):
        refused(sock.bind, addr)
        refused(sock.listen)  # it has no port
    rig.pump(1000)
    assert rig.uart.tx_bytes == written
    rig.net.listen("tcp", *PEER)
    sock.settimeout(5)
    sock.connect(PEER)
    sock.close()
    assert not any(rig.modem.sockets.flows)


def test_an_address_that_is_none_leaves_a_udp_socket_as_it_was():
    rig = Rig()
    sock, bound = rig.modem.socket(2, 2), rig.modem.socket(2, 2)
    bound.bind(("", 7))
    far = rig.net.listen("udp", *PEER)
    rig.pump(10)
    written, flows = rig.uart.tx_bytes, list(rig.modem.sockets.flows)
    for addr in addresses():
        for call in (sock.connect, lambda addr: sock.sendto(b"x", addr), lambda addr: bound.sendto(b"x", addr)):
            refused(call, addr)
    for addr in addresses(()):
        refused(sock.bind, addr)
    assert rig.uart.tx_bytes == written and rig.modem.sockets.flows == flows
    for each in (sock, bound):
        each.sendto(b"hello", PEER)
        rig.until(far.recvfrom)
        each.close()
    rig.until(lambda: not any(rig.modem.sockets.flows))

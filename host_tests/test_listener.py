"""listener.py: a TCP server, as the manual's chapter 4 has it."""

from ec2x import errors
from expect import raises
from rig import Rig


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def test_connections_are_accepted_in_the_order_they_came():
    rig = Rig()
    server = rig.listener()
    peers = [rig.dial(at=50000 + i) for i in range(4)]
    for i, peer in enumerate(peers):
        peer.send(b"%d" % i)
        sock, addr = server.accept()
        assert addr == ("192.168.225.58", 50000 + i) == sock.getpeername()
        assert sock.recv(10) == b"%d" % i
        sock.send(b"answer")
        rig.until(lambda peer=peer: peer.unread() == 6)
    assert rig.modem.stats()["strange"] == 0


def test_a_client_that_speaks_before_it_is_accepted_loses_nothing():
    rig = Rig(baud=115200)
    server = rig.listener()
    peer = rig.dial()
    peer.send(bytes(3000))
    rig.pump(500)
    assert rig.module.commands.get("QFWDRECV", 0) == 0  # it waits in the module
    sock, _ = server.accept()
    assert sock.read(3000) == bytes(3000)


def test_a_client_that_left_before_it_was_accepted_is_read_to_its_end():
    rig = Rig()
    server = rig.listener()
    peer = rig.dial()
    peer.send(b"and gone")
    peer.close()
    rig.pump(100)
    sock, _ = server.accept()
    assert sock.read() == b"and gone"


def test_accept_waits_as_long_as_its_timeout():
    rig = Rig()
    server = rig.listener(timeout=0.5)
    assert errno_of(server.accept) == errors.ETIMEDOUT
    server.setblocking(False)
    assert errno_of(server.accept) == errors.EAGAIN
    assert server.ioctl(3, 5) == 0
    rig.dial()
    rig.until(lambda: server.ioctl(3, 5) == 1)
    assert server.accept()[1] == ("192.168.225.58", 56784)


def test_a_port_in_use_is_told_at_once_even_when_non_blocking():
    rig = Rig()
    first = rig.listener()
    second = rig.modem.socket()
    second.setblocking(False)
    second.bind(("0.0.0.0", 2020))
    error = raises(OSError, second.listen, 1)
    assert error.errno == errors.EADDRINUSE and error.result == 1
    first.close()
    third = rig.modem.socket()
    third.bind(("", 2020))
    third.listen(1)


def test_a_server_that_the_module_does_not_open_is_told():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDSERVER=0", b"\r\n+CME ERROR: 3\r\n", 9)
    error = raises(OSError, rig.listener)
    assert error.errno == errors.EADDRINUSE and error.cme == 3
    rig.uart.answer(b"AT+QFWDSERVER=0", b"\r\nOK\r\n", 1)
    before = rig.clock.us
    sock = rig.modem.socket()
    sock.bind(("", 2021))
    rig.uart._rules[0][2] = 0
    assert errno_of(sock.listen) == errors.ETIMEDOUT
    assert 10_000_000 <= rig.clock.us - before < 11_000_000


def test_listen_needs_a_port_and_a_fresh_socket():
    rig = Rig()
    sock = rig.modem.socket()
    assert errno_of(sock.listen) == errors.EINVAL
    raises(ValueError, sock.bind, ("", 0))
    raises(ValueError, sock.bind, ("", 65536))
    raises(ValueError, sock.bind, ("",))
    connected, _ = rig.client()
    connected.bind(("", 5))
    assert errno_of(connected.listen) == errors.EINVAL
    server = rig.listener()
    server.listen(3)  # twice is once
    assert rig.module.commands["QFWDSERVER"] == 3  # two of them at the bring-up
    assert errno_of(server.connect, ("host", 5)) == errors.EISCONN
    assert errno_of(server.send, b"x") == errno_of(server.recv, 1) == errors.ENOTCONN


def test_closing_the_listener_leaves_the_accepted_and_closes_the_waiting():
    rig = Rig()
    server = rig.listener()
    first, second = rig.dial(at=1), rig.dial(at=2)
    sock, _ = server.accept()
    rig.pump(50)
    server.close()
    rig.until(lambda: second.closed)
    first.send(b"still here")
    assert sock.recv(20) == b"still here"
    assert errno_of(server.accept) == errors.EBADF
    assert rig.dial(at=3).refused


def test_a_reset_of_the_module_ends_the_listener_too():
    rig = Rig()
    server = rig.listener()
    rig.reset()
    assert server.ioctl(3, 5) == 1 | 8 | 16
    assert errno_of(server.accept) == errors.ECONNRESET
    assert errno_of(server.accept) == errors.EINVAL


def test_no_memory_for_the_buffers_leaves_the_connection_waiting():
    rig = Rig()
    server = rig.listener()
    rig.dial()
    enough = rig.modem._rings
    rig.modem._rings = 1 << 60, 2048
    assert errno_of(server.accept) == errors.ENOMEM
    rig.modem._rings = enough
    assert server.accept()

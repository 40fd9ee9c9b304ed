"""The module that `import socket` yields: its names, what comes in its place and what comes back."""

import sys

import ec2x
from ec2x import errors
from ec2x import socket as module
from expect import raises
from rig import Rig


def imported(name="socket"):
    """What an application gets that imports it now."""
    return __import__(name)


def test_an_unmodified_application_talks_through_the_modem():
    rig = Rig()
    service = rig.net.listen("tcp", "10.0.0.9", 80)
    ec2x.install(rig.modem)
    try:
        import socket

        address = socket.getaddrinfo("10.0.0.9", 80)[0]
        with socket.socket(*address[:3]) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.connect(address[-1])
            sock.send(b"GET / HTTP/1.0\r\n\r\n")
            sock.drain(1)
            peer = service.accept()
            assert peer.recv() == b"GET / HTTP/1.0\r\n\r\n"
            peer.send(b"yes")
            assert sock.recv(10) == b"yes"
    finally:
        ec2x.uninstall()


def test_udp_is_there_too():
    rig = Rig()
    far = rig.net.listen("udp", "10.0.0.9", 53)
    ec2x.install(rig.modem)
    try:
        import socket

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"ask", ("10.0.0.9", 53))
            rig.pump(100)
            assert far.recvfrom()[0] == b"ask"
    finally:
        ec2x.uninstall()


def test_import_socket_is_ours_and_then_what_it_was():
    before = imported()
    assert before is not module
    for _ in range(2):
        ec2x.install(Rig().modem)
        assert imported() is module and imported("usocket") is module
        ec2x.uninstall()
        assert imported() is before and imported().__name__ == "socket"


def test_a_second_install_takes_the_other_modem_and_one_uninstall_undoes_both():
    before = imported()
    one, two = Rig(), Rig()
    ec2x.install(one.modem)
    ec2x.install(two.modem)
    assert imported() is module
    imported().socket()
    assert one.modem.sockets.flows.count(None) == 12 and two.modem.sockets.flows.count(None) == 11
    ec2x.uninstall()
    assert imported() is before
    ec2x.uninstall()
    assert imported() is before


def test_installed_before_it_is_online_it_says_so_and_then_works():
    rig = Rig(online=False)
    rig.net.listen("tcp", "10.0.0.9", 80)
    ec2x.install(rig.modem)
    try:
        import socket

        sock = socket.socket()
        for step, words in ((lambda: None, "active(True)"), (lambda: rig.modem.active(True), ""), (lambda: rig.modem.connect(None), "")):
            step()
            error = raises(OSError, sock.connect, ("10.0.0.9", 80))
            assert error.errno == errors.EHOSTUNREACH and words in str(error)
        rig.modem.wait()
        sock.connect(("10.0.0.9", 80))  # the same one
    finally:
        ec2x.uninstall()


def test_a_port_without_a_socket_module_has_none_again():
    kept = {name: sys.modules.pop(name) for name in ("socket", "usocket") if name in sys.modules}
    try:
        ec2x.install(Rig().modem)
        assert sys.modules["socket"] is sys.modules["usocket"] is module
        ec2x.uninstall()
        assert "socket" not in sys.modules and "usocket" not in sys.modules
    finally:
        sys.modules.update(kept)


def test_uninstall_bears_that_somebody_else_took_it_away():
    kept = {name: sys.modules.pop(name) for name in ("socket", "usocket") if name in sys.modules}
    try:
        ec2x.install(Rig().modem)
        del sys.modules["socket"], sys.modules["usocket"]
        ec2x.uninstall()
        assert "socket" not in sys.modules
    finally:
        sys.modules.update(kept)


def test_getaddrinfo_leaves_the_name_to_the_module():
    rig = Rig()
    written = rig.uart.tx_bytes
    assert module.getaddrinfo("example.com", 80) == [(2, 1, 0, "", ("example.com", 80))]
    assert module.getaddrinfo("2001:db8::1", 443) == [(10, 1, 0, "", ("2001:db8::1", 443))]
    assert module.getaddrinfo("h", 53, 10, 2, 17, 1) == [(10, 2, 17, "", ("h", 53))]
    assert module.getaddrinfo("h", 80, 0, module.SOCK_STREAM) == [(2, 1, 0, "", ("h", 80))]
    assert rig.uart.tx_bytes == written


def test_the_names_are_those_of_micropythons_socket():
    assert module.error is OSError
    wanted = "AF_INET AF_INET6 SOCK_STREAM SOCK_DGRAM IPPROTO_TCP IPPROTO_UDP SOL_SOCKET SO_REUSEADDR socket getaddrinfo error"
    for name in wanted.split():
        assert hasattr(module, name), name
    assert (module.AF_INET, module.AF_INET6, module.SOCK_STREAM, module.SOCK_DGRAM) == (2, 10, 1, 2)


def test_a_family_or_type_that_there_is_not_is_refused():
    ec2x.install(Rig().modem)
    try:
        raises(OSError, module.socket, 17)
        raises(OSError, module.socket, module.AF_INET, 3)
    finally:
        ec2x.uninstall()

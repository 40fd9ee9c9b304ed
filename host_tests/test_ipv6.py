"""IPv6: what AF_INET6 makes of the sockets. Addresses have colons, zones and, as applications give them, four parts."""

import ec2x
from ec2x import errors
from ec2x import socket as module
from expect import raises
from heap import locked
from readings import both
from rig import Rig
from split import ways

WEB = ("2001:db8::7", 80)
DNS = ("2001:db8::53", 53)
FAR = ("2001:db8::9", 4000)
LOOP = "::1"
EVERY = bytes(range(256))


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def socket6(rig, kind=1, timeout=10):
    sock = rig.modem.socket(10, kind)
    sock.settimeout(timeout)
    return sock


def listener(rig, port=2020, family=10):
    sock = rig.modem.socket(family)
    sock.settimeout(10)
    sock.bind(("::", port, 0, 0))
    sock.listen()
    return sock


def arrival(rig, peer):
    """The next datagram at peer."""
    got = []
    rig.until(lambda: got.append(peer.recvfrom()) or got[-1])
    return got[-1]


def last(rig, command):
    """The last line of this command that the driver sent."""
    return [line for line in rig.uart.lines if line.startswith(b"AT+" + command + b"=")][-1].decode()


# TCP


def test_a_client_carries_every_byte_both_ways_to_an_address_of_two_parts_or_four():
    for more in ((), (0, 0)):
        rig = Rig(baud=921600, meddle=True)
        service = rig.net.listen("tcp", *WEB)
        sock = socket6(rig, timeout=60)
        sock.connect(WEB + more)
        assert last(rig, b"QFWDCLIENT") == 'AT+QFWDCLIENT=0,40000,"IPV6","tcp","2001:db8::7",80,"uart1"'
        assert sock.getpeername() == WEB and sock.getsockname() == ("::", 0)
        both(rig, sock, service.accept())


def test_a_server_carries_every_byte_both_ways_and_names_its_client_by_host_and_port():
    for more in ((), (0, 0)):
        rig = Rig(baud=921600, meddle=True)
        server = socket6(rig, timeout=60)
        server.bind(("::", 2020) + more)
        server.listen(3)
        assert last(rig, b"QFWDSERVER") == 'AT+QFWDSERVER=0,40000,"IPV6","tcp",2020,3,65535,"uart1"'
        assert server.getsockname() == ("::", 2020)
        peer = rig.net.dial("tcp", 2020, FAR)
        sock, addr = server.accept()
        sock.settimeout(60)
        assert addr == FAR == sock.getpeername()
        assert sock.getsockname()[0] == "::"
        both(rig, sock, peer)


def test_a_name_is_resolved_to_the_family_of_its_socket():
    rig = Rig(meddle=True)
    rig.net.names["both.example"] = ["198.51.100.7", WEB[0]]
    four, six = (rig.net.listen("tcp", host, 80) for host in rig.net.names["both.example"])
    sock = socket6(rig)
    sock.connect(("both.example", 80, 0, 0))
    assert last(rig, b"QFWDCLIENT").split(",")[2:5] == ['"IPV6"', '"tcp"', '"both.example"']
    assert six.accept() and not four.accept()
    assert sock.getpeername() == ("both.example", 80)


def test_ipv6_and_ipv4_clients_at_once_do_not_mix():
    rig = Rig()
    old, peer4 = rig.client()
    service = rig.net.listen("tcp", *WEB)
    new = socket6(rig)
    new.connect(WEB)
    peer6 = service.accept()
    for i in range(5):
        for sock, peer, data in ((old, peer4, b"four %d" % i), (new, peer6, b"six  %d" % i)):
            sock.send(data)
            rig.until(lambda peer=peer: peer.unread() == 6)
            assert peer.recv() == data
        peer6.send(b"to six")
        peer4.send(b"to four")
        assert old.read(7) == b"to four" and new.read(6) == b"to six"
    hosts = [(row[3], row[5]) for row in rig.modem.fwd.clients()]
    assert hosts == [("198.51.100.7", rig.net.ip), (WEB[0], rig.net.ip6)]


def test_one_port_serves_both_families():
    rig = Rig()
    six, four = listener(rig), listener(rig, family=2)
    assert six.getsockname() == ("::", 2020) and four.getsockname() == ("0.0.0.0", 2020)
    peers = rig.net.dial("tcp", 2020, FAR), rig.dial()
    for server, peer, addr in ((six, peers[0], FAR), (four, peers[1], ("192.168.225.58", 56784))):
        sock, who = server.accept()
        assert who == addr
        peer.send(b"hello")
        assert sock.read(5) == b"hello"
    assert len(rig.modem.fwd.servers()) == 2
    six.close()
    assert rig.net.dial("tcp", 2020, FAR).refused and not rig.dial().refused


def test_a_client_inside_the_module_reaches_its_server_over_loopback():
    rig = Rig()
    server = listener(rig)
    client = socket6(rig)
    client.connect((LOOP, 2020))
    sock, addr = server.accept()
    assert addr[0] == LOOP
    for here, there in ((client, sock), (sock, client)):
        here.sendall(EVERY * 8)
        assert there.read(2048) == EVERY * 8
    client.close()
    assert sock.read() == b""
    assert errno_of(rig.modem.socket().connect, ("127.0.0.1", 2020)) == errors.ECONNREFUSED  # that is IPv4's


# UDP


def test_a_datagram_socket_asks_and_is_answered():
    rig = Rig(baud=921600, meddle=True)
    server = rig.net.udp(*DNS)
    sock = socket6(rig, 2)
    for addr in (DNS, DNS + (0, 0), list(DNS) + [0, 0]):
        assert sock.sendto(EVERY * 4, addr) == 1024
        data, (_, port) = arrival(rig, server)
        assert data == EVERY * 4
        server.sendto(EVERY, port)
        assert sock.recvfrom(1024) == (EVERY, DNS)
    assert rig.module.commands["QFWDCLIENT"] == 1 + 1  # the list at the bring-up, and one, for all three are the same peer
    assert last(rig, b"QFWDCLIENT") == 'AT+QFWDCLIENT=0,40000,"IPV6","udp","2001:db8::53",53,"uart1"'
    assert sock.getsockname() == ("::", 0) and sock.getpeername() == DNS


def test_a_bound_datagram_socket_answers_whoever_asked():
    rig = Rig(baud=921600, meddle=True)
    sock = socket6(rig, 2)
    sock.bind(("::", 5683, 0, 0))
    assert last(rig, b"QFWDSERVER") == 'AT+QFWDSERVER=0,40000,"IPV6","udp",5683,1,65535,"uart1"'
    assert sock.getsockname() == ("::", 5683)
    peers = [rig.net.udp("2001:db8::%x" % i, 4000 + i) for i in (9, 10, 255)]
    for more in ((), (0, 0)):
        for peer in peers:
            peer.sendto(EVERY, 5683)
            data, addr = sock.recvfrom(1024)
            assert data == EVERY and addr == peer.local
            sock.sendto(EVERY * 4, addr + more)
            assert arrival(rig, peer) == (EVERY * 4, (rig.net.ip6, 5683))
    assert rig.module.commands["QFWDCLIENT"] == 1  # the list at the bring-up


def test_datagrams_inside_the_module_go_over_loopback():
    rig = Rig()
    server, client = socket6(rig, 2), socket6(rig, 2)
    server.bind(("::", 5683))
    client.sendto(EVERY, (LOOP, 5683, 0, 0))
    data, addr = server.recvfrom(1024)
    assert data == EVERY and addr[0] == LOOP
    server.sendto(EVERY * 4, addr)
    assert client.recvfrom(1024) == (EVERY * 4, (LOOP, 5683))


def test_sending_to_an_address_of_four_parts_allocates_nothing():
    rig = Rig()
    server = rig.net.udp(*DNS)
    connected, free, addr = socket6(rig, 2), socket6(rig, 2), DNS + (0, 0)
    connected.connect(addr)
    free.sendto(b"first", addr)
    assert arrival(rig, server)[0] == b"first"
    # The step itself is test_datagram.py's; the simulated module is not the driver's to answer for.
    rig.modem.poll = lambda: None
    locked(lambda: connected.send(b"one"))
    locked(lambda: free.sendto(b"two", addr))
    del rig.modem.poll
    assert sorted([arrival(rig, server)[0], arrival(rig, server)[0]]) == [b"one", b"two"]


# Addresses as text


def test_getaddrinfo_tells_a_literal_by_its_colons_and_keeps_the_family_of_a_name():
    assert module.getaddrinfo("::1", 80) == [(10, 1, 0, "", ("::1", 80))]
    assert module.getaddrinfo("fe80::1%eth0", 80, 0, 2) == [(10, 2, 0, "", ("fe80::1%eth0", 80))]
    assert module.getaddrinfo("six.example", 80, 10) == [(10, 1, 0, "", ("six.example", 80))]
    assert module.getaddrinfo("six.example", 80)[0][0] == module.getaddrinfo("192.0.2.1", 80)[0][0] == 2


def test_an_application_that_follows_getaddrinfo_needs_no_change():
    rig = Rig()
    service = rig.net.listen("tcp", *WEB)
    ec2x.install(rig.modem)
    try:
        import socket

        address = socket.getaddrinfo(*WEB)[0]
        with socket.socket(*address[:3]) as sock:
            sock.connect(address[-1])
            sock.write(b"GET")
            rig.pump(100)
            assert service.accept().recv() == b"GET"
    finally:
        ec2x.uninstall()


def test_a_zone_goes_out_and_comes_in_as_it_is():
    rig = Rig(meddle=True)
    service = rig.net.listen("tcp", "fe80::1%eth0", 80)
    sock = socket6(rig)
    sock.connect(("fe80::1%eth0", 80, 0, 2))
    assert last(rig, b"QFWDCLIENT").split(",")[4] == '"fe80::1%eth0"'
    assert service.accept() and sock.getpeername() == ("fe80::1%eth0", 80)
    server = listener(rig)
    rig.net.dial("tcp", 2020, ("fe80::2%bridge0", 4000))
    sock, addr = server.accept()
    assert addr == ("fe80::2%bridge0", 4000) == sock.getpeername()
    assert rig.modem.fwd.sstate(server.fileno())[0][2:] == ("fe80::2%bridge0", 4000, "::", 2020)
    assert [row[3:7] for row in rig.modem.fwd.clients() if row[1] == "Income"][0] == ("fe80::2%bridge0", 4000, "::", 2020)
    udp = socket6(rig, 2)
    udp.bind(("::", 5683))
    peer = rig.net.udp("fe80::3%wlan0", 4001)
    peer.sendto(b"ping", 5683)
    assert udp.recvfrom(9) == (b"ping", ("fe80::3%wlan0", 4001))
    udp.sendto(b"pong", ("fe80::3%wlan0", 4001, 0, 3))
    assert arrival(rig, peer)[0] == b"pong"
    assert rig.module.commands["QFWDCLIENT"] == 3  # one, and two listings


def test_the_longest_address_fits_wherever_it_goes():
    host = "fe80:1111:2222:3333:4444:5555:255.255.255.255%enp0s31f6v4094"
    rig = Rig()
    udp = socket6(rig, 2)
    udp.bind(("::", 65535))
    peer = rig.net.udp(host, 65535)
    peer.sendto(EVERY * 4, 65535)
    assert udp.recvfrom(1024) == (EVERY * 4, (host, 65535))
    server = listener(rig, 65535)
    rig.net.dial("tcp", 65535, (host, 65535))
    assert server.accept()[1] == (host, 65535)


def test_an_incoming_address_is_whole_wherever_the_line_is_cut():
    rig = Rig(meddle=True)
    server = listener(rig)
    rig.uart.answer(b"AT+QFWDCLOSE", b"\r\nOK\r\n", 1000)
    line = b'\r\n+QFWDURC: "client/incoming",40000,7,"fe80::9%eth0",4000,"::",2020\r\n'
    for way in ways(line):
        for piece in way:
            rig.uart.say(piece)
            rig.modem.poll()
        sock, addr = server.accept()
        assert addr == ("fe80::9%eth0", 4000) and sock.fileno() == 7
        sock.close()
    stats = rig.modem.stats()
    assert stats["strange"] == stats["unknown"] == stats["unwanted"] == 0


def test_a_connection_whose_urc_was_lost_is_found_by_its_address():
    rig = Rig(meddle=True)
    server = listener(rig)
    rig.uart.answer(b"AT+QFWDSSTATE", b'\r\n+QFWDSSTATE: 1,7,"fe80::9%eth0",4000,"::",2020\r\n\r\nOK\r\n')
    sock, addr = server.accept()
    assert addr == ("fe80::9%eth0", 4000) and sock.fileno() == 7


# Errors


def test_what_goes_wrong_has_the_errno_of_a_kernel():
    for style, refused, nowhere in (("1", 111, 111), ("errno", 111, 111), ("55x", 111, 113)):
        rig = Rig(module={"quirks": {"result_style": style}})
        rig.net.names["four.example"] = "198.51.100.7"
        rig.net.listen("tcp", "198.51.100.7", 80)
        assert errno_of(socket6(rig).connect, WEB) == refused
        assert errno_of(socket6(rig).connect, (LOOP, 80, 0, 0)) == refused
        assert errno_of(socket6(rig).connect, ("four.example", 80)) == nowhere
        assert errno_of(socket6(rig).connect, ("198.51.100.7", 80)) == nowhere
        kept = listener(rig)
        assert errno_of(listener, rig) == errors.EADDRINUSE
        kept.close()
        listener(rig).close()
        udp = socket6(rig, 2)
        udp.bind(("::", 2020))
        assert errno_of(socket6(rig, 2).bind, ("::", 2020, 0, 0)) == errors.EADDRINUSE


def test_an_error_names_the_address_so_that_its_port_can_be_told_from_it():
    rig = Rig()
    assert "tcp [2001:db8::7]:80)" in str(raises(OSError, socket6(rig).connect, WEB))
    assert "tcp 198.51.100.7:80)" in str(raises(OSError, rig.modem.socket().connect, ("198.51.100.7", 80)))


def test_an_ipv6_address_on_an_ipv4_socket_is_refused_and_the_error_says_why():
    rig = Rig()
    rig.net.listen("tcp", *WEB)
    assert "AF_INET6" in str(raises(OSError, rig.modem.socket().connect, WEB))
    assert "AF_INET6" not in str(raises(OSError, socket6(rig).connect, (WEB[0], 81)))


def test_what_a_line_cannot_carry_is_refused_before_a_byte_is_written():
    rig = Rig()
    written = rig.uart.tx_bytes
    for host in ('::1","80', "::1\r", "fe80::1%\u00e9th0", ""):
        raises(ValueError, socket6(rig).connect, (host, 80, 0, 0))
    raises(ValueError, socket6(rig).bind, ("::", 65536, 0, 0))
    raises(ValueError, socket6(rig, 2).sendto, b"x", ("::1", 0, 0, 0))
    assert rig.uart.tx_bytes == written


# The data call


def test_a_context_of_the_application_s_own_carries_ipv6_beside_connect_s():
    rig = Rig(apn="internet", meddle=True)
    service = rig.net.listen("tcp", *WEB)
    rig.modem.command('AT+QICSGP=2,3,"internet","","",0')
    rig.modem.command("AT+QIACT=2", 150_000)
    with rig.modem.socket(10, 1, 2) as sock:
        sock.connect(WEB)
        assert last(rig, b"QFWDCLIENT") == 'AT+QFWDCLIENT=2,40000,"IPV6","tcp","2001:db8::7",80,"uart1"'
        assert service.accept()

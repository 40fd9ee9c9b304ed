"""Other readings with real sockets: what they ask of the network, this computer's has to give, too."""

import asyncio
import socket

from ec2x_sim.realnet import RealNet
from loopback6 import needs_ipv6
from test_shell_net import free_port, play


def peer(family=socket.AF_INET):
    """A UDP socket of this computer."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.settimeout(5)
    return sock


async def heard(host, text):
    return await host.until(b'\r\n+QFWDURC: "%s"' % text) + await host.until(b"\r\n")


def test_a_udp_server_is_one_connection():
    async def scenario(host):
        port = free_port(socket.SOCK_DGRAM)
        assert await host.listen(1, port, "udp") == 0
        with peer() as one, peer() as two:
            for sock, data in ((one, b"from one"), (two, b"from two")):
                sock.sendto(data, ("127.0.0.1", port))
                assert await heard(host, b"client/read") == b'\r\n+QFWDURC: "client/read",1\r\n'
                assert await host.read(1, 8) == data
                assert await host.send(1, data[::-1]) == 8
                assert await asyncio.to_thread(sock.recvfrom, 100) == (data[::-1], ("127.0.0.1", port))
        await host.say("AT+QFWDCLOSE=1")
        assert await host.listen(2, port, "udp") == 0

    play(scenario, quirks={"udp_server": "single_last_peer"})


def test_a_closed_udp_server_leaves_its_connections_and_its_port():
    async def scenario(host):
        port = free_port(socket.SOCK_DGRAM)
        assert await host.listen(1, port, "udp") == 0
        with peer() as sock:
            sock.sendto(b"hello", ("127.0.0.1", port))
            await heard(host, b"client/read")
            await host.say("AT+QFWDCLOSE=1")
            assert await host.read(2, 5) == b"hello"
            assert await host.send(2, b"still") == 5
            assert await asyncio.to_thread(sock.recv, 100) == b"still"
        assert await host.listen(3, port, "udp") == 1
        await host.say("AT+QFWDCLOSE=2")
        assert await host.listen(4, port, "udp") == 0

    play(scenario, quirks={"udp_close_children": "no"})


def test_the_ok_waits_for_the_connection():
    async def scenario(host):
        port = free_port()
        answer = await host.say(f'AT+QFWDCLIENT=0,1,"IP","tcp","127.0.0.1",{port},"uart1"')
        assert answer == b'\r\n+QFWDURC: "client/open",1,1\r\n\r\nOK\r\n'
        server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", port)
        answer = await host.say(f'AT+QFWDCLIENT=0,1,"IP","tcp","localhost",{port},"uart1"')
        assert answer == b'\r\n+QFWDURC: "client/open",1,0\r\n\r\nOK\r\n'
        await heard(host, b"client/close")
        server.close()

    play(scenario, quirks={"open_urc": "before"})


@needs_ipv6
def test_a_bound_address_has_its_like_in_the_other_family_or_no_server_there():
    async def run():
        for host, errno in (("127.0.0.1", 0), ("::1", 0), ("0.0.0.0", 0), ("::", 0), ("127.0.0.2", 99)):
            net = RealNet(host)
            port = free_port()
            net.bind("tcp", port, ":" in host).close()
            try:
                net.bind("tcp", port, ":" not in host).close()
            except OSError as error:
                assert error.args[0] == errno
            else:
                assert not errno, "127.0.0.2 has no like"
            await net.close()

    asyncio.run(run())


@needs_ipv6
def test_a_server_and_a_client_over_ipv6():
    async def scenario(host):
        port = free_port()
        await host.say(f'AT+QFWDSERVER=0,1,"IPV6","tcp",{port},5,600,"uart1"')
        assert (await heard(host, b"server/open")).endswith(b",1,0\r\n")
        assert await host.listen(2, port) == 0  # IPv4 is another
        await host.say(f'AT+QFWDCLIENT=0,9,"IPV6","tcp","::1",{port},"uart1"')
        both = await host.until(b"\r\n+QFWDURC: ") + await host.until(b"\r\n+QFWDURC: ") + await host.until(b"\r\n")
        assert b'"client/open",9,0\r\n' in both
        assert b'"client/incoming",1,3,"::1",' in both and b',"::",%d\r\n' % port in both
        data = bytes(range(256))
        for here, there in ((9, 3), (3, 9)):
            assert await host.send(here, data) == 256
            assert await heard(host, b"client/read")
            assert await host.read(there, 256) == data
        assert b'9,"Active","tcp","::1",%d,"::1",' % port in await host.say("AT+QFWDCLIENT?")

    play(scenario)

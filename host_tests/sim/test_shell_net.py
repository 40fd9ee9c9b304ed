"""The module's sockets as real sockets of this computer."""

import asyncio
import contextlib
import socket

from ec2x_sim.realnet import RealNet
from ec2x_sim.shell import Simulator


def play(scenario, **options):
    """Runs `scenario(host)` against a simulator on a TCP port; it has to end in time and leave nothing."""

    async def run():
        async with Simulator("tcp:127.0.0.1:0", **options) as modem:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(modem.port.rpartition(":")[2]))
            host = Host(modem, reader, writer)
            assert await host.say("ATE0") == b"ATE0\r\r\nOK\r\n"
            await scenario(host)
            writer.close()
        assert not modem.net.waiters
        assert not modem.net.lookups

    asyncio.run(asyncio.wait_for(run(), 20))


class Host:
    def __init__(self, modem, reader, writer):
        self.modem = modem
        self.reader = reader
        self.writer = writer

    async def until(self, tail):
        return await asyncio.wait_for(self.reader.readuntil(tail), 5)

    async def say(self, line, tail=b"\r\nOK\r\n"):
        self.writer.write(line.encode() + b"\r")
        return await self.until(tail)

    async def send(self, id, data):
        await self.say(f"AT+QFWDSEND={id},0,{len(data)}", b"\r\n> ")
        self.writer.write(data)
        answer = await self.until(b"\r\nOK\r\n")
        return int(answer.split(b"+QFWDSEND: %d," % id)[1].split(b"\r")[0])

    async def read(self, id, count):
        got = b""
        while len(got) < count:
            self.writer.write(b"AT+QFWDRECV=%d,1024\r" % id)
            header = (await self.until(b"+QFWDRECV: ")) + await self.until(b"\r\n")
            n = int(header.rstrip().rpartition(b",")[2])
            if n:
                got += await self.reader.readexactly(n)
                await self.reader.readexactly(2)
            await self.until(b"OK\r\n")
            if not n:
                await asyncio.sleep(0.01)
        return got

    async def connect(self, id, port, proto="tcp", where="127.0.0.1"):
        await self.say(f'AT+QFWDCLIENT=0,{id},"IP","{proto}","{where}",{port},"uart1"')
        answer = await self.until(b"\r\n+QFWDURC") + await self.until(b"\r\n")
        return int(answer.rstrip().rpartition(b",")[2])

    async def listen(self, id, port, proto="tcp"):
        await self.say(f'AT+QFWDSERVER=0,{id},"IP","{proto}",{port},5,600,"uart1"')
        answer = await self.until(b"\r\n+QFWDURC") + await self.until(b"\r\n")
        return int(answer.rstrip().rpartition(b",")[2])


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def test_a_client_talks_to_a_server_on_this_computer():
    data = bytes(range(256)) * 64

    async def scenario(host):
        async def echo(reader, writer):
            while more := await reader.read(1000):
                writer.write(more)
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        assert await host.connect(1, port) == 0
        got = b""
        sent = 0
        while sent < len(data):
            sent += await host.send(1, data[sent : sent + 1024])
            got += await host.read(1, sent - len(got))
        assert got == data
        assert await host.connect(2, port, where="localhost") == 0
        listing = await host.say("AT+QFWDCLIENT?")
        assert b'"Active","tcp","localhost",%d,"127.0.0.1",' % port in listing
        await host.say("AT+QFWDCLOSE=1")
        server.close()
        assert await host.connect(3, port) == 111

    play(scenario, quirks={"result_style": "errno"})


def test_a_name_that_does_not_exist_fails():
    async def scenario(host):
        assert await host.connect(1, 80, where="no-such-host.invalid") == 565

    play(scenario, quirks={"result_style": "55x"})


def test_this_computer_connects_to_the_module_s_server():
    async def scenario(host):
        port = free_port()
        assert await host.listen(1, port) == 0
        assert await host.listen(2, port) == 98
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        incoming = await host.until(b"\r\n+QFWDURC: ") + await host.until(b"\r\n")
        mine = writer.get_extra_info("sockname")
        assert incoming.endswith(b'"client/incoming",1,2,"127.0.0.1",%d,"0.0.0.0",%d\r\n' % (mine[1], port))
        writer.write(b"hello")
        await host.until(b'"client/read",2\r\n')
        assert await host.read(2, 5) == b"hello"
        assert await host.send(2, b"world") == 5
        assert await reader.readexactly(5) == b"world"
        writer.close()
        await host.until(b'"client/close",2\r\n')
        await host.say("AT+QFWDCLOSE=1")
        assert await host.listen(2, port) == 0

    play(scenario, quirks={"result_style": "errno"})


def test_back_pressure_reaches_the_sender():
    total = 40_000_000  # more than the kernels' buffers on the way

    async def scenario(host):
        async def flood(reader, writer):
            with contextlib.suppress(ConnectionError):
                writer.write(b"x" * total)
                await writer.drain()
                drained.append(True)

        drained = []
        server = await asyncio.start_server(flood, "127.0.0.1", 0)
        assert await host.connect(1, server.sockets[0].getsockname()[1]) == 0
        await host.until(b'"client/read",1\r\n')
        await asyncio.sleep(0.2)
        assert b"+QFWDACK: 1,0,10240,10240,10240,0,10240\r\n" in await host.say("AT+QFWDACK=1")
        assert await host.read(1, 20000) == b"x" * 20480
        assert not drained
        server.close()

    play(scenario)


def test_udp_both_ways_round():
    async def scenario(host):
        port = free_port(socket.SOCK_DGRAM)
        assert await host.listen(1, port, "udp") == 0
        assert await host.connect(9, port, "udp") == 0
        assert await host.send(9, b"ping") == 4
        await host.until(b'"client/read",2\r\n')
        assert await host.read(2, 4) == b"ping"
        assert await host.send(2, b"pong!") == 5
        await host.until(b'"client/read",9\r\n')
        assert await host.read(9, 5) == b"pong!"
        # A peer that is not there answers by an error, which ends nothing.
        assert await host.connect(8, free_port(socket.SOCK_DGRAM), "udp") == 0
        assert await host.send(8, b"x") == 1
        await asyncio.sleep(0.05)
        assert await host.send(8, b"x") == 1
        assert await host.send(2, b"again") == 5
        await host.until(b'"client/read",9\r\n')

    play(scenario)


def test_errno_numbers_are_linux_s():
    async def run():
        net = RealNet()
        port = free_port()
        listener = net.bind("tcp", port, False)
        try:
            net.bind("tcp", port, False)
        except OSError as error:
            assert error.args[0] == 98
        else:
            raise AssertionError("two listeners on one port")
        listener.close()
        connection = net.connect("tcp", "127.0.0.1", port, False)
        while connection.status() is None:
            await asyncio.sleep(0.01)
        assert connection.status() == 111
        connection.close()
        await net.close()

    asyncio.run(run())

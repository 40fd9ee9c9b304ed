"""IPv6 for real: MicroPython through a pty and the simulated module, and CPython's own sockets on ::1 at the other end."""

import asyncio
import contextlib
import hashlib
import socket
from pathlib import Path

import pytest

from ec2x_sim.shell import Simulator
from ec2x_tools import interpreter, lan
from ec2x_tools.application import Application
from loopback6 import needs_ipv6

pytestmark = needs_ipv6

SCRIPT = str(Path(__file__).with_name("ipv6_script.py"))
DATA = lan.some_bytes(100_001)
DATAGRAMS = [bytes(range(256)) * 4] + [DATA[k * 1000 :][:size] for k, size in enumerate((1, 2, 255, 256, 1000, 1023, 1024, 512, 3))]
FEW = bytes(range(256)) * 8  # for the board's asyncio, which holds all of it


def free_port(kind):
    with socket.socket(socket.AF_INET6, kind) as sock:
        sock.bind(("::1", 0))
        return sock.getsockname()[1]


@contextlib.asynccontextmanager
async def board(play, port, size, heard):
    """The script on MicroPython, online; heard gets the dialogue between it and the module."""
    async with Simulator("pty", baud=921600, trace=heard.append) as modem:
        async with Application(interpreter.find(), SCRIPT, [play, str(port), str(size)], modem.port) as app:
            yield app


async def all_lines(app):
    lines = []
    while line := await app.line():
        lines.append(line)
    return lines


def digest(*parts):
    return "sha256 " + hashlib.sha256(b"".join(parts)).hexdigest()


def run(play):
    asyncio.run(asyncio.wait_for(play, 60))


async def exchange(reader, writer, data):
    """Sends data while the echo comes: it is the same."""
    writer.write(data)
    echo = await reader.readexactly(len(data))
    assert hashlib.sha256(echo).digest() == hashlib.sha256(data).digest()
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("play, data", [("tcp_client", DATA), ("asyncio_client", FEW)])
def test_the_module_connects_to_a_server_on_this_computer(play, data):
    async def scenario():
        served = asyncio.get_running_loop().create_future()

        async def serve(reader, writer):
            try:
                await exchange(reader, writer, data)
                served.set_result(writer.get_extra_info("peername")[0])
            except BaseException as error:
                served.set_exception(error)

        heard = []
        async with await asyncio.start_server(serve, "::1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with board(play, port, len(data), heard) as app:
                assert await all_lines(app) == [digest(data)]
            assert await served == "::1"
        assert f',"IPV6","tcp","::1",{port},"uart1"' in "\n".join(heard)

    run(scenario())


@pytest.mark.parametrize("play, data", [("tcp_server", DATA), ("asyncio_server", FEW)])
def test_this_computer_connects_to_the_module_s_server(play, data):
    async def scenario():
        heard = []
        port = free_port(socket.SOCK_STREAM)
        async with board(play, port, len(data), heard) as app:
            assert await app.line() == f"listening :: {port}"
            reader, writer = await asyncio.open_connection("::1", port)
            mine = writer.get_extra_info("sockname")
            await exchange(reader, writer, data)
            assert await all_lines(app) == [f"client ::1 {mine[1]}", digest(data)]
        dialogue = "\n".join(heard)
        assert f',"IPV6","tcp",{port},' in dialogue
        assert f',"::1",{mine[1]},"::",{port}' in dialogue

    run(scenario())


def test_the_module_s_datagrams_reach_this_computer_and_are_answered():
    async def scenario():
        heard, echoes = [], []
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
            sock.settimeout(20)
            port = sock.getsockname()[1]

            def serve():
                data, peer = sock.recvfrom(2000)
                assert data == b"hello" and peer[0] == "::1"
                for data in DATAGRAMS:
                    sock.sendto(data, peer)
                    echoes.append(sock.recvfrom(2000))
                return peer

            async with board("udp_client", port, len(DATAGRAMS), heard) as app:
                peer = await asyncio.to_thread(serve)
                assert await all_lines(app) == [digest(*DATAGRAMS)]
        assert echoes == [(data, peer) for data in DATAGRAMS]
        assert f',"IPV6","udp","::1",{port},"uart1"' in "\n".join(heard)

    run(scenario())


class Echoes(asyncio.DatagramProtocol):
    """A client of CPython's asyncio: what came, and from where."""

    def __init__(self):
        self.arrived = asyncio.Queue()

    def datagram_received(self, data, addr):
        self.arrived.put_nowait((data, addr))


def test_this_computer_s_datagrams_reach_the_module_s_server_and_are_answered():
    async def scenario():
        heard = []
        port = free_port(socket.SOCK_DGRAM)
        async with board("udp_server", port, len(DATAGRAMS), heard) as app:
            assert await app.line() == f"listening :: {port}"
            transport, client = await asyncio.get_running_loop().create_datagram_endpoint(Echoes, remote_addr=("::1", port))
            mine = transport.get_extra_info("sockname")
            for data in DATAGRAMS:
                transport.sendto(data)
                echo, addr = await asyncio.wait_for(client.arrived.get(), 10)
                assert echo == data and addr[:2] == ("::1", port)
            transport.close()
            assert await all_lines(app) == [f"client ::1 {mine[1]}", digest(*DATAGRAMS)]
        assert f',"IPV6","udp",{port},' in "\n".join(heard)

    run(scenario())

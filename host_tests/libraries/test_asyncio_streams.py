"""MicroPython's asyncio has its streams over the modem: many connections at once, every byte echoed, in order."""

import asyncio
import hashlib
import random

import pytest

from devices import BUILTIN, HOST, MODULE, device, free_port, lines, run, told

CLIENTS = 20
BACKLOG = 5  # of asyncio.start_server
SIZE = 10_000


class Crowd:
    """Clients of one server that are all connected before the first sends what it has; no more than BACKLOG wait to be accepted."""

    def __init__(self, port, clients):
        self._port = port
        self._left = clients
        self._connecting = asyncio.Semaphore(BACKLOG)
        self._all = asyncio.Event()
        self._clients = [self._talk(number) for number in range(clients)]

    async def echoed(self):
        return await asyncio.gather(*self._clients)

    async def _connect(self):
        async with self._connecting:
            reader, writer = await asyncio.open_connection(HOST, self._port)
            writer.write(b"?")
            assert await reader.readexactly(1) == b"?"
        self._left -= 1
        if not self._left:
            self._all.set()
        await self._all.wait()
        return reader, writer

    async def _talk(self, number):
        """Sends in pieces of all sizes while the echo comes."""
        source = random.Random(number)
        data = source.randbytes(SIZE)
        reader, writer = await self._connect()

        async def send():
            at = 0
            while at < SIZE:
                piece = data[at : at + source.randint(1, 2000)]
                writer.write(piece)
                await writer.drain()
                at += len(piece)

        _, echo = await asyncio.gather(send(), reader.readexactly(SIZE))
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        return echo == data


@pytest.mark.parametrize("over, sockets, clients", [(MODULE, CLIENTS + 1, CLIENTS), (MODULE, None, 11), (BUILTIN, None, CLIENTS)])
def test_a_server_on_the_board_echoes_to_many_clients_at_once(over, sockets, clients):
    async def scenario():
        port = free_port()
        async with device("asyncio_script.py", "server", port, clients, SIZE, over=over, sockets=sockets) as app:
            assert await app.line() == "listening"
            assert all(await Crowd(port, clients).echoed())
            assert await lines(app) == [f"at once {clients}"]

    run(scenario())


async def against_an_echo(play, clients, size, **options):
    """What the script prints, and the SHA-256 of what each of its clients sent."""
    digests = []

    async def echo(reader, writer):
        digest = hashlib.sha256()
        data = await reader.read(3)
        writer.write(data)
        while data := await reader.read(3000):
            digest.update(data)
            writer.write(data)
            await writer.drain()
        writer.close()
        digests.append(digest.hexdigest())

    async with await asyncio.start_server(echo, HOST, 0) as server:
        return await told("asyncio_script.py", play, server.sockets[0].getsockname()[1], clients, size, **options), digests


@pytest.mark.parametrize("over, sockets", [(MODULE, CLIENTS), (BUILTIN, None)])
def test_many_clients_on_the_board_talk_to_a_server_at_once(over, sockets):
    printed, digests = run(against_an_echo("client", CLIENTS, SIZE, over=over, sockets=sockets))
    assert [line.split()[0] for line in printed] == [str(number) for number in range(CLIENTS)]
    assert sorted(line.split()[1] for line in printed) == sorted(digests)
    assert len(set(digests)) == CLIENTS


@pytest.mark.parametrize("over", [MODULE, BUILTIN])
def test_lines_come_whole_and_a_port_where_nobody_listens_is_an_error(over):
    assert run(against_an_echo("lines", 30, 1500, over=over))[0] == ["refused True"]

"""MicroPython's ssl over the modem: clients and servers, blocking and asyncio; and what must be refused is."""

import asyncio
import contextlib

import pytest

from certificates import GOOD, Certificates
from devices import BUILTIN, HOST, MODULE, device, free_port, lines, run, sha256, told
from ec2x_tools import lan

SIZE = 100 * 1024
FROM_HERE = lan.some_bytes(SIZE)
FROM_BOARD = b"".join(bytes((k * 7 + j) & 255 for j in range(256)) * 4 for k in range(SIZE // 1024))
NOTHING_OPEN = "open [] []"
BAD = {
    "another name's": "does not match with the expected",
    "expired": "validity has expired",
    "self-signed": "not correctly signed by the trusted CA",
    "another authority's": "not correctly signed by the trusted CA",
}


def exchanged(printed):
    """Every byte came, both ways, and the board has nothing open afterwards."""
    assert sorted(printed) == [f"got {SIZE} {sha256(FROM_HERE)}", NOTHING_OPEN, f"sent {SIZE} {sha256(FROM_BOARD)}"]


@contextlib.asynccontextmanager
async def server(context):
    """Takes what the board sends, and answers with as much; gives the port and the list of what came."""
    came = []

    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            came.append(await reader.readexactly(SIZE))
            writer.write(FROM_HERE)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, HOST, 0, ssl=context) as it:
        yield it.sockets[0].getsockname()[1], came


@pytest.mark.parametrize("kind", ["ECDSA", "RSA"])
@pytest.mark.parametrize("play, over", [("client", MODULE), ("asyncio_client", MODULE), ("client", BUILTIN)])
def test_a_client_believes_the_server_that_it_asked_for(play, over, kind, tmp_path):
    async def scenario():
        certificates = Certificates(tmp_path, kind)
        context = certificates.server()
        names = []
        context.sni_callback = lambda sock, name, context: names.append(name)
        async with server(context) as (port, came):
            printed = await told("tls_script.py", play, port, tmp_path, GOOD, SIZE, over=over)
        exchanged(printed)
        assert came == [FROM_BOARD]
        assert names == [GOOD]

    run(scenario())


@pytest.mark.parametrize("kind", ["ECDSA", "RSA"])
@pytest.mark.parametrize("play, over", [("server", MODULE), ("asyncio_server", MODULE), ("server", BUILTIN)])
def test_a_server_believes_the_client_that_shows_its_certificate(play, over, kind, tmp_path):
    async def scenario():
        certificates = Certificates(tmp_path, kind)
        certificates.for_board(GOOD)
        port = free_port()
        async with device("tls_script.py", play, port, tmp_path, GOOD, SIZE, over=over) as app:
            assert await app.line() == "listening"
            reader, writer = await asyncio.open_connection(HOST, port, ssl=certificates.client(), server_hostname=GOOD)
            writer.write(FROM_HERE)
            assert await reader.readexactly(SIZE) == FROM_BOARD
            writer.close()
            exchanged(await lines(app))

    run(scenario())


@pytest.mark.parametrize("play, over", [("refused", MODULE), ("asyncio_refused", MODULE), ("refused", BUILTIN)])
@pytest.mark.parametrize("bad, why", BAD.items(), ids=BAD)
def test_a_server_that_cannot_be_believed_is_refused(bad, why, play, over, tmp_path):
    async def scenario():
        async with server(Certificates(tmp_path, "ECDSA").server(bad)) as (port, came):
            reason, nothing = await told("tls_script.py", play, port, tmp_path, GOOD, over=over)
        assert why in reason and reason.count("The certificate") == 1  # for this reason, and no other
        assert nothing == NOTHING_OPEN and not came

    run(scenario())


@pytest.mark.parametrize("over", [MODULE, BUILTIN])
def test_refused_handshakes_leave_no_memory_in_use(over, tmp_path):
    async def scenario():
        async with server(Certificates(tmp_path, "ECDSA").server("self-signed")) as (port, _):
            first, second, nothing = await told("tls_script.py", "memory", port, tmp_path, GOOD, over=over)
        (_, heap, resident), (_, heap_then, resident_then) = first.split(), second.split()
        assert int(heap_then) <= int(heap)
        assert int(resident_then) - int(resident) < 100  # KB: one handshake takes 23, and twenty lie between
        assert nothing == NOTHING_OPEN

    run(scenario())

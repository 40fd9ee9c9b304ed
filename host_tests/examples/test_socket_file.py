"""A board that has a socket.py of two lines: programs that only import socket are online, one after another."""

import pytest

import web
from devices import device, lines, run

FILE = """from ec2x.online import *
modem = online(None)
"""
BLOCKING = """import sys
import socket
with socket.socket() as sock:
    sock.connect(socket.getaddrinfo("127.0.0.1", int(sys.argv[1]))[0][-1])
    sock.write("GET /page HTTP/1.0\\r\\n\\r\\n")
    print(sock.read().split()[-1].decode(), socket.modem.isconnected())
import usocket
print(usocket is socket)
"""
ASYNCIO = """import asyncio, sys
async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    writer.write("GET /page HTTP/1.0\\r\\n\\r\\n")
    await writer.drain()
    print((await reader.read(-1)).split()[-1].decode())
    await writer.wait_closed()
asyncio.run(main())
"""
REQUESTS = """import requests, sys
print(requests.get("http://127.0.0.1:%s/page" % sys.argv[1]).text)
"""


@pytest.mark.parametrize("uart", ["pty", "tcp:127.0.0.1:0"])
def test_programs_that_import_socket_are_online(uart, tmp_path):
    (tmp_path / "socket.py").write_text(FILE)
    program = tmp_path / "main.py"

    async def scenario():
        program.write_text(BLOCKING)
        async with device(program, server.server_port, path=[tmp_path], uart=uart) as app:
            assert await lines(app) == ["page True", "True"]
            for text in (ASYNCIO, REQUESTS):  # as after a soft reset: the module keeps its state
                program.write_text(text)
                await app.__aexit__()
                await app.__aenter__()
                assert await lines(app) == ["page"]

    with web.serve({"/page": b"page"}) as server:
        run(scenario())
        assert server.asked == 3 * ["/page"] and not server.failures

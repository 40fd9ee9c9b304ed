"""What stands on the module's LAN: here, this computer. An HTTP server with one file, and clients of the module."""

import asyncio
import contextlib
import random

from .problem import Problem

HOST = "127.0.0.1"
PATIENCE = 10  # seconds that the LAN waits for what the module should do at once


def some_bytes(size: int) -> bytes:
    """Every run serves the same ones, and they hold every value."""
    return random.Random(2020).randbytes(size)


@contextlib.asynccontextmanager
async def http_server(content: bytes, tls=None):
    """Serves `content` at any path, with an ssl.SSLContext by TLS; gives its URL."""
    talks = set()

    async def answer(reader, writer):
        talks.add(asyncio.current_task())
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % len(content))
            writer.write(content)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            talks.discard(asyncio.current_task())

    server = await asyncio.start_server(answer, HOST, 0, ssl=tls)
    try:
        yield f"http{'s' if tls else ''}://{HOST}:{server.sockets[0].getsockname()[1]}/file"
    finally:
        server.close()
        for talk in talks:
            talk.cancel()


class Client:
    """A TCP client on the LAN that connects to the module."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer
        self.host, self.port = writer.get_extra_info("sockname")

    @classmethod
    async def connect(cls, port: int):
        try:
            return cls(*await asyncio.wait_for(asyncio.open_connection(HOST, port), PATIENCE))
        except (OSError, asyncio.TimeoutError) as error:
            raise Problem(f"The module's TCP server does not listen on port {port}: {error}.") from None

    async def send(self, data: bytes):
        self._writer.write(data)
        await self._writer.drain()

    async def receives(self, data: bytes):
        """Checks that just this comes."""
        got = await self._wait(self._reader.readexactly(len(data)), f"the client on port {self.port} got nothing")
        if got != data:
            raise Problem(f"The client on port {self.port} got {got!r} instead of {data!r}.")

    async def is_closed(self):
        """Checks that the module closes, and sends nothing more before that."""
        got = await self._wait(self._reader.read(1), f"the module did not close the client on port {self.port}")
        if got:
            raise Problem(f"The client on port {self.port} got {got!r} instead of the end.")

    async def _wait(self, coroutine, complaint):
        try:
            return await asyncio.wait_for(coroutine, PATIENCE)
        except (asyncio.TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            raise Problem(f"In chapter 4 {complaint}.") from None

    def close(self):
        self._writer.close()


async def listens(port: int) -> bool:
    """Does anybody accept connections on this port?"""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True

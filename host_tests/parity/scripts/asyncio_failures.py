"""asyncio meets a refusal, a reset, and a peer that closes while it writes."""

import asyncio
import socket

from see import free_port, name, peer, tell


def port(program):
    addr = peer(program)
    return addr[1] if isinstance(addr, tuple) else socket.sockaddr(addr)[2]


async def tried(title, coroutine):
    try:
        tell(title, await coroutine)
    except OSError as error:
        tell(title, "OSError " + name(error.errno))
    except Exception as error:
        tell(title, type(error).__name__)


async def use(to_port):
    reader, writer = await asyncio.open_connection("127.0.0.1", to_port)
    await reader.read(1)
    return "read"


async def pour(to_port):
    reader, writer = await asyncio.open_connection("127.0.0.1", to_port)
    await reader.read(1)
    for _ in range(50):
        writer.write(b"hello")
        await writer.drain()
        await asyncio.sleep(0.02)
    return "it goes on"


async def main():
    await tried("refused", use(free_port()))
    await tried("reset", use(port("reset")))
    await tried("closed", use(port("close")))
    await tried("writing after the end", pour(port("close")))


asyncio.run(main())

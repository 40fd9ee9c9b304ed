"""asyncio.open_connection: echo, readexactly, readline, read, the end."""

import asyncio
import socket

from see import peer, see, tell


def port(program):
    """asyncio wants a port."""
    addr = peer(program)
    return addr[1] if isinstance(addr, tuple) else socket.sockaddr(addr)[2]


async def tried(title, coroutine):
    try:
        result = await coroutine
        tell(title, result)
        return result
    except OSError as error:
        see(title, lambda: (_ for _ in ()).throw(error))
    except Exception as error:
        tell(title, type(error).__name__)


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", port("echo"))
    writer.write(b"hello\nworld")
    await tried("drain", writer.drain())
    await tried("readline", reader.readline())
    await tried("readexactly", reader.readexactly(5))
    writer.write(b"x" * 3000)
    await tried("drain", writer.drain())
    tell("readexactly of many", len(await reader.readexactly(3000)))
    writer.close()
    await tried("wait_closed", writer.wait_closed())

    reader, writer = await asyncio.open_connection("127.0.0.1", port("say abc|wait 50|say def|close"))
    await tried("read", reader.read(2))
    await tried("read all", reader.read(-1))
    await tried("read at the end", reader.read(10))
    await tried("readline at the end", reader.readline())
    await tried("readexactly at the end", reader.readexactly(1))
    writer.close()
    await tried("wait_closed", writer.wait_closed())

    reader, writer = await asyncio.open_connection("127.0.0.1", port("say abc|close"))
    await tried("readexactly too many", reader.readexactly(5))
    buf = bytearray(4)
    await tried("readinto at the end", reader.readinto(buf))
    writer.close()
    await writer.wait_closed()

    reader, writer = await asyncio.open_connection("127.0.0.1", port("stay"))
    try:
        await asyncio.wait_for(reader.read(1), 0.2)
    except asyncio.TimeoutError:
        tell("wait_for", "TimeoutError")
    writer.close()
    await writer.wait_closed()


asyncio.run(main())

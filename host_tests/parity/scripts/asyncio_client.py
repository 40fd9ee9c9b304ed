"""asyncio.open_connection: echo, readexactly, readline, read, the end."""

import asyncio

from see import peer_port, see_async, tell


async def main():
    reader, writer = await asyncio.open_connection("127.0.0.1", peer_port("echo"))
    writer.write(b"hello\nworld")
    await see_async("drain", writer.drain())
    await see_async("readline", reader.readline())
    await see_async("readexactly", reader.readexactly(5))
    writer.write(b"x" * 3000)
    await see_async("drain", writer.drain())
    tell("readexactly of many", len(await reader.readexactly(3000)))
    writer.close()
    await see_async("wait_closed", writer.wait_closed())

    reader, writer = await asyncio.open_connection("127.0.0.1", peer_port("say abc|wait 50|say def|close"))
    await see_async("read", reader.read(2))
    await see_async("read all", reader.read(-1))
    await see_async("read at the end", reader.read(10))
    await see_async("readline at the end", reader.readline())
    await see_async("readexactly at the end", reader.readexactly(1))
    writer.close()
    await see_async("wait_closed", writer.wait_closed())

    reader, writer = await asyncio.open_connection("127.0.0.1", peer_port("say abc|close"))
    await see_async("readexactly too many", reader.readexactly(5))
    buf = bytearray(4)
    await see_async("readinto at the end", reader.readinto(buf))
    writer.close()
    await writer.wait_closed()

    reader, writer = await asyncio.open_connection("127.0.0.1", peer_port("stay"))
    try:
        await asyncio.wait_for(reader.read(1), 0.2)
    except asyncio.TimeoutError:
        tell("wait_for", "TimeoutError")
    writer.close()
    await writer.wait_closed()


asyncio.run(main())

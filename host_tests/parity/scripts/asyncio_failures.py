"""asyncio meets a refusal, a reset, and a peer that closes while it writes."""

import asyncio

from see import free_port, peer_port, see_async


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
    await see_async("refused", use(free_port()))
    await see_async("reset", use(peer_port("reset")))
    await see_async("closed", use(peer_port("close")))
    await see_async("writing after the end", pour(peer_port("close")))


asyncio.run(main())

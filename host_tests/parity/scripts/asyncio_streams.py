"""asyncio: many at once, cancelled reads, readinto, a server whose client resets or closes in the middle."""

import asyncio

from see import client, free_port, peer_port, see_async, tell


async def echo(text):
    reader, writer = await asyncio.open_connection("127.0.0.1", peer_port("echo"))
    writer.write(text)
    await writer.drain()
    back = await reader.readexactly(len(text))
    writer.close()
    await writer.wait_closed()
    return back


async def many():
    return await asyncio.gather(*[echo(b"text %d" % k) for k in range(5)])


async def cancelled():
    reader, writer = await asyncio.open_connection("127.0.0.1", peer_port("wait 300|say later|wait 100|close"))
    try:
        await asyncio.wait_for(reader.read(5), 0.1)
    except asyncio.TimeoutError:
        tell("a read in time", "TimeoutError")
    await see_async("the read after it", reader.readexactly(5))
    buf = bytearray(3)
    await see_async("readinto at the end", reader.readinto(buf))
    writer.close()
    await writer.wait_closed()


async def answer(writer):
    writer.write(b"bye")
    await writer.drain()


async def talk(reader, writer):
    await see_async("readexactly", reader.readexactly(5))
    await see_async("read", reader.read(5))
    await see_async("answer", answer(writer))
    writer.close()
    await see_async("wait_closed", writer.wait_closed())


async def serving():
    port = free_port()
    server = await asyncio.start_server(talk, "127.0.0.1", port)
    for program in ("say hello|read", "say hel|close", "say hello more|close"):
        tell("client", client(port, program + "|wait 100"))
        await asyncio.sleep(0.3)
    server.close()
    await server.wait_closed()


async def main():
    await see_async("many", many())
    await see_async("cancelled", cancelled())
    await see_async("serving", serving())


asyncio.run(main())

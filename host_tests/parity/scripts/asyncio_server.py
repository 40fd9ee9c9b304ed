"""asyncio.start_server: an echo for two clients, and its end."""

import asyncio

from see import client, free_port, heard, tell


async def serve(reader, writer):
    while True:
        line = await reader.readline()
        if not line:
            break
        tell("line", line)
        writer.write(line.upper())
        await writer.drain()
    tell("client", "gone")
    writer.close()
    await writer.wait_closed()


async def main():
    port = free_port()
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    for text in ("one", "two"):
        tell("connect", client(port, "say %s\\n|line|half|read" % text))
        await asyncio.sleep(0.3)
    tell("the peers", heard())
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.3)
    tell("connect after the end", client(port, "read"))


asyncio.run(main())

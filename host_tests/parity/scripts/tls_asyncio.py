"""TLS with asyncio."""

import asyncio
import ssl

from see import see_async, tell, tls_peer

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.verify_mode = ssl.CERT_NONE


async def echo(data):
    reader, writer = await asyncio.open_connection("127.0.0.1", tls_peer("echo"), ssl=context)
    writer.write(data)
    await writer.drain()
    back = await reader.readexactly(len(data))
    writer.close()
    await writer.wait_closed()
    return back == data


async def main():
    await see_async("a little", echo(b"hello"))
    await see_async("much", echo(bytes(range(256)) * 20))
    tell("two at once", await asyncio.gather(echo(b"one"), echo(b"two")))


asyncio.run(main())

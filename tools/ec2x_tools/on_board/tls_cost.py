"""What a TLS connection costs: memory, and pauses of other tasks while it downloads. Runs on MicroPython; prints JSON.

micropython tls_cost.py PORT SIZE, with EC2X_PORT=builtin over MicroPython's own socket, else over the modem on that port.
"""

import asyncio
import gc
import json
import os
import ssl
import sys
import time

if os.getenv("EC2X_PORT") != "builtin":
    import board
    import ec2x

    modem = board.modem()
    modem.active(True)
    modem.connect(None)
    modem.wait()
    ec2x.install(modem)

import socket

HOST, PORT, SIZE = "127.0.0.1", int(sys.argv[1]), int(sys.argv[2])
RUNS = 3

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.verify_mode = ssl.CERT_NONE


def connected():
    sock = socket.socket()
    sock.connect(socket.getaddrinfo(HOST, PORT)[0][-1])
    return context.wrap_socket(sock)


def in_use():
    gc.collect()
    return gc.mem_alloc()


def heap():
    """Bytes that a connection takes after its handshake."""
    connected().close()  # what is loaded with the first one does not count
    before = in_use()
    tls = connected()
    taken = in_use() - before
    tls.close()
    return taken


async def download():
    reader, writer = await asyncio.open_connection(HOST, PORT, ssl=context)
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    await writer.drain()
    while await reader.readline() != b"\r\n":
        pass
    size = 0
    while size < SIZE:  # not to the end, which CPython's server leaves open until we have closed
        size += len(await reader.read(2048)) or SIZE
    writer.close()
    await writer.wait_closed()
    return size


async def pause():
    """The longest between two runs of a task that sleeps 1 ms, in us, while another downloads."""
    longest = 0

    async def tick():
        nonlocal longest
        last = time.ticks_us()
        while True:
            await asyncio.sleep_ms(1)
            now = time.ticks_us()
            longest = max(longest, time.ticks_diff(now, last))
            last = now

    gc.collect()
    ticker = asyncio.create_task(tick())
    size = await download()
    ticker.cancel()
    assert size == SIZE
    return longest


taken = heap()
runs = [asyncio.run(pause()) for _ in range(RUNS)]
print(json.dumps({"heap": taken, "pause_us": min(runs)}))

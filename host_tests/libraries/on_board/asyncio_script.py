"""The board's part of test_asyncio_streams.py: micropython asyncio_script.py PLAY PORT CLIENTS SIZE."""

import online  # the first of all

import asyncio
import random
import sys
from binascii import hexlify
from hashlib import sha256

HOST = "127.0.0.1"
PORT, CLIENTS, SIZE = [int(argument) for argument in sys.argv[2:]]


async def server():
    """Echoes what each client sends until it has seen all of them end."""
    left = CLIENTS
    most = now = 0
    ended = asyncio.Event()

    async def echo(reader, writer):
        nonlocal left, now, most
        now += 1
        most = max(most, now)
        while True:
            data = await reader.read(700)
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
        now -= 1
        left -= 1
        if not left:
            ended.set()

    it = await asyncio.start_server(echo, HOST, PORT)
    print("listening")
    await ended.wait()
    it.close()
    await it.wait_closed()
    print("at once", most)


async def ask(number):
    """A client that sends SIZE bytes, made from its number, in pieces, while the echo comes."""
    reader, writer = await asyncio.open_connection(HOST, PORT)
    random.seed(number)

    async def send():
        left = SIZE
        writer.write(b"%03d" % number)
        while left:
            n = min(left, random.getrandbits(10) + 1)
            data = bytes(random.getrandbits(8) for _ in range(n))
            sent.update(data)
            writer.write(data)
            await writer.drain()
            left -= n

    async def receive():
        assert await reader.readexactly(3) == b"%03d" % number
        left = SIZE
        while left:
            data = await reader.read(min(left, 900))
            assert data, left
            got.update(data)
            left -= len(data)

    sent, got = sha256(), sha256()
    await asyncio.gather(send(), receive())
    writer.close()
    await writer.wait_closed()
    sent, got = sent.digest(), got.digest()
    assert sent == got
    return hexlify(sent).decode()


async def client():
    results = await asyncio.gather(*(ask(number) for number in range(CLIENTS)))
    for number, result in enumerate(results):
        print(number, result)


async def lines():
    """readline and write of a dialogue, one connection after another; a port where nobody listens."""
    for number in range(CLIENTS):
        reader, writer = await asyncio.open_connection(HOST, PORT)
        writer.write(b"line %d\n" % number)
        writer.write(b"x" * SIZE)
        writer.write(b"\n")
        await writer.drain()
        assert await reader.readline() == b"line %d\n" % number
        assert await reader.readline() == b"x" * SIZE + b"\n"
        writer.close()
        await writer.wait_closed()
    try:
        reader, writer = await asyncio.open_connection(HOST, 1)
        print("connected", await reader.read(1))
    except OSError as error:
        print("refused", error.errno in (111, 61))


asyncio.run(globals()[sys.argv[1]]())
online.linger()

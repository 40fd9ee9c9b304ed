"""The host of the bench kit: what comes goes back. A connection whose first line is "SOURCE n" or "SINK n" is answered OK, and then

SOURCE n    sends n bytes, of 1024 known ones again and again, and closes
SINK n      takes n bytes, sends their SHA-256 in hexadecimal and an end of line, and closes
"""

import asyncio
import contextlib
import hashlib

import click
from rich.console import Console

from ..problem import Problem

WORDS = (b"SOURCE ", b"SINK ")
PIECE = 1 << 16
MOST = 1 << 32  # bytes that one connection asks for
BLOCK = bytes(at + 7 * (at >> 8) & 255 for at in range(1024))  # as rates.py has it on the board


async def begin(reader) -> bytes:
    """The first bytes: a line if it may be one of ours."""
    data = await reader.read(PIECE)
    while data and b"\n" not in data and any(data.startswith(word) and len(data) < 32 or word.startswith(data) for word in WORDS):
        more = await reader.read(PIECE)
        if not more:
            break
        data += more
    return data


async def source(n: int, writer):
    for at in range(0, n, PIECE):
        writer.write((BLOCK * (PIECE // len(BLOCK)))[: n - at])
        await writer.drain()


async def sink(n: int, data: bytes, reader, writer):
    came = hashlib.sha256(data[:n])
    left = n - len(data)
    while left > 0:
        data = await reader.read(min(left, PIECE))
        if not data:
            return
        came.update(data)
        left -= len(data)
    writer.write(came.hexdigest().encode() + b"\n")
    await writer.drain()


async def talk(reader, writer):
    """One connection."""
    data = await begin(reader)
    line, ended, rest = data.partition(b"\n")
    word, _, number = line.partition(b" ")
    if ended and word + b" " in WORDS and number.strip().isdigit() and int(number) <= MOST:
        writer.write(b"OK\n")
        await (source(int(number), writer) if word == b"SOURCE" else sink(int(number), rest, reader, writer))
        return
    while data:
        writer.write(data)
        await writer.drain()
        data = await reader.read(PIECE)


@contextlib.asynccontextmanager
async def served(host: str = "127.0.0.1", port: int = 0):
    """Answers there while the block runs; gives the port."""
    talks = set()

    async def answer(reader, writer):
        talks.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            talks.discard(asyncio.current_task())

    server = await asyncio.start_server(answer, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for one in talks:
            one.cancel()


async def _forever(bind: str, port: int):
    async with served(bind, port) as found:
        say = f"Echoes on port {found} of {bind}: make hil … VIA=this-host:{found}. Ctrl+C ends it."
        Console(emoji=False, highlight=False, soft_wrap=True).print(say, markup=False)
        await asyncio.Event().wait()


@click.command()
@click.option("--port", default=7000, show_default=True, type=click.IntRange(0, 65535), help="Where to listen; 0: any that is free.")
@click.option("--bind", default="0.0.0.0", show_default=True, help="The address to listen on.")
def echo(port: int, bind: str):
    """The server for VIA= of the bench kit, on a computer that the module reaches: echoes, sources, sinks."""
    try:
        asyncio.run(_forever(bind, port))
    except OSError as error:
        raise Problem(f"Port {port} of {bind} cannot be listened on ({error.strerror}): give another --port or --bind.") from None
    except KeyboardInterrupt:
        pass

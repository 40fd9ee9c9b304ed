"""The board's part of test_ipv6_loopback.py: micropython ipv6_script.py PLAY PORT SIZE. Echoes over the module's sockets.

It prints the SHA-256 of what it got, and for a server the address of its client.
"""

import sys
from binascii import hexlify
from hashlib import sha256

import board
import ec2x

modem = board.modem()
modem.active(True)
modem.connect(None)
modem.wait(60_000)
ec2x.install(modem)

import asyncio  # noqa: E402
import socket  # noqa: E402

PORT, SIZE = int(sys.argv[2]), int(sys.argv[3])
LOOP = socket.getaddrinfo("::1", PORT)[0]  # asyncio takes the family from there, too
ANY = ("::", PORT, 0, 0)


def open_socket(kind):
    sock = socket.socket(LOOP[0], kind)
    sock.settimeout(30)
    return sock


def told(digest):
    print("sha256", hexlify(digest.digest()).decode())


def echo(sock):
    """SIZE bytes, back as they come."""
    digest = sha256()
    buf = bytearray(1024)
    left = SIZE
    while left:
        n = sock.recv_into(buf, min(left, len(buf)))
        if not n:
            raise ValueError("%d bytes are missing" % left)
        digest.update(memoryview(buf)[:n])
        sock.sendall(memoryview(buf)[:n])
        left -= n
    sock.close()
    told(digest)


def tcp_client():
    sock = open_socket(socket.SOCK_STREAM)
    sock.connect(LOOP[-1] + (0, 0))
    echo(sock)


def tcp_server():
    server = open_socket(socket.SOCK_STREAM)
    server.bind(ANY)
    server.listen(1)
    print("listening", *server.getsockname())
    sock, (host, port) = server.accept()
    print("client", host, port)
    sock.settimeout(30)
    echo(sock)
    server.close()


def datagrams(sock, addr=None):
    """As many as SIZE says: each goes back to where it came from, or to addr, after a greeting."""
    digest = sha256()
    if addr:
        sock.sendto(b"hello", addr)
    for _ in range(SIZE):
        data, (host, port) = sock.recvfrom(1024)
        digest.update(data)
        sock.sendto(data, (host, port, 0, 0))
    if not addr:
        print("client", host, port)
    sock.close()
    told(digest)


def udp_client():
    datagrams(open_socket(socket.SOCK_DGRAM), LOOP[-1])


def udp_server():
    sock = open_socket(socket.SOCK_DGRAM)
    sock.bind(ANY)
    print("listening", *sock.getsockname())
    datagrams(sock)


async def talk(reader, writer):
    digest = sha256()
    data = await reader.readexactly(SIZE)
    digest.update(data)
    writer.write(data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    told(digest)


async def asyncio_client():
    await talk(*await asyncio.open_connection("::1", PORT))


async def asyncio_server():
    done = asyncio.Event()

    async def serve(reader, writer):
        print("client", *writer.get_extra_info("peername"))
        await talk(reader, writer)
        done.set()

    server = await asyncio.start_server(serve, "::", PORT)
    print("listening", "::", PORT)
    await done.wait()
    server.close()
    await server.wait_closed()


play = sys.argv[1]
if play.startswith("asyncio"):
    asyncio.run(globals()[play]())
else:
    globals()[play]()
while modem.fwd.clients():  # a socket of asyncio does not block: what it sent goes out after its close(), while somebody polls
    pass
modem.active(False)

"""What libraries get out of the sockets, in virtual time: rates, commands, pauses of other tasks. Runs on MicroPython; prints JSON.

micropython libraries.py KIB: the size of a download.
"""

import asyncio
import json
import ssl
import struct
import sys

import ec2x
from ec2x_tools import virtual_asyncio
from ec2x_tools.virtual import Board
from ec2x_tools.virtual_web import Web

PAGE = bytes(range(256)) * 4 * int(sys.argv[1])
BAUD = 921600
ADDRESS = HOST, PORT = "198.51.100.7", 80
REQUEST = b"GET / HTTP/1.0\r\nHost: %s\r\n\r\n" % HOST.encode()
TICK_MS = 1


def online():
    """A board whose sockets `import socket` gives, here and in the libraries."""
    board = Board(baud=BAUD)
    board.online()
    ec2x.install(board.modem)
    return board


def connected():
    import socket

    sock = socket.socket()
    sock.connect(ADDRESS)
    return sock


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_NONE
    return context


def body(answer):
    return bytes(answer).partition(b"\r\n\r\n")[2]


# A GET, in the manner of each


def bare(board, wrap=None):
    sock = wrap(connected()) if wrap else connected()
    sock.write(REQUEST)
    answer = bytearray()
    buf = bytearray(2048)
    while n := sock.readinto(buf):
        answer += buf[:n]
    sock.close()
    return body(answer)


def tls(board):
    return bare(board, tls_context().wrap_socket)


def by_requests(board, scheme="http"):
    import requests

    return requests.get("%s://%s:%d/" % (scheme, HOST, PORT)).content


def by_requests_tls(board):
    return by_requests(board, "https")


async def fetch(context=None):
    reader, writer = await asyncio.open_connection(HOST, PORT, ssl=context)
    writer.write(REQUEST)
    await writer.drain()
    answer = bytearray()
    while data := await reader.read(2048):
        answer += data
    writer.close()
    await writer.wait_closed()
    return body(answer)


def by_asyncio(board):
    return virtual_asyncio.run(board, fetch())


def by_asyncio_tls(board):
    return virtual_asyncio.run(board, fetch(tls_context()))


# Figures


def fetched(board, page, manner):
    if manner(board) != page:
        raise ValueError("what arrived is not what was sent")


def rate(manner, secure=False):
    """Bytes a second, from before the connect to the end of the page."""
    board = online()
    Web(board, PAGE, ADDRESS, secure)
    start = board.clock.us
    fetched(board, PAGE, manner)
    return len(PAGE) * 1e6 / (board.clock.us - start)


def pause():
    """The longest between two runs of a task that sleeps TICK_MS, in ms, while another downloads by TLS."""
    board = online()
    Web(board, PAGE, ADDRESS, True)
    longest = 0

    async def tick():
        nonlocal longest
        last = board.clock.us
        while True:
            await asyncio.sleep_ms(TICK_MS)
            longest = max(longest, board.clock.us - last)
            last = board.clock.us

    async def main():
        asyncio.create_task(tick())
        return await fetch(tls_context())

    virtual_asyncio.run(board, main())
    return longest / 1000


def asked(board, call, done):
    """How many commands of the family the module gets from call() until a while after done()."""
    before = family(board)
    call()
    board.until(done)
    board.pump(100)
    return family(board) - before


def family(board):
    return sum(count for name, count in board.module.commands.items() if name.startswith("QFWD"))


def publish():
    """A publication of QoS 0, written as small clients write it: head, length of the topic, topic, message."""
    board = online()
    service = board.net.listen("tcp", *ADDRESS)
    sock = connected()
    peer = service.accept()
    sock.write(b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03abc")
    board.until(peer.recv)
    peer.send(b"\x20\x02\0\0")
    sock.read(4)
    topic, message = b"home/kitchen/temperature", b"21.5"
    head = bytes((0x30, 2 + len(topic) + len(message), 0, 0, 0))

    def call():
        sock.write(head, 2)
        sock.write(struct.pack("!H", len(topic)))
        sock.write(topic)
        sock.write(message)

    return asked(board, call, lambda: peer.unread() == 2 + head[1])


def get():
    """A page of 1 KB by requests, from the connect to the close."""
    board = online()
    page = PAGE[:1024]
    Web(board, page, ADDRESS)
    return asked(board, lambda: fetched(board, page, by_requests), lambda: not board.module.sockets.connections)


print(
    json.dumps(
        {
            "bytes_per_s": {
                "bare socket": rate(bare),
                "requests": rate(by_requests),
                "asyncio": rate(by_asyncio),
                "ssl": rate(tls, True),
                "requests, https": rate(by_requests_tls, True),
                "asyncio, ssl": rate(by_asyncio_tls, True),
            },
            "commands": {"MQTT publication, QoS 0": publish(), "HTTP GET of 1 KB": get()},
            "pause_ms": pause(),
        }
    )
)

"""The board's part of test_tls.py: micropython tls_script.py PLAY PORT FOLDER NAME [SIZE]. FOLDER has the certificates, in DER."""

import online  # the first of all

import asyncio
import gc
import socket
import ssl
import sys
from binascii import hexlify
from hashlib import sha256

HOST = "127.0.0.1"
PORT, FOLDER, NAME = int(sys.argv[2]), sys.argv[3], sys.argv[4]
SIZE = int(sys.argv[5]) if len(sys.argv) > 5 else 0
REFUSED = 20


def content(name):
    with open(FOLDER + "/" + name, "rb") as file:
        return file.read()


def client_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=content("ca.der"))
    return context


def server_context():
    """Of a server that wants a certificate of its clients, too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(content(NAME + ".der"), content(NAME + ".key"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=content("ca.der"))
    return context


def payload():
    """SIZE bytes, another pattern in each KB."""
    return b"".join(bytes((k * 7 + j) & 255 for j in range(256)) * 4 for k in range(SIZE // 1024))


def digest(data):
    return hexlify(sha256(data).digest()).decode()


def connect():
    sock = socket.socket()
    sock.settimeout(20)
    sock.connect(socket.getaddrinfo(HOST, PORT)[0][-1])
    return sock


def exchange(tls):
    """Sends SIZE bytes and takes SIZE, both told by their SHA-256."""
    data = memoryview(payload())
    sent = 0
    while sent < SIZE:
        sent += tls.write(data[sent : sent + 3000])
    whole = sha256()
    got = 0
    buf = bytearray(1500)
    while got < SIZE:
        n = tls.readinto(buf, min(len(buf), SIZE - got))
        if not n:
            break
        whole.update(memoryview(buf)[:n])
        got += n
    print("sent", sent, digest(data))
    print("got", got, hexlify(whole.digest()).decode())


def client():
    sock = connect()
    tls = client_context().wrap_socket(sock, server_hostname=NAME)
    exchange(tls)
    tls.close()


def server():
    listener = socket.socket()
    listener.settimeout(20)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(socket.getaddrinfo("0.0.0.0", PORT)[0][-1])
    listener.listen(1)
    print("listening")
    sock, _ = listener.accept()
    sock.settimeout(20)
    tls = server_context().wrap_socket(sock, server_side=True)
    exchange(tls)
    tls.close()
    listener.close()


async def exchange_streams(reader, writer):
    data = payload()

    async def send():
        for at in range(0, SIZE, 3000):
            writer.write(data[at : at + 3000])
            await writer.drain()

    async def receive():
        whole = sha256()
        got = 0
        while got < SIZE:
            piece = await reader.read(min(1500, SIZE - got))
            if not piece:
                break
            whole.update(piece)
            got += len(piece)
        print("got", got, hexlify(whole.digest()).decode())

    print("sent", SIZE, digest(data))
    await asyncio.gather(send(), receive())
    writer.close()
    await writer.wait_closed()


async def asyncio_client():
    await exchange_streams(*await asyncio.open_connection(HOST, PORT, ssl=client_context(), server_hostname=NAME))


async def asyncio_server():
    done = asyncio.Event()

    async def serve(reader, writer):
        await exchange_streams(reader, writer)
        done.set()

    listener = await asyncio.start_server(serve, "0.0.0.0", PORT, ssl=server_context())
    print("listening")
    await done.wait()
    listener.close()
    await listener.wait_closed()


def refusal():
    """A handshake that must fail: why it did."""
    sock = connect()
    try:
        tls = client_context().wrap_socket(sock, server_hostname=NAME)
    except (OSError, ValueError) as error:
        return repr(error)
    finally:
        sock.close()
    tls.close()
    return "accepted"


def refused():
    print(refusal())


async def asyncio_refused():
    try:
        reader, writer = await asyncio.open_connection(HOST, PORT, ssl=client_context(), server_hostname=NAME)
        writer.write(b"hello")
        await writer.drain()
        print("accepted", await reader.read(1))
    except (OSError, ValueError) as error:
        print(repr(error))


def resident():
    """KB of this process that are in memory, where the system tells."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4
    except OSError:
        return 0


def memory():
    """What is in use after twenty refused handshakes, and after twenty more: bytes of the heap, KB of the process."""
    for _ in range(2):
        for _ in range(REFUSED):
            assert refusal() != "accepted"
        gc.collect()
        print("memory", gc.mem_alloc(), resident())


play = globals()[sys.argv[1]]
if sys.argv[1].startswith("asyncio"):
    asyncio.run(play())
    online.linger()
else:
    play()
print(*online.still_open())

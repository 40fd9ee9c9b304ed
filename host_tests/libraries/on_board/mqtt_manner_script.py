"""The board's part of test_mqtt_manners.py: micropython mqtt_manner_script.py MANNER PORT HALVES.

Two MQTT clients that use a socket in the ways that are common on MicroPython. "blocking": read(n), write(b, n), and for a look
whether anything has come, setblocking(False) and read(1). "no_poll": a socket that never blocks, readinto(mv, n) and
write(mv) again and again with a pause, nothing else.
"""

import online  # the first of all

import asyncio
import errno
import socket
import struct
import sys
import time
from binascii import hexlify
from hashlib import sha256

PORT, HALVES = int(sys.argv[2]), int(sys.argv[3])
MESSAGES = 50  # in all halves
ADDRESS = socket.getaddrinfo("127.0.0.1", PORT)[0][-1]

CONNECT, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 0x10, 0x30, 0x40, 0x82, 0x90, 0xC0, 0xD0, 0xE0
GREETING = b"\x00\x04MQTT\x04\x02\x00\x3c"  # 3.1.1, a clean session, 60 s
LONGEST = 8


def payload(number):
    """Of any size up to 3 KB, every value in it."""
    return bytes((number + k * 7) & 255 for k in range((number * 977) % 3001))


def head(kind, size):
    """A packet's first bytes, and how many of them count."""
    buf = bytearray(LONGEST)
    buf[0] = kind
    n = 1
    while size > 127:
        buf[n] = size & 127 | 128
        size >>= 7
        n += 1
    buf[n] = size
    return buf, n + 1


def text(s):
    return struct.pack("!H", len(s)) + s


class Blocking:
    """A client whose socket blocks, but for a look."""

    def connect(self):
        self._sock = socket.socket()
        self._sock.settimeout(None)
        self._sock.connect(ADDRESS)
        self._packet(CONNECT, GREETING, text(b"board"))
        assert self._sock.read(4) == b"\x20\x02\x00\x00"
        self._id = 0
        self.heard = []

    def _packet(self, kind, *parts):
        buf, n = head(kind, sum(len(part) for part in parts))
        self._sock.write(buf, n)
        for part in parts:
            self._sock.write(part)

    def _next_id(self):
        self._id += 1
        return struct.pack("!H", self._id)

    def _size(self):
        size = shift = 0
        while True:
            byte = self._sock.read(1)[0]
            size |= (byte & 127) << shift
            if byte < 128:
                return size
            shift += 7

    def wait(self):
        """The kind and the body of one packet, or None when looking and nothing is here; publications go to heard."""
        kind = self._sock.read(1)
        self._sock.setblocking(True)
        if kind is None:
            return None
        if kind == b"":
            raise OSError(-1)
        kind = kind[0]
        size = self._size()
        if kind & 0xF0 != PUBLISH:
            return kind, self._sock.read(size) if size else b""
        topic = self._sock.read(struct.unpack("!H", self._sock.read(2))[0])
        size -= 2 + len(topic)
        if kind & 6:
            ident = self._sock.read(2)
            size -= 2
        message = self._sock.read(size) if size else b""
        assert len(message) == size
        self.heard.append((topic, message))
        if kind & 6:
            self._packet(PUBACK, ident)
        return PUBLISH, None

    def look(self):
        self._sock.setblocking(False)
        return self.wait()

    def until(self, kind, ident):
        while True:
            came, body = self.wait()
            if came == kind and body[:2] == ident:
                return

    def subscribe(self, topic):
        ident = self._next_id()
        self._packet(SUBSCRIBE, ident, text(topic), b"\x01")
        self.until(SUBACK, ident)

    def publish(self, topic, message):
        ident = self._next_id()
        self._packet(PUBLISH | 2, text(topic), ident, message)
        self.until(PUBACK, ident)

    def ping(self):
        self._packet(PINGREQ)
        self.until(PINGRESP, b"")

    def hear(self):
        while not self.heard:
            if not self.look():
                time.sleep_ms(5)
        return self.heard.pop(0)

    def close(self):
        self._packet(DISCONNECT)
        self._sock.close()


def again(call):
    """What a client that wants to survive does: connect until it is connected."""
    while True:
        try:
            return call()
        except OSError as error:
            print("no connection", error.errno in (-1, 104, 111, 32, 61, 54))
            time.sleep_ms(100)


def blocking():
    client = Blocking()
    numbers = iter(range(MESSAGES))
    for half in range(HALVES):
        again(client.connect)
        client.subscribe(b"board/go")
        client.subscribe(b"board/in")
        assert client.hear() == (b"board/go", b"go")
        for _ in range(MESSAGES // HALVES):
            number = next(numbers)
            client.publish(b"board/out", payload(number))
            assert client.hear() == (b"board/in", payload(number)), number
            if number % 10 == 0:
                client.ping()
        print("half", half)
        if half < HALVES - 1:  # the broker goes away
            try:
                while True:
                    client.look()
                    time.sleep_ms(5)
            except OSError as error:
                print("lost", error.errno in (-1, 104, 54))
            client._sock.close()
    client.close()


class NoPoll:
    """A client whose socket never blocks."""

    async def connect(self):
        self._sock = socket.socket()
        self._sock.setblocking(False)
        try:
            self._sock.connect(ADDRESS)
        except OSError as error:
            if error.errno not in (errno.EINPROGRESS, errno.ETIMEDOUT):
                raise
        self._id = 0
        self.heard = []
        self._acks = set()
        self._one_packet = asyncio.Lock()
        await self._packet(CONNECT, GREETING, text(b"board"))
        assert await self._read(4) == b"\x20\x02\x00\x00"

    async def _read(self, n):
        buf = bytearray(n)
        view = memoryview(buf)
        have = 0
        while have < n:
            try:
                got = self._sock.readinto(view[have:], n - have)
            except OSError as error:
                if error.errno not in (errno.EINPROGRESS, errno.ETIMEDOUT):
                    raise
                got = None
            if got == 0:
                raise OSError(-1, "closed")
            have += got or 0
            await asyncio.sleep_ms(0)
        return buf

    async def _write(self, data):
        view = memoryview(data)
        deadline = time.ticks_add(time.ticks_ms(), 20_000)
        while view:
            try:
                n = self._sock.write(view)
            except OSError as error:
                if error.errno not in (errno.EINPROGRESS, errno.ETIMEDOUT):
                    raise
                n = None
            view = view[n or 0 :]
            assert time.ticks_diff(deadline, time.ticks_ms()) > 0
            await asyncio.sleep_ms(0)

    async def _packet(self, kind, *parts):
        buf, n = head(kind, sum(len(part) for part in parts))
        async with self._one_packet:
            await self._write(bytes(buf[:n]) + b"".join(parts))

    async def run(self):
        """Takes what comes."""
        while True:
            kind = (await self._read(1))[0]
            size = shift = 0
            while True:
                byte = (await self._read(1))[0]
                size |= (byte & 127) << shift
                if byte < 128:
                    break
                shift += 7
            body = bytes(await self._read(size)) if size else b""
            if kind & 0xF0 != PUBLISH:
                self._acks.add((kind, body[:2]))
                continue
            at = 2 + struct.unpack("!H", body[:2])[0]
            topic = body[2:at]
            if kind & 6:
                await self._packet(PUBACK, body[at : at + 2])
                at += 2
            self.heard.append((topic, body[at:]))

    async def _until(self, kind, ident):
        while (kind, ident) not in self._acks:
            await asyncio.sleep_ms(2)
        self._acks.remove((kind, ident))

    async def subscribe(self, topic):
        self._id += 1
        ident = struct.pack("!H", self._id)
        await self._packet(SUBSCRIBE, ident, text(topic), b"\x01")
        await self._until(SUBACK, ident)

    async def publish(self, topic, message):
        self._id += 1
        ident = struct.pack("!H", self._id)
        await self._packet(PUBLISH | 2, text(topic), ident, message)
        await self._until(PUBACK, ident)

    async def hear(self):
        while not self.heard:
            await asyncio.sleep_ms(2)
        return self.heard.pop(0)

    async def close(self):
        await self._packet(DISCONNECT)
        self._sock.close()


async def no_poll():
    client = NoPoll()
    await client.connect()
    reader = asyncio.create_task(client.run())
    await client.subscribe(b"board/go")
    await client.subscribe(b"board/in")
    assert await client.hear() == (b"board/go", b"go")
    numbers = range(MESSAGES)
    for number in numbers:
        await client.publish(b"board/out", payload(number))
    for number in numbers:
        assert await client.hear() == (b"board/in", payload(number)), number
    print("half", 0)
    reader.cancel()
    await client.close()


if sys.argv[1] == "blocking":
    blocking()
else:
    asyncio.run(no_poll())
    online.linger()
print("sha256", hexlify(sha256(b"".join(payload(number) for number in range(MESSAGES))).digest()).decode())
print(*online.still_open())

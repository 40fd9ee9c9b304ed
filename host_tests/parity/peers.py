"""The peers that both runs of a parity script meet: sockets of the test's process on 127.0.0.1, each of which follows a program.

A program is steps between "|": `say TEXT` (with backslash escapes), `fill N` (N bytes), `wait MS`, `line` (read up to a line's end),
`get N` (read N bytes), `echo` and `read` (until the other closes), `half` (close for sending), `reset` (RST), `close`, `stay` (read
nothing). After the last step a connection is left as it is. Of UDP: `echo`, `mute`, or what is said to each datagram. A peer that speaks
TLS echoes until the other closes, or says something and closes.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from pathlib import Path

HOST = "127.0.0.1"
PEM = Path(__file__).with_name("tls.pem")
QUIET = 0.15  # seconds without a byte after which there come no more
_GIVEN = set()  # ports, each given once


def free_port():
    """A port that nobody has, of TCP and of UDP, and that was not given before."""
    while True:
        with socket.socket() as sock, socket.socket(type=socket.SOCK_DGRAM) as other:
            sock.bind((HOST, 0))
            port = sock.getsockname()[1]
            with contextlib.suppress(OSError):
                other.bind((HOST, port))
                if port not in _GIVEN:
                    _GIVEN.add(port)
                    return port


def text(word):
    return word.encode().decode("unicode_escape").encode("latin-1")


class Peers:
    """Those of one run of one script."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self._sockets = []
        self._tasks = []
        self._servers = []  # of TLS
        self._heard = bytearray()
        self._ends = []  # how connections ended, as they saw it
        self._arrivals = 0

    async def obey(self, order):
        """The answer to an order of see.py."""
        word, _, rest = order.partition(" ")
        return str(await getattr(self, "_do_" + word)(rest))

    async def close(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for sock in self._sockets + self._servers:
            sock.close()

    def _socket(self, kind=socket.SOCK_STREAM):
        sock = socket.socket(type=kind)
        sock.setblocking(False)
        self._sockets.append(sock)
        return sock

    def _start(self, coroutine):
        self._tasks.append(self._loop.create_task(coroutine))

    # The orders

    async def _do_port(self, _):
        return free_port()

    async def _do_peer(self, program):
        sock = self._socket()
        if program == "stay":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # soon full, as is the sender's buffer when segments are small
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        sock.bind((HOST, 0))
        sock.listen(8)
        self._start(self._serve(sock, program))
        return sock.getsockname()[1]

    async def _do_tls(self, program):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PEM)

        async def serve(reader, writer):
            with contextlib.suppress(OSError):
                if program == "echo":
                    while data := await reader.read(4096):
                        writer.write(data)
                else:
                    writer.write(text(program))
                writer.close()

        server = await asyncio.start_server(serve, HOST, 0, ssl=context)
        self._servers.append(server)
        return server.sockets[0].getsockname()[1]

    async def _do_full(self, _):
        sock = self._socket()
        sock.bind((HOST, 0))
        sock.listen(0)
        for _ in range(3):  # that many fill it: later SYNs are dropped
            with contextlib.suppress(BlockingIOError):
                self._socket().connect(sock.getsockname())
        await asyncio.sleep(0.02)
        return sock.getsockname()[1]

    async def _do_client(self, rest):
        port, _, program = rest.partition(" ")
        sock = self._socket()
        try:
            await self._loop.sock_connect(sock, (HOST, int(port)))
        except OSError as error:
            return type(error).__name__
        self._start(self._play(sock, program))
        return "connected"

    async def _do_udp(self, program):
        sock = self._socket(socket.SOCK_DGRAM)
        sock.bind((HOST, 0))
        self._start(self._answer(sock, program))
        return sock.getsockname()[1]

    async def _do_datagram(self, rest):
        port, _, word = rest.partition(" ")
        sock = self._socket(socket.SOCK_DGRAM)
        sock.connect((HOST, int(port)))
        sock.send(text(word))
        self._start(self._answer(sock, "mute"))
        return "sent"

    async def _do_heard(self, _):
        seen = -1
        while seen != self._arrivals:
            seen = self._arrivals
            await asyncio.sleep(QUIET)
        return " ".join([repr(bytes(self._heard)) if len(self._heard) <= 40 else f"{len(self._heard)} bytes", *self._ends])

    # What the peers do

    async def _serve(self, listener, program):
        while True:
            sock, _ = await self._loop.sock_accept(listener)
            self._sockets.append(sock)
            self._start(self._play(sock, program))

    async def _play(self, sock, program):
        try:
            for step in program.split("|"):
                word, _, rest = step.strip().partition(" ")
                await getattr(self, "_step_" + word)(sock, rest)
        except OSError as error:
            self._arrivals += 1
            self._ends.append(type(error).__name__)

    async def _receive(self, sock, n=4096):
        data = await self._loop.sock_recv(sock, n)
        self._arrivals += 1
        self._heard += data
        if not data:
            self._ends.append("end")
        return data

    async def _step_say(self, sock, rest):
        await self._loop.sock_sendall(sock, text(rest))

    async def _step_fill(self, sock, rest):
        await self._loop.sock_sendall(sock, bytes(k & 255 for k in range(int(rest))))

    async def _step_wait(self, sock, rest):
        await asyncio.sleep(int(rest) / 1000)

    async def _step_line(self, sock, rest):
        while (data := await self._receive(sock, 1)) and data != b"\n":
            pass

    async def _step_get(self, sock, rest):
        left = int(rest)
        while left and (data := await self._receive(sock, left)):
            left -= len(data)

    async def _step_echo(self, sock, rest):
        while data := await self._receive(sock):
            await self._loop.sock_sendall(sock, data)

    async def _step_read(self, sock, rest):
        while await self._receive(sock):
            pass

    async def _step_half(self, sock, rest):
        sock.shutdown(socket.SHUT_WR)

    async def _step_reset(self, sock, rest):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    async def _step_close(self, sock, rest):
        sock.close()

    async def _step_stay(self, sock, rest):
        pass

    async def _answer(self, sock, program):
        while True:
            await self._readable(sock)
            data, addr = sock.recvfrom(65535)
            self._arrivals += 1
            self._heard += data
            self._ends.append(f"of {len(data)}")
            if program == "echo":
                sock.sendto(data, addr)
            elif program != "mute":
                sock.sendto(text(program), addr)

    async def _readable(self, sock):
        future = self._loop.create_future()
        self._loop.add_reader(sock, lambda: future.done() or future.set_result(None))
        try:
            await future
        finally:
            self._loop.remove_reader(sock)

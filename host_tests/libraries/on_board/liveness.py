"""asyncio asks a stream again only after an interrupt, as on an RP2040 (micropython#18811): what arrives all the same, and by what.

Run by test_virtual_time.py, in virtual time. An interrupt is a byte from the module; a timer of asyncio's makes its loop look, too.
"""

import asyncio
import ssl

import ec2x
from ec2x import errors
from ec2x_tools import virtual_asyncio
from ec2x_tools.virtual import Board
from ec2x_tools.virtual_web import Web
from expect import raises
from heap import heap_lock, heap_unlock
from quiet import QuietUart

ADDRESS = HOST, PORT = "198.51.100.7", 80
FOREVER_US = 100_000_000


class Asleep(Exception):
    """Nothing would ever wake the loop."""


class Interrupts(virtual_asyncio.Poll):
    def wait(self, end):
        clock, uart = self.board.clock, self.board.uart
        came, given_up = uart.rx_bytes, clock.us + FOREVER_US
        while uart.rx_bytes == came and (end is None or clock.us < end):
            if clock.us > given_up:
                raise Asleep
            self.jump(end)
            uart.any()


class Scene:
    """A board whose sockets asyncio has, and a server that does nothing by itself."""

    def __init__(self):
        self.board = board = Board(baud=921600)
        board.online()
        ec2x.install(board.modem)
        self.service = board.net.listen("tcp", HOST, PORT)

    def lose_urcs(self):
        self.board.module.fwd_urc = lambda port, text: None

    def connect(self):
        return asyncio.open_connection(HOST, PORT)

    async def outcome(self):
        """What a connection ends with: its last read, or an errno."""
        try:
            reader, _ = await self.connect()
            return await reader.read(1)
        except OSError as error:
            return error.errno

    def play(self, story, heart):
        """What becomes of story(self), with modem.run() beside it or without, and how many ms it takes."""

        async def main():
            if heart:
                asyncio.create_task(self.board.modem.run())
            return await story(self)

        start = self.board.now()
        return virtual_asyncio.run(self.board, main(), Interrupts), self.board.now() - start


def needs_a_heart(story):
    """What becomes of the story, and in how many ms; without the heartbeat it never ends."""
    raises(Asleep, Scene().play, story, False)
    return Scene().play(story, True)


def test_a_connect_that_is_never_answered_fails_at_its_deadline():
    async def story(scene):
        scene.board.net.fail[ADDRESS] = None
        task = asyncio.create_task(scene.outcome())
        await asyncio.sleep_ms(100)
        scene.board.clock.advance(149_000_000)
        return await task

    number, ms = needs_a_heart(story)
    assert number == errors.ETIMEDOUT and 150_000 <= ms < 151_000


def test_a_close_whose_urc_was_lost_is_found():
    async def story(scene):
        task = asyncio.create_task(scene.outcome())
        await asyncio.sleep_ms(100)
        scene.lose_urcs()
        scene.service.accept().close()
        return await task

    end, ms = needs_a_heart(story)
    assert end in (b"", errors.ECONNRESET) and ms < 5000, (end, ms)


def test_data_whose_urc_was_lost_is_found():
    async def story(scene):
        reader, _ = await scene.connect()
        scene.lose_urcs()
        scene.service.accept().send(b"hello")
        return await reader.read(5)

    data, ms = needs_a_heart(story)
    assert data == b"hello" and ms < 500


def test_a_question_that_waited_for_company_is_sent():
    async def story(scene):
        reader, writer = await scene.connect()
        peer = scene.service.accept()
        scene.board.world = lambda: peer.recv() and peer.send(b"answer")
        writer.write(b"question")
        await writer.drain()
        return await reader.read(6)

    data, ms = needs_a_heart(story)
    assert data == b"answer" and ms < 50


def test_what_was_written_goes_out_while_nobody_waits_for_an_answer():
    async def story(scene):
        _, writer = await scene.connect()
        writer.write(b"hello")
        await writer.drain()
        await asyncio.sleep_ms(1000)
        return scene.service.accept().unread()

    assert [Scene().play(story, heart)[0] for heart in (False, True)] == [0, 5]


def test_interrupts_alone_are_enough_for_what_the_module_says():
    async def story(scene):
        reader, _ = await scene.connect()
        scene.service.accept().send(b"hello")
        return await reader.read(5)

    assert Scene().play(story, False)[0] == b"hello"


class Locked:
    """An awaitable that runs a coroutine, each step with the heap locked."""

    def __init__(self, coroutine, before):
        self._coroutine = coroutine
        self._before = before

    def __iter__(self):
        return self

    def __next__(self):
        self._before()
        heap_lock()
        try:
            return self._coroutine.send(None)
        finally:
            heap_unlock()


def test_the_heartbeat_allocates_nothing():
    board = Board(baud=921600)
    board.online()
    sock, peer = board.client()
    peer.send(bytes(5000))
    uart = board.modem.chat.uart = QuietUart(board.uart)
    beats = []

    def before():
        beats.append(uart.exchange())

    async def locked():
        await Locked(board.modem.run(), before)

    async def main():
        asyncio.create_task(locked())
        while len(beats) < 100:
            await asyncio.sleep_ms(1)

    virtual_asyncio.run(board, main())
    assert sock.recv(4096) == bytes(2048)  # as much as its ring holds


# The handshake


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_NONE
    return context


def ticks_beside(handshake, **options):
    """How often a task that sleeps 1 ms runs during the handshake, in how many ms, and its longest pause."""
    board = Board(**options)
    board.online()
    ec2x.install(board.modem)
    Web(board, b"page", ADDRESS, True)
    ticks = [board.clock.us]

    async def tick():
        while True:
            await asyncio.sleep_ms(1)
            ticks.append(board.clock.us)

    async def main():
        asyncio.create_task(tick())
        await asyncio.sleep_ms(5)
        start = board.clock.us
        del ticks[:]
        await handshake(board)
        return (board.clock.us - start) // 1000

    ms = virtual_asyncio.run(board, main())
    pauses = [ticks[k + 1] - ticks[k] for k in range(len(ticks) - 1)]
    return len(ticks), ms, max(pauses, default=0) / 1000


def test_open_connections_handshake_leaves_other_tasks_running():
    async def handshake(board):
        reader, writer = await asyncio.open_connection(HOST, PORT, ssl=tls_context())
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        await writer.drain()
        assert await reader.readline() == b"HTTP/1.0 200 OK\r\n"
        await writer.wait_closed()

    ticks, ms, longest = ticks_beside(handshake, latency_us=50_000)
    assert ms > 300 and ticks >= ms - 1 and longest == 1, (ticks, ms, longest)


def test_wrap_sockets_own_handshake_on_a_socket_that_does_not_block_spins_but_ends():
    async def handshake(board):
        import socket

        sock = socket.socket()
        sock.connect(ADDRESS)
        sock.setblocking(False)
        board.modem.chat.uart = Busy(board)
        tls_context().wrap_socket(sock).close()  # it reads our socket, which pumps: else there would be no end

    ticks, ms, _ = ticks_beside(handshake, latency_us=5000)
    assert ms > 40 and ticks <= 1, (ticks, ms)


class Busy:
    """A UART each look at which takes 0.1 ms of the processor's time."""

    def __init__(self, board):
        self._board = board
        self.readinto, self.write = board.uart.readinto, board.uart.write

    def any(self):
        self._board.clock.advance(100)
        self._board.world()
        return self._board.uart.any()

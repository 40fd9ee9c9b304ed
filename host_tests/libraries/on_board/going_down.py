"""The module is reset, or falls silent, under a library: an OSError, nothing cut short, and once the link is back all begins anew.

Run by test_virtual_time.py, in virtual time.
"""

import asyncio
import ssl

import ec2x
from ec2x import errors
from ec2x_tools import virtual_asyncio
from ec2x_tools.virtual import Board
from ec2x_tools.virtual_web import Web
from expect import raises

ADDRESS = HOST, PORT = "198.51.100.7", 80
PAGE = bytes(range(256)) * 128
WAYS = ("reset", "silence")


class Scene:
    """A board whose modem is installed."""

    def __init__(self):
        self.board = board = Board(baud=115200)
        board.online()
        ec2x.install(board.modem)

    def falls(self, way, when):
        """At the next jump at which when() is true: the module is reset, or switched off for a while."""
        board, act = self.board, self.board.world

        def world():
            if act:
                act()
            if when():
                board.world = act
                board.module.reset(board.clock.us) if way == "reset" else board.module.power_off()

        board.world = world

    def back(self):
        """The module is on again, and online without the application."""
        board = self.board
        board.until(lambda: not board.modem.isconnected(), 60_000)
        if not board.module.running:
            board.module.reset(board.clock.us)
        board.until(board.modem.isconnected, 120_000)

    def after(self, count):
        """Whether the modem has received so many bytes."""
        return lambda: self.board.modem.stats()["received"] >= count


def each_way(play, tls=False):
    """play(scene) fails when the module falls in the middle of a download, and not when it is back."""
    for way in WAYS:
        scene = Scene()
        Web(scene.board, PAGE, ADDRESS, tls)
        scene.falls(way, scene.after(5000))
        assert raises(OSError, play, scene).errno == errors.ECONNRESET, way
        scene.back()
        assert not any(scene.board.modem.sockets.flows)
        assert play(scene) == PAGE
        scene.board.until(lambda scene=scene: not any(scene.board.modem.sockets.flows))


def test_requests_fails_in_the_middle_of_a_page_and_then_fetches_it():
    import requests

    each_way(lambda scene: requests.get("http://%s/" % HOST).content)


def test_requests_fails_in_the_middle_of_a_page_by_tls_and_then_fetches_it():
    import requests

    each_way(lambda scene: requests.get("https://%s:80/" % HOST).content, True)


async def fetch(context=None):
    reader, writer = await asyncio.open_connection(HOST, PORT, ssl=context)
    try:
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        await writer.drain()
        while await reader.readline() != b"\r\n":
            pass
        return await reader.read(-1)
    finally:
        writer.close()
        await writer.wait_closed()


def test_an_asyncio_stream_fails_in_the_middle_of_a_page_and_another_fetches_it():
    each_way(lambda scene: virtual_asyncio.run(scene.board, fetch()))


def test_an_asyncio_stream_fails_in_the_middle_of_a_page_by_tls_and_another_fetches_it():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_NONE
    each_way(lambda scene: virtual_asyncio.run(scene.board, fetch(context)), True)


class Broker:
    """Greets who greets it, and keeps what it is told."""

    def __init__(self, board):
        self._service = board.net.listen("tcp", *ADDRESS)
        self._peers = []
        self.told = b""
        board.world = self._step

    def _step(self):
        peer = self._service.accept()
        if peer:
            self._peers.append(peer)
        for peer in self._peers:
            data = peer.recv()
            if data[:1] == b"\x10":
                peer.send(b"\x20\x02\0\0")
            else:
                self.told += data


class Client:
    """An MQTT client in the manner of MicroPython's small ones: blocking, and setblocking(False) for a look."""

    def connect(self):
        import socket

        self.sock = socket.socket()
        self.sock.settimeout(5)
        try:
            self.sock.connect(socket.getaddrinfo(HOST, PORT)[0][-1])
            self.sock.write(b"\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03abc")
            assert self.sock.read(4) == b"\x20\x02\0\0"
        except OSError:
            self.sock.close()
            raise

    def publish(self, message):
        self.sock.write(b"\x30" + bytes((3 + len(message),)), 2)
        self.sock.write(b"\0\x01t")
        self.sock.write(message)

    def look(self):
        self.sock.setblocking(False)
        return self.sock.read(1)


def test_an_mqtt_client_is_told_and_connects_again():
    for way in WAYS:
        scene = Scene()
        board = scene.board
        broker, client = Broker(board), Client()
        client.connect()
        client.publish(b"one")
        board.pump(100)
        assert client.look() is None
        scene.falls(way, lambda: True)

        def looks(board=board, client=client):
            for _ in range(600):
                board.pump(100)
                client.look()

        assert raises(OSError, looks).errno == errors.ECONNRESET, way
        client.sock.close()
        if way == "silence":
            assert raises(OSError, client.connect).errno in (errors.ECONNRESET, errors.EHOSTUNREACH)
            board.module.reset(board.clock.us)
        for _ in range(600):
            try:
                client.connect()
                break
            except OSError:
                board.pump(100)
        client.publish(b"two")
        client.sock.close()
        board.until(lambda board=board: not any(board.modem.sockets.flows))
        assert broker.told == b"\x30\x06\0\x01tone\x30\x06\0\x01ttwo", (way, broker.told)

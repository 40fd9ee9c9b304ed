"""The broker and the other client of the MQTT tests: amqtt, in this process."""

import asyncio
import contextlib

from amqtt.broker import Broker
from amqtt.client import MQTTClient
from amqtt.mqtt.constants import QOS_1

from devices import HOST

CONNACK, PUBACK = b"\x20\x02\x00\x00", b"\x40\x02\x00\x01"
PLUGINS = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}


@contextlib.asynccontextmanager
async def broker(port):
    """A broker that anybody may use; what it knows ends with it."""
    it = Broker({"listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}"}}, "plugins": PLUGINS})
    await it.start()
    try:
        yield it
    finally:
        for server in it._servers.values():  # before the sessions: who connected between them would be kept, and heard by nobody
            server.instance.close()
        handlers = [handler for _, handler in it._sessions.values() if handler]
        for handler in handlers:
            await handler.writer.close()
        for reader in [handler._reader_task for handler in handlers if handler._reader_task]:
            await asyncio.wait([reader])  # else shutdown() cancels it, and it may never say that it has stopped
        await it.shutdown()


@contextlib.asynccontextmanager
async def client(port, *topics):
    """A client that has subscribed to these, with QoS 1."""
    it = MQTTClient(client_id="here", config={"auto_reconnect": False, "plugins": {}})
    await it.connect(f"mqtt://{HOST}:{port}/")
    try:
        await it.subscribe([(topic, QOS_1) for topic in topics])
        yield it
    finally:
        with contextlib.suppress(Exception):  # it may be that its broker has gone
            await it.disconnect()


async def echo(port, count):
    """Sends back `count` messages of board/out as board/in; returns them. board/go tells the board to begin."""
    got = []
    async with client(port, "board/out") as it:
        await it.publish("board/go", b"go", qos=QOS_1, retain=True)
        while len(got) < count:
            message = await it.deliver_message(timeout_duration=20)
            got.append(bytes(message.data))
            await it.publish("board/in", message.data, qos=QOS_1)
    return got


@contextlib.asynccontextmanager
async def relay(port, to, tls=None):
    """What stands before a broker: clients of `port` talk to the broker on port `to`. tls: an ssl.SSLContext. Cut with the block."""
    writers = []

    async def pump(reader, writer):
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(4096):
                writer.write(data)
        writer.close()

    async def talk(reader, writer):
        its_reader, its_writer = await asyncio.open_connection(HOST, to)
        writers.extend((writer, its_writer))
        await asyncio.gather(pump(reader, its_writer), pump(its_reader, writer))

    async with await asyncio.start_server(talk, HOST, port, ssl=tls):
        try:
            yield
        finally:
            for writer in writers:
                writer.close()


@contextlib.asynccontextmanager
async def broken(port, *answers):
    """A broker that has one answer for each packet, CONNACK first, and sends what is no MQTT behind the last."""

    async def talk(reader, writer):
        for answer in (CONNACK, *answers):
            await reader.read(2000)
            writer.write(answer)
        writer.write(6 * b"\xff")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(talk, HOST, port):
        yield


async def messages(it, count):
    """The next `count` that a client of this broker gets: topic, bytes."""
    got = [await it.deliver_message(timeout_duration=20) for _ in range(count)]
    return [(message.topic, bytes(message.data)) for message in got]

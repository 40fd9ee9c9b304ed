"""The broker and the other client of the MQTT tests: amqtt, in this process."""

import contextlib

from amqtt.broker import Broker
from amqtt.client import MQTTClient
from amqtt.mqtt.constants import QOS_1

from devices import HOST

PLUGINS = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}


@contextlib.asynccontextmanager
async def broker(port):
    """A broker that anybody may use; what it knows ends with it."""
    it = Broker({"listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}"}}, "plugins": PLUGINS})
    await it.start()
    try:
        yield it
    finally:
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

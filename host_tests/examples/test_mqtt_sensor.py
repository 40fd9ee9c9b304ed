"""mqtt_sensor.py publishes each reading, whatever becomes of broker and module, and trusts no other broker."""

import asyncio
import contextlib
import json

import mqtt
from certificates import Certificates
from devices import free_port, run
from example import SOON, reset, running, says

HOST = "localhost"
TOPIC = "board-1/reading"


@contextlib.asynccontextmanager
async def sensor(tmp_path, *arguments, **constants):
    constants = {"APN": None, "EVERY": 6 * SOON, "AGAIN, LONGEST": (SOON, SOON), **constants}
    async with running(tmp_path, "mqtt_sensor.py", HOST, *arguments, needs=["aiomqttc"], **constants) as app:
        yield app


async def numbers(it, count):
    """Those of the next readings, all of which are acknowledged soon: aiomqttc waits for 5 s when an acknowledgement is lost."""
    got = await mqtt.messages(it, count)
    assert {topic for topic, _ in got} == {TOPIC}
    await asyncio.sleep(2 * SOON)
    return [json.loads(data)["number"] for _, data in got]


def distinct(numbers):
    """In order, each once: QoS 1 may bring one twice."""
    return [number for k, number in enumerate(numbers) if number not in numbers[:k]]


def test_no_reading_is_lost_while_broker_or_module_are_away(tmp_path):
    """The relay is what goes: the broker itself has to stay, so that its other client misses nothing."""

    async def scenario():
        inner, port = free_port(), free_port()
        async with mqtt.broker(inner), mqtt.client(inner, TOPIC) as it, sensor(tmp_path, port) as app:
            await says(app, "no broker")
            async with mqtt.relay(port, inner):
                await says(app, "connected")
                got = await numbers(it, 3)
            await says(app, "no broker")
            await says(app, "no broker")
            async with mqtt.relay(port, inner):
                got += await numbers(it, 6)
                await says(app, "connected")
                reset(app)
                await says(app, "connected")
                got += await numbers(it, 3)
        got = distinct(got)
        assert got == list(range(1, len(got) + 1)) and len(got) > 9

    run(scenario())


def test_it_outlives_its_broker(tmp_path):
    async def scenario():
        port = free_port()
        async with sensor(tmp_path, port) as app:
            for _ in range(2):
                async with mqtt.broker(port), mqtt.client(port, TOPIC) as it:
                    assert len(await numbers(it, 3)) == 3
                await says(app, "no broker")

    run(scenario())


def test_a_broker_that_errs_leaves_nothing_open(tmp_path):
    async def scenario():
        port = free_port()
        async with mqtt.broken(port, mqtt.PUBACK), sensor(tmp_path, port, EVERY=SOON) as app:
            for _ in range(13):  # more than there are sockets
                assert await app.line() == "connected"
                await says(app, "no broker")

    run(scenario())


def test_a_broker_is_asked_less_and_less_often(tmp_path):
    async def scenario():
        async with sensor(tmp_path, free_port(), **{"AGAIN, LONGEST": (0.1, 0.4)}) as app:
            for pause in ("0.1", "0.2", "0.4", "0.4"):
                assert await says(app, "no broker") == f"no broker: again in {pause} s"

    run(scenario())


def test_with_tls_it_publishes(tmp_path):
    async def scenario():
        inner, port = free_port(), free_port()
        tls = Certificates(tmp_path, "ECDSA", HOST).server()
        async with mqtt.broker(inner), mqtt.client(inner, TOPIC) as it, mqtt.relay(port, inner, tls):
            async with sensor(tmp_path, port, tmp_path / "ca.der"):
                assert await numbers(it, 3) == [1, 2, 3]

    run(scenario())


def test_a_broker_that_cannot_be_believed_gets_no_reading(tmp_path):
    async def scenario():
        inner, port = free_port(), free_port()
        tls = Certificates(tmp_path, "ECDSA", HOST).server("another name's")
        async with mqtt.broker(inner), mqtt.client(inner, TOPIC) as it, mqtt.relay(port, inner, tls):
            async with sensor(tmp_path, port, tmp_path / "ca.der") as app:
                for _ in range(3):
                    assert (await app.line()).startswith("no broker")
        assert it.session.delivered_message_queue.empty()

    run(scenario())

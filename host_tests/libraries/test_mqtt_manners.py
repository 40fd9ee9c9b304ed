"""MQTT in the two manners in which MicroPython's clients use a socket: fifty messages of QoS 1 there and back, each once."""

import pytest

import mqtt
from devices import BUILTIN, MODULE, device, free_port, lines, run, sha256

MESSAGES = 50
OUT = [bytes((number + k * 7) & 255 for k in range((number * 977) % 3001)) for number in range(MESSAGES)]
END = [f"sha256 {sha256(*OUT)}", "open [] []"]


@pytest.mark.parametrize("manner", ["blocking", "no_poll"])
@pytest.mark.parametrize("over", [MODULE, BUILTIN])
def test_fifty_messages_go_and_come_once_each(over, manner):
    async def scenario():
        port = free_port()
        async with mqtt.broker(port), device("mqtt_manner_script.py", manner, port, 1, over=over) as app:
            assert await mqtt.echo(port, MESSAGES) == OUT
            assert await lines(app) == ["half 0", *END]

    run(scenario())


@pytest.mark.parametrize("over", [MODULE, BUILTIN])
def test_a_client_outlives_its_broker(over):
    async def scenario():
        port = free_port()
        half = MESSAGES // 2
        async with device("mqtt_manner_script.py", "blocking", port, 2, over=over) as app:
            assert await app.line() == "no connection True"  # before there is one
            async with mqtt.broker(port):
                assert await mqtt.echo(port, half) == OUT[:half]
                while (line := await app.line()) == "no connection True":
                    pass
                assert line == "half 0"
            assert await app.line() == "lost True"
            assert await app.line() == "no connection True"
            async with mqtt.broker(port):
                assert await mqtt.echo(port, half) == OUT[half:]
                while (line := await app.line()) == "no connection True":
                    pass
                assert [line, *await lines(app)] == ["half 1", *END]

    run(scenario())

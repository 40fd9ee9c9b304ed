"""aiomqttc, from its file as pip installed it, over the modem: QoS 0 and 1, pings, and a broker that goes and comes back."""

import pytest

import mqtt
from devices import BUILTIN, MODULE, ON_BOARD, device, free_port, libraries, run

HALF = 25
OUT = [bytes((number + k * 7) & 255 for k in range((number * 977) % 3001)) for number in range(2 * HALF)]
RTC = ON_BOARD / "rtc"  # MicroPython's unix build has no machine.RTC, without which aiomqttc prints nothing and fails


async def told(app):
    """The next line of the script's own; "" at its end."""
    while (line := await app.line()) and not line.startswith("> "):
        pass
    return line[2:]


@pytest.mark.parametrize("over", [MODULE, BUILTIN])
def test_every_message_comes_once_and_the_client_outlives_its_broker(over, tmp_path):
    async def scenario():
        port = free_port()
        path = [RTC, libraries(tmp_path, "aiomqttc")]
        async with device("aiomqttc_script.py", port, over=over, path=path) as app:
            async with mqtt.broker(port):
                assert await mqtt.echo(port, HALF) == OUT[:HALF]
                assert await told(app) == "half True"
            assert await told(app) == "lost"
            async with mqtt.broker(port):
                assert await mqtt.echo(port, HALF) == OUT[HALF:]
                assert await told(app) == "half True"
            assert await told(app) == "open [] []"
            assert await told(app) == ""

    run(scenario())

"""gateway.py takes lines from the LAN to the broker and back, loses none while the broker is away, and outlives devices that err."""

import asyncio
import contextlib

import mqtt
from devices import HOST, free_port, run
from example import SOON, reset, restart, running, says

UP, DOWN = "gateway-1/up", "gateway-1/down"


class Scene:
    """A broker that stays, its other client, and the gateway; the relay before the broker can be cut."""

    def __init__(self, tmp_path, **constants):
        self._tmp_path = tmp_path
        self._constants = {"APN": None, "AGAIN": SOON, **constants}

    async def __aenter__(self):
        self._stack = contextlib.AsyncExitStack()
        self._inner, self.port, self._lan = free_port(), free_port(), free_port()
        enter = self._stack.enter_async_context
        try:
            await enter(mqtt.broker(self._inner))
            self.client = await enter(mqtt.client(self._inner, UP))
            arguments = HOST, self.port, self._lan
            self.app = await enter(running(self._tmp_path, "gateway.py", *arguments, needs=["aiomqttc"], **self._constants))
            await says(self.app, "listening")
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_):
        await self._stack.aclose()

    @contextlib.asynccontextmanager
    async def online(self):
        async with mqtt.relay(self.port, self._inner):
            await says(self.app, "connected")
            yield

    async def device(self):
        return await asyncio.open_connection(HOST, self._lan)

    async def up(self, count):
        """What the broker gets next."""
        got = await mqtt.messages(self.client, count)
        assert {topic for topic, _ in got} <= {UP}
        return [data for _, data in got]

    async def down(self, data):
        await self.client.publish(DOWN, data, qos=1)

    def choke(self, writer):
        """From now on the device behind this writer takes nothing more."""
        for waiter in self.app.modem.net.waiters:
            with contextlib.suppress(OSError):  # a listener has no peer
                waiter.writing = waiter.sock.getpeername() == writer.get_extra_info("sockname") or waiter.writing


async def closed(reader):
    """Its end, or its reset, after what was still to come."""
    with contextlib.suppress(ConnectionError):
        while await reader.read(1000):
            pass


def test_lines_go_up_and_come_down_to_every_device(tmp_path):
    async def scenario():
        async with Scene(tmp_path) as scene, scene.online():
            devices = [await scene.device() for _ in range(3)]
            for number, (_, writer) in enumerate(devices):
                writer.write(b"first of %d\nse" % number)
            assert sorted(await scene.up(3)) == [b"first of %d" % number for number in range(3)]
            for _, writer in devices:
                writer.write(b"cond\n")
            assert await scene.up(3) == 3 * [b"second"]
            await scene.down(b"to all")
            for reader, writer in devices:
                assert await reader.readline() == b"to all\n"
                writer.close()

    run(scenario())


def test_no_line_is_lost_while_the_broker_is_away(tmp_path):
    """Far more than may wait: the devices are held up."""

    async def scenario():
        sent = [b"line %d" % number for number in range(12)]
        async with Scene(tmp_path, LINES=4) as scene:
            _, writer = await scene.device()
            writer.write(b"\n".join(sent) + b"\n")
            await says(scene.app, "publish ended")
            async with scene.online():
                got = await scene.up(5)
            async with scene.online():
                got += await scene.up(len(sent) - len(set(got)))
            writer.close()
        assert [line for k, line in enumerate(got) if line not in got[:k]] == sent

    run(scenario())


def test_a_device_is_held_up_when_enough_lines_wait(tmp_path):
    async def scenario():
        async with Scene(tmp_path, LINES=4) as scene:
            _, writer = await scene.device()
            writer.write(1000 * (b"x" * 99 + b"\n"))
            for _ in range(10):
                await says(scene.app, "publish ended")
            assert 2000 < scene.app.modem.bytes_to_host < 30_000
            writer.close()

    run(scenario())


def test_a_broker_that_errs_leaves_nothing_open(tmp_path):
    async def scenario():
        async with Scene(tmp_path) as scene, mqtt.broken(scene.port):
            for _ in range(13):  # more than there are sockets
                await says(scene.app, "connected")
                await says(scene.app, "publish ended")

    run(scenario())


def test_devices_that_err_are_closed_and_harm_nobody(tmp_path):
    """One that sends no line, and those that are too many."""

    async def scenario():
        async with Scene(tmp_path, DEVICES=2, LINE=100) as scene, scene.online():
            good, writer = await scene.device()
            writer.write(b"good\n")
            assert await scene.up(1) == [b"good"]
            for _ in range(15):  # more than there are sockets
                endless, its_writer = await scene.device()
                its_writer.write(300 * b"x")
                await closed(endless)
                its_writer.close()
            second, its_writer = await scene.device()
            its_writer.write(b"second\n")
            assert await scene.up(1) == [b"second"]
            third, third_writer = await scene.device()
            await closed(third)
            await scene.down(b"still here")
            assert [await reader.readline() for reader in (good, second)] == 2 * [b"still here\n"]
            for it in (writer, its_writer, third_writer):
                it.close()

    run(scenario())


def test_a_device_that_does_not_read_is_closed(tmp_path):
    async def scenario():
        async with Scene(tmp_path, PATIENCE=2, DEVICES=2) as scene, scene.online():
            (_, deaf), (good, writer) = await scene.device(), await scene.device()
            deaf.write(b"deaf\n")
            writer.write(b"good\n")
            assert sorted(await scene.up(2)) == [b"deaf", b"good"]
            scene.choke(deaf)
            for number in range(20):  # more than the module and the board hold
                line = b"%03d" % number * 333
                await scene.down(line)
                assert await good.readline() == line + b"\n"
            _, third = await scene.device()
            third.write(b"third\n")
            assert await scene.up(1) == [b"third"]
            for it in (deaf, writer, third):
                it.close()

    run(scenario())


def test_it_goes_on_after_the_module_or_the_board_was_reset(tmp_path):
    async def scenario():
        async with Scene(tmp_path) as scene, scene.online():
            before, old = await scene.device()
            reset(scene.app)
            await closed(before)
            old.close()
            for _ in range(2):
                await says(scene.app, "listening")
                reader, writer = await scene.device()
                writer.write(b"up\n")
                assert await scene.up(1) == [b"up"]
                await scene.down(b"down")
                assert await reader.readline() == b"down\n"
                await restart(scene.app)
                await closed(reader)
                writer.close()

    run(scenario())

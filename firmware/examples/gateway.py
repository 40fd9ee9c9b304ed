"""A gateway: what devices on the module's LAN send by TCP, a line each, goes to an MQTT broker; what that has for them, to all of them.

    pip install --no-deps --target lib aiomqttc==1.0.7, and copy lib/aiomqttc.py to the board

Set the constants and copy this file to the board as main.py, or, on a PC: micropython gateway.py BROKER PORT LAN_PORT
"""

import asyncio
import sys

import aiomqttc

import board
import ec2x

BROKER = sys.argv[1] if len(sys.argv) > 1 else "broker.example"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 1883
LAN_PORT = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
APN = "internet"
CLIENT = "gateway-1"  # each client of a broker needs a name of its own
UP, DOWN = "gateway-1/up", "gateway-1/down"
DEVICES = 8  # at a time; a modem has 12 sockets
LINE = 256  # bytes that one may have, without its end
LINES = 20  # that wait for the broker: then the devices have to wait, too
PATIENCE = 2  # seconds that a device has to take a line
AGAIN = 5  # seconds after which it listens, or connects, again
OPENING = 180  # seconds: the module itself gives up earlier, and nothing stays half open

aiomqttc.log = lambda text="": None  # it tells of each packet
aiomqttc.TimeoutError = asyncio.TimeoutError  # which it catches, and MicroPython has under this name only
devices = {}  # type: dict  # writer: the task that reads
lines = []  # type: list[bytes]

modem = board.modem()
modem.active(True)
modem.connect(APN)
ec2x.install(modem)


async def device(reader, writer):
    """Takes the lines of one device until it goes, or sends what is no line."""
    if len(devices) >= DEVICES:
        await writer.wait_closed()
        return
    rest = b""
    devices[writer] = asyncio.current_task()
    try:
        while len(rest) <= LINE:
            data = await reader.read(LINE)
            if not data:
                break
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                while len(lines) >= LINES:
                    await asyncio.sleep(0.1)
                lines.append(line)
    except OSError as error:
        print("a device was lost:", error)
    finally:
        del devices[writer]
        await writer.wait_closed()


async def give(writer, line, task):
    try:
        writer.write(line)
        await asyncio.wait_for(writer.drain(), PATIENCE)
    except (OSError, asyncio.TimeoutError) as error:
        print("a device does not read:", repr(error))
        task.cancel()


async def give_all(client, topic, message, retain):
    await asyncio.gather(*[give(writer, bytes(message) + b"\n", task) for writer, task in devices.items()])


async def serve():
    async with await asyncio.start_server(device, "0.0.0.0", LAN_PORT):
        print("listening on port %d" % LAN_PORT)
        while modem.isconnected():
            await asyncio.sleep(0.02)


async def publish():
    """One connection to the broker, for as long as it lasts."""
    client = aiomqttc.MQTTClient(CLIENT, BROKER, PORT, keepalive=60)
    client.on_message = give_all
    try:
        if await client.connect(timeout_sec=OPENING):
            await client.subscribe(DOWN, 1)
            print("connected")
        while client.connected:
            if not lines:
                await asyncio.sleep(0.05)
            elif await client.publish(UP, lines[0], qos=1):
                lines.pop(0)
            else:
                break
    finally:
        await client.handle_disconnect()


async def for_ever(act):
    """act() again and again while the module is online."""
    while True:
        while not modem.isconnected():
            await asyncio.sleep(0.1)
        try:
            await act()
        except (OSError, ValueError) as error:  # aiomqttc makes a ValueError of what fails
            print("error:", error)
        print("%s ended" % act.__name__)
        await asyncio.sleep(AGAIN)


async def main():
    await asyncio.gather(modem.run(), for_ever(serve), for_ever(publish))


asyncio.run(main())

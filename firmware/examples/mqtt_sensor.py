"""An MQTT sensor: a reading every so many seconds, with QoS 1, whatever happens to broker and network in between.

    pip install --no-deps --target lib aiomqttc==1.0.7, and copy lib/aiomqttc.py to the board

For TLS write the root certificate of the broker's authority to CA, in DER, and see to the clock: https_get.py tells more.
Set the constants and copy this file to the board as main.py, or, on a PC: micropython mqtt_sensor.py BROKER PORT [CA]
"""

import asyncio
import gc
import json
import ssl
import sys
from collections import deque

import aiomqttc

import board
import ec2x

BROKER = sys.argv[1] if len(sys.argv) > 1 else "broker.example"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 1883  # with TLS 8883
CA = sys.argv[3] if len(sys.argv) > 3 else None  # "ca.der": MQTT over TLS
APN = "internet"  # None: the module's own LAN
CLIENT = "board-1"  # each client of a broker needs a name of its own
TOPIC = "board-1/reading"
EVERY = 10  # seconds between readings
AGAIN, LONGEST = 1, 300  # seconds until it connects again, doubled each time up to the longest
OPENING = 180  # seconds: the module itself gives up earlier, and nothing stays half open

aiomqttc.log = lambda text="": None  # it tells of each packet
aiomqttc.TimeoutError = asyncio.TimeoutError  # which it catches, and MicroPython has under this name only
readings = deque((), 100)  # type: deque[str]  # those that wait; beyond that many the oldest is dropped

modem = board.modem()
modem.active(True)
modem.connect(APN)
ec2x.install(modem)


tls = None
if CA:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.verify_mode = ssl.CERT_REQUIRED  # type: ignore[attr-defined]  # the stubs lack it
    tls.load_verify_locations(cafile=CA)


def read():
    """Here goes the sensor. OSError when it does not answer."""
    return gc.mem_free()


async def measure():
    number = 0
    while True:
        number += 1
        try:
            readings.append(json.dumps({"number": number, "value": read()}))
        except OSError as error:
            print("no reading:", error)
        await asyncio.sleep(EVERY)


class Publisher:
    def __init__(self):
        self.reading = None  # taken and not acknowledged yet: it goes again
        self.pause = AGAIN

    async def session(self):
        """One connection to the broker, for as long as it lasts."""
        client = aiomqttc.MQTTClient(CLIENT, BROKER, PORT, ssl=tls, keepalive=60)
        try:
            if await client.connect(timeout_sec=OPENING):
                print("connected")
            while client.connected:
                if not self.reading and readings:
                    self.reading = readings.popleft()
                if not self.reading:
                    await asyncio.sleep(0.1)
                elif await client.publish(TOPIC, self.reading, qos=1):
                    self.reading = None
                    self.pause = AGAIN
                else:
                    break
        finally:
            await client.handle_disconnect()

    async def run(self):
        while True:
            while not modem.isconnected():
                await asyncio.sleep(0.1)
            await self.session()
            print("no broker: again in %s s" % self.pause)
            await asyncio.sleep(self.pause)
            self.pause = min(2 * self.pause, LONGEST)


async def main():
    await asyncio.gather(modem.run(), measure(), Publisher().run())


asyncio.run(main())

"""The board's part of test_aiomqttc.py: micropython aiomqttc_script.py PORT. Its own lines begin with ">": aiomqttc prints, too."""

import online  # the first of all

import asyncio
import sys

from aiomqttc import MQTTClient

PORT = int(sys.argv[1])
HALF = 25


def payload(number):
    """Of any size up to 3 KB, every value in it."""
    return bytes((number + k * 7) & 255 for k in range((number * 977) % 3001))


class Board:
    def __init__(self):
        self.client = MQTTClient(client_id="board", server="127.0.0.1", port=PORT, keepalive=4)
        self.client.on_connect = self._connected
        self.client.on_message = self._message
        self.client.on_ping = self._pinged
        self.heard = []
        self.pings = self.pongs = 0

    async def _connected(self, client, code):
        await client.subscribe("board/go", 1)
        await client.subscribe("board/in", 1)

    async def _message(self, client, topic, message, retain):
        self.heard.append((topic, bytes(message)))

    async def _pinged(self, client, sent, elapsed):
        if sent:
            self.pings += 1
        else:
            self.pongs += 1

    async def online(self):
        while not await self.client.connect():
            await asyncio.sleep_ms(100)

    async def hear(self):
        while not self.heard:
            await asyncio.sleep_ms(5)
        return self.heard.pop(0)

    async def half(self, numbers):
        """Publishes with QoS 0 and 1 in turn, and gets each back."""
        assert await self.hear() == ("board/go", b"go")
        for number in numbers:
            assert await self.client.publish("board/out", payload(number), qos=number & 1), number
            assert await self.hear() == ("board/in", payload(number)), number

    async def until_lost(self):
        """What aiomqttc does not hear of it finds out when it sends."""
        while await self.client.publish("board/probe", b"?", qos=0):
            await asyncio.sleep_ms(50)


async def main():
    board = Board()
    await board.online()
    await board.half(range(HALF))
    while not board.pongs:
        await asyncio.sleep_ms(20)
    print("> half", 0 < board.pongs <= board.pings)
    await board.until_lost()
    print("> lost")
    await board.online()
    await board.half(range(HALF, 2 * HALF))
    print("> half", not board.heard)
    await board.client.disconnect()


asyncio.run(main())
online.linger()
print(">", *online.still_open())

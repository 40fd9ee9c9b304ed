"""Chapter 4 of the manual, played with firmware/examples/chapter4.py: the LAN's half, and the check of the other half."""

import contextlib
import re

from . import lan
from .application import Application
from .problem import Problem

PORT = 2020
SERVER = 1
TEXT = "test, data forward"


class Dialogue:
    """Reads what the application prints, shows it, and compares it with the manual."""

    def __init__(self, application: Application, show):
        self._application = application
        self._show = show

    async def line(self) -> str:
        """The next line that is not a heading."""
        while True:
            line = await self._application.line()
            if not line:
                raise Problem("Chapter 4 ended before its time.")
            if line.startswith("Traceback"):
                while await self._application.line():  # raises, with the whole of it, at the end
                    pass
            self._show(line)
            if not line.startswith("#"):
                return line

    async def expect(self, wanted: str):
        """The next line must be this one."""
        line = await self.line()
        if line != wanted:
            raise Problem(f"Chapter 4 differs from the manual: {line!r} instead of {wanted!r}.")

    async def incoming(self, client: lan.Client, port: int) -> int:
        """The URC that announces this client; returns its socket id."""
        line = await self.line()
        peer = f'"{client.host}",{client.port},"0.0.0.0",{port}'
        match = re.fullmatch(rf'\+QFWDURC: "client/incoming",{SERVER},(\d+),{re.escape(peer)}', line)
        if not match:
            raise Problem(f"Chapter 4 differs from the manual: {line!r} does not announce the client {peer}.")
        return int(match[1])

    async def load(self, *clients: tuple[int, lan.Client], port: int):
        """AT+QFWDSSTATE must list these."""
        for index, (ident, client) in enumerate(clients, 1):
            await self.expect(f'+QFWDSSTATE: {index},{ident},"{client.host}",{client.port},"0.0.0.0",{port}')


async def play(application: Application, port: int, show):
    """Plays the LAN's half against the application, which serves on `port`; Problem when anything differs."""
    dialogue = Dialogue(application, show)
    with contextlib.ExitStack() as closing:

        async def join():
            client = await lan.Client.connect(port)
            closing.callback(client.close)
            return client, await dialogue.incoming(client, port)

        await dialogue.expect(f'+QFWDURC: "server/open",{SERVER},0')
        first, one = await join()
        second, two = await join()
        await dialogue.load((one, first), (two, second), port=port)
        await dialogue.expect(f"+QFWDSEND: {one},2")
        await first.receives(b"11")
        await second.send(TEXT.encode())
        await dialogue.expect(f'+QFWDURC: "client/read",{two}')
        await dialogue.expect(TEXT)
        second.close()
        await dialogue.expect(f'+QFWDURC: "client/close",{two}')
        await dialogue.load((one, first), port=port)
        await first.is_closed()
    while line := await application.line():
        show(line)
        if not line.startswith("#"):
            raise Problem(f"Chapter 4 differs from the manual: {line!r} after the last client was closed.")
    if await lan.listens(port):
        raise Problem(f"The module's TCP server still listens on port {port} after AT+QFWDCLOSE.")

"""What the tests of this folder share: a script of on_board/ on real MicroPython, online through a simulated module.

The libraries that are not frozen into MicroPython are linked, as pip installed them, into a folder of their own: on
MICROPYPATH, all of site-packages would be importable.
"""

import asyncio
import contextlib
import hashlib
import importlib.util
import socket
from pathlib import Path

from ec2x_sim.shell import Simulator
from ec2x_tools import interpreter
from ec2x_tools.application import Application

ON_BOARD = Path(__file__).with_name("on_board")
HOST = "127.0.0.1"
LIMIT = 60  # seconds for one test

MODULE = "module"  # through ec2x and the simulated module
BUILTIN = "builtin"  # the control run: MicroPython's own sockets on this computer


def run(scenario):
    """The coroutine, bounded in time."""
    return asyncio.run(asyncio.wait_for(scenario, LIMIT))


def libraries(folder, *names):
    """Links the installed modules or packages of these names into folder."""
    for name in names:
        spec = importlib.util.find_spec(name)
        place = Path(spec.origin)
        place = place.parent if spec.submodule_search_locations else place
        (folder / place.name).symlink_to(place)
    return folder


@contextlib.asynccontextmanager
async def device(script, *arguments, over=MODULE, uart="pty", path=(), sockets=None, **options):
    """on_board/<script>, or the script of that path, as a running Application; app.modem is the Simulator, if there is one.

    `uart`: what it is connected by; `path`: folders to import from; `sockets`: Modem's; others are Simulator's.
    """
    async with contextlib.AsyncExitStack() as stack:
        modem = await stack.enter_async_context(Simulator(uart, **options)) if over == MODULE else None
        port = modem.port if modem else BUILTIN
        application = Application(interpreter.find(), str(ON_BOARD / script), [str(argument) for argument in arguments], port)
        application.modem = modem
        application._environment["MICROPYPATH"] += "".join(f":{place}" for place in path)
        if sockets:
            application._environment["EC2X_SOCKETS"] = str(sockets)
        yield await stack.enter_async_context(application)
        if modem:  # or the sockets were MicroPython's own
            assert {"QFWDCLIENT", "QFWDSERVER"} & set(modem.module.commands)


async def lines(app):
    """All that it still prints, until it ends, which must be a good end."""
    printed = []
    while line := await app.line():
        printed.append(line)
    return printed


async def told(script, *arguments, **options):
    """All that on_board/<script> prints."""
    async with device(script, *arguments, **options) as app:
        return await lines(app)


def sha256(*parts):
    """In hexadecimal, as the scripts print it."""
    return hashlib.sha256(b"".join(parts)).hexdigest()


def free_port():
    """A TCP port on which nobody listens now."""
    with socket.create_server((HOST, 0)) as server:
        return server.getsockname()[1]

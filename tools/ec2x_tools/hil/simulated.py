"""What stands in for a board, a module and a host where there are none: the unix port, the simulator, an echo server on this computer."""

import asyncio
import contextlib
import tempfile
import threading
from concurrent.futures import Future
from pathlib import Path

from ec2x_sim.faultplan import PlanError, parse
from ec2x_sim.faults import Faults
from ec2x_sim.shell import Simulator, SimulatorError

from ..problem import Problem
from ..ptyboard import PtyBoard
from . import echo

BAUD = 115200  # at first: AT+IPR is followed, so the line is as slow as the rate that is agreed on
MODEM = {"best": 921600, "flow": True}  # options for board.modem(): a pty loses nothing


class Surroundings:
    """with Surroundings(faults) as it: it.port has a module behind it, and from inside that it.host is an echo server."""

    def __init__(self, faults: str = ""):
        try:
            self._faults = Faults(parse(faults)) if faults else None
        except PlanError as error:
            raise Problem(f"{error}.") from None

    def __enter__(self):
        self._up = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), daemon=True)
        self._thread.start()
        try:
            self._up.result()
        except (SimulatorError, OSError) as error:
            raise Problem(f"The simulator does not start: {error}") from None
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    async def _main(self):
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with Simulator("pty", baud=BAUD, faults=self._faults) as module, echo.served() as port:
                self.port, self.host = module.port, ("127.0.0.1", port)
                self._up.set_result(None)
                await self._over.wait()
        except BaseException as error:
            if self._up.done():
                raise
            self._up.set_exception(error)


@contextlib.contextmanager
def bench(faults: str):
    """(the port of a board, a host)."""
    with Surroundings(faults) as around, tempfile.TemporaryDirectory() as folder:
        with PtyBoard(Path(folder) / "flash", EC2X_PORT=around.port) as board:
            yield board.port, around.host

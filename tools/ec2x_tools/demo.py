"""make demo: the driver on real MicroPython against the simulated modem, shown as it happens."""

import asyncio
import hashlib
import re
import signal
import time

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from ec2x_sim.shell import Simulator, SimulatorError

from . import interpreter, lan, manual_example
from .application import SILENCE, Application
from .problem import Problem

BITS = 10  # on the wire for a byte: start, eight, stop
SIZE = 1 << 20


@click.command()
@click.option("--trace", is_flag=True, help="Show the AT dialogue.")
@click.option("--baud", default=921600, show_default=True, type=click.IntRange(300), help="The wire's pace.")
@click.option("--size", default=SIZE, show_default=True, type=click.IntRange(1), help="Bytes to download.")
@click.option("--micropython", default="", help="The interpreter to use.")
def demo(trace: bool, baud: int, size: int, micropython: str):
    """Download over HTTP and compare, then play chapter 4 of the manual."""
    program = interpreter.find(micropython)
    deadline = 120 + 4 * size * BITS / baud
    try:
        asyncio.run(_run(Demo(Console(emoji=False, highlight=False, soft_wrap=True), program, baud, trace), size, deadline))
    except SimulatorError as error:
        raise Problem(str(error)) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise Problem("Stopped.") from None


async def _run(show: "Demo", size: int, deadline: float):
    task = asyncio.current_task()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await asyncio.wait_for(show.play(size), deadline)
    except asyncio.TimeoutError:
        raise Problem(f"The demo hangs: it did not end within {deadline:.0f} s.") from None


class Demo:
    """One run of the demo on one console."""

    def __init__(self, console: Console, program: str, baud: int, trace: bool):
        self._console = console
        self._program = program
        self._baud = baud
        self._trace = trace

    async def play(self, size: int):
        """Both parts; Problem when anything differs."""
        started = time.monotonic()
        async with Simulator("pty", baud=self._baud, trace=self._dialogue if self._trace else None) as modem:
            self._say(f"[bold]A simulated EC25[/bold] is on {modem.port}, {self._baud} baud.")
            await self._download(modem, size)
            await self._chapter4(modem)
        self._say(f"[green]All as it should be[/green], in {time.monotonic() - started:.0f} s.")

    def _dialogue(self, line: str):
        self._console.print(line, style="dim", markup=False)

    def _say(self, text: str):
        self._console.print(text)

    async def _download(self, modem, size: int):
        content = lan.some_bytes(size)
        before = modem.bytes_to_host
        self._say(f"MicroPython runs firmware/examples/download.py: {size:,} bytes over HTTP.")
        async with lan.http_server(content) as url:
            silence = SILENCE + 2 * 16384 * BITS / self._baud
            async with Application(self._program, "firmware/examples/download.py", [url], modem.port, silence) as application:
                milliseconds, digest = await self._follow(application, size)
        wire = modem.bytes_to_host - before
        expected = hashlib.sha256(content).hexdigest()
        if digest != expected:
            raise Problem(f"The download differs: its SHA-256 is {digest}, not {expected}.")
        rate = size * 1000 / milliseconds
        self._say(f"  SHA-256 {digest}: [green]the same[/green]")
        self._say(
            f"  {rate / 1000:.1f} kB/s, {rate * BITS / self._baud:.1%} of what {self._baud} baud carries; "
            f"of {wire:,} bytes that came over the wire {size / wire:.1%} were the file's."
        )

    async def _follow(self, application: Application, size: int) -> tuple[int, str]:
        """Shows the download's progress. Returns how long it took, in ms on MicroPython's clock, and its SHA-256."""
        milliseconds, digest = 0, ""
        columns = TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()
        with Progress(*columns, console=self._console) as progress:
            bar = progress.add_task("GET /file", total=size)
            while line := await application.line():
                if match := re.fullmatch(r"(\d+) of \d+ bytes", line):
                    progress.update(bar, completed=int(match[1]))
                elif match := re.match(rf"{size} bytes in (\d+) ms", line):
                    milliseconds = int(match[1])
                elif match := re.fullmatch(r"sha256 (\w+)", line):
                    digest = match[1]
        if not (milliseconds and digest):
            raise Problem("The download ended without its result.")
        return milliseconds, digest

    async def _chapter4(self, modem):
        port = manual_example.PORT
        if await lan.listens(port):
            raise Problem(f"Port {port} of this computer is in use, and chapter 4 needs it: stop what listens there.")
        self._say("MicroPython runs firmware/examples/chapter4.py: the example in chapter 4 of the manual.")
        async with Application(self._program, "firmware/examples/chapter4.py", [str(port)], modem.port) as application:
            await manual_example.play(application, port, self._line)
        self._say("  [green]as the manual prints it[/green]")

    def _line(self, line: str):
        self._console.print(f"  {line}", style="bold" if line.startswith("#") else None, markup=False)

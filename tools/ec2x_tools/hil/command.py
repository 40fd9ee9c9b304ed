"""make hil: the bench kit on a board with a module, or with no hardware at all; its report, and that as JSON."""

import contextlib
import datetime
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from .. import deploy, package
from ..interpreter import BUILD
from ..problem import Problem
from ..serialboard import Board
from . import report, schema, simulated, verdicts
from .collect import Collector
from .run import BAUDS, Kit

UNIX = "unix"  # as PORT: no hardware at all
LONGEST = 40  # characters of a figure beside its bar


def named(text: str, known) -> list:
    """Those of a list with commas; Problem if one is not known."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if wrong := [name for name in names if name not in known]:
        raise Problem(f"{', '.join(wrong)} is not known: give some of {','.join(known)}.")
    return names


def address(text: str) -> tuple[str, int] | None:
    host, colon, port = text.rpartition(":")
    if not text:
        return None
    if not colon or not host.strip("[]") or not port.isdigit() or not 0 < int(port) < 65536:
        raise Problem(f"VIA={text} is no host:port: give one such as bench.example.com:7000, where `make echo` runs.")
    return host.strip("[]"), int(port)


def begun(parts: list[str], minutes: float) -> dict:
    """The result of a run of which nothing is known yet."""
    lists = {name: [] for name in ("doctor", "integrity", "rates", "recovery", "heap", "notes")}
    when = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    conformance = {"readings": [], "checks": [], "unforeseen": []}
    about = {"schema": schema.NUMBER, "ec2x": package.version(), "when": when, "parts": parts, "minutes": minutes}
    return {**about, "ended": "", "setup": "", "module": {}, "board": {}, "conformance": conformance, "soak": None, "stats": {}, **lists}


class Bars:
    """A bar for each part, with the last figure of it."""

    def __init__(self, console: Console):
        figure = TextColumn("{task.fields[figure]}", markup=False)
        self._progress = Progress(TextColumn("  {task.description:12}"), BarColumn(24), TimeElapsedColumn(), figure, console=console)
        self._task = None

    def __enter__(self):
        self._progress.start()
        return self

    def __exit__(self, *_):
        self._progress.stop()

    def begin(self, part: str):
        self._task = self._progress.add_task(part, total=None, figure="")

    def show(self, done, total, text: str = ""):
        figure = {"figure": text[:LONGEST]} if text else {}
        self._progress.update(self._task, completed=done, total=total, **figure)

    def end(self, state: str):
        self._progress.update(self._task, completed=1, total=1, figure=state)
        self._progress.stop_task(self._task)


class Run:
    """A run, from the first part to its two files."""

    def __init__(self, console: Console, parts: list[str], minutes: float, out: Path):
        self.result = begun(parts, minutes)
        self._console = console
        self._parts = parts
        self._path = out / f"{self.result['when'].replace(':', '')}.json"

    def play(self, board: Board, name: str, **given):
        """All parts; what keeps the rest from being done is in the result."""
        with Bars(self._console) as bars:
            collector = Collector(self.result, bars.show)
            kit = Kit(board, collector, **given)
            kit.look(name)
            self._save(collector)  # if it can be
            try:
                for part in dict.fromkeys(("doctor", *self._parts)):
                    asked = part in self._parts
                    bars.begin(part if asked else "bring-up")
                    kit.play(part, asked)
                    state = self._save(collector, part)
                    bars.end(state if asked else "READY")
            except KeyboardInterrupt:
                board.interrupt()
                self.result["ended"] = "Ctrl+C"
            except Problem as problem:
                self.result["ended"] = str(problem)
        self._save(collector)

    def _save(self, collector: Collector, part: str = "") -> str:
        """The result as it is; how the part went."""
        self.result["seconds"] = collector.seconds()
        schema.save(self._path, self.result)
        return verdicts.parts(schema.check(self.result)).get(part, ("", ""))[0]

    def report(self) -> int:
        """The report, and where it is; the exit code."""
        page = self._path.with_suffix(".html")
        report.write(self.result, page)
        kind, said = verdicts.headline(schema.check(self.result))
        self._console.print(f"[{'green' if kind == 'ok' else 'red'}]{kind}[/]", end=": ")
        self._console.print(" ".join(said), markup=False)
        self._console.print(f"The report: {page}\nAs JSON:    {self._path}", markup=False)
        return 130 if self.result["ended"] == "Ctrl+C" else kind in ("failed", "cut short", "no result")


def prepare(board: Board, name: str, console: Console):
    """The package and the board's pins onto it, if it is said what it is."""
    console.print(f"On {board.name}: MicroPython {board.info.version}, {board.info.machine}.", markup=False)
    if not name:
        return
    files = package.contents(name)
    deploy.check(name, board.info, files)
    deployment = deploy.Deployment(board, files, console.print)
    try:
        deployment.look()
        deploy.put(deployment, console)
    except BaseException:
        board.reset()
        raise


def amounts(seconds: float, size: int, host) -> dict:
    """What the parts are given."""
    rates = {"host": host, "seconds": 2, "answers": 60}
    integrity = {"host": host, "size": size, "budget_s": 60}
    return {"integrity": integrity, "rates": rates, "recovery": {"host": host}, "soak": {"host": host, "seconds": seconds, "sockets": 4}}


@click.command()
@click.option("--port", default="", help="The board's serial port; unix: no hardware, but the unix port and a simulated module.")
@click.option("--board", "name", default="", help="A folder of boards/: its pins and the package are put on the board first.")
@click.option("--via", "host", default="", help="HOST:PORT of a computer that the module reaches, and on which `make echo` runs.")
@click.option("--apn", default=None, help="For a data call. Without it: no SIM, no network, only what is inside the module.")
@click.option("--parts", default=",".join(verdicts.PARTS), show_default=True, help="Which of them; the doctor is the first.")
@click.option("--minutes", default=1.0, show_default=True, type=click.FloatRange(0, min_open=True), help="Of the soak.")
@click.option("--bauds", default="", help="The rates to be measured; else from 115200 to the board's best.")
@click.option("--size", default=16384, show_default=True, type=click.IntRange(1024), help="Bytes of each of four sockets, for integrity.")
@click.option("--faults", default="", metavar="PLAN", help="With --port unix: what goes wrong, as make sim has it.")
@click.option("--out", default=str(BUILD / "hil"), help="The folder for the report and its JSON; else build/hil.")
def hil(port, name, host, apn, parts, minutes, bauds, size, faults, out):
    """Try the driver and a module on a board, and write a report of it."""
    if not port:
        raise Problem("PORT is missing: give the board's serial port, or unix for neither board nor module.")
    console = Console(emoji=False, highlight=False, soft_wrap=True)
    parts = named(parts, verdicts.PARTS)
    rates = [int(baud) for baud in named(bauds, [str(baud) for baud in BAUDS])]
    host = address(host)
    if faults and port != UNIX:
        raise Problem("FAULTS is for PORT=unix: a simulator of yours takes it itself (make sim).")
    run = Run(console, parts, minutes, Path(out))
    options = {}
    try:
        with contextlib.ExitStack() as around:
            if port == UNIX:
                options, run.result["setup"] = simulated.MODEM, "simulator"
                port, own = around.enter_context(simulated.bench(faults))
                name, host = name or UNIX, host or own
            board = around.enter_context(Board(port))
            prepare(board, name, console)
            run.play(board, name, apn=apn, options=options, sizes=amounts(minutes * 60, size, host), bauds=rates)
    except KeyboardInterrupt:
        raise Problem("Stopped.") from None
    sys.exit(run.report())

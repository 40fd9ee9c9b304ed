"""What goes onto a board. make package: firmware/package.json, from which mip installs; firmware/manifest.py reads it too."""

import json
import re
from pathlib import Path

import click

from . import interpreter, mpy
from .problem import Problem

FIRMWARE = interpreter.ROOT / "firmware"
BOARDS = interpreter.ROOT / "boards"
APPLICATION = "application.mpy"
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
        path = Path(app)
        if not path.is_file():
            raise Problem(f"There is no application {app}: give the path of its .py file, such as firmware/examples/download.py.")
        if re.search(rb"^if __name__ *==", path.read_bytes(), re.M):
            raise Problem(f"{app} is imported on a board, where nobody is __main__: start it in its last line, without `if`.")
        found[APPLICATION] = mpy.compiled(path.parent, path.name, mpy.TOLD)
    return found | {mpy.named(name): mpy.compiled(FIRMWARE, name) for name in files()}


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
    (FIRMWARE / "package.json").write_text(text())

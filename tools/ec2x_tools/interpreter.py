"""Finds the MicroPython interpreter, and says how to run it on this repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .problem import Problem

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
HEAP = "16M"  # far more than a board has: what runs here shows behaviour; `make size` measures memory


def find(named: str = "") -> str:
    """The path of the interpreter: the one named, or $MICROPYTHON, or the one that pip put beside this Python."""
    named = named or os.environ.get("MICROPYTHON", "")
    if named:
        found = shutil.which(named)
        if not found:
            raise Problem(f"MICROPYTHON={named} is not a program: give the path of a MicroPython unix port.")
        try:
            asked = [found, "-c", "import sys; print(sys.implementation.name)"]
            told = subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=10).stdout
        except (OSError, subprocess.TimeoutExpired):
            told = b""
        if told.strip() != b"micropython":
            raise Problem(f"MICROPYTHON={named} is not MicroPython, or not for this computer: give the path of its unix port.")
        return found
    beside = Path(sys.executable).parent / "micropython"
    if not beside.exists():
        raise Problem("MicroPython is missing: run through make, which installs it, or set MICROPYTHON=path.")
    return str(beside)


def command(program: str, *arguments: str) -> list[str]:
    """The argument vector that runs `arguments` on `program`."""
    return [program, "-X", "heapsize=" + HEAP, *arguments]


def environment(*folders: str, **more: str) -> dict[str, str]:
    """The environment in which MicroPython imports from these folders of the repository, then from its frozen modules."""
    return {**os.environ, "MICROPYPATH": ":".join([*(str(ROOT / folder) for folder in folders), ".frozen"]), **more}

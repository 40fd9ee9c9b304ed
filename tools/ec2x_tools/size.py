"""make size: what the package weighs on a board, in flash and in memory."""

import json
import shutil
import subprocess
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from . import heap32, interpreter, mpy, package, romfs
from .problem import Problem

BUDGET = 24 * 1024  # bytes of .mpy that `import ec2x` and one TCP socket may load
ON_BOARD = Path(__file__).with_name("on_board")
STAGES = ["import ec2x", "one connected socket"]


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
        files.add(f"{path}/__init__.py" if (package.FIRMWARE / path).is_dir() else f"{path}.py")
    return files


def heap(kind: str, files: dict[str, bytes]) -> dict[str, int]:
    """Bytes of 32-bit heap that each stage adds up to, with the package as these files."""
    folder = interpreter.BUILD / kind
    shutil.rmtree(folder, ignore_errors=True)
    helpers = {mpy.named(path.name): mpy.compiled(ON_BOARD, path.name) for path in ON_BOARD.glob("*.py")}
    for name, content in {**files, **helpers}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    one_socket = (ON_BOARD / "loaded.py").read_text().replace("print(name)", "pass")
    base, *used = heap32.measure(folder, ["import time, canned", "import ec2x", one_socket])
    return dict(zip(STAGES, (bytes_ - base for bytes_ in used), strict=True))


def heaps(kinds: dict[str, dict[str, bytes]]) -> tuple[dict[str, dict[str, int] | str], str]:
    """What heap() tells of each kind; or of none, and the reason."""
    try:
        return {kind: heap(kind, files) for kind, files in kinds.items()}, ""
    except heap32.CannotMeasure as reason:
        return dict.fromkeys(kinds, "not measured"), str(reason)


@click.command()
@click.option("--micropython", default="", help="The interpreter to measure with.")
def size(micropython: str):
    """Size of each .mpy file and of the package, what one TCP socket loads, and heap on a 32-bit build."""
    kinds = {"py": {name: (package.FIRMWARE / name).read_bytes() for name in package.files()}, "mpy": package.contents()}
    sizes = {name: len(kinds["mpy"][mpy.named(name)]) for name in kinds["py"]}
    loaded = loaded_by_one_socket(interpreter.find(micropython))
    total = sum(sizes[name] for name in loaded)
    used, reason = heaps(kinds)
    report = {
        "mpy_cross": mpy.SMALL,
        "mpy_bytes": sizes,
        "loaded_by_one_tcp_socket": sorted(loaded),
        "loaded_bytes": total,
        "loaded_bytes_with_an_apn": total + sizes["ec2x/join.py"],
        "budget_bytes": BUDGET,
        "heap32_bytes": used["mpy"],
        "heap32_bytes_from_py": used["py"],
        "flash_bytes": {
            **{kind: sum(map(len, files.values())) for kind, files in kinds.items()},
            "romfs": len(romfs.image(kinds["mpy"])),
        },
    }
    (interpreter.BUILD / "size.json").write_text(json.dumps(report, indent=2) + "\n")
    show(report, reason)
    if total > BUDGET:
        raise Problem(f"One TCP socket loads {total} bytes, {total - BUDGET} more than the budget: make something smaller or lazy.")


def show(report: dict, reason: str):
    console = Console(emoji=False)
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
    flash = report["flash_bytes"]
    memory = Table(title=f"bytes; heap of 32-bit MicroPython {heap32.VERSION} (WebAssembly)", title_justify="left")
    memory.add_column("the package as")
    for column in ["in flash", *(f"heap after {stage}" for stage in STAGES)]:
        memory.add_column(column, justify="right")
    for kind, key in ((".py", "heap32_bytes_from_py"), (".mpy", "heap32_bytes")):
        used = ["not measured" if reason else f"{report[key][stage]:,}" for stage in STAGES]
        memory.add_row(kind, f"{flash[kind[1:]]:,}", *used)
    memory.add_row("ROMFS", f"{flash['romfs']:,}")
    console.print(memory)
    if reason:
        console.print(f"Heap not measured: {reason}", markup=False, highlight=False)
    console.print("The same as JSON: build/size.json", highlight=False)

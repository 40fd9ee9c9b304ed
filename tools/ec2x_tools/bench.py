"""make bench: throughput against the manual's own limit, allocations, CPU time, and what libraries get and cost.

Throughput is in virtual time, with a CPU that costs nothing: it shows what the driver's use of the wire allows, exactly.
Allocations and CPU time are measured on MicroPython; the CPU time only as a ratio within one run.
"""

import json
import subprocess
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from . import bench_faults, bench_libraries, interpreter
from .problem import Problem

SIZE = 256 * 1024
BAUDS = (115200, 460800, 921600)
TURNAROUNDS_MS = (0, 10)
SHARE = 0.97  # of the limit, at least
COMMANDS = 1.05  # for each 1024 bytes, at most

# What the manual's framing costs with a socket id of one digit: bytes on the wire for 1024 of payload, and how often the
# module has to answer. AT+QFWDRECV=1,1024 and its answer; AT+QFWDSEND=1,0,1024, its prompt and its answer.
WIRE = {"down": (1024 + 48, 1), "up": (1024 + 52, 2)}


def limit(direction: str, baud: int, turnaround_ms: int) -> float:
    """Payload bytes a second that the manual's commands allow."""
    wire, answers = WIRE[direction]
    return 1024 / (wire * 10 / baud + answers * turnaround_ms / 1000)


def download(board, sock, peer, data: bytes):
    """Fetch data through a buffer of the application's."""
    peer.send(data)
    got = bytearray()
    buf = bytearray(2048)
    while len(got) < len(data):
        got += buf[: sock.recv_into(buf)]
    return bytes(got)


def upload(board, sock, peer, data: bytes):
    """Send data, until the peer has all of it."""
    sock.sendall(data)
    board.until(lambda: peer.unread() == len(data), 60_000)
    return peer.recv()


def throughput(direction: str, baud: int, turnaround_ms: int, size: int = SIZE) -> dict:
    """One transfer in virtual time: rate, its share of the limit, commands for each 1024 bytes."""
    from .virtual import Board

    board = Board(baud=baud, latency_us=turnaround_ms * 1000)
    board.online()
    sock, peer = board.client(timeout=60)
    data = bytes(range(256)) * (size // 256)
    start, commands = board.clock.us, board.module.total
    got = (download if direction == "down" else upload)(board, sock, peer, data)
    seconds = (board.clock.us - start) / 1e6
    if got != data or board.uart.overrun:
        raise Problem(f"What arrived {direction} at {baud} baud is not what was sent: run make test.")
    rate = size / seconds
    return {
        "direction": direction,
        "baud": baud,
        "turnaround_ms": turnaround_ms,
        "bytes_per_s": round(rate),
        "share_of_line": round(rate * 10 / baud, 4),
        "share_of_limit": round(rate / limit(direction, baud, turnaround_ms), 4),
        "commands_per_kib": round((board.module.total - commands) / (size / 1024), 3),
    }


def steady(micropython: str) -> dict:
    """Bytes allocated a call, and the driver's CPU time against a plain copy, on MicroPython."""
    script = Path(__file__).with_name("on_board") / "steady.py"
    done = subprocess.run(
        interpreter.command(micropython, str(script)),
        env=interpreter.environment("firmware"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise Problem(f"The measurement on MicroPython failed: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    return json.loads(done.stdout)


@click.command()
@click.option("--micropython", default="", help="The interpreter to measure with.")
def bench(micropython: str):
    """Throughput against the wire's limit, allocations and CPU time, what libraries get and cost."""
    sys.path.insert(0, str(interpreter.ROOT / "firmware"))
    rows = [throughput(direction, baud, ms) for direction in WIRE for ms in TURNAROUNDS_MS for baud in BAUDS]
    program = interpreter.find(micropython)
    report = {
        "throughput": rows,
        "steady": steady(program),
        "libraries": bench_libraries.virtual(program),
        "tls": bench_libraries.tls_cost(program),
        "faults": bench_faults.faults(),
    }
    interpreter.BUILD.mkdir(exist_ok=True)
    (interpreter.BUILD / "bench.json").write_text(json.dumps(report, indent=2) + "\n")
    show(report)
    slow = [row for row in rows if row["share_of_limit"] < SHARE or row["commands_per_kib"] > COMMANDS]
    if slow:
        raise Problem(f"{len(slow)} transfers miss the target: {SHARE:.0%} of the limit, {COMMANDS} commands for 1024 bytes.")
    if missed := bench_libraries.missed(report["libraries"]):
        raise Problem("Libraries miss the target: " + "; ".join(missed) + ".")


def show(report: dict):
    console = Console(emoji=False)
    table = Table(title=f"{SIZE // 1024} KiB through one TCP socket, virtual time", title_justify="left")
    for name in ("", "baud", "turnaround", "KB/s", "of the line", "of the limit", "commands per 1024 bytes"):
        table.add_column(name, justify="right")
    for row in report["throughput"]:
        table.add_row(
            row["direction"],
            str(row["baud"]),
            f"{row['turnaround_ms']} ms",
            f"{row['bytes_per_s'] / 1000:.1f}",
            f"{row['share_of_line']:.1%}",
            f"{row['share_of_limit']:.1%}",
            f"{row['commands_per_kib']:.3f}",
        )
    console.print(table)
    steady = report["steady"]
    table = Table(title=f"on MicroPython {steady['version']}", title_justify="left")
    for name in ("", "bytes allocated a call", "CPU time against one copy"):
        table.add_column(name, justify="right")
    for call in ("recv_into", "send"):
        table.add_row(call, str(steady[call]["allocated"]), f"{steady[call]['cpu_ratio']:.1f} times")
    console.print(table)
    console.print(bench_faults.table(report["faults"]))
    for table in bench_libraries.tables(report["libraries"], report["tls"]):
        console.print(table)
    console.print("The limit is 1024 bytes a command, with the turnaround counted in. The same as JSON: build/bench.json", highlight=False)

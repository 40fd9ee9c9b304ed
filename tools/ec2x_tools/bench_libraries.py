"""The part of make bench about libraries: what they get out of the sockets.

Rates, commands and one row of pauses are in virtual time and exact. Memory is counted; pauses on this computer are a ratio within one run.
"""

import asyncio
import json
import ssl
import subprocess
from pathlib import Path

from rich.table import Table

from ec2x_sim.shell import Simulator

from . import interpreter, lan
from .application import Application
from .problem import Problem

SHARE = 0.95  # of the bare socket's rate, at least
MOST = {"MQTT publication, QoS 0": 1, "HTTP GET of 1 KB": 5}  # commands
PAUSE_MS = 1.0  # of a task that sleeps 1 ms
BARE = "bare socket"

_HERE = Path(__file__).parent
_DOWNLOAD = 128 * 1024  # bytes, in real time


def virtual(micropython: str, kib: int = 256) -> dict:
    """Rates, commands and pauses in virtual time, by on_board/libraries.py."""
    done = subprocess.run(
        interpreter.command(micropython, str(_HERE / "on_board" / "libraries.py"), str(kib)),
        env=interpreter.environment("firmware", "tools"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise Problem(f"The libraries failed on MicroPython: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    report = json.loads(done.stdout)
    rates = report["bytes_per_s"]
    report["share"] = {name: round(rate / rates[BARE], 4) for name, rate in sorted(rates.items())}
    return report


def tls_cost(micropython: str) -> dict:
    """What a TLS connection costs over our socket and over the builtin one, from the same server."""
    ours, builtin = asyncio.run(_tls_costs(micropython))
    return {
        "heap_bytes": ours["heap"] - builtin["heap"],
        "heap_builtin_bytes": builtin["heap"],
        "pause_ratio": round(ours["pause_us"] / builtin["pause_us"], 2),
    }


async def _tls_costs(micropython: str):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(_HERE / "tls.pem")
    async with lan.http_server(bytes(_DOWNLOAD), tls) as url, Simulator("pty") as module:
        port = url.rpartition(":")[2].partition("/")[0]
        return [await _tls_cost(micropython, port, modem) for modem in (module.port, "builtin")]


async def _tls_cost(micropython: str, port: str, modem: str):
    script = str((_HERE / "on_board" / "tls_cost.py").relative_to(interpreter.ROOT))
    async with Application(micropython, script, [port, str(_DOWNLOAD)], modem) as app:
        report = json.loads(await app.line())
        await app.ended()
    return report


def missed(report: dict) -> list[str]:
    """What is not as it should be, in words."""
    slow = [f"{name}: {share:.1%} of the bare socket's rate" for name, share in report["share"].items() if share < SHARE]
    much = [f"{name}: {report['commands'][name]} commands" for name, most in MOST.items() if report["commands"][name] > most]
    late = [f"a pause of {report['pause_ms']} ms"] if report["pause_ms"] > PAUSE_MS else []
    return slow + much + late


def tables(report: dict, cost: dict):
    """To be printed."""
    rates = Table(title="256 KiB by HTTP at 921600 baud, virtual time, on MicroPython", title_justify="left")
    for name in ("", "KB/s", "of the bare socket's"):
        rates.add_column(name, justify="right")
    for name, rate in sorted(report["bytes_per_s"].items(), key=lambda item: -item[1]):
        rates.add_row(name, f"{rate / 1000:.1f}", f"{report['share'][name]:.1%}")
    yield rates
    costs = Table(title="what libraries cost", title_justify="left")
    for name in ("", "", "target"):
        costs.add_column(name, justify="right")
    for name, most in MOST.items():
        costs.add_row(f"AT+QFWD commands: {name}", str(report["commands"][name]), str(most))
    costs.add_row("longest pause of a 1 ms task beside a TLS download, virtual time", f"{report['pause_ms']:.1f} ms", f"{PAUSE_MS:.1f} ms")
    costs.add_row("the same in real time, against the builtin socket", f"{cost['pause_ratio']:.1f} times", "")
    costs.add_row("heap of a TLS connection beyond the builtin socket's", f"{cost['heap_bytes']:,} bytes", "")
    yield costs

"""Waiting for a board that was reset: its port comes back, perhaps by another name, and MicroPython answers."""

import os
import time
from collections.abc import Callable, Set

from serial.tools import list_ports

from . import serialboard
from .problem import Problem

BACK_S = 30  # a first start makes the file system
PAUSE_S = 0.2


def until(look: Callable, seconds: float):
    """What look() gives once that is something, or what it gave at last."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(PAUSE_S)
    return found


def exists(port: str) -> bool:
    return "://" in port or os.path.exists(port)


def ports() -> Set[str]:
    return {port.device for port in list_ports.comports()}


def returned(port: str, others: Set[str]):
    """(port, board.info) of the MicroPython that answers on port, or, while that is gone, on one that is none of others."""
    reason = f"no port came back within {BACK_S} s"

    def look():
        nonlocal reason
        for here in [port] if port and exists(port) else sorted(ports() - others):
            try:
                with serialboard.Board(here) as board:
                    board.restart(lambda line: None, 0)  # a Pico has kept its application
                    return here, board.info
            except Problem as problem:
                reason = str(problem).partition(":")[0]
        return None

    found = until(look, BACK_S)
    if not found:
        raise Problem(f"The firmware is written, but it was not seen to start ({reason}): unplug the board and plug it in.")
    return found

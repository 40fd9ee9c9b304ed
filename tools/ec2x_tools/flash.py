"""make flash: MicroPython on a board."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from . import boards, flash_esp32, flash_rp2, reach
from .problem import Problem


@click.command()
@click.option("--board", "name", default="", help="A folder of boards/.")
@click.option("--port", default="", help="Its serial port; a Pico that is in its bootloader has none.")
@click.option("--firmware", default="", help="A .uf2 file for a Pico, a .bin file for an ESP32.")
@click.option("--baud", default=460800, show_default=True, type=click.IntRange(9600), help="The pace of the writing, ESP32 only.")
def flash(name: str, port: str, firmware: str, baud: int):
    """Put MicroPython's firmware on a board, and wait until it answers."""
    board = boards.find(name)
    if board.port == "unix":
        raise Problem(f"BOARD={name} is a program on this computer: there is nothing to flash.")
    data = read(firmware, board)
    console = Console(emoji=False, highlight=False, soft_wrap=True)
    try:
        columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
        with Progress(*columns, console=console) as bar:
            found, info = write(board, port, data, baud, bar)
    except KeyboardInterrupt:
        raise Problem("Stopped: unless it had not begun to write, the board has no firmware until you flash it again.") from None
    console.print(f"MicroPython {info.version}", style="green", markup=False, end="")
    console.print(f" answers on {found}: {info.machine}.", markup=False)


def read(firmware: str, board: boards.BoardType) -> bytes:
    """What is in the file."""
    if not firmware:
        raise Problem(f"FIRMWARE is missing: download a file from {board.download}, and give its path.")
    try:
        return Path(firmware).read_bytes()
    except OSError as error:
        raise Problem(f"FIRMWARE={firmware} cannot be read ({error.strerror}): download a file from {board.download}.") from None


def write(board: boards.BoardType, port: str, data: bytes, baud: int, bar: Progress):
    """Writes it, and returns (port, board.info) of the MicroPython that answers then."""
    rp2 = board.port == "rp2"
    others = flash_rp2.flash(board, port, data, bar) if rp2 else flash_esp32.flash(board, port, data, bar, baud)
    waiting = bar.add_task("Waiting for MicroPython", total=None)
    found = reach.returned(port, others)
    bar.remove_task(waiting)
    return found

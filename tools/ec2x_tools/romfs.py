"""make romfs: ec2x, and with it a board and an application, as an image that runs from the board's flash."""

import os

import click
from mpremote.romfs import VfsRomWriter
from rich.console import Console

from . import interpreter, package

HOW = """\
For a board whose firmware has a ROMFS partition, as `mpremote romfs query` tells:

    mpremote romfs deploy {path} + soft-reset

MicroPython's own builds for the boards here have none. In one of your own, 1.25 or newer, it is MICROPY_HW_ROMFS_BYTES in
mpconfigboard.h on RP2, partitions-4MiB-romfs.csv on the ESP32. What the board's other file system has comes first: delete an
ec2x or board.py there."""


def image(files: dict[str, bytes]) -> bytes:
    """A file system of these files."""
    rom = VfsRomWriter()
    _fill(rom, files)
    return bytes(rom.finalise())


def _fill(rom: VfsRomWriter, files: dict[str, bytes]):
    folders: dict[str, dict[str, bytes]] = {}
    for name in sorted(files):
        folder, below, rest = name.partition("/")
        if below:
            folders.setdefault(folder, {})[rest] = files[name]
        else:
            rom.mkfile(name, files[name])
    for folder, inside in folders.items():
        rom.opendir(folder)
        _fill(rom, inside)
        rom.closedir()


@click.command()
@click.option("--board", default="", help="A folder of boards/, whose board.py goes with it.")
@click.option("--app", default="", help="A .py file, or a folder with main.py, that goes with it as the module application.")
def romfs(board: str, app: str):
    """Build a ROMFS image of ec2x, a board and an application."""
    made = image(package.contents(board, app))
    path = interpreter.BUILD / f"romfs{board and '-'}{board}.img"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(made)
    console = Console(emoji=False, highlight=False, soft_wrap=True)
    parts = ["ec2x", board and f"board.py of {board}", app and f"{app} as application"]
    shown = os.path.relpath(path)
    console.print(f"{shown}: {len(made):,} bytes, with {', '.join(filter(None, parts))}.\n", markup=False)
    console.print(HOW.format(path=shown), markup=False)
    if app:
        console.print("\n`import application` starts the application: from main.py, say.", markup=False)

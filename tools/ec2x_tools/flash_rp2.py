"""A Pico gets its firmware as a UF2 file, copied to the drive that its bootloader is."""

import os
import re
from collections.abc import Set
from pathlib import Path

import psutil
from rich.progress import Progress

from . import reach, serialboard, uf2
from .boards import BOARDS, BoardType
from .problem import Problem

DRIVE_S = 20
CHUNK = 64 * 1024
INFO = "INFO_UF2.TXT"
BY_LABEL = Path("/dev/disk/by-label")
BOARD_IDS = {board.board_id for board in BOARDS.values() if board.board_id}
BY_HAND = "hold BOOTSEL while you plug it in, and leave PORT out"


def drives() -> dict[Path, str]:
    """The drives of RP2 bootloaders, where they are mounted, and their Board-ID."""
    parts = [part for part in psutil.disk_partitions() if os.path.exists(part.device)]  # what was mounted by hand outlives its device
    found = {Path(part.mountpoint): _board_id(Path(part.mountpoint)) for part in parts}
    return {drive: board_id for drive, board_id in found.items() if board_id in BOARD_IDS}


def _board_id(drive: Path) -> str:
    try:
        found = re.search(r"^Board-ID:\s*(\S+)", (drive / INFO).read_text(errors="replace"), re.MULTILINE)
    except OSError:  # most drives have no such file, and one that was just pulled has nothing
        return ""
    return found[1] if found else ""


def flash(board: BoardType, port: str, data: bytes, bar: Progress) -> Set[str]:
    """Returns the ports that are there while the board is not."""
    uf2.check(data, board)
    bootloader(board, port)
    how = "" if port else ": hold BOOTSEL while you plug the board in"
    waiting = bar.add_task(f"Waiting for the drive {board.board_id}{how}", total=None)
    drive = the_drive(board)
    bar.remove_task(waiting)
    others = reach.ports()
    copy(data, drive, bar)
    return others


def bootloader(board: BoardType, port: str):
    """Sends the board on port to its bootloader, if it is not there already."""
    already = list(drives())
    if port and reach.exists(port):
        if already:
            raise Problem(f"One board is in its bootloader on {already[0]} and another on {port}: unplug one of them.")
        _enter(board, port)
    elif port and not already:
        raise Problem(f"There is no port {port}, nor a board in its bootloader: look at the port's name, or {BY_HAND}.")


def _enter(board: BoardType, port: str):
    try:
        with serialboard.Board(port) as connected:
            machine = connected.info.machine
            if board.chip in machine:
                connected.leave("import machine; machine.bootloader()")
                return
            connected.reset()
    except Problem as problem:
        raise Problem(f"{str(problem).rstrip('.')}; or {BY_HAND}.") from None
    raise Problem(f"The board on {port} is a {machine}, not a {board.name}: nothing was written; give its BOARD or another PORT.")


def the_drive(board: BoardType) -> Path:
    """The drive of the board's bootloader, once it is mounted."""
    found = reach.until(drives, DRIVE_S)
    if not found:
        raise Problem(_unmounted() or f"No drive {board.board_id} appeared within {DRIVE_S} s: {BY_HAND}.")
    if len(found) > 1:
        raise Problem(f"{len(found)} boards are in their bootloader ({', '.join(map(str, found))}): unplug all but one.")
    drive, board_id = found.popitem()
    if board_id != board.board_id:
        raise Problem(f"The drive {drive} is of another board ({board_id}, not {board.board_id}): nothing was written; give its BOARD.")
    return drive


def _unmounted() -> str:
    """What to say on a Linux without a desktop, where nobody mounts a drive."""
    devices = [BY_LABEL / board_id for board_id in sorted(BOARD_IDS) if (BY_LABEL / board_id).exists()]
    if not devices:
        return ""
    return (
        f"The board's drive {devices[0]} is there, but not mounted: run `udisksctl mount -b {devices[0]}` "
        f"or `sudo mount -o uid={os.getuid()} {devices[0]} /mnt`, and flash again."
    )


def copy(data: bytes, drive: Path, bar: Progress):
    """Writes the file through to the board. With the last block the board starts it, and the drive is gone: that is no error."""
    task = bar.add_task(f"Writing to {drive}", total=len(data))
    at = 0
    try:
        with open(drive / "firmware.uf2", "wb") as file:
            for at in range(0, len(data), CHUNK):
                file.write(data[at : at + CHUNK])
                file.flush()
                os.fsync(file.fileno())
                bar.update(task, completed=at + CHUNK)
    except PermissionError:
        raise Problem(f"No permission to write to {drive}: mount it with the option uid={os.getuid()}.") from None
    except OSError as error:
        if at + CHUNK < len(data):
            raise Problem(f"The drive {drive} failed after {at:,} bytes ({error.strerror}): for another try {BY_HAND}.") from None
    bar.update(task, completed=len(data))

"""An ESP32 gets its firmware through esptool: by its ROM's bootloader, and the program that esptool puts beside that."""

import struct
from collections.abc import Set

from esptool import cmds
from esptool.bin_image import LoadFirmwareImage
from esptool.logger import EsptoolLogger, TemplateLogger
from esptool.targets import ROM_LIST
from esptool.util import FatalError, flash_size_bytes
from rich.progress import Progress
from serial import SerialException

from . import reach, serialboard
from .boards import BoardType
from .problem import Problem

ATTEMPTS = 7  # to connect
APPLICATION = 0x10000  # in flash, on all of MicroPython's boards
CHIPS = {rom.IMAGE_CHIP_ID: rom.CHIP_NAME for rom in ROM_LIST}  # by the id in an image


class Log(TemplateLogger):
    """What esptool has to say, as a line with a bar."""

    def __init__(self, bar: Progress):
        self._bar = bar
        self._task = bar.add_task("Connecting", total=None)

    def print(self, *args, **_):
        if text := " ".join(map(str, args)).strip(" .\n"):
            self._bar.update(self._task, description=text)

    def progress_bar(self, cur_iter, total_iters, prefix="", suffix="", bar_length=30):
        self._bar.update(self._task, completed=cur_iter, total=total_iters, description=prefix.strip())

    def warning(self, message):
        self._bar.console.print(message, style="yellow", markup=False)

    error = warning

    def note(self, message):
        pass

    def stage(self, finish=False):
        pass

    def set_verbosity(self, verbosity):
        pass


def check(data: bytes, board: BoardType):
    """Problem unless data is MicroPython's whole image for the board's chip: bootloader, partitions and application."""
    take = f"take the .bin file of {board.download}"
    try:
        images = [LoadFirmwareImage(board.chip, data[at - board.offset :]) for at in (board.offset, APPLICATION)]
    except (FatalError, RuntimeError, struct.error, TypeError):  # what esptool raises on any bytes
        raise Problem(f"The firmware is no whole image for an {board.chip}, or only its application: {take}.") from None
    for image in images:
        if (chip := CHIPS.get(image.chip_id, "unknown chip")) != board.chip:
            raise Problem(f"The firmware is for an {chip}, not for an {board.chip}: {take}.")
        if image.append_digest and image.stored_digest != image.calc_digest:
            raise Problem(f"The firmware is damaged, for its SHA-256 is not what it says: {take}.")


def flash(board: BoardType, port: str, data: bytes, bar: Progress, baud: int) -> Set[str]:
    """Returns the ports that are there before the board is reset."""
    check(data, board)
    if not port:
        raise Problem(f"PORT is missing: give the serial port of the {board.name}.")
    others = reach.ports()
    log = Log(bar)
    EsptoolLogger().set_logger(log)
    try:
        with cmds.detect_chip(port, connect_attempts=ATTEMPTS) as chip:
            _write(chip, board, data, baud)
    except FatalError as error:
        raise Problem(_told(error, board, port)) from None
    except (SerialException, OSError) as error:
        raise Problem(f"The connection to {port} broke ({error}): plug the board in again, and flash again.") from None
    log.print("Written, and compared by its MD5")
    return others


def _write(chip, board: BoardType, data: bytes, baud: int):
    if chip.CHIP_NAME != board.chip:
        cmds.reset_chip(chip)
        raise Problem(f"The chip is an {chip.CHIP_NAME}, not an {board.chip}: nothing was erased; give its BOARD or another PORT.")
    chip = cmds.run_stub(chip)
    if baud != chip.get_baud():
        chip.change_baud(baud)
    cmds.attach_flash(chip)
    size = flash_size_bytes(cmds.detect_flash_size(chip))
    if size and board.offset + len(data) > size:
        cmds.reset_chip(chip)
        raise Problem(f"The firmware does not fit in the chip's flash of {size >> 20} MB: nothing was erased; take a smaller one.")
    cmds.write_flash(chip, [(board.offset, data)], erase_all=True)  # esptool compares the MD5 afterwards
    cmds.reset_chip(chip)


def _told(error: FatalError, board: BoardType, port: str) -> str:
    """What esptool says in several sentences, some about options of its own, as one."""
    reason = str(error).splitlines()[0].partition(". ")[0].rstrip(".")
    if reason.startswith("Could not open"):
        return serialboard.why_not(port, error)
    if reason.startswith("Failed to connect"):
        return f"No {board.chip} answers on {port} ({reason}): hold its BOOT button, press RESET (EN), and flash again."
    return f"The {board.name} was not flashed ({reason}): flash again, with BAUD=115200 if it stays so."

"""The boards that the tools know, by the names of the folders in boards/: which MicroPython they run, and how it gets into them."""

from dataclasses import dataclass

from .problem import Problem

RP2040, RP2350_ARM, RP2350_RISCV = 0xE48BFF56, 0xE48BFF59, 0xE48BFF5A  # families of UF2 blocks, as the bootloaders know them


@dataclass(frozen=True)
class BoardType:
    """port: MicroPython's, "rp2", "esp32" or "unix". The rest is about flashing: offset for an ESP32, families and board_id for an RP2."""

    name: str
    port: str
    chip: str = ""  # as esptool names it, and as it is in os.uname().machine
    offset: int = 0  # of the firmware in flash
    families: tuple[int, ...] = ()
    board_id: str = ""  # in INFO_UF2.TXT on the bootloader's drive, whose label is the same

    @property
    def download(self) -> str:
        return f"https://micropython.org/download/{self.name}/"


BOARDS = {
    board.name: board
    for board in (
        BoardType("RPI_PICO", "rp2", "RP2040", families=(RP2040,), board_id="RPI-RP2"),
        BoardType("RPI_PICO_W", "rp2", "RP2040", families=(RP2040,), board_id="RPI-RP2"),
        BoardType("RPI_PICO2", "rp2", "RP2350", families=(RP2350_ARM, RP2350_RISCV), board_id="RP2350"),
        BoardType("ESP32_GENERIC", "esp32", "ESP32", offset=0x1000),
        BoardType("ESP32_GENERIC_S3", "esp32", "ESP32-S3"),
        BoardType("unix", "unix"),
    )
}


def find(name: str) -> BoardType:
    """The board of that name; Problem, with those that can be flashed, when there is none."""
    if name not in BOARDS:
        what = f"BOARD={name} is not known" if name else "BOARD is missing"
        raise Problem(f"{what}: give one of {', '.join(name for name, board in BOARDS.items() if board.port != 'unix')}.")
    return BOARDS[name]

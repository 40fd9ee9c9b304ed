"""UF2 files: whether one is whole, and for the board that is meant."""

import struct

from .boards import BOARDS, BoardType
from .problem import Problem

BLOCK = struct.Struct("<8I476sI")  # magic, magic, flags, address, size, number, blocks in all, family; data; magic
MAGICS = 0x0A324655, 0x9E5D5157, 0x0AB16F30
NOT_FOR_FLASH, HAS_FAMILY = 0x0001, 0x2000


def check(data: bytes, board: BoardType):
    """Problem unless data is a whole UF2 file for board."""
    if not data or len(data) % BLOCK.size:
        raise Problem(f"The firmware is no UF2 file, or not a whole one: take the .uf2 file of {board.download}.")
    families: dict[int, list] = {}
    for magic, magic2, flags, _, _, number, total, family, _, end in BLOCK.iter_unpack(data):
        if (magic, magic2, end) != MAGICS:
            raise Problem(f"The firmware is no UF2 file, or a damaged one: take the .uf2 file of {board.download}.")
        if flags & HAS_FAMILY and not flags & NOT_FOR_FLASH:
            families.setdefault(family, []).append((number, total))
    # An RP2350's file begins with a block of another family, for its erratum E10: what is not the board's is not counted.
    ours = [blocks for family, blocks in families.items() if family in board.families]
    if not ours:
        raise Problem(f"The firmware is for {_names(families)}, not for {board.name}: take the .uf2 file of {board.download}.")
    for blocks in ours:
        if sorted(blocks) != [(number, len(blocks)) for number in range(len(blocks))]:
            raise Problem(f"The firmware is not whole, for blocks are missing: download it again from {board.download}.")


def _names(families) -> str:
    known = [board.name for board in BOARDS.values() if set(board.families) & set(families)]
    return " or ".join(known) or "another chip"

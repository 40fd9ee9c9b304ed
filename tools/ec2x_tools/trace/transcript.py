"""trace fixture: a dialogue as what host_tests/scripted.py plays."""

import re
from pprint import pformat

from .dialogue import Dialogue

_HEAD = '''"""What was on the wire, for scripted.ScriptedUart(*STEPS): (what must be written, what is answered then) in turn.

*** is a secret, and x a byte, that the trace does not show: the test that replays it has its own in their place. Between the lines
is what a module puts there that reads the manual plainly. A URC comes with the answer before it.
"""

STEPS = (
'''
_WIDTH = 120
_UNSEEN = re.compile(rb"(x{32,})")


def source(dialogue: Dialogue) -> str:
    """A Python file."""
    return _HEAD + "".join(map(_step, steps(dialogue))) + ")\n"


def steps(dialogue: Dialogue) -> list[list[bytes]]:
    turns = []
    for item in dialogue.items():
        if item.way == ">":
            turns.append([item.wire(), b""])
        elif item.way == "<":
            if not turns:
                turns.append([b"", b""])
            line = item.kind == "hidden"  # that much is not known
            turns[-1][1] += b"\r\n" * line + item.wire() + b"\r\n" * (line or item.kind == "data")
    return turns


def _step(step: list[bytes]) -> str:
    written, answered = map(_expression, step)
    line = f"    ({written}, {answered}),\n"
    return line if "\n" not in line[:-1] and len(line) <= _WIDTH else f"    (\n        {written},\n        {answered},\n    ),\n"


def _expression(data: bytes) -> str:
    pieces = [piece for piece in _UNSEEN.split(data) if piece] or [b""]
    return "\n        + ".join(f"b'x' * {len(piece)}" if _UNSEEN.fullmatch(piece) else _literal(piece) for piece in pieces)


def _literal(data: bytes) -> str:
    return pformat(data, width=_WIDTH).replace("\n ", "\n        ")

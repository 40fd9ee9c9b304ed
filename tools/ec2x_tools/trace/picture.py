"""trace html: a dialogue as a sequence picture, in one file that needs nothing else."""

import base64
import functools
import hashlib
import math
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from .dialogue import Block, Dialogue, Item, printable

_HERE = Path(__file__).parent
_LANES = 8  # beside each other; the last one has all that find no place
_PAYLOAD = 1024  # bytes shown of each


@functools.cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {"payload": _payload, "seconds": lambda ms: f"{ms / 1000:,.3f}", "number": "{:,}".format}
    return environment.get_template("picture.html")


def page(dialogue: Dialogue, limit: int) -> str:
    script = (_HERE / "picture.js").read_text()
    head, tail = _shortened(dialogue.blocks, limit)
    lanes = _lanes(dialogue.blocks)
    return _template().render(
        dialogue=dialogue,
        head=head,
        tail=tail,
        out=_left_out(dialogue.blocks[len(head) : len(dialogue.blocks) - len(tail)]),
        lanes=lambda item: lanes[id(item)],
        width=max((lane for row in lanes.values() for lane, _ in row), default=-1) + 1,
        sockets=sorted({socket for block in dialogue.blocks for socket in block.sockets}),
        summary=summary(dialogue.blocks),
        lines=sum(1 for _ in dialogue.items()),
        bad=sum(block.bad for block in dialogue.blocks),
        style=Markup((_HERE / "picture.css").read_text()),
        script=Markup(script),
        allowed=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _shortened(blocks: list[Block], limit: int) -> tuple[list[Block], list[Block]]:
    """What fits of the beginning and of the end: half of the limit each; all is beginning when all fits."""
    if sum(len(block.items) for block in blocks) <= limit:
        return blocks, []
    head = _fitting(blocks, limit // 2)
    return blocks[:head], blocks[len(blocks) - _fitting(blocks[head:][::-1], limit // 2) :]


def _fitting(blocks: list[Block], limit: int) -> int:
    lines = 0
    for count, block in enumerate(blocks):
        lines += len(block.items)
        if lines > limit:
            return count
    return len(blocks)


def _left_out(blocks: list[Block]) -> dict | None:
    if not blocks:
        return None
    lines = sum(len(block.items) for block in blocks)
    return {"lines": lines, "bad": sum(block.bad for block in blocks), "start": blocks[0].items[0].ms, "end": blocks[-1].items[-1].ms}


def _lanes(blocks: list[Block]) -> dict[int, list[tuple[int, bool]]]:
    """The (lane, whether this is about it) of the sockets that are there, by the id() of each item."""
    items = [item for block in blocks for item in block.items]
    lives: dict[int, list[list[int]]] = {}  # socket: [first item, last item] each time
    for at, item in enumerate(items):
        if item.socket is not None:
            times = lives.setdefault(item.socket, [])
            if item.opens or not times:
                times.append([at, at])
            times[-1][1] = at
    free = [-1] * _LANES  # until which item each is taken
    rows: dict[int, list[tuple[int, bool]]] = {id(item): [] for item in items}
    for (start, end), socket in sorted((life, socket) for socket, times in lives.items() for life in times):
        lane = next((lane for lane, taken in enumerate(free) if taken < start), _LANES - 1)
        free[lane] = max(free[lane], end)
        for item in items[start : end + 1]:
            rows[id(item)].append((lane, item.socket == socket))
    return rows


def _payload(item: Item) -> str:
    shown = item.data[:_PAYLOAD]
    text = "\n".join(map(printable, shown.splitlines(keepends=True)))
    more = item.size - len(shown)
    if more == 1 and item.until_end:  # the Ctrl+Z that ends it
        return text + printable(b"\x1a")
    return text + f"\n[{more:,} byte{'s are' if more > 1 else ' is'} not shown]" * (more > 0)


def summary(blocks: list[Block]) -> list[dict]:
    """A row for each kind of command, the most frequent first."""
    kinds: dict[str, list[Block]] = {}
    for block in blocks:
        if block.name:
            kinds.setdefault(block.name, []).append(block)
    return [_row(name, of) for name, of in sorted(kinds.items(), key=lambda kind: (-len(kind[1]), kind[0]))]


def _row(name: str, blocks: list[Block]) -> dict:
    times = sorted(block.ms for block in blocks if block.ms is not None)
    row = {"name": name, "count": len(blocks), "bad": sum(block.bad for block in blocks), "bytes": sum(block.carried for block in blocks)}
    return row | {f"p{part}": times[math.ceil(len(times) * part / 100) - 1] if times else None for part in (50, 99)}

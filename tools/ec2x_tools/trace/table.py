"""trace show: a dialogue as a table."""

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .dialogue import Block, Dialogue, Item, printable

_SHOWN = 60  # bytes of a payload
_WIDE = 400  # columns, where nobody has to see them at once
_STYLES = {"command": "bold", "ok": "green", "urc": "cyan", "payload": "dim", "data": "dim", "hidden": "dim", "fault": "bold red"}


def show(dialogue: Dialogue, socket: int | None, errors: bool):
    console = Console(highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDE
    blocks = [block for block in dialogue.blocks if (socket is None or socket in block.sockets) and (block.bad or not errors)]
    _print(console, _table(blocks))
    shown = sum(len(block.items) for block in blocks)
    console.print(f"{shown:,} of {sum(1 for _ in dialogue.items()):,} lines; {dialogue.others:,} lines of the file are no trace")


def _print(console: Console, table: Table):
    """Into a file or a pipe without the blanks that fill a row."""
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as drawn:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in drawn.get().splitlines()))


def _table(blocks: list[Block]) -> Table:
    it = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("s", "+ms", "who", "socket", "what"):
        it.add_column(name, justify="left" if name.startswith("wh") else "right", no_wrap=name != "what", overflow="fold")
    for block in blocks:
        for item in block.items:
            last = item is block.items[-1]
            it.add_row(*_cells(item), _what(item, block, last), style="red" if item.bad else _STYLES.get(item.kind, ""))
    return it


def _cells(item: Item) -> list[str]:
    after = "anew" if item.after is None else f"{item.after:,}"
    return [f"{item.ms / 1000:.3f}", after, item.who, "" if item.socket is None else str(item.socket)]


def _what(item: Item, block: Block, last: bool) -> Text:
    text = Text(item.text)
    if item.bulk and item.data:
        text.append(": " + printable(item.data[:_SHOWN]) + ("..." if item.size > _SHOWN else ""))
    if last and block.ended:
        text.append(f"  ({block.ms:,} ms)", style="dim")
    elif last and block.unanswered and not item.bad:
        text.append("  no final result", style="bold red")
    return text

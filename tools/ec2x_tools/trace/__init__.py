"""trace: what the driver or the simulator told of the wire, as a table, a picture, a transcript for tests, or for Wireshark."""

import sys
from pathlib import Path

import click
from rich.console import Console

from .. import interpreter
from ..problem import Problem
from .reading import read


class _Trace(click.File):
    """A file or -, as the dialogue in it."""

    def convert(self, value, param, context):
        file = super().convert(value, param, context)
        events, others = read(file)
        if not events:
            make = "save what modem.trace(print) or print(modem.recorded()) prints on the board, or make demo TRACE=1"
            raise Problem(f"{file.name} has no line of a trace: {make}.")
        sys.path.insert(0, str(interpreter.ROOT / "firmware"))
        from .dialogue import Dialogue

        return Dialogue(Path(file.name.strip("<>")).name, events, others)


def _write(path: str, data: bytes):
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise Problem(f"{path} cannot be written ({error.strerror}): name another with -o.") from None
    Console(stderr=True, emoji=False, highlight=False, soft_wrap=True).print(path, markup=False)


_file = click.argument("dialogue", metavar="FILE", type=_Trace("r", encoding="utf-8", errors="replace"))
_out = click.Path(dir_okay=False)


@click.group()
def trace():
    """Show what was said on the wire. FILE: what modem.trace(print), recorded() or TRACE=1 printed, other lines between; or -."""


@trace.command()
@_file
@click.option("--socket", type=int, metavar="ID", help="Only what is about this one.")
@click.option("--errors", is_flag=True, help="Only what went wrong.")
def show(dialogue, socket: int | None, errors: bool):
    """As a table."""
    from . import table

    table.show(dialogue, socket, errors)


@trace.command()
@_file
@click.option("-o", "out", type=_out, help="Where to; FILE with .html when not given.")
@click.option("--limit", default=20000, show_default=True, type=click.IntRange(2), help="Lines at most; those in the middle are left out.")
def html(dialogue, out: str | None, limit: int):
    """As a sequence picture, one HTML file."""
    from .picture import page

    _write(out or Path(dialogue.name).stem + ".html", page(dialogue, limit).encode())


@trace.command()
@_file
@click.option("-o", "out", type=_out, help="Where to; printed when not given.")
def fixture(dialogue, out: str | None):
    """As a transcript that host_tests/scripted.py plays."""
    from .transcript import source

    if out:
        _write(out, source(dialogue).encode())
    else:
        click.echo(source(dialogue), nl=False)


@trace.command()
@_file
@click.option("-o", "out", type=_out, required=True, help="Where to.")
def pcapng(dialogue, out: str):
    """As a capture that Wireshark opens."""
    from .capture import capture

    _write(out, capture(dialogue))

"""--list-quirks: what the manual leaves open, row by row. CPython only."""

from rich.markup import escape
from rich.table import Table

from .readings import NUMBERS, OTHERS, SWITCHES


def _readings(name, readings):
    first, *others = readings.split("|")
    if name in NUMBERS:
        others.append("{}..{}".format(*NUMBERS[name]))
    return f"[bold]{escape(first)}*[/]" + "".join(f" | {escape(other)}" for other in others)


def table():
    """The switches and the rows that have none, in the order of the rows."""
    lines = [(rows, name, _readings(name, readings), escape(meaning)) for rows, name, readings, meaning in SWITCHES]
    lines += [((row,), "-", "(only a typo)" if typo else "(no switch)", escape(meaning)) for row, typo, meaning in OTHERS]
    shown = Table(title="What the manual leaves open", caption="*: the default. Switches combine: --quirk NAME=VALUE, repeated.")
    shown.add_column("row", justify="right", no_wrap=True)
    shown.add_column("name", no_wrap=True)
    shown.add_column("readings")
    shown.add_column("meaning")
    for rows, name, readings, meaning in sorted(lines, key=lambda line: line[0]):
        shown.add_row(",".join(str(row) for row in rows), name, readings, meaning)
    return shown

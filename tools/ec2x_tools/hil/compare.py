"""Two runs of the bench kit, figure by figure: the verdicts that changed first, then what became faster or slower."""

from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..problem import Problem
from . import schema, verdicts
from .report import figure, page

BETTER = {"down, B/s": 1, "up, B/s": 1, "B/s": 1, "least free": 1, "most in use": -1, "errors": -1, "lines nobody expected": -1}
NOTABLE = 0.05  # of change, from where on a figure is called better or worse
RANK = {"unforeseen": 1, "failed": 2}  # all else is well, or not known
ABSENT = "not there"


def numbered(rows) -> dict:
    """{name: value}; a name that is there again has its number."""
    seen, found = Counter(), {}
    for *name, value in rows:
        seen[tuple(name)] += 1
        again = seen[tuple(name)]
        found[(*name[:-1], f"{name[-1]} ({again})" if again > 1 else name[-1])] = value
    return found


def said(name) -> str:
    return ", ".join(filter(None, name))


def figures(result) -> dict[tuple[str, str, str], float]:
    """{(part, of what, which): value}."""
    rows = [("run", "", "s", result.seconds)]
    if result.conformance.checks:
        rows.append(("conformance", "", "lines nobody expected", len(result.conformance.unforeseen)))
    for one in result.rates:
        at = f"{one.baud} baud"
        rows += [("rates", at, "down, B/s", one.down_bps), ("rates", at, "up, B/s", one.up_bps)]
        rows += [("rates", at, f"{name}, ms", getattr(one.latency_ms, name)) for name in ("p50", "p90", "p99")]
    for one in result.recovery:
        rows += [("recovery", one.cause, f"{event.what}, ms", event.ms) for event in one.events]
    if soak := result.soak:
        speed = soak.bytes / soak.seconds if soak.bytes is not None and soak.seconds else None
        rows += [("soak", "", "B/s", speed), ("soak", "", "errors", len(soak.errors))]
    for which, pick, name in (("most in use", max, "used"), ("least free", min, "free")):
        rows.append(("heap", "", which, pick([v for one in result.heap if (v := getattr(one, name)) is not None], default=None)))
    rows += [("counters", "", name, value) for name, value in result.stats.items()]
    return {name: value for name, value in numbered(rows).items() if value is not None}


def kinds(result) -> dict[tuple[str, str], str]:
    """{(part, what): verdict}, of the run too."""
    ended = {"": "ok", "Ctrl+C": "no verdict"}.get(result.ended, "failed")
    return numbered([("run", "came to its end", ended), *verdicts.rows(result)])


def readings(result) -> dict[tuple[str, str], str]:
    return numbered([("conformance", f"{one.row} {one.field}", str(one.value)) for one in result.conformance.readings])


def called(which: str, before: float, after: float) -> str:
    """Better, worse, or nothing."""
    change = (after - before) * BETTER.get(which, -1 if which.endswith(", ms") else 0)
    return "" if abs(change) <= NOTABLE * abs(before) else "better" if change > 0 else "worse"


def amount(value: float) -> str:
    return figure(value, 1 if abs(value) < 100 and value % 1 else 0)


def table(before: dict, after: dict) -> list[tuple]:
    """(of what, which, A, B, ratio, word) of each figure that is in both and not zero in both."""
    rows = []
    for name in before:
        a, b = before[name], after.get(name)
        if b is not None and (a or b):
            rows.append((said(name[:2]), name[2], amount(a), amount(b), f"{b / a:.2f}" if a else "–", called(name[2], a, b)))
    return rows


def differences(a, b) -> list[str]:
    """What was not the same board, module, setup or version."""
    pairs = [("setup", a.setup, b.setup), ("ec2x", a.ec2x, b.ec2x)]
    pairs += [(f"board, {name}", getattr(a.board, name), getattr(b.board, name)) for name in ("name", "machine", "version", "freq_mhz")]
    pairs += [(f"module, {name}", getattr(a.module, name), getattr(b.module, name)) for name in ("model", "firmware")]
    return [f"Not the same {name}: {one or 'not said'} and {other or 'not said'}." for name, one, other in pairs if one != other]


def changes(a: dict, b: dict) -> list[tuple]:
    """(part, what, A, B, worse) of each verdict that is another, or is bad and new in a part that both have: the worst first."""
    parts = {name[0] for name in a}
    rows = [(*name, a.get(name, ABSENT), b[name]) for name in b if name in a or name[0] in parts and b[name] in RANK]
    rows = [(*row, RANK.get(row[3], 0) - RANK.get(row[2], 0)) for row in rows if row[2] != row[3]]
    return sorted(rows, key=lambda row: -row[-1])


def missing(a, b) -> list[str]:
    """What only one of the two has: whole parts, then rows of parts that both have."""
    lines = []
    sides = [{**kinds(one), **figures(one)} for one in (a, b)]
    for mine, has, other in (("A", *sides), ("B", *reversed(sides))):
        parts = {name[0] for name in other}
        lines += [f"Only {mine} has {part}." for part in dict.fromkeys(name[0] for name in has) if part not in parts]
        absent = [name for name in has if name not in other and name[0] in parts and name[0] != "counters"]
        lines += [f"Only {mine} has {said(name)}." for name in absent if name[:2] not in absent or len(name) == 2]
    return lines


def shared(a, b) -> set[str]:
    """The parts that both have."""
    mine, other = ({name[0] for name in {**kinds(one), **figures(one)}} for one in (a, b))
    return mine & other & set(verdicts.PARTS)


def compare(a, b) -> dict:
    return {
        "differences": differences(a, b),
        "ended": [f"{name} was cut short: {one.ended}" for name, one in (("A", a), ("B", b)) if one.ended],
        "changes": changes(kinds(a), kinds(b)),
        "readings": [(*name, value, readings(b)[name]) for name, value in readings(a).items() if readings(b).get(name, value) != value],
        "figures": table(figures(a), figures(b)),
        "missing": missing(a, b),
    }


def show(found: dict, console: Console):
    for line in found["differences"] + found["ended"]:
        console.print(Text(line, style="yellow"))
    for title, rows, names in (
        ("verdicts that changed", [(*row[:4], "worse" if row[4] > 0 else "") for row in found["changes"]], ("part", "what", "A", "B", "")),
        ("readings that changed", found["readings"], ("part", "field", "A", "B")),
        ("figures", found["figures"], ("of", "which", "A", "B", "B / A", "")),
    ):
        drawn = Table(title=title, title_justify="left")
        for name in names:
            drawn.add_column(name, overflow="fold", justify="right" if title == "figures" and name in ("A", "B", "B / A") else "left")
        for row in rows:
            drawn.add_row(*map(Text, row), style="bold" if row[-1] == "worse" else "")
        if rows:
            console.print(drawn)
    for line in found["missing"]:
        console.print(Text(line))


@click.command("hil-compare")
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="An HTML file with the same.")
def hil_compare(a: Path, b: Path, output: Path | None):
    """Two runs of the bench kit side by side; exit code 1 when B is worse in kind than A."""
    runs = schema.load(a), schema.load(b)
    found = compare(*runs)
    worse = sum(row[4] > 0 for row in found["changes"])
    if output:
        schema.write(output, page("compare.html", found=found, worse=worse, names=(a.name, b.name), runs=runs))
    show(found, Console(emoji=False))
    if worse:
        raise Problem(f"{worse} verdict{'s' * (worse != 1)} became worse from {a.name} to {b.name}: look at the first table.")
    if not shared(*runs):
        raise Problem(f"{a.name} and {b.name} have no part in common, so nothing tells what became worse: run both with the same PARTS.")
    Console(emoji=False).print("Nothing became worse in kind.", highlight=False)

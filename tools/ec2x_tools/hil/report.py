"""The report of the bench kit: one HTML file that needs no other, from the JSON of a run."""

import re
from functools import cache
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console

from .. import interpreter
from . import schema, verdicts


def figure(value, places: int = 0, scale: float = 1, unit: str = "") -> str:
    return "–" if value is None else f"{value / scale:,.{places}f}{unit}"


def share(value, limit) -> str:
    return f"{value / limit:.1%}" if value is not None and limit else "–"


@cache
def environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(figure=figure, share=share)
    return made


def page(template: str, **values) -> str:
    """A template of this folder; what is put in is escaped."""
    return environment().get_template(template).render(values)


@cache
def explained() -> dict[str, tuple[str, str]]:
    """What each counter counts, and what to do when it grows: as the README has it."""
    table = (interpreter.ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- stats -->")[2].partition("<!-- end -->")[0]
    found = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        found.update({name: tuple(cells[1:3]) for name in re.findall(r"`(\w+)`", cells[0] if cells else "")})
    return found


def counters(stats: dict) -> list[tuple[str, float, str, str]]:
    """(name, value, what it counts, what to do) of those that are not zero."""
    words = explained()
    return [(name, value, *words.get(name, ("not explained in this version", ""))) for name, value in stats.items() if value]


def heap_rows(samples) -> list[tuple]:
    """(part, from, to, most used, least free)."""
    from . import plots

    samples = sorted(samples, key=lambda one: one.s)
    found = []
    for name, start, end in plots.spans(samples):
        during = [one for one in samples if start <= one.s <= end and one.during == name]
        used, free = ([getattr(one, what) for one in during if getattr(one, what) is not None] for what in ("used", "free"))
        found.append((name, start, end, max(used, default=None), min(free, default=None)))
    return found


def html(result) -> str:
    from . import plots  # matplotlib takes its time

    result = schema.check(result)
    return page(
        "report.html",
        result=result,
        headline=verdicts.headline(result),
        parts=verdicts.parts(result),
        gaps=verdicts.gaps(result),
        counters=counters(result.stats),
        heap=heap_rows(result.heap),
        readings=verdicts.worst_first(result.conformance.readings, verdicts.reading),
        checks=verdicts.worst_first(result.conformance.checks, lambda one: one.verdict),
        verdicts=verdicts,
        plots=plots,
    )


def write(result, path):
    """The report of a result, as schema.load gives it or as its JSON has it."""
    schema.write(path, html(result))


@click.command("hil-report")
@click.argument("json", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The HTML file; the JSON's name if not given.")
def hil_report(json: Path, output: Path | None):
    """Make the report of a run of the bench kit again, from its JSON."""
    result = schema.load(json)
    output = output or json.with_suffix(".html")
    write(result, output)
    Console(emoji=False).print(f"The report: {output}", highlight=False, markup=False, soft_wrap=True)

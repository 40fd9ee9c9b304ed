"""The plots of a report, as SVG that stands in the page and takes its colours, light or dark.

What is drawn has a colour that stands for one of the page's; markers and dashes tell the series apart without any.
"""

import bisect
import io
import itertools
import re
import warnings

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

from . import verdicts

TEXT, LINE, SHADE, A, B, C = COLOURS = ("#000001", "#000002", "#000003", "#000004", "#000005", "#000006")
IN_PAGE = dict(zip(COLOURS, ("currentColor", "var(--line)", "var(--shade)", "var(--a)", "var(--b)", "var(--c)"), strict=True))
WIDTH = 4.0  # inches: at 400 px on a screen text of 9 points has 11 px
NEAR = 0.09  # of the width: nearer events share a label
STYLE = {
    "svg.fonttype": "none",
    "font.size": 9,
    "text.parse_math": False,  # a $ in a text is a $
    "legend.frameon": False,
    "grid.color": LINE,
    "lines.markersize": 5,
    **{f"{part}.color": TEXT for part in ("text", "xtick", "ytick")},
    **{f"axes.{part}": TEXT for part in ("edgecolor", "labelcolor")},
    **{f"axes.spines.{side}": False for side in ("top", "right")},
}


def plot(draw):
    """draw(axes, data) as a function that gives the SVG; of nothing, nothing."""

    def svg(data) -> str:
        if not data:
            return ""
        out = io.StringIO()
        with matplotlib.rc_context({**STYLE, "svg.hashsalt": draw.__name__}), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of letters that its font lacks: the page's has them
            figure = Figure((WIDTH, 2.5), layout="constrained")
            draw(figure.add_subplot(), data)
            figure.savefig(out, format="svg", transparent=True, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
        text = out.getvalue()
        text = re.sub(r' id="(?![a-z][0-9a-f]{10}")[^"]*"', "", text[text.index("<svg") :])  # of use only where one is referred to
        for colour, in_page in IN_PAGE.items():
            text = text.replace(colour, in_page)
        return Markup(f'<svg role="img" aria-label="{draw.__doc__}"' + text[4:])

    return svg


def by_baud(axes, rows, unit: str):
    axes.set_xticks(range(len(rows)), [str(row.baud) for row in rows], rotation=45 if len(rows) > 6 else 0)
    axes.set(xlabel="baud", ylabel=unit)
    axes.margins(x=0.08)
    axes.grid(axis="y", alpha=0.5)
    axes.figure.legend(loc="outside upper center", ncols=4, handlelength=1.5, columnspacing=1)
    axes.set_ylim(bottom=0)


def curve(axes, x, values, scale: float, colour: str, style: str, label: str):
    axes.plot(x, [value if value is None else value / scale for value in values], style, color=colour, label=label)


def short(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


@plot
def rates(axes, rows):
    """Payload bytes a second at each baud rate, beside what the wire allows"""
    for name, colour, style, label in (
        ("limit_down_bps", TEXT, "_:", "limit down"),
        ("limit_up_bps", TEXT, "+:", "limit up"),
        ("down_bps", A, "o-", "down"),
        ("up_bps", B, "s--", "up"),
    ):
        curve(axes, range(len(rows)), [getattr(row, name) for row in rows], 1000, colour, style, label)
    by_baud(axes, rows, "kB/s")


@plot
def latency(axes, rows):
    """Milliseconds until an answer, at each baud rate: what half, 90 % and 99 % of them take at most"""
    for name, colour, style in (("p50", A, "o-"), ("p90", B, "s--"), ("p99", C, "^:")):
        curve(axes, range(len(rows)), [getattr(row.latency_ms, name) for row in rows], 1, colour, style, name)
    by_baud(axes, rows, "ms")


def spans(samples) -> list[tuple[str, float, float]]:
    """What went on, from when to when."""
    found = []
    for name, group in itertools.groupby(samples, lambda one: one.during):
        times = [one.s for one in group]
        if found:
            found[-1][2] = times[0]
        found.append([name, times[0], times[-1]])
    return [tuple(span) for span in found]


@plot
def heap(axes, samples):
    """Heap used and free over time, with the parts of the run"""
    samples = sorted(samples, key=lambda one: one.s)
    for number, (name, start, end) in enumerate(spans(samples)):
        axes.axvspan(start, end, color=SHADE, lw=0, alpha=1 if number % 2 else 0.3)
        if end - start > 0.05 * (samples[-1].s - samples[0].s):
            axes.text((start + end) / 2, 1.02, short(name, 16), transform=axes.get_xaxis_transform(), rotation=40)
    for name, colour, style in (("used", A, "-"), ("free", B, "--")):
        curve(axes, [one.s for one in samples], [getattr(one, name) for one in samples], 1000, colour, style, name)
    axes.set(xlabel="s", ylabel="kB")
    axes.set_ylim(bottom=0)
    axes.figure.legend(loc="outside lower center", ncols=2)


def together(times: list[float], near: float) -> list[list[int]]:
    """The numbers of the events, those in one list that are too near for a label each."""
    found = [[0]]
    for number in range(1, len(times)):
        if times[number] - times[found[-1][0]] < near:
            found[-1].append(number)
        else:
            found.append([number])
    return found


@plot
def recovery(axes, cases):
    """What happened after each fault, and when: the numbers are those of the table's events"""
    end = max([event.ms / 1000 for case in cases for event in case.events], default=0) or 1
    for row, case in enumerate(cases):
        times = sorted(event.ms / 1000 for event in case.events)
        axes.text(0, -row + 0.5, short(case.cause, 48))
        axes.plot(times, [-row] * len(times), "|-", color=A, markersize=9)
        marker, colour, size = ("o", A, 6) if verdicts.mark(case.ok, case.error) == "ok" else ("X", B, 9)
        axes.plot(times[-1:], [-row] * len(times[-1:]), marker, color=colour, markersize=size)
        for group in together(times, NEAR * end) if times else []:
            label = "–".join(str(number + 1) for number in dict.fromkeys((group[0], group[-1])))
            axes.text(sum(times[number] for number in group) / len(group), -row + 0.16, label, ha="center")
    axes.set(xlabel="s", yticks=[], xlim=(-0.03 * end, 1.03 * end), ylim=(-len(cases) + 0.7, 0.9))
    axes.spines.left.set_visible(False)
    axes.figure.set_figheight(0.7 + 0.55 * len(cases))


@plot
def soak(axes, run):
    """Bytes over time, with the errors"""
    samples = sorted(run.samples, key=lambda one: one.s)
    times, sizes = [one.s for one in samples], [one.bytes / 1e6 for one in samples]
    axes.plot(times, sizes, "-", color=A, label="bytes so far")
    if run.errors:
        at = [one.s for one in run.errors]
        heights = [[0, *sizes][bisect.bisect(times, when)] for when in at]
        axes.plot(at, heights, "X", color=B, markersize=7, label=f"errors: {len(at)}")
    axes.set(xlabel="s", ylabel="MB")
    axes.set_ylim(bottom=0)
    axes.figure.legend(loc="outside upper center", ncols=2)

"""make soak: every systematic plan, drawn ones, days of them, and a gigabyte through four sockets.

On CPython; on MicroPython one more day, for its heap, and the gigabyte.
"""

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("firmware", "tools", "host_tests", "host_tests/faults")]

import click  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.progress import Progress  # noqa: E402
from rich.table import Table  # noqa: E402

import systematic  # noqa: E402
from day import Day  # noqa: E402
from ec2x_sim.faultplan import PlanError, parse, text  # noqa: E402
from ec2x_tools import interpreter  # noqa: E402
from scenes import SCENES  # noqa: E402
from shrink import shrink  # noqa: E402

FLAT = 16 * 1024  # bytes by which the heap may differ: what is loaded when it is first needed, a socket that still closes
AGAIN = ".venv/bin/python host_tests/faults/soak.py --again"
console = Console(emoji=False, highlight=False)


def one_plan(job):
    """(scene, plan, what is broken, what nobody could notice, did that spoil something)."""
    name, plan = job
    try:
        world = systematic.play(name, plan)
    except Exception as error:
        return name, plan, f"{type(error).__name__}: {error}", "", False
    harms = [fault.harm for fault in world.plan.harmed()]
    return name, plan, "", harms[0] if harms else "", systematic.spoilt(world) is not None


def play_systematic(jobs: int) -> int:
    return play_plans([(name, plan) for name in SCENES for plan in systematic.plans(name)], "every position", jobs)


def play_drawn(jobs: int, seed: int, plans: int) -> int:
    each = -(-plans // len(SCENES))  # no fewer than were asked for
    return play_plans([(name, plan) for name in SCENES for plan in islice(systematic.drawn(name, seed), each)], "drawn together", jobs)


def play_plans(work: list, what: str, jobs: int) -> int:
    """How many plans break something."""
    broken, apart, spoilt, counts = [], Counter(), Counter(), Counter()
    with ProcessPoolExecutor(jobs) as pool, Progress(console=console) as progress:
        played = pool.map(one_plan, work, chunksize=64)
        for name, plan, wrong, harm, bad in progress.track(played, len(work), description=what):
            counts[name] += 1
            apart[harm] += bool(harm)
            spoilt[harm] += bad
            if wrong:
                broken.append((name, plan, wrong))
    console.print(", ".join(f"{name}: {count} plans" for name, count in counts.items()) + f"; {len(broken)} break something")
    for name, plan, wrong in broken[:20]:
        console.print(f'  {AGAIN} {name} "{plan}": {wrong}', markup=False, soft_wrap=True)
    table = Table(title="what nobody could notice without a checksum: measured apart", title_justify="left")
    for column in ("a byte changed, lost or added in", "plans", "of these something came out wrong"):
        table.add_column(column, justify="left" if not table.columns else "right")
    for harm in sorted(harm for harm in apart if harm and harm != "host"):
        table.add_row(harm, str(apart[harm]), str(spoilt[harm]))
    if table.row_count:
        console.print(table)
    return len(broken)


def one_day(job):
    """(seed, hours lived, faults, lives, what was broken, the hour's plan)."""
    seed, hours = job
    day = Day(seed)
    try:
        day.run(hours)
        return seed, hours, day.faults, day.done, "", ""
    except Exception as error:
        start = day.plan_start
        faults = [fault for fault in day.plan.happened if fault.ms >= start]
        for fault in faults:
            fault.ms -= start
        return seed, day.hour, day.faults, day.done, f"{type(error).__name__}: {error}", text(faults)


def hour_fails(seed, hour, faults):
    try:
        Day(seed).run(1, hour, text(faults))
        return False
    except Exception:
        return True


def least(seed, hour, faults):
    """What to call for the same: with as few faults as are enough for it, or with all the hours before."""
    again = partial(hour_fails, seed, hour)
    if not again(faults):
        return f"make soak PART=days SEEDS=1 SEED={seed} HOURS={hour + 1}"
    return f'{AGAIN} {seed}:{hour} "{text(shrink(faults, again))}"'


def play_again(what, plan):
    """A plan that broke something, once more."""
    try:
        parse(plan)
    except PlanError as error:
        raise click.BadParameter(f"{error}.", param_hint="--again") from None
    seed, _, hour = what.partition(":")
    if what in SCENES:
        systematic.play(what, plan)
    elif seed.isdigit() and hour.isdigit():
        Day(int(seed)).run(1, int(hour), plan)
    else:
        raise click.BadParameter(f"{what} is no scene: give one of {', '.join(SCENES)}, or SEED:HOUR.", param_hint="--again")
    console.print("Nothing breaks.")


def play_days(seeds: int, hours: int, jobs: int, first: int) -> int:
    """How many days break something."""
    work = [(seed, hours) for seed in range(first, first + seeds)]
    broken = 0
    lives, faults, lived = Counter(), 0, 0
    with ProcessPoolExecutor(jobs) as pool, Progress(console=console) as progress:
        for seed, hour, count, done, wrong, plan in progress.track(pool.map(one_day, work), len(work), description="days"):
            lives.update(done)
            faults += count
            lived += hour
            if wrong:
                broken += 1
                console.print(f"Seed {seed}, hour {hour}: {wrong}", markup=False)
                console.print(f"  To see it again: {least(seed, hour, parse(plan))}", markup=False, soft_wrap=True)
    console.print(f"{lived} hours, {faults} faults; {broken} of {seeds} days break something")
    console.print("  " + ", ".join(f"{name} {count}" for name, count in sorted(lives.items())))
    return broken


def on_micropython(name: str, arguments: list, total: float, done) -> list[dict] | None:
    """The rows that this program of ours prints, done(row) of total at each; None if it fails."""
    environment = interpreter.environment("firmware", "tools", "host_tests", "host_tests/faults")
    program = interpreter.command(interpreter.find(), str(ROOT / "host_tests/faults" / name), *map(str, arguments))
    rows = []
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as run, Progress(console=console) as progress:
        task = progress.add_task(name.removesuffix(".py"), total=total)
        for line in run.stdout:
            rows.append(json.loads(line))
            progress.update(task, completed=done(rows[-1]))
    if run.returncode:
        console.print("MicroPython failed: see above.")
        return None
    return rows


def play_heap(seed: int, hours: int) -> int:
    """A day on MicroPython: is its heap after each hour, from the fifth on, as large as before?"""
    rows = on_micropython("day.py", [seed, hours], hours, lambda row: row["hour"] + 1)
    if rows is None:
        return 1
    heaps = [row["heap"] for row in rows]
    late = heaps[4:] or heaps
    grown = max(late) - min(late)
    console.print(
        f"Seed {seed} on MicroPython: {len(rows)} hours, {rows[-1]['faults']} faults, none broken; gc.mem_alloc() of driver, simulator and "
        f"application after each hour, from the fifth: {min(late)} to {max(late)} bytes; after the first: {heaps[0]}"
    )
    return int(grown > FLAT)


def play_bytes(megabytes: float) -> int:
    """On MicroPython; rows into build/soak.json, a picture into build/soak.svg."""
    rows = on_micropython("gigabyte.py", [megabytes], megabytes * 1e6, lambda row: row["bytes"])
    if rows is None:
        return 1
    interpreter.BUILD.mkdir(exist_ok=True)
    (interpreter.BUILD / "soak.json").write_text(json.dumps(rows) + "\n")
    picture(rows, interpreter.BUILD / "soak.svg")
    last = rows[-1]
    late = last["latency_ms"]
    console.print(
        f"{last['bytes'] / 1e6:.0f} MB, every byte right: {last['bytes_per_s'] / 1000:.1f} KB/s, "
        f"{last['commands_per_kib']} commands a KiB; "
        f"{late['p50']}, {late['p90']}, {late['p99']} ms late (50, 90, 99 %); the heap is between "
        f"{min(row['heap'] for row in rows[1:])} and {max(row['heap'] for row in rows[1:])} bytes. The picture: build/soak.svg"
    )
    return 0


def picture(rows, path):
    """Rate, commands, latency and heap over time."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    rows = rows[1:]  # the first is from before a byte was moved
    hours = [row["seconds"] / 3600 for row in rows]
    shown = {
        "KB/s, mean so far": [row["bytes_per_s"] / 1000 for row in rows],
        "commands a KiB": [row["commands_per_kib"] for row in rows],
        "latency, ms": [[row["latency_ms"][name] for name in ("p50", "p90", "p99")] for row in rows],
        "heap after gc, KiB": [row["heap"] / 1024 for row in rows],
    }
    figure, plots = pyplot.subplots(len(shown), sharex=True, figsize=(9, 8), layout="constrained")
    for axes, (name, values) in zip(plots, shown.items()):
        lines = axes.plot(hours, values)
        axes.set(ylabel=name, ylim=(0, 1.2 * axes.dataLim.y1))
        axes.grid(alpha=0.3)
        if len(lines) > 1:
            axes.legend(lines, ("50 %", "90 %", "99 %"), loc="lower right")
    plots[0].set(title="four sockets, both ways, 921600 baud, 5 ms turnaround (virtual time)")
    plots[-1].set(xlabel="hours")
    figure.savefig(path)
    pyplot.close(figure)


_some = click.IntRange(1)


@click.command()
@click.option("--part", type=click.Choice(("all", "systematic", "drawn", "days", "heap", "bytes")), default="all", show_default=True)
@click.option("--seeds", default=20, show_default=True, type=_some, help="How many days.")
@click.option("--seed", default=1, show_default=True, help="The first of them.")
@click.option("--hours", default=24, show_default=True, type=_some, help="Of each day.")
@click.option("--megabytes", default=1000.0, show_default=True, type=click.FloatRange(1), help="Of bytes.")
@click.option("--plans", default=20_000, show_default=True, type=_some, help="Of drawn.")
@click.option("--jobs", default=2, show_default=True, type=_some, help="Processes.")
@click.option("--again", nargs=2, metavar="WHAT PLAN", help="Only this plan, of a scene or of SEED:HOUR.")
def soak(part, seeds, seed, hours, megabytes, plans, jobs, again):
    """Everything that make test plays a sample of."""
    if again:
        play_again(*again)
        return
    wrong = 0
    if part in ("all", "systematic"):
        wrong += play_systematic(jobs)
    if part in ("all", "drawn"):
        wrong += play_drawn(jobs, seed, plans)
    if part in ("all", "days"):
        wrong += play_days(seeds, hours, jobs, seed)
    if part in ("all", "heap"):
        wrong += play_heap(seed, hours)
    if part in ("all", "bytes"):
        wrong += play_bytes(megabytes)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    soak()

"""An hour of a mixed application on a bad line, and a bit of the gigabyte; `make soak` has the days, and all of it."""

import json
import shlex
from functools import partial

import pytest
from click.testing import CliRunner

import gigabyte
import soak
from day import Day
from ec2x.flow import Flow
from ec2x_sim.faultplan import parse
from fuzz.weigh import weigh
from shrink import shrink
from soak import FLAT

HERE = "host_tests/faults/"
FOLDERS = ("firmware", "tools", "host_tests", "host_tests/faults")


@pytest.mark.parametrize("seed", (1, 2))
def test_bad_hours_lose_nothing_unseen_and_leave_the_driver_no_larger(seed):
    weights = []
    day = Day(seed, hour_ms=600_000).run(3, each=lambda day, hour: weights.append(weigh(day.modem, without=(day, day.uart))[0]))
    assert day.faults > 200
    for life in ("download", "upload", "page end", "served", "question"):
        assert day.done.get(life, 0) > 2, day.done
    assert max(weights) - min(weights) < 3000, weights  # what is loaded when it is first needed, and a socket that still closes


def test_bad_hours_pass_on_micropython_too_and_leave_its_heap_as_it_was(micropython):
    result = micropython(HERE + "day.py", 5, 4, 300_000, folders=FOLDERS)
    assert result.returncode == 0, result.stdout
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert rows[-1]["faults"] > 150
    heaps = [row["heap"] for row in rows[1:]]
    assert max(heaps) - min(heaps) < FLAT, heaps


def test_400_kilobytes_through_four_sockets_are_exact_and_cost_a_command_for_each_kilobyte():
    rows = []
    gigabyte.run(0.4, rows.append)
    last = rows[-1]
    assert last["bytes"] == 400_000 and last["overrun"] == 0 and last["commands_per_kib"] <= 1.05
    assert last["stats"]["received"] == last["stats"]["sent"] == 200_000 and last["stats"]["failed"] == 0


def test_what_a_broken_day_prints_shows_it_again(monkeypatch):
    monkeypatch.setattr(Flow, "lost", lambda self: self._gone())  # a reset reads as an end
    monkeypatch.setattr(soak, "Day", partial(Day, hour_ms=60_000))
    for seed in range(1, 30):
        _, hour, _, _, wrong, plan = soak.one_day((seed, 1))
        if wrong:
            break
    told = soak.least(seed, hour, parse(plan))
    _, _, arguments = told.partition(" --again ")
    what, few = shlex.split(arguments)
    assert what == f"{seed}:0" and 0 < len(parse(few)) <= len(parse(plan))
    with pytest.raises(AssertionError):
        soak.play_again(what, few)
    monkeypatch.undo()
    soak.play_again("nothing", "command:0 lose")


def test_a_plan_is_shrunk_to_what_is_enough():
    calls = []

    def fails(items):
        calls.append(items)
        return 17 in items and 40 in items

    assert shrink(list(range(64)), fails) == [17, 40] and len(calls) <= 60
    assert shrink([5], fails) == [5]
    assert shrink(list(range(64)), lambda items: 63 in items) == [63]


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("--again", "nope", "reset"), "nope is no scene: give one of "),
        (("--again", "1:x", "reset"), "1:x is no scene"),
        (("--again", "client", "down:130 explode"), "explode is no fault of down"),
        (("--part", "drawn", "--plans", "0"), "'--plans'"),
        (("--part", "days", "--seeds", "0"), "'--seeds'"),
        (("--part", "bytes", "--megabytes", "0"), "'--megabytes'"),
        (("--jobs", "0"), "'--jobs'"),
    ],
)
def test_a_soak_that_cannot_be_is_no_success_and_no_traceback(arguments, says):
    done = CliRunner().invoke(soak.soak, arguments)
    assert done.exit_code == 2 and says in " ".join(done.output.split())


def test_no_fewer_plans_are_drawn_than_were_asked_for(monkeypatch):
    played = []
    monkeypatch.setattr(soak, "play_plans", lambda work, *_: played.extend(work))
    soak.play_drawn(1, 1, 5)
    assert len(played) >= 5 and {name for name, _ in played} == set(soak.SCENES)

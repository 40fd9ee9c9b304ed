"""The readings on the command line; and that each of them is tested."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ec2x_sim.quirks import READINGS
from ec2x_sim.readings import OTHERS, SWITCHES

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / "tools"


def program(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "ec2x_sim", *arguments],
        env={"PYTHONPATH": str(TOOLS), "PATH": "", **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_the_list_shows_every_row_and_every_switch():
    result = program("--list-quirks", COLUMNS="250")
    assert result.returncode == 0 and not result.stderr
    rows = [[cell.strip() for cell in text.split("│")[1:5]] for text in result.stdout.splitlines() if text.startswith("│")]
    assert {int(row) for row, *_ in rows for row in row.split(",")} == set(range(1, 45))
    assert [int(row.split(",")[0]) for row, *_ in rows] == sorted(int(row.split(",")[0]) for row, *_ in rows)
    shown = {name: (readings, meaning) for _, name, readings, meaning in rows}
    for _, name, readings, meaning in SWITCHES:
        assert shown[name][0].startswith(readings.replace("|", "* | ", 1).replace("|", " | ").replace("  ", " "))
        assert shown[name][1] == meaning
    assert sum(row[2] == "(only a typo)" for row in rows) == sum(typo for _, typo, _ in OTHERS)
    assert "short_write=" not in result.stdout and "0..1024" in shown["short_write"][0]


def test_the_list_fits_a_narrow_terminal():
    result = program("--list-quirks", COLUMNS="80")
    assert result.returncode == 0
    assert max(len(text) for text in result.stdout.splitlines()) <= 80
    for name in READINGS:
        assert f"│ {name} " in result.stdout


@pytest.mark.parametrize(
    "quirk, sentence",
    [
        ("no_such=1", "There is no quirk no_such: --list-quirks shows those that there are."),
        ("cancel", "cancel is no quirk: write cancel=ok|error|ignored."),
        ("cancel=OK", "cancel=OK is no quirk: write cancel=ok|error|ignored."),
        ("recv_cap=1025", "recv_cap=1025 is no quirk: write recv_cap=1024|700|100 or a number from 1 to 1024."),
        ("prompt_delay=[red]", "prompt_delay=[red] is no quirk: write prompt_delay=0|50|2000 or a number from 0 to 600000."),
    ],
)
def test_what_is_no_quirk_is_said_in_a_sentence(quirk, sentence):
    result = program("--quirk", "empty=error", "--quirk", quirk)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", sentence + "\n")


def test_each_value_of_each_switch_has_a_test():
    text = "".join(path.read_text() for path in sorted(HERE.glob("test_core_quirks_*.py")))
    text += (HERE / "test_core_sockets.py").read_text()
    missing = []
    for name, values in READINGS.items():
        used = set(re.findall(rf'\b{name}"?(?:=|: )"?(\w+)', text))
        if name in LOOPED:
            used |= set(re.findall(r"\w+", LOOPED[name]))
        missing += [f"{name}={value}" for value in values[1:] if value not in used]
    assert not missing


# Those that a loop goes through: the values in it.
LOOPED = {
    "prompt": "gt_sp gt crlf_gt_crlf",
    "short_write": "1 7 100",
    "result_style": "errno 55x neg",
    "idle_scale": "10 100",
    "full": "silent",
}


@pytest.mark.parametrize(
    "plan, sentence",
    [
        ("down:1 lose", "lose is no fault of down; there are: "),
        ("boom", "boom is no fault; there are: "),
        ("down:-1 drop", "drop has a number below 0."),
        ("draw:1", "draw:1 is no plan: write draw:SEED:SECONDS, or faults."),
        ("ms:5 mcu", "The simulator cannot reset the board: press its button, or leave mcu out."),
    ],
)
def test_what_is_no_plan_of_faults_is_said_in_a_sentence(plan, sentence):
    result = program("--faults", plan)
    assert result.returncode == 1 and result.stderr.startswith(sentence) and not result.stdout

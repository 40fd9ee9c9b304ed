"""What the conformance part of the bench kit says of a module, on both interpreters, and that a report can have it."""

from pathlib import Path

import pytest
from hil_conformance_cases import *  # noqa: F403
from hil_conformance_cases import rig_of, run

from ec2x_tools.hil import schema, verdicts

HERE = Path(__file__).parent


def test_it_says_the_same_on_a_board(micropython):
    result = micropython(HERE.parent / "micropython_runner.py", HERE / "hil_conformance_cases.py")
    if result.returncode:
        pytest.fail(result.stdout, pytrace=False)


def test_a_report_has_its_rows_as_they_are():
    rows = run(rig_of({"recv_hex": "yes", "prompt": "gt", "short_write": "7"}))
    conformance = {"readings": rows["reading"], "checks": rows["check"], "unforeseen": rows["unforeseen"]}
    result = schema.check({"schema": 1, "parts": ["conformance"], "conformance": conformance})
    assert [one.model_dump() for one in result.conformance.checks] == rows["check"]
    assert verdicts.parts(result)["conformance"][0] == "ok"

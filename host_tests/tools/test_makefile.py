"""A newcomer's first commands: `make` tells what there is, and a machine that cannot run it is told why."""

import subprocess

import pytest

from ec2x_tools.interpreter import ROOT

BOARDS = "flash deploy romfs hil hil-report hil-compare echo trace sim board".split()
TARGETS = ["demo", *BOARDS, *"test lint fuzz soak bench size package docs clean".split()]


def make(*arguments):
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_make_alone_lists_every_target_in_a_line():
    listed = [line.split()[0] for line in make().stdout.splitlines() if line.startswith("  ")]
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY"))
    assert listed == TARGETS == phony.split()[2:]


@pytest.mark.parametrize(
    "python, sentence",
    [
        (None, "Python is missing"),
        ("exit 1", "older than 3.10"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "no venv module"),
    ],
    ids=["none", "old", "no venv"],
)
def test_a_machine_without_what_it_needs_is_told_so(python, sentence, tmp_path):
    program = tmp_path / "python"
    if python:
        program.write_text(f"#!/bin/sh\n{python}\n")
        program.chmod(0o755)
    result = make("lint", f"PYTHON={program}", f"VENV={tmp_path}/venv")
    assert result.returncode
    assert sentence in result.stderr.splitlines()[0]
    assert not (tmp_path / "venv").exists()

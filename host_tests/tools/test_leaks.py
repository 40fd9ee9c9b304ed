"""leaks.py, on samples: a secret that a test prints is not overlooked, whichever way it is printed."""

import os
import subprocess
import sys

import pytest

import confidential
from ec2x_tools import interpreter

SAMPLE = """
import logging, os, sys, pytest
@pytest.fixture
def around():
    yield
    if {when} == "teardown":
        {act}
def test_sample(around):
    if {when} == "call":
        {act}
def test_other():
    print("nothing of note")
"""
FOLDERS = [str(interpreter.ROOT / "host_tests"), str(interpreter.ROOT / "tools")]


def run(folder, when, act, *options):
    (folder / "test_sample.py").write_text(SAMPLE.format(when=repr(when), act=act))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "leaks", "-p", "no:cacheprovider", *options, "test_sample.py"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(FOLDERS)}
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)


@pytest.mark.parametrize("name", sorted(confidential.ALL))
def test_each_secret_is_found(name, tmp_path):
    result = run(tmp_path, "call", f"print('AT+X={confidential.ALL[name]}')")
    assert result.returncode == 1 and f"a secret was printed: Captured stdout call: {name}" in result.stdout


@pytest.mark.parametrize(
    "when, act, options",
    [
        ("call", "sys.stderr.write({})", ()),
        ("call", "os.write(1, {}.encode())", ()),
        ("call", "os.system('echo ' + {})", ()),
        ("call", "logging.getLogger().warning({})", ()),
        ("teardown", "print({})", ()),
        ("call", "print({})", ("-n", "2")),
    ],
    ids=["stderr", "descriptor", "program", "log", "teardown", "xdist"],
)
def test_it_is_found_wherever_it_is_printed(when, act, options, tmp_path):
    result = run(tmp_path, when, act.format(repr(confidential.PIN)), *options)
    assert result.returncode == 1 and "a secret was printed" in result.stdout


def test_other_things_may_be_printed(tmp_path):
    assert run(tmp_path, "call", "print(12345678)").returncode == 0

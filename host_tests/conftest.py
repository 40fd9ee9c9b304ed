"""Fixtures of the tests that only CPython runs; the files that both interpreters run use none."""

import signal
import subprocess

import pytest

import confidential
from ec2x_tools import interpreter
from ec2x_tools.problem import Problem
from leaks import pytest_runtest_makereport  # noqa: F401 - a hook

# Thousands of plays each, most of whose time coverage would take. What they reach, a plain test reaches too: 100 % without them.
UNCOVERED = {"faults", "fuzz", "injection", "model", "tools", "test_readings.py"}


def pytest_configure():
    """Ctrl+C ends what the tests start, also where a shell in the background has them ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    for item in items:
        if UNCOVERED.intersection(item.path.relative_to(interpreter.ROOT).parts):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def micropython():
    """Runs a script on MicroPython, which is found or the test fails: never skipped."""
    try:
        program = interpreter.find()
    except Problem as error:
        pytest.fail(str(error), pytrace=False)

    def run(*arguments, folders=("firmware", "boards/unix", "tools", "host_tests"), timeout=540, **environment):
        try:
            result = subprocess.run(
                interpreter.command(program, *map(str, arguments)),
                cwd=interpreter.ROOT,
                env=interpreter.environment(*folders, **environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=timeout,
            )
        except subprocess.TimeoutExpired as hang:
            output = (hang.stdout or b"").decode(errors="replace")
            pytest.fail(f"{output}\nMicroPython did not end within {timeout} s.", pytrace=False)
        assert result.returncode or not confidential.told(result.stdout), "MicroPython printed a secret"
        return result

    return run

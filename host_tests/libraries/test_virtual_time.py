"""What the files named here test, on real MicroPython with its own libraries, in virtual time."""

from pathlib import Path

import pytest

from devices import ON_BOARD

RUNNER = Path(__file__).parents[1] / "micropython_runner.py"


@pytest.mark.parametrize("file", ["liveness", "going_down"])
def test_the_file_passes_on_a_board(file, micropython):
    result = micropython(RUNNER, ON_BOARD / f"{file}.py")
    if result.returncode:
        pytest.fail(result.stdout, pytrace=False)

"""The suite again, file by file, under MicroPython; and the runner itself, which must not pass what fails."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = [path for path in sorted([*HERE.glob("test_*.py"), *HERE.glob("sim/test_core_*.py")]) if path != Path(__file__)]
RUNNER = HERE / "micropython_runner.py"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_file_passes_on_a_board_as_it_does_here(file, micropython):
    result = micropython(RUNNER, file)
    if result.returncode:
        pytest.fail(result.stdout, pytrace=False)


@pytest.mark.parametrize(
    "source, verdict",
    [
        ("def test_good():\n    assert True\n", "1 passed, 0 failed"),
        ("def test_bad():\n    assert 1 == 2\ndef test_good():\n    pass\n", "1 passed, 1 failed"),
        ("def test_exit():\n    raise SystemExit(0)\n", "0 passed, 1 failed"),
        ("def helper():\n    pass\n", "0 passed, 1 failed"),
        ("import no_such_module\n", "0 passed, 1 failed"),
        (
            "import micropython\ndef test_a():\n    micropython.heap_lock()\n    micropython.heap_lock()\n    bytearray(100)\n"
            "def test_b():\n    bytearray(100)\n",
            "1 passed, 1 failed",
        ),
    ],
    ids=["good", "assert", "exit", "no test", "import", "heap locked"],
)
def test_the_runner_fails_what_fails(source, verdict, micropython, tmp_path):
    file = tmp_path / "test_sample.py"
    file.write_text(source)
    result = micropython(RUNNER, file)
    assert result.stdout.splitlines()[-1] == verdict
    assert result.returncode == (0 if verdict.endswith(" 0 failed") else 1)

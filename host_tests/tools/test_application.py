"""An application that the demo runs ends with it, and neither its failure nor its silence passes for success."""

import asyncio
import os

import pytest

from ec2x_tools import application, interpreter
from ec2x_tools.problem import Problem


def run(tmp_path, source, *arguments, silence=20.0, lines=100):
    """What the script printed, line by line, and the process id it had."""
    script = tmp_path / "app.py"
    script.write_text(source)

    async def follow():
        printed = []
        async with application.Application(interpreter.find(), str(script), list(arguments), "/dev/null", silence) as app:
            while len(printed) < lines and (line := await app.line()):
                printed.append(line)
            return printed, app._process.pid

    return asyncio.run(follow())


def test_its_lines_come_as_it_prints_them_with_its_arguments_and_its_port(tmp_path):
    source = "import os, sys\nprint('one')\nprint(os.getenv('EC2X_PORT'), sys.argv[1])"
    assert run(tmp_path, source, "two")[0] == ["one", "/dev/null two"]


def test_a_traceback_is_a_failure_that_shows_it(tmp_path):
    with pytest.raises(Problem, match="ValueError: broken"):
        run(tmp_path, "print('one')\nraise ValueError('broken')")


def test_an_exit_code_is_a_failure(tmp_path):
    with pytest.raises(Problem, match="failed"):
        run(tmp_path, "import sys\nsys.exit(3)")


def test_silence_is_a_hang(tmp_path):
    with pytest.raises(Problem, match="hangs"):
        run(tmp_path, "import time\ntime.sleep(60)", silence=0.5)


def test_an_application_that_is_left_early_is_gone(tmp_path):
    printed, pid = run(tmp_path, "print('one')\nwhile True: pass", lines=1)
    assert printed == ["one"]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_interpreter_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MICROPYTHON", "/nowhere/micropython")
    with pytest.raises(Problem, match="/nowhere/micropython"):
        interpreter.find()
    other = tmp_path / "for-another-computer"
    other.write_bytes(b"\x7fELF")
    other.chmod(0o755)
    for program in ("true", str(other)):
        monkeypatch.setenv("MICROPYTHON", program)
        with pytest.raises(Problem, match=f"MICROPYTHON={program} is not MicroPython"):
            interpreter.find()
    monkeypatch.delenv("MICROPYTHON")
    monkeypatch.setattr(interpreter.sys, "executable", "/nowhere/python")
    with pytest.raises(Problem, match="MICROPYTHON=path"):
        interpreter.find()

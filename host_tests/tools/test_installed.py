"""`pip install -e .` in a clone gives the command ec2x; without the clone it says what to do."""

import re
import shutil
import subprocess
import sys

import pytest

from ec2x_tools.interpreter import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text()
MODULE, FUNCTION = re.search(r'^ec2x = "([\w.]+):(\w+)"$', PYPROJECT, re.M).groups()
CALL = f"import sys; from {MODULE} import {FUNCTION}; sys.argv[0] = 'ec2x'; {FUNCTION}()"

STOP = """
import os, signal, sys

MOMENT = sys.argv.pop(1)

class Stop:
    def find_spec(self, name, *_):
        if name == MOMENT:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Stop())
"""


def python(folder, *arguments):
    """Python with the packages of a folder."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=60)


def test_the_command_is_there_and_what_goes_wrong_is_a_sentence():
    done = python(ROOT / "tools", "-c", CALL, "--help")
    assert done.returncode == 0 and done.stdout.startswith("Usage: ec2x "), done.stderr
    done = python(ROOT / "tools", "-c", CALL, "romfs", "--board", "PICO")
    assert done.returncode == 1 and done.stderr.startswith("There is no board PICO") and done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("moment", ("click", "ec2x_tools.deploy", "esptool", "ec2x_tools.trace.table"))  # the last one: while it works
def test_ctrl_c_at_any_moment_ends_it_without_a_word(moment, tmp_path):
    (tmp_path / "trace.txt").write_text("1 > b'AT'\n")
    done = python(ROOT / "tools", "-c", STOP + CALL, moment, "trace", "show", str(tmp_path / "trace.txt"))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_an_install_without_the_clone_says_so(tmp_path):
    for source in (ROOT / "tools").rglob("*.py"):  # what a wheel has
        target = tmp_path / source.relative_to(ROOT / "tools")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    done = python(tmp_path, "-c", CALL, "size")
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "`pip install -e .`" in done.stderr, done.stderr


def test_it_starts_without_what_only_the_tests_need():
    dev = PYPROJECT.partition("\ndev = [")[2].partition("\n]")[0]
    packages = {name.replace("-", "_") for name in re.findall(r'^ +"([\w-]+)==', dev, re.M)}
    loaded = python(ROOT / "tools", "-c", f"import sys, {MODULE}; print(*sys.modules)").stdout.split()
    assert "click" in loaded and "mypy" in packages
    assert not packages & set(loaded)

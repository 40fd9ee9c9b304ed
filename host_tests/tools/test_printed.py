"""What others say is shown as they said it: no :heart: of theirs becomes a picture, no [red] a colour."""

import ast

import pytest
from rich.console import Console
from rich.progress import Progress

from boardrig import deployed
from ec2x_tools.flash_esp32 import Log
from ec2x_tools.hil.command import Bars
from ec2x_tools.interpreter import ROOT
from ec2x_tools.ptyboard import PtyBoard
from traces import run

THEIRS = "a :heart: [red]b[/red] [/x] :1f600: c"
SOURCES = [path for folder in ("tools", "host_tests/faults") for path in sorted((ROOT / folder).rglob("*.py"))]


def consoles(path):
    """The calls of Console, and whether each has emoji=False."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Console":
            yield any(word.arg == "emoji" and word.value.value is False for word in node.keywords)


def test_no_tool_makes_pictures_of_words():
    found = {path: list(consoles(path)) for path in SOURCES}
    assert sum(map(len, found.values())) > 15 and [path for path, fine in found.items() if not all(fine)] == []


def test_what_an_application_prints_on_a_board_is_shown_as_it_is(tmp_path):
    (tmp_path / "app.py").write_text(f"print({THEIRS!r})")
    with PtyBoard(tmp_path / "flash") as rig:
        error, output = deployed("--board", "unix", "--port", rig.port, "--app", tmp_path / "app.py")
    assert error is None and f"\n {THEIRS}\n" in output


@pytest.mark.parametrize("line", (f"1 ! {THEIRS}", f"1 < {THEIRS.encode()!r}", f"1 > {THEIRS}"))
def test_a_trace_is_shown_as_it_was(tmp_path, line):
    assert THEIRS in run(tmp_path, line, "show").output


def test_what_a_bar_says_is_shown_as_it_is(capsys):
    console = Console(emoji=False, force_terminal=False, width=200)
    with Bars(console) as bars:
        bars.begin("soak")
        bars.show(1, 2, THEIRS)
        bars.end(THEIRS)
    with Progress(console=console) as bar:
        Log(bar).warning(THEIRS)
    assert capsys.readouterr().out.count(THEIRS) == 2

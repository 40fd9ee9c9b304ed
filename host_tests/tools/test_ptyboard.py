"""MicroPython's unix port on a pty is a board, for mpremote and for our own tools."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from boardrig import read, started, write
from ec2x_tools import interpreter, ptyboard
from ec2x_tools.problem import Problem
from ec2x_tools.ptyboard import PtyBoard
from ec2x_tools.serialboard import Board


@pytest.fixture
def port(tmp_path):
    with PtyBoard(tmp_path / "flash", GREETING="hello") as board:
        yield board.port


def mpremote(port, *arguments):
    done = subprocess.run([sys.executable, "-m", "mpremote", "connect", port, *arguments], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout


def test_mpremote_takes_it_for_a_board(port, tmp_path):
    (tmp_path / "script.py").write_text("print('from a script')\n")
    write(port, boot="print('boot')\n", main="print('main')\n")
    run = "exec", "import os; print(os.getenv('GREETING'))", "+", "run", str(tmp_path / "script.py")
    code, text = mpremote(port, *run, "+", "fs", "cp", ":boot.py", ":c.py", "+", "fs", "cat", ":c.py")
    assert code == 0 and text.splitlines()[:2] == ["hello", "from a script"] and text.splitlines()[-1] == "print('boot')"
    assert mpremote(port, "exec", "1 / 0")[0] != 0


def test_it_starts_as_a_board_does(port):
    write(port, boot="import sys\nprint('boot', sys.path)\nsys.path.insert(0, '/own')\n", main="print('main')\n1/0\n")
    lines = started(port)
    assert lines[:2] == ["boot ['', '.frozen', '/lib']", "main"] and lines[-1] == "ZeroDivisionError: divide by zero"
    with Board(port) as board:  # its soft reset runs boot.py alone
        assert board.run("import sys\nprint(sys.path[0], 'main' in globals())") == "/own False"


def test_a_reset_and_a_cut_of_the_power_start_the_application(tmp_path):
    with PtyBoard(tmp_path / "flash") as rig:
        write(rig.port, main="with open('/count', 'a') as file: file.write('x')\n")
        with Board(rig.port) as board:
            before = rig.starts
            board.leave("import machine\nmachine.reset()")
            assert rig.wait(before + 1)
        assert read(rig.port, "/count") == "x"
        before = rig.starts
        rig.cut_power()
        assert rig.wait(before + 1)
        assert read(rig.port, "/count") == "xx"
    with PtyBoard(tmp_path / "flash") as again:  # what it had it keeps
        assert again.wait(1)
        assert read(again.port, "/count") == "xxx"


def test_ctrl_c_stops_an_application_that_never_ends(port):
    write(port, main="import time\nwhile True:\n    print('on')\n    time.sleep(0.01)\n")
    lines = []

    def line(text):
        lines.append(text)
        if len(lines) == 3:
            raise KeyboardInterrupt

    with Board(port) as board, pytest.raises(KeyboardInterrupt):
        board.restart(line)
    with Board(port) as board:
        assert board.run("print(1 + 1)") == "2"


def test_output_is_bytes_as_a_board_sends_them(port):
    with Board(port) as board:
        assert board.run("print('a\\r')\nprint()\nprint('b\\n\\nc')").split("\n") == ["a", "", "b", "", "c"]
        board.leave("print('x')\nprint('y')")
        data = board._link.read_until(1, b"\x04\x04>", timeout=5)
    assert data == b"x\r\ny\r\n\x04\x04>"


def test_make_board_gives_a_newcomer_a_board_until_ctrl_c(tmp_path):
    elsewhere = "import sys, pathlib; from ec2x_tools import interpreter, __main__; interpreter.BUILD = pathlib.Path(sys.argv.pop())"
    command = [sys.executable, "-c", elsewhere + "; __main__.run()", "board", "--modem", "/dev/null", str(tmp_path / "build")]
    environment = {**os.environ, "PYTHONPATH": str(interpreter.ROOT / "tools")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        said = running.stdout.readline()
        with Board(said.split()[4].rstrip(":")) as board:
            assert board.run("import os\nprint(os.getenv('EC2X_PORT'))") == "/dev/null"
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0 and (tmp_path / "build/board.img").exists()


def test_a_modem_that_is_not_there_is_named():
    done = CliRunner().invoke(ptyboard.board, ["--modem", "/dev/pts/none"])
    assert isinstance(done.exception, Problem) and "There is no port /dev/pts/none: start `make sim`" in str(done.exception)


def test_an_application_that_nobody_listens_to_neither_stops_nor_keeps_the_board(tmp_path, monkeypatch):
    monkeypatch.setattr(ptyboard, "PATIENCE_S", 0.01)
    with PtyBoard(tmp_path / "flash") as rig:
        write(rig.port, main="for _ in range(2000): print('x' * 99)\nopen('/done', 'w').close()\n")
        with Board(rig.port) as board:
            starts = rig.starts
            board.leave("import machine\nmachine.reset()")
        assert rig.wait(starts + 1) and read(rig.port, "/done") == ""
        with Board(rig.port) as board:
            board.leave("while True: print('x' * 99)")
    assert not rig._thread.is_alive()

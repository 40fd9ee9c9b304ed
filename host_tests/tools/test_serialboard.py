"""Whatever is wrong with a board's port is one sentence that says what to do."""

import errno
import os
import pty
import tty

import pytest
import serial
from mpremote.transport import TransportError

from ec2x_tools import serialboard
from ec2x_tools.problem import Problem
from ec2x_tools.ptyboard import PtyBoard
from ec2x_tools.serialboard import Board


@pytest.fixture
def rig(tmp_path):
    with PtyBoard(tmp_path / "flash") as board:
        yield board


def complaint(port):
    with pytest.raises(Problem) as found, Board(port):
        pass
    return str(found.value)


def test_it_says_what_it_is_and_runs_what_it_is_told(rig):
    with Board(rig.port) as board:
        assert board.info.port == "unix" and board.info.mpy == "6.3" and board.info.version >= "1.24" and board.info.machine
        assert board.run("print('a\\nb')") == "a\nb" and board.run("pass") == ""
        lines = []
        board.follow("for i in range(300): print(i, 'ä')", lines.append)
        assert lines == [f"{i} ä" for i in range(300)]


def test_what_the_board_prints_by_itself_meanwhile_is_no_answer(rig):
    with Board(rig.port) as board:
        assert board.ask("print('I (1) wifi: up')\nprint('\\2a')\nprint('I (2)')\nprint('\\2b \\2c')") == ["a", "b \2c"]


def test_an_error_on_the_board_is_its_last_line_and_the_board_goes_on(rig):
    with Board(rig.port) as board:
        with pytest.raises(Problem, match=r"^On the board: ZeroDivisionError: divide by zero\.$"):
            board.run("print('before')\n1 / 0")
        with pytest.raises(Problem, match="SyntaxError"):
            board.run("def (")
        assert board.run("print(3)") == "3"


def test_a_port_that_is_not_there_or_that_somebody_has_is_told_apart(rig, tmp_path):
    assert complaint(str(tmp_path / "ttyNONE")).startswith(f"There is no port {tmp_path}/ttyNONE: ")
    with Board(rig.port):
        assert complaint(rig.port).startswith(f"{rig.port} is in use: close what has it open")


@pytest.mark.skipif(os.name != "posix", reason="groups are POSIX's")
def test_without_permission_it_names_the_group(rig, monkeypatch):
    import grp

    def refused(*_, **__):
        raise serial.SerialException(errno.EACCES, "could not open port")

    monkeypatch.setattr(serial, "serial_for_url", refused)
    group = grp.getgrgid(os.stat(rig.port).st_gid).gr_name
    said = f"You may not open {rig.port}: add yourself to the group {group} (sudo usermod -aG {group} $USER) and log in again."
    assert complaint(rig.port) == said


def test_where_no_micropython_answers_it_says_so_and_nothing_else(monkeypatch, capsys):
    monkeypatch.setattr(serialboard, "PATIENCE", (0.05, 0.1))
    monkeypatch.setattr(serialboard, "SILENCE", 0.05)
    master, slave = pty.openpty()
    tty.setraw(slave)
    try:
        assert "MicroPython does not answer" in complaint(os.ttyname(slave))
    finally:
        os.close(master)
        os.close(slave)
    assert capsys.readouterr().out == ""  # as mpremote would


def test_an_application_that_ctrl_c_does_not_end_is_told_apart_from_no_micropython(rig, monkeypatch):
    monkeypatch.setattr(serialboard, "PATIENCE", (0.5,))
    stubborn = "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except KeyboardInterrupt:\n        pass"
    with Board(rig.port) as board:
        board.leave(stubborn)
    assert "or its application catches Ctrl+C" in complaint(rig.port)


def test_a_board_that_falls_silent_or_goes_away_is_noticed(rig, monkeypatch):
    monkeypatch.setattr(serialboard, "SILENCE", 0.2)
    with Board(rig.port) as board, pytest.raises(Problem, match="fell silent"):
        board.run("import time\ntime.sleep(20)", timeout=0.1)

    def gone(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    with Board(rig.port) as board:
        monkeypatch.setattr(board._link, "exec_raw", gone)
        with pytest.raises(Problem, match="is gone: the cable was pulled"):
            board.run("pass")


def test_a_board_that_is_just_starting_is_asked_again(rig, monkeypatch):
    tries = []
    enter = serialboard.SerialTransport.enter_raw_repl

    def late(link, **kw):
        tries.append(kw)
        if len(tries) == 1:
            raise TransportError("could not enter raw repl")
        return enter(link, **kw)

    monkeypatch.setattr(serialboard.SerialTransport, "enter_raw_repl", late)
    with Board(rig.port) as board:
        assert board.run("print(1)") == "1"
    assert len(tries) > 1  # a computer that is busy may need one more

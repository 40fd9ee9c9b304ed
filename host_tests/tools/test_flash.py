"""make flash, what is the same for all boards: the table of boards, the arguments, and the wait for MicroPython."""

import pytest
from click.testing import CliRunner
from esptool.targets import ROM_LIST

from boardrig import Opens, read, write
from ec2x_tools import boards, interpreter, reach, serialboard
from ec2x_tools.flash import flash
from ec2x_tools.problem import Problem
from ec2x_tools.ptyboard import PtyBoard


def refused(*arguments):
    result = CliRunner().invoke(flash, list(arguments))
    assert isinstance(result.exception, Problem), result.exception or result.output
    return str(result.exception)


def test_each_folder_of_boards_can_be_named_and_each_name_has_a_folder():
    assert set(boards.BOARDS) == {folder.parent.name for folder in (interpreter.ROOT / "boards").glob("*/board.py")}


def test_esptool_writes_to_where_the_chip_starts():
    offsets = {rom.CHIP_NAME: rom.BOOTLOADER_FLASH_OFFSET for rom in ROM_LIST}
    esp32 = [board for board in boards.BOARDS.values() if board.port == "esp32"]
    assert esp32 and all(offsets[board.chip] == board.offset for board in esp32)


@pytest.mark.parametrize("arguments", [[], ["--board", "PICO"]])
def test_a_board_that_is_not_known_is_answered_with_those_that_are(arguments):
    listed = refused(*arguments).partition("give one of ")[2].rstrip(".\n").split(", ")
    assert listed == [name for name, board in boards.BOARDS.items() if board.port != "unix"]


def test_a_program_is_not_flashed():
    assert "nothing to flash" in refused("--board", "unix", "--firmware", __file__)


@pytest.mark.parametrize("name", ["", "nowhere.uf2", "."])
def test_a_firmware_that_cannot_be_read_is_told_with_where_to_get_one(name):
    assert "micropython.org/download/RPI_PICO2/" in refused("--board", "RPI_PICO2", "--firmware", name)


def test_it_waits_for_the_micropython_that_is_really_there_and_lets_the_application_start(tmp_path):
    with PtyBoard(tmp_path / "flash") as board:
        write(board.port, main="open('/done', 'w').close()")
        starts = board.starts
        port, info = reach.returned(board.port, set())
        assert board.wait(starts + 2) and read(board.port, "/done") == ""  # once to be asked, once with main.py
    assert port == board.port and info.port == "unix" and info.version[0].isdigit()


def test_a_port_that_comes_back_late_and_by_another_name_is_found(monkeypatch):
    seen = iter([{"/dev/other"}, {"/dev/other"}, {"/dev/other", "/dev/new"}])
    monkeypatch.setattr(reach, "ports", lambda: next(seen))
    monkeypatch.setattr(reach, "PAUSE_S", 0)
    monkeypatch.setattr(serialboard, "Board", Answers)
    assert reach.returned("/dev/no-such-port", {"/dev/other"}) == ("/dev/new", "info")


class Answers(Opens):
    info = "info"


@pytest.mark.parametrize("port", ["", "/dev/no-such-port", __file__])
def test_a_board_that_does_not_start_is_no_success(port, monkeypatch):
    monkeypatch.setattr(reach, "BACK_S", 0)
    monkeypatch.setattr(reach, "ports", set)
    with pytest.raises(Problem, match="is written, but"):
        reach.returned(port, set())

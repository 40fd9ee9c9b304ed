"""make deploy: only what changed goes over, and whatever is cut when, the board starts one whole version."""

import re

import pytest

from boardrig import Cut, deployed, put, read, started, write
from ec2x_tools import mpy
from ec2x_tools.deploy import Deployment, check
from ec2x_tools.problem import Problem
from ec2x_tools.ptyboard import PtyBoard
from ec2x_tools.serialboard import Board, Info

OWN_BOOT = "# mine\nprint('boot')\n"


@pytest.fixture
def small(tmp_path):
    """version(name): three files that belong together, and say so when they run."""

    def version(name):
        sources = {
            "ec2x/__init__": f"NAME = {name!r}\nPAD = {'x' * 700!r}",
            "board": f"NAME = {name!r}",
            "application": f"import board, ec2x\nprint('runs', {name!r}, board.NAME, ec2x.NAME)",
        }
        files = {}
        for file, text in sources.items():
            (tmp_path / "source.py").write_text(text)
            files[file + ".mpy"] = mpy.compiled(tmp_path, "source.py")
        return files

    return version


def test_the_package_the_board_and_an_application_get_there_and_run(rig, tmp_path):
    app = tmp_path / "app.py"
    app.write_text("import board, ec2x\nprint('an application with', ec2x.Modem.__name__, board.modem.__name__)\n")
    write(rig.port, boot=OWN_BOOT, main="print('before')\n")
    error, output = deployed("--board", "unix", "--port", rig.port, "--app", app)
    assert error is None, output
    assert "The main.py that was there is main.old.py now." in output and "an application with Modem modem" in output
    assert read(rig.port, "/boot.py").endswith(OWN_BOOT.rstrip()) and read(rig.port, "/main.old.py") == "print('before')"
    assert "It has ended, and the board waits in the REPL." in output and "help()" not in output
    assert started(rig.port) == ["boot", "an application with Modem modem"]


def test_without_an_application_the_package_can_be_imported_and_its_heap_is_told(rig):
    starts = rig.starts
    error, output = deployed("--board", "unix", "--port", rig.port)
    assert error is None and rig.wait(starts + 3), output
    assert re.search(r"`import ec2x` takes \d{5} bytes of heap", output)
    with Board(rig.port) as board:
        assert board.run("import board, ec2x\nprint(ec2x.__file__)").startswith("/deployed/")
    error, output = deployed("--board", "unix", "--port", rig.port)
    assert error is None and "0 of them new to the board" in output and "sending" not in output


def test_an_application_that_is_not_ours_goes_on_with_the_new_package(rig):
    write(rig.port, main="import ec2x\nwith open('/done', 'w') as file: file.write(ec2x.__file__)")
    starts = rig.starts
    assert deployed("--board", "unix", "--port", rig.port)[0] is None
    assert rig.wait(starts + 3) and read(rig.port, "/done").startswith("/deployed/")


def test_only_what_has_changed_is_sent(rig, small):
    first = small("one")
    assert put(rig.port, first).size == sum(map(len, first.values()))
    assert put(rig.port, first).missing == {}
    changed = {**first, "board.mpy": small("two")["board.mpy"]}
    assert list(put(rig.port, changed).missing) == ["board.mpy"]
    assert started(rig.port) == ["runs one two one"]
    with Board(rig.port) as board:  # and what was before is gone
        assert len(board.run("import os\nprint('\\n'.join(os.listdir('/deployed')))").split()) == 1


def test_what_was_begun_and_left_takes_nobodys_room_and_is_not_sent_again(rig, small):
    put(rig.port, small("one"))
    with Board(rig.port) as board:
        board.run("import os\nos.mkdir('/deployed/left')\nwith open('/deployed/left/big', 'wb') as big: big.write(bytes(950_000))")
        deployment = Deployment(board, small("two"), alive_ms=60_000)
        deployment.look()
        deployment.send()
    assert put(rig.port, small("two")).missing == {}
    assert started(rig.port) == ["runs two two two"]


def test_an_application_stays_when_none_is_named(rig, small):
    put(rig.port, small("one"))
    new = small("two")
    del new["application.mpy"]
    assert put(rig.port, new).has_application
    assert started(rig.port) == ["runs one two two"]


@pytest.mark.parametrize("before", ("mine", "one"))
def test_wherever_the_power_is_cut_one_whole_version_starts(tmp_path, small, before):
    new, old = small("new"), small("one")
    seen, n = [], 0
    while True:
        n += 1 if before == "one" else 2
        with PtyBoard(tmp_path / f"flash{n}") as rig:
            if before == "one":
                put(rig.port, old)
            else:
                write(rig.port, boot=OWN_BOOT, main="print('runs mine')\n")
            try:
                put(rig.port, new, wrap=lambda board: Cut(board, rig, n))
                break
            except Problem:
                pass
            seen.append([line for line in started(rig.port) if line != "boot"])
            if n % 8 == 0:  # and the next one is not hindered by what is left
                put(rig.port, new)
                assert started(rig.port)[-1] == "runs new new new"
    whole = {"mine": ["runs mine"], "one": ["runs one one one"]}[before]
    assert n > 20 and len(seen) > 9 and seen[0] == whole and seen[-1] == ["runs new new new"]
    assert seen == sorted(seen, key=lambda lines: lines != whole) and all(lines in (whole, ["runs new new new"]) for lines in seen), seen


def test_a_board_whose_cable_is_pulled_starts_the_old_version_by_itself(rig, small):
    put(rig.port, small("one"))
    starts = rig.starts
    with pytest.raises(RuntimeError), Board(rig.port) as board:
        deployment = Deployment(board, small("two"), alive_ms=200)
        deployment.look()
        raise RuntimeError("the cable is pulled: nothing more is said")
    assert rig.wait(starts + 2)  # the soft reset does not count: then the one of its own
    assert started(rig.port) == ["runs one one one"]


def test_a_flash_that_refuses_the_last_step_keeps_the_old_version(rig, small):
    put(rig.port, small("one"))

    class Refuses:
        def __init__(self, board):
            self.leave = board.leave
            self._run = board.run

        ask = Board.ask

        def run(self, code, timeout=10):
            return self._run(code.replace("boot.py.new', ", "boot.py.none', "))

    with pytest.raises(Problem, match="ENOENT"):
        put(rig.port, small("two"), wrap=Refuses)
    assert started(rig.port) == ["runs one one one"]


def test_ctrl_c_while_it_is_sent_leaves_the_old_version_running(rig, small, monkeypatch, tmp_path):
    put(rig.port, small("one"))

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Deployment, "send", stopped)
    starts = rig.starts
    error, _ = deployed("--board", "unix", "--port", rig.port)
    assert error is not None and rig.wait(starts + 2)
    assert started(rig.port) == ["runs one one one"]


def test_a_version_that_the_board_cannot_import_is_not_changed_over_to(rig, small):
    write(rig.port, boot="import sys\nif len(sys.path) > 3:\n    import board, ec2x\n")  # lines of the user's own, that have them already
    put(rig.port, small("one"))
    broken = {**small("two"), "board.mpy": b"M\x05" + small("two")["board.mpy"][2:]}
    with pytest.raises(Problem, match="incompatible .mpy"):
        put(rig.port, broken)
    assert started(rig.port) == ["runs one one one"]


def test_what_cannot_be_done_is_said_before_anything_is_touched(rig, small, tmp_path):
    (tmp_path / "bad.py").write_text("x = 1\ndef f(:\n")
    (tmp_path / "guarded.py").write_text("def main(): pass\nif __name__ == '__main__':\n    main()\n")
    problems = {
        "none.py": "There is no application ",
        "bad.py": "mpy-cross refuses bad.py, line 2: SyntaxError: invalid syntax.",
        "guarded.py": "guarded.py is imported on a board, where nobody is __main__",
    }
    for app, words in problems.items():
        assert words in str(deployed("--board", "unix", "--port", rig.port, "--app", tmp_path / app)[0])
    assert str(deployed("--port", rig.port)[0]).startswith("BOARD is missing: give one of ESP32_GENERIC, ")
    assert str(deployed("--board", "unix")[0]).startswith("PORT is missing: ")
    assert "There is no board PICO" in str(deployed("--board", "PICO", "--port", rig.port)[0])
    assert "RPI_PICO has RP2040, and the board says that it is linux" in str(deployed("--board", "RPI_PICO", "--port", rig.port)[0])
    with pytest.raises(Problem, match=r"has \d+ KB free, and a version takes 2\d{3} KB"):
        put(rig.port, {**small("one"), **{f"{n}.mpy": bytes([n]) * 500_000 for n in range(5)}})
    assert started(rig.port) == []


@pytest.mark.parametrize(
    "name, port, machine, mpy, words",
    (
        ("RPI_PICO_W", "rp2", "Raspberry Pi Pico W with RP2040", "6.3", None),
        ("ESP32_GENERIC_S3", "esp32", "Generic ESP32S3 module with ESP32S3", "6.3", None),
        ("RPI_PICO2", "rp2", "Raspberry Pi Pico2 with RP2350-RISCV", "6.3", None),
        ("MY_OWN", "rp2", "A board of mine with RP2040", "6.3", None),
        ("RPI_PICO2", "rp2", "Raspberry Pi Pico with RP2040", "6.3", "RPI_PICO2 has RP2350"),
        ("ESP32_GENERIC", "esp32", "Generic ESP32S3 module with ESP32S3", "6.3", "has ESP32, and the board says"),
        ("RPI_PICO", "rp2", "Raspberry Pi Pico with RP2040", "5.1", "takes .mpy files of version 5.1, and mpy-cross makes 6"),
    ),
)
def test_a_board_that_is_another_or_too_old_is_told(name, port, machine, mpy, words):
    info = Info(port, machine, "1.29.0", mpy)
    if words is None:
        check(name, info, {"board.mpy": b"M\x06"})
        return
    with pytest.raises(Problem, match=words):
        check(name, info, {"board.mpy": b"M\x06"})


def test_a_mistake_in_the_command_stops_no_application(rig, small):
    put(rig.port, small("one"))
    starts = rig.starts
    assert "RPI_PICO has RP2040" in str(deployed("--board", "RPI_PICO", "--port", rig.port)[0])
    assert rig.wait(starts + 2)  # the soft reset does not count


@pytest.mark.parametrize("while_it", ("is told", "runs"))
def test_stopped_in_the_middle_of_a_word_the_board_starts_again_at_once(rig, monkeypatch, while_it):
    def stopped(deployment, *_):
        link = deployment._board._link
        if while_it == "runs":
            link.exec_raw_no_follow("import time\ntime.sleep(20)")
        else:
            link.serial.write(b"\x05A\x01")
            link.serial.read(4)
            link.serial.write(b"print(")
        raise KeyboardInterrupt

    monkeypatch.setattr(Deployment, "send", stopped)
    starts = rig.starts
    assert deployed("--board", "unix", "--port", rig.port)[0] is not None
    assert rig.wait(starts + 2, 3)  # not when it has heard nothing for 15 s

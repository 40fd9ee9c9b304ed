"""make deploy: what was on the board is kept, however full it is and whatever bytes are in its files and their names."""

import re

import pytest

from boardrig import deployed, put, started
from ec2x_tools import mpy
from ec2x_tools.problem import Problem
from ec2x_tools.serialboard import Board

FILL = """
try:
    with open('/log.txt', 'wb') as file:
        while True:
            file.write(bytes(4096))
            file.flush()
except OSError:
    pass
"""


@pytest.fixture
def version(tmp_path):
    """version(name): an application that says so, and 30 KB beside it."""

    def made(name):
        (tmp_path / "app.py").write_text(f"print('runs', {name!r})")
        files = {f"ec2x/{n}.mpy": f"{name}{n}".encode() * 1500 for n in range(5)}
        for file in ("ec2x/__init__", "board", "application"):
            files[file + ".mpy"] = mpy.compiled(tmp_path, "app.py")
        return files

    return made


def write(rig, path, data):
    with Board(rig.port) as board:
        board.run(f"with open({path!r}, 'wb') as file: file.write({data!r})")


def read(rig, path):
    with Board(rig.port) as board:
        return eval(board.run(f"print(open({path!r}, 'rb').read())"))


def listing(rig, folder):
    with Board(rig.port) as board:
        return board.run(f"import os\nprint(*os.listdir({folder!r}))").split()


class Full:
    """A board whose flash is full when boot.py is to be written."""

    def __init__(self, board):
        self.leave = board.leave
        self._run = board.run

    def run(self, code, timeout=10):
        return self._run(code.replace("begin(b'/boot.py.new')", "raise OSError(28)"), timeout)

    ask = Board.ask


class Fills:
    """A board whose application, say, fills the flash before the n-th thing that it is told."""

    def __init__(self, board, n):
        self._board = board
        self._left = n

    def __getattr__(self, name):
        return getattr(self._board, name)

    def run(self, code, timeout=10):
        self._left -= 1
        if not self._left:
            self._board.run(FILL, timeout)
        return self._board.run(code, timeout)

    ask = Board.ask


def test_each_main_py_of_the_users_is_kept(rig, tmp_path):
    (tmp_path / "app.py").write_text("print('an application')")
    mains = ["print('the first')\n", "print('the second')\n", "print('the second')\n", "print('the third')\n"]
    said = []
    for main in mains:
        write(rig, "/main.py", main.encode())
        error, output = deployed("--board", "unix", "--port", rig.port, "--app", tmp_path / "app.py")
        assert error is None, output
        said += re.findall(r"The main.py that was there is (\S+) now\.", output)
    assert said == ["main.old.py", "main.old2.py", "main.old2.py", "main.old3.py"]
    assert [read(rig, "/" + name).decode() for name in dict.fromkeys(said)] == list(dict.fromkeys(mains))
    assert started(rig.port) == ["an application"]


@pytest.mark.parametrize("at", (7, 30, 60))
def test_a_flash_that_becomes_full_keeps_the_old_version_and_is_told_what_to_delete(rig, version, at):
    put(rig.port, version("old"))
    write(rig, "/notes.txt", bytes(9000))
    write(rig, "/small.txt", b"small")
    with pytest.raises(Problem) as found:
        put(rig.port, version("new"), wrap=lambda board: Fills(board, at))
    pattern = (
        r"The board has \d KB free, and a version takes \d+ KB beside the one that runs, (\d+) KB more: "
        r"delete files of yours, such as /log.txt \(\d\d\d,\d{3} bytes\), /notes.txt \(9,000 bytes\), with `mpremote fs rm`\."
    )
    missing = re.fullmatch(pattern, str(found.value))
    assert missing and (int(missing[1]) > 60) == (at < 10), str(found.value)
    assert started(rig.port) == ["runs old"] and len(listing(rig, "/deployed")) == 1
    with Board(rig.port) as board:
        board.run("import os\nos.remove('/log.txt')")
    put(rig.port, version("new"))
    assert started(rig.port) == ["runs new"]


def test_a_flash_that_is_full_at_the_last_step_keeps_the_old_version(rig, version):
    put(rig.port, version("old"))
    with pytest.raises(Problem, match="4 KB more: make the application smaller"):
        put(rig.port, version("new"), wrap=Full)
    assert started(rig.port) == ["runs old"] and len(listing(rig, "/deployed")) == 1


def test_where_nothing_of_the_users_can_go_the_application_is_too_large(rig, version):
    put(rig.port, version("old"))
    with pytest.raises(Problem, match=r"has \d+ KB free, and a version takes \d+ KB .* KB more: make the application smaller\.$"):
        put(rig.port, {**version("new"), "a.bin": bytes(600_000), "b.bin": bytes([1]) * 600_000})
    assert started(rig.port) == ["runs old"]


def test_no_byte_of_the_users_files_is_in_the_way(rig, version):
    boot, main = b"# \xe4\xff\r\nprint('boot')\x85 # \r", b"print('main')  # \xe4\xff"
    write(rig, "/boot.py", boot.replace(b"\x85", b""))
    write(rig, "/main.py", main)
    write(rig, b"/\xff", b"a name")
    put(rig.port, version("old"))
    assert read(rig, "/boot.py").endswith(boot.replace(b"\x85", b"")) and read(rig, "/main.old.py") == main
    with Board(rig.port) as board:
        board.run("import os\nfolder = '/deployed/' + os.listdir('/deployed')[0]\nopen(folder.encode() + b'/\\xff', 'wb').close()")
    put(rig.port, version("new"))
    assert started(rig.port) == ["boot", "runs new"] and len(listing(rig, "/deployed")) == 1


def test_a_source_that_is_not_utf_8_is_named_and_its_line(rig, version, tmp_path):
    put(rig.port, version("old"))
    (tmp_path / "latin.py").write_bytes(b"A = 1\nB = '\xe4'\n")
    error, _ = deployed("--board", "unix", "--port", rig.port, "--app", tmp_path / "latin.py")
    assert str(error) == "latin.py, line 2, is not UTF-8: save it in that encoding."
    assert started(rig.port) == ["runs old"]


def test_an_application_that_dies_is_told_apart_from_one_that_ends(rig, tmp_path):
    app = tmp_path / "app.py"
    app.write_text("import sys\n\ntry:\n    1 / 0\nexcept ZeroDivisionError as error:\n    sys.print_exception(error)\nprint('goes on')\n")
    error, output = deployed("--board", "unix", "--port", rig.port, "--app", app)
    assert error is None and "It has ended, and" in output
    app.write_text("def down():\n    raise OSError(5, 'down')\n\n\ndown()\n")
    error, output = deployed("--board", "unix", "--port", rig.port, "--app", app)
    assert isinstance(error, Problem) and "ended with this error" in str(error) and "OSError: [Errno 5]" in output

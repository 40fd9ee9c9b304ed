"""make romfs: a board runs ec2x, board.py and the application from the image, and a traceback has lines."""

import pytest
from click.testing import CliRunner

from ec2x_tools import interpreter, package, romfs
from ec2x_tools.problem import Problem

MOUNT = """
import sys
import vfs

with open(sys.argv[1], "rb") as file:
    vfs.mount(vfs.VfsRom(file.read()), "/rom")
sys.path.append("/rom")
"""
SOCKET = """
import ec2x
from ec2x_tools.virtual import Board

it = Board()
it.online()
sock, peer = it.client()
peer.send(b"down")
print(sock.recv(10))
sock.send(b"up")
it.pump(100)
print(peer.recv(10), ec2x.__file__)
"""
APPLICATION = """import board

print("on", board.__file__)
raise ValueError("here")
"""


def make(*arguments):
    """The command; returns what it printed."""
    result = CliRunner().invoke(romfs.romfs, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture(autouse=True)
def build(tmp_path, monkeypatch):
    monkeypatch.setattr(interpreter, "BUILD", tmp_path / "build")
    return tmp_path / "build"


def test_a_socket_opens_with_nothing_but_the_image(build, micropython, tmp_path):
    make()
    (tmp_path / "script.py").write_text(MOUNT + SOCKET)
    done = micropython(tmp_path / "script.py", build / "romfs.img", folders=("tools",))
    assert done.stdout.splitlines() == ["b'down'", "b'up' /rom/ec2x/__init__.mpy"], done.stdout


def test_board_and_application_start_and_an_error_has_its_line(build, micropython, tmp_path):
    (tmp_path / "blinker.py").write_text(APPLICATION)
    make("--board", "unix", "--app", str(tmp_path / "blinker.py"))
    (tmp_path / "script.py").write_text(MOUNT + "import application\n")
    done = micropython(tmp_path / "script.py", build / "romfs-unix.img", folders=())
    assert done.stdout.splitlines()[0] == "on /rom/board.mpy"
    assert 'File "blinker.py", line 4' in done.stdout and done.stdout.endswith("ValueError: here\n")


def test_an_application_that_is_a_folder_finds_what_is_beside_it(build, micropython, tmp_path):
    (tmp_path / "app/pkg/deep").mkdir(parents=True)
    (tmp_path / "app/main.py").write_text(
        "import board, pkg.deep.part\nprint(pkg.deep.part.NAME, open(__file__[:-8] + 'pkg/ca.der', 'rb').read())"
    )
    (tmp_path / "app/pkg/deep/part.py").write_text("NAME = 'a part'")
    (tmp_path / "app/pkg/ca.der").write_bytes(b"\xff")
    make("--board", "unix", "--app", str(tmp_path / "app"))
    (tmp_path / "script.py").write_text(MOUNT + "import application\n")
    done = micropython(tmp_path / "script.py", build / "romfs-unix.img", folders=())
    assert done.stdout == "a part b'\\xff'\n"


@pytest.mark.parametrize("board", [path.parent.name for path in package.BOARDS.glob("*/board.py")])
def test_each_board_has_its_image_and_is_told_how_to_take_it(board, build):
    printed = make("--board", board)
    image = build / f"romfs-{board}.img"
    assert f"{image.stat().st_size:,} bytes" in printed and f"romfs-{board}.img + soft-reset" in printed
    assert "`import application`" not in printed


def test_the_image_has_what_mip_installs():
    assert set(package.contents()) == {name[: -len("py")] + "mpy" for name in package.files()}


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--board", "PICO"], "There is no board PICO: give one of ESP32_GENERIC, "),
        (["--app", "nowhere.py"], "There is no application nowhere.py"),
        (["--app", "notes.txt"], "notes.txt is no .py file"),
        (["--app", "bad.py"], "mpy-cross refuses bad.py, line 1: SyntaxError"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(arguments, sentence, build, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text("def (:\n")
    (tmp_path / "notes.txt").touch()
    with pytest.raises(Problem) as problem:
        make(*arguments)
    assert str(problem.value).startswith(sentence) and not build.exists()

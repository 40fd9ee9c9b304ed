"""mip and a frozen manifest give a board each file that it needs, from a clone and from a repository, by one package.json."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from mpremote import main, mip

import ec2x
from ec2x_tools import package
from ec2x_tools.interpreter import ROOT
from ec2x_tools.ptyboard import PtyBoard

FIRMWARE = ROOT / "firmware"
MIP = """
import json
import sys


class Answer:
    status_code = 200

    def __init__(self, url):
        start, _, path = url.partition("/firmware/")
        print("asked", start)
        self.raw = open(sys.argv[2] + "/" + path, "rb")
        self.json = lambda: json.load(self.raw)
        self.close = self.raw.close


class requests:
    get = Answer


sys.modules["requests"] = requests
import mip

mip.install(sys.argv[1], target=sys.argv[3], version=sys.argv[4])
sys.path.insert(0, sys.argv[3])
import ec2x

print(ec2x.__file__, ec2x.__version__)
"""


class Transport:
    """mpremote's view of a board whose file system is a folder."""

    def __init__(self, folder):
        self._folder = folder
        self.fs_exists = lambda path: (folder / path.strip("/")).exists()
        self.fs_mkdir = lambda path: (folder / path.strip("/")).mkdir()

    def exec(self, code):
        pass

    def eval(self, code):
        assert code == "sys.path"
        return ["", ".frozen", "/rom/lib", "/lib"]

    def fs_writefile(self, path, data, progress_callback):
        (self._folder / path.strip("/")).write_bytes(data)


def needed():
    return {path.name: path.read_bytes() for path in (FIRMWARE / "ec2x").glob("*.py") if path.name != "cpython.py"}


def installed(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def mpremote(folder, *arguments):
    """mpremote mip install ..., on a board whose files are in a folder."""
    state = SimpleNamespace(transport=Transport(folder), did_action=lambda: None, ensure_raw_repl=lambda: None)
    mip.do_mip(state, main.argparse_mip().parse_args(["install", *arguments]))


def test_package_json_has_what_the_folder_has():
    assert (FIRMWARE / "package.json").read_text() == package.text(), "run make package"


def test_a_new_file_and_a_new_version_are_in_it(tmp_path, monkeypatch):
    (tmp_path / "ec2x").mkdir()
    for name in ("one.py", "two.py", "two.pyi", "cpython.py"):
        (tmp_path / "ec2x" / name).touch()
    monkeypatch.setattr(package, "FIRMWARE", tmp_path)
    monkeypatch.setattr(package, "version", lambda: "1.2.3")
    assert not CliRunner().invoke(package.package).exception
    written = json.loads((tmp_path / "package.json").read_text())
    assert written == {"urls": [[f"ec2x/{name}.py"] * 2 for name in ("one", "two")], "deps": [], "version": "1.2.3"}


def test_there_is_one_version():
    assert package.version() == ec2x.__version__


def test_what_mpremote_installs_is_imported_on_a_board(tmp_path):
    with PtyBoard(tmp_path / "flash") as board:
        command = [sys.executable, "-m", "mpremote", "connect", board.port, "mip", "install", "firmware/package.json"]
        command += ["+", "exec", "import ec2x; print(ec2x.__file__, ec2x.__version__)"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == f"/lib/ec2x/__init__.py {ec2x.__version__}", done.stdout + done.stderr


@pytest.mark.parametrize("place, path", [(ROOT, "firmware/package.json"), (FIRMWARE, "package.json"), ("/", f"{FIRMWARE}/package.json")])
def test_mpremote_installs_from_a_clone(place, path, tmp_path, monkeypatch):
    monkeypatch.chdir(place)
    mpremote(tmp_path, path)
    assert installed(tmp_path / "lib" / "ec2x") == needed()


@pytest.mark.parametrize(
    "path, url",
    [
        ("github:org/ec2x/firmware/package.json", "https://raw.githubusercontent.com/org/ec2x/HEAD"),
        ("github:org/ec2x/firmware@v0.1.0", "https://raw.githubusercontent.com/org/ec2x/v0.1.0"),
        ("gitlab:org/ec2x/firmware/package.json", "https://gitlab.com/org/ec2x/-/raw/HEAD"),
        ("https://example.com/ec2x/firmware/package.json", "https://example.com/ec2x"),
    ],
)
def test_mpremote_installs_from_a_repository(path, url, tmp_path, monkeypatch):
    def urlopen(asked):
        assert asked.startswith(url + "/firmware/")
        return open(FIRMWARE / asked[len(url + "/firmware/") :], "rb")

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    mpremote(tmp_path, path)
    assert installed(tmp_path / "lib" / "ec2x") == needed()


def test_a_board_that_is_online_installs_it_itself(micropython, tmp_path):
    (tmp_path / "install.py").write_text(MIP)
    lib = tmp_path / "lib"
    done = micropython(tmp_path / "install.py", "github:org/ec2x/firmware", FIRMWARE, lib, "v0.1.0", folders=())
    assert done.stdout.splitlines()[-1] == f"{lib}/ec2x/__init__.py {ec2x.__version__}"
    asked = {line for line in done.stdout.splitlines() if line.startswith("asked")}
    assert asked == {"asked https://raw.githubusercontent.com/org/ec2x/v0.1.0"}
    assert installed(lib / "ec2x") == needed()


class Freezing:
    """What MicroPython's build gives a manifest, and what it keeps: as tools/manifestfile.py there has it."""

    def __init__(self):
        self.about, self.files = None, {}

    def include(self, path):
        path = Path(path).resolve()
        before = os.getcwd()
        os.chdir(path.parent)
        try:
            exec(path.read_text(), {name: getattr(self, name) for name in ("include", "metadata", "module", "package")})
        finally:
            os.chdir(before)

    def metadata(self, *, description=None, version=None, license=None, author=None):
        assert self.about is None, "a build takes it once"
        self.about = description, version, license

    def package(self, package_path, files=None, base_path=".", opt=None):
        for file in files:
            self.module(f"{package_path}/{file}", base_path, opt)

    def module(self, module_path, base_path=".", opt=None):
        self.files[module_path] = Path(base_path, module_path).read_bytes(), opt


def test_a_firmware_has_it_frozen(tmp_path):
    manifest = tmp_path / "manifest.py"
    manifest.write_text(f"include({str(FIRMWARE / 'manifest.py')!r})\nmodule('board.py', base_path={str(ROOT / 'boards/RPI_PICO')!r})\n")
    freezing = Freezing()
    freezing.include(manifest)
    assert freezing.about[1:] == (package.version(), "MIT")
    board = freezing.files.pop("board.py")
    assert b"uart.modem" in board[0]
    assert freezing.files == {f"ec2x/{name}": (text, 3) for name, text in needed().items()}

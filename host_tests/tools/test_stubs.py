"""The type stubs: what they promise is there, with the same parameters and defaults, and what is there they promise."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

from ec2x_tools.interpreter import ROOT

HERE = Path(__file__).parent
PACKAGE = ROOT / "firmware" / "ec2x"
STUBS = sorted(PACKAGE.glob("*.pyi"))
MISTAKES = {  # what stubtest has to name when a stub says something else
    "ec2x.Modem.__init__": ("__init__", "best_baud: int | None = None", "best_baud: int | None = 9600"),
    "ec2x.Modem.command": ("__init__", "data: bytes | str | None", "payload: bytes | str | None"),
    "ec2x.Modem.poll": ("__init__", "def poll(self)", "def poll(self, n: int)"),
    "ec2x.Modem.resolves": ("__init__", "def resolve(self", "def resolves(self"),
    "ec2x.Modem.resolve": ("__init__", "def resolve(self", "def resolves(self"),
    "ec2x.fwd.Fwd.server": ("fwd", "idle: int = 65535", "idle: int = 6553"),
    "ec2x.online.online": ("online", "wait_ms: int", "wait: int"),
    "ec2x.posix.Socket.fileno": ("posix", "def fileno(self)", "def fileno(self, n: int)"),
    "ec2x.posix.StreamSocket.drain": ("posix", "timeout: float | None = None", "timeout: float = 1"),
    "ec2x.posix.DatagramSocket.sendto": ("posix", "addr: _Given) -> int", "peer: _Given) -> int"),
    "ec2x.socket.SO_KEEPALIVE": ("socket", "= 9", "= 8"),
    "ec2x.uart.modem": ("uart", "timer: int = -1", "timer: int = 0"),
    "ec2x.wlan.WLAN.connect": ("wlan", "bssid: object", "mac: object"),
}


def stubtest(folder):
    """What mypy.stubtest finds about the stubs of a folder, and its output."""
    done = subprocess.run(
        [sys.executable, HERE / "stubtest_script.py", "--concise", "--allowlist", HERE / "stubtest.txt", "ec2x"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(ROOT / place) for place in ("firmware", "tools", "host_tests")),
            "MYPYPATH": str(folder),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    found = {line.split()[0] for line in done.stdout.splitlines()}
    assert done.returncode == bool(found), done.stdout
    return found, done.stdout


def copy(folder):
    """The stubs alone, since a module without one is checked by itself otherwise."""
    (folder / "ec2x").mkdir()
    for stub in STUBS:
        shutil.copy(stub, folder / "ec2x")


def test_an_editor_shows_what_the_code_is(tmp_path):
    copy(tmp_path)
    found, output = stubtest(tmp_path)
    assert not found, output


def test_a_stub_that_lies_is_found(tmp_path):
    copy(tmp_path)
    for name, right, wrong in set(MISTAKES.values()):
        stub = tmp_path / "ec2x" / f"{name}.pyi"
        text = stub.read_text()
        assert right in text, (name, right)
        stub.write_text(text.replace(right, wrong))
    found, output = stubtest(tmp_path)
    assert found == set(MISTAKES), output


def test_whoever_reads_a_stub_is_told_what_each_does():
    for stub in STUBS:
        tree = ast.parse(stub.read_text())
        for scope in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
            functions = [item for item in scope.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            told = {item.name: ast.get_docstring(item) for item in functions}  # of an overloaded one the last tells
            for name, text in told.items():
                assert text or name[:2] == "__", f"{stub.name}: {name} has no docstring"


def test_the_package_says_that_it_has_types():
    assert (PACKAGE / "py.typed").exists()

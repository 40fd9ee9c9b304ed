"""mip, as MicroPython has it frozen, installs packages from an index through the modem, dependencies and all."""

import json

import pytest

import web
from devices import BUILTIN, MODULE, run, sha256, told
from ec2x_tools import lan

ONE = b"VALUE = 42\n"
BIG = lan.some_bytes(50_001)
OTHER = b"# a dependency\n" * 100
FILES = {"things/__init__.py": b"# a package\n", "things/one.py": ONE, "things/data/big.bin": BIG}
DEPENDENCY = {"other.py": OTHER}
ELSEWHERE = {"far/away.py": BIG[:3000], "near.py": OTHER[:200]}


def package(files, deps=()):
    hashes = [[path, sha256(content)[:8]] for path, content in files.items()]
    return json.dumps({"v": 1, "version": "1.2", "hashes": hashes, "deps": deps}).encode()


def index():
    """The pages of an index, as mip asks for them."""
    pages = {}
    for content in [*FILES.values(), *DEPENDENCY.values()]:
        short = sha256(content)[:8]
        pages[f"/file/{short[:2]}/{short}"] = content
    for version in ("latest", "1.2"):
        pages[f"/package/py/things/{version}.json"] = package(FILES, [["other", "1.2"]])
    pages["/package/py/other/1.2.json"] = package(DEPENDENCY)
    urls = [[path, path.rpartition("/")[2]] for path in ELSEWHERE]
    pages["/elsewhere/package.json"] = json.dumps({"urls": urls, "version": "1"}).encode()
    pages["/elsewhere/alone.py"] = ONE
    for path, content in ELSEWHERE.items():
        pages["/elsewhere/" + path.rpartition("/")[2]] = content
    return pages


@pytest.mark.parametrize("over", [MODULE, BUILTIN])
def test_what_mip_installs_is_what_the_index_has(over, tmp_path):
    with web.serve(index()) as server:
        printed = run(told("mip_script.py", server.url, tmp_path, over=over))
        assert not server.failures
    installed = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert installed == {**FILES, **DEPENDENCY, **ELSEWHERE, "alone.py": ONE}
    assert sum(path.startswith("/file/") for path in server.asked) == len(FILES) + len(DEPENDENCY)  # each once
    assert printed[-2:] == ["Package may be partially installed", "imported 42"]

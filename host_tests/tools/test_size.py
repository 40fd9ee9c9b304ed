"""make size: the figures are of what was compiled, over the budget is a failure, and what was not measured is no number."""

import json

import pytest
from click.testing import CliRunner

from ec2x_tools import heap32, interpreter, package, romfs, size
from ec2x_tools.problem import Problem


@pytest.fixture
def board(tmp_path, monkeypatch):
    """A package of three files, of which an application loads one; 100, 1,000 and 3,000 bytes of heap."""
    folder = tmp_path / "firmware" / "ec2x"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("one = 1\n")
    (folder / "join.py").write_text("three = 3\n")
    (folder / "more.py").write_text("def two():\n    return 2\n")
    monkeypatch.setattr(package, "FIRMWARE", tmp_path / "firmware")
    monkeypatch.setattr(interpreter, "BUILD", tmp_path / "build")
    monkeypatch.setattr(size, "loaded_by_one_socket", lambda micropython: {"ec2x/__init__.py"})
    monkeypatch.setattr(heap32, "measure", lambda folder, stages: [100, 1000, 3000 + 70 * (folder.name == "py")])
    return tmp_path


def report(board):
    return json.loads((board / "build" / "size.json").read_text())


def test_the_report_has_each_file_and_what_one_socket_loads(board):
    result = CliRunner().invoke(size.size, [])
    assert result.exit_code == 0, result.output
    found = report(board)
    for name, count in found["mpy_bytes"].items():
        assert count == (board / "build" / "mpy" / name).with_suffix(".mpy").stat().st_size > 0
    assert found["loaded_bytes"] == found["mpy_bytes"]["ec2x/__init__.py"] < sum(found["mpy_bytes"].values())
    assert found["loaded_bytes_with_an_apn"] == found["loaded_bytes"] + found["mpy_bytes"]["ec2x/join.py"]
    assert found["heap32_bytes"] == {"import ec2x": 900, "one connected socket": 2900}
    assert found["heap32_bytes_from_py"] == {"import ec2x": 900, "one connected socket": 2970}
    assert "2,900" in result.output and "2,970" in result.output


def test_the_report_has_what_the_package_takes_of_the_flash(board):
    result = CliRunner().invoke(size.size, [])
    flash = report(board)["flash_bytes"]
    assert flash["py"] == sum(path.stat().st_size for path in (board / "firmware" / "ec2x").iterdir())
    assert flash["mpy"] == sum(report(board)["mpy_bytes"].values())
    assert flash["romfs"] == len(romfs.image(package.contents())) > flash["mpy"]
    assert all(f"{count:,}" in result.output for count in flash.values())


def test_more_than_the_budget_fails(board, monkeypatch):
    monkeypatch.setattr(size, "BUDGET", 10)
    result = CliRunner().invoke(size.size, [])
    assert isinstance(result.exception, Problem) and "budget" in str(result.exception)


def test_a_heap_that_cannot_be_measured_is_no_number(board, monkeypatch):
    def measure(folder, stages):
        raise heap32.CannotMeasure("no node here")

    monkeypatch.setattr(heap32, "measure", measure)
    result = CliRunner().invoke(size.size, [])
    assert result.exit_code == 0
    assert report(board)["heap32_bytes"] == report(board)["heap32_bytes_from_py"] == "not measured"
    assert result.output.count("not measured") >= 4 and "no node here" in result.output


def test_what_cannot_be_fetched_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(heap32, "BUILD", tmp_path)
    nothing = heap32.shutil.which("false")
    monkeypatch.setattr(heap32.shutil, "which", lambda name: nothing)
    with pytest.raises(heap32.CannotMeasure, match="could not be fetched: no reason given"):
        heap32.measure(tmp_path, [])


def test_a_source_that_does_not_compile_is_named(board):
    (board / "firmware" / "ec2x" / "bad.py").write_text("def (:\n")
    result = CliRunner().invoke(size.size, [])
    assert isinstance(result.exception, Problem) and "ec2x/bad.py" in str(result.exception)

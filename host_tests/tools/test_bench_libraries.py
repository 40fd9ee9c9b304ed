"""make bench, the part about libraries: what is exact about it holds in every run, and what misses a target is named."""

import json

import pytest
from click.testing import CliRunner

from ec2x_tools import bench, bench_libraries, interpreter
from ec2x_tools.problem import Problem

MISSES = {
    "share": {"bare socket": 1, "ssl": 0.9, "requests": 0.96},
    "commands": {"MQTT publication, QoS 0": 2, "HTTP GET of 1 KB": 5},
    "pause_ms": 250.0,
    "bytes_per_s": {"bare socket": 1000, "ssl": 900, "requests": 960},
}
WORDS = ["ssl: 90.0% of the bare socket's rate", "MQTT publication, QoS 0: 2 commands", "a pause of 250.0 ms"]


@pytest.fixture(scope="module")
def report():
    return bench_libraries.virtual(interpreter.find())


def test_libraries_download_as_fast_as_a_bare_socket_does(report):
    assert bench_libraries.missed(report) == []
    assert set(report["share"]) > {"bare socket", "requests", "asyncio", "ssl"}
    assert report["share"]["requests"] > 0.999 and report["share"]["asyncio"] > 0.999


def test_a_publication_is_one_command_and_a_small_page_five(report):
    assert report["commands"] == {"MQTT publication, QoS 0": 1, "HTTP GET of 1 KB": 5}


def test_no_task_waits_for_another_ones_tls_download(report):
    assert report["pause_ms"] == 1


def test_virtual_time_gives_the_same_figures_in_every_run():
    one, two = [bench_libraries.virtual(interpreter.find(), 16) for _ in range(2)]
    assert one == two


def test_a_tls_connection_takes_little_more_than_the_rings_of_its_socket():
    cost = bench_libraries.tls_cost(interpreter.find())
    assert 4096 < cost["heap_bytes"] < 8192
    assert cost["pause_ratio"] > 0


def test_a_missed_target_is_named_and_fails_after_the_tables(tmp_path, monkeypatch):
    assert bench_libraries.missed(MISSES) == WORDS
    monkeypatch.setattr(interpreter, "BUILD", tmp_path / "build")
    monkeypatch.setattr(bench, "BAUDS", ())
    call = {"allocated": 0, "cpu_ratio": 1}
    monkeypatch.setattr(bench, "steady", lambda program: {"version": "1", "recv_into": call, "send": call})
    monkeypatch.setattr(bench_libraries, "virtual", lambda program: MISSES)
    monkeypatch.setattr(bench_libraries, "tls_cost", lambda program: {"heap_bytes": 12345, "pause_ratio": 1.5})
    result = CliRunner().invoke(bench.bench, [])
    assert isinstance(result.exception, Problem) and all(words in str(result.exception) for words in WORDS)
    assert "12,345 bytes" in result.output and "1.5 times" in result.output
    saved = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert saved["libraries"] == MISSES and saved["tls"]["heap_bytes"] == 12345

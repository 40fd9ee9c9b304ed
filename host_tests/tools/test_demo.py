"""make demo, small: it passes with the real driver, fails when anything differs, and leaves nothing running."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from ec2x_tools import demo, lan, manual_example
from ec2x_tools.problem import Problem

SMALL = ["--size", "40000", "--baud", "921600"]


@pytest.fixture
def port(monkeypatch):
    """A port of this computer in the place of 2020, which may be in use."""
    with socket.create_server((lan.HOST, 0)) as probe:
        free = probe.getsockname()[1]
    monkeypatch.setattr(manual_example, "PORT", free)
    return free


def run(*arguments):
    return CliRunner().invoke(demo.demo, list(arguments))


def test_it_downloads_and_plays_chapter_4(port):
    result = run(*SMALL)
    assert result.exit_code == 0, (result.exception, result.output)
    for shown in ("40,000 bytes over HTTP", "the same", "kB/s", f'"0.0.0.0",{port}', manual_example.TEXT, "All as it should be"):
        assert shown in result.output
    assert "AT+QFWD" not in result.output


def test_with_trace_it_shows_the_dialogue(port):
    result = run(*SMALL, "--trace")
    assert result.exit_code == 0, (result.exception, result.output)
    for command in ("AT+QFWDCLIENT=", "AT+QFWDRECV=", "AT+QFWDSERVER=", "AT+QFWDSSTATE=", "AT+QFWDSEND=", "AT+QFWDCLOSE="):
        assert command in result.output


def test_a_download_that_differs_fails(port, monkeypatch):
    server = lan.http_server
    monkeypatch.setattr(lan, "http_server", lambda content: server(content[:-1] + bytes([content[-1] ^ 1])))
    result = run(*SMALL)
    assert isinstance(result.exception, Problem) and "differs" in str(result.exception)


def test_a_port_in_use_is_told(port):
    with socket.create_server((lan.HOST, port)):
        result = run(*SMALL)
    assert isinstance(result.exception, Problem) and str(port) in str(result.exception)


def children_of(pid):
    table = subprocess.run(["ps", "-A", "-o", "pid=", "-o", "ppid="], capture_output=True, text=True, check=True).stdout
    return [int(child) for child, parent in map(str.split, table.splitlines()) if int(parent) == pid]


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing_running(which):
    command = [sys.executable, "-m", "ec2x_tools", "demo", "--trace", "--baud", "9600"]  # a download of 18 minutes
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        lines = []
        while "QFWDRECV" not in "".join(lines[-1:]):
            lines.append(program.stdout.readline())
            assert lines[-1], "".join(lines)
        children = children_of(program.pid)
        assert children
        program.send_signal(which)
        output, _ = program.communicate(timeout=20)
    finally:
        program.kill()
        program.wait()
    assert program.returncode == 1 and output.rstrip().endswith("Stopped.")
    for _ in range(50):
        children = [child for child in children if exists(child)]
        if children:
            time.sleep(0.1)
    assert not children


def exists(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False

"""Where a host connects: pty, TCP port, serial device; and the program around it."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
import time
import tty
from pathlib import Path

import pytest
from click.testing import CliRunner

from ec2x_sim.__main__ import main
from ec2x_sim.shell import Simulator, SimulatorError
from ec2x_sim.trace import describe, shorten

TOOLS = Path(__file__).parents[2] / "tools"


def talk(fd, data, tail, seconds=5):
    """Writes to a descriptor and reads until `tail`."""
    os.write(fd, data)
    got = b""
    end = time.monotonic() + seconds
    while not got.endswith(tail):
        if not select.select([fd], [], [], max(0, end - time.monotonic()))[0]:
            raise AssertionError(f"only {got!r} came")
        got += os.read(fd, 4096)
    return got


def program(*arguments):
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(TOOLS), os.environ.get("PYTHONPATH", "")]), PYTHONUNBUFFERED="1")
    return subprocess.Popen(
        [sys.executable, "-m", "ec2x_sim", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process, number=signal.SIGINT):
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert "Traceback" not in err
    assert process.returncode == 0
    return out, err


def test_a_pty_outlives_each_program_that_opens_it(tmp_path):
    link = tmp_path / "modem"
    process = program("--link", str(link), "--trace")
    path = process.stdout.readline().strip()
    assert os.path.realpath(link) == os.path.realpath(path)
    for first in (b"AT\r\r\nOK\r\n", b"AT\r\r\nOK\r\n"):
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(fd)
        assert talk(fd, b"AT\r", b"OK\r\n") == first
        os.close(fd)
    out, err = finish(process)
    assert "uart1 > AT\n" in err and "uart1 < OK\n" in err
    assert not link.exists() and not link.is_symlink()


def test_a_tcp_port_takes_one_host_at_a_time():
    process = program("--port", "tcp:127.0.0.1:0")
    scheme, address, port = process.stdout.readline().strip().split(":")
    assert scheme == "tcp" and int(port) > 0
    for _ in range(2):
        with socket.create_connection((address, int(port)), 5) as host:
            assert talk(host.fileno(), b"AT\r", b"OK\r\n") == b"AT\r\r\nOK\r\n"
            with socket.create_connection((address, int(port)), 5) as second:
                second.settimeout(5)
                assert second.recv(10) == b""
        time.sleep(0.1)
    finish(process, signal.SIGTERM)


def test_a_serial_device_is_opened_with_pyserial():
    ours, theirs = os.openpty()
    tty.setraw(theirs)

    async def run():
        async with Simulator(os.ttyname(theirs)) as modem:
            loop = asyncio.get_running_loop()
            assert await loop.run_in_executor(None, talk, ours, b"AT\r", b"OK\r\n") == b"AT\r\r\nOK\r\n"
            assert (modem.bytes_from_host, modem.bytes_to_host) == (3, 9)

    asyncio.run(run())
    os.close(ours)
    os.close(theirs)


def test_a_device_that_goes_away_ends_it_with_a_sentence():
    ours, theirs = os.openpty()
    tty.setraw(theirs)

    async def run():
        async with Simulator(os.ttyname(theirs)) as modem:
            os.close(ours)
            os.close(theirs)
            with pytest.raises(SimulatorError, match="is gone .* plug it in"):
                await asyncio.wait_for(modem.wait(), 5)

    asyncio.run(run())


def taken_port():
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen()
    return sock


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--port", "tcp:127.0.0.1"], "write for example tcp:127.0.0.1:5000"),
        (["--port", "tcp:127.0.0.1:²"], "write for example tcp:127.0.0.1:5000"),
        (["--port", "tcp:127.0.0.1:99999"], "write for example tcp:127.0.0.1:5000"),
        (["--port", "tcp:192.0.2.1:0"], "use 127.0.0.1 or 0.0.0.0"),
        (["--port", "/dev/no-such-tty"], "There is no /dev/no-such-tty"),
        (["--port", "/dev/null"], "no serial device"),
        (["--port", "tcp:127.0.0.1:0", "--link", "x"], "use --port pty"),
        (["--link", "/no/such/folder/link"], "choose another path"),
        (["--quirk", "result_style=2"], "result_style=1|errno|55x|neg"),
    ],
)
def test_an_error_is_one_sentence(arguments, sentence):
    process = program(*arguments)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 1 and out == ""
    assert sentence in err and err.count("\n") == 1


def test_a_port_in_use_is_said_so():
    with taken_port() as sock:
        port = sock.getsockname()[1]
        process = program("--port", f"tcp:127.0.0.1:{port}")
        assert f"Port {port} of 127.0.0.1 is in use: choose another" in process.communicate(timeout=10)[1]
        assert process.returncode == 1


def test_a_link_never_replaces_a_file(tmp_path):
    file = tmp_path / "precious"
    file.write_text("data")
    process = program("--link", str(file))
    assert "File exists" in process.communicate(timeout=10)[1]
    assert file.read_text() == "data"


def test_the_pace_latency_and_boot_are_real_time():
    async def run():
        lines = []
        async with Simulator("tcp:127.0.0.1:0", baud=9600, latency_us=100000, boot_us=200000, trace=lines.append) as modem:
            began = time.monotonic()
            reader, writer = await asyncio.open_connection("127.0.0.1", int(modem.port.rpartition(":")[2]))
            assert await reader.readuntil(b"RDY\r\n") == b"\r\nRDY\r\n"
            assert 0.19 < time.monotonic() - began < 0.5
            began = time.monotonic()
            writer.write(b"ATE0\r")
            await reader.readuntil(b"\r\nOK\r\n")
            writer.write(b"ATI\r")
            answer = await reader.readuntil(b"\r\nOK\r\n")
            # 5 and 6 bytes, then 4 and those of the answer; each command waits its latency (the echo goes meanwhile).
            ideal = (5 + 6 + 4 + len(answer)) * 10 / 9600 + 0.2
            assert ideal - 0.005 < time.monotonic() - began < ideal + 0.2
            writer.close()
        assert any(line.endswith("uart1 < RDY") for line in lines)

    asyncio.run(run())


def test_a_paced_line_follows_the_rate_that_the_host_sets():
    async def run():
        async with Simulator("tcp:127.0.0.1:0", baud=115200) as modem:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(modem.port.rpartition(":")[2]))
            writer.write(b"ATE0\r")
            await reader.readuntil(b"OK\r\n")
            writer.write(b"AT+IPR=9600\r")
            assert await reader.readuntil(b"OK\r\n") == b"\r\nOK\r\n"
            began = time.monotonic()
            writer.write(b"AT&V\r")
            answer = await reader.readuntil(b"OK\r\n")
            assert time.monotonic() - began > (5 + len(answer)) * 10 / 9600 - 0.005
            writer.close()

    asyncio.run(run())


def test_nobody_there_does_not_fill_the_memory():
    async def run():
        async with Simulator("tcp:127.0.0.1:0") as modem:
            for _ in range(1000):
                modem.module.urc_to("uart1", "x" * 100)
                modem.module.urc_to("usbat", "x" * 100)
            modem.net.changed()
            assert not modem.module.take("usbat") and not modem.module.take("uart1")

    asyncio.run(run())


def test_the_trace_is_short_and_keeps_secrets():
    assert describe("command", "uart1", '+CPIN="1234";+CSQ', 1234567) == "    1.234 uart1 > AT+CPIN=***;+CSQ"
    for kind, text in (
        ("command", '+QICSGP=1,1,"apn","me","secret",2'),
        ("answer", '+QICSGP: 1,"apn","me","secret",2\r\n\r\nOK'),
        ("command", '+cgauth=1,1,"me","secret"'),
        ("command", '+CLCK="SC",1,"secret"'),
    ):
        assert "secret" not in describe(kind, "uart1", text, 0) and "***" in describe(kind, "uart1", text, 0)
    assert describe("answer", "uart1", "861075040000022\r\n\r\nOK", 0).endswith("< *** |  | OK")
    assert describe("answer", "uart1", "+QCCID: 8986000000000000001F", 0).endswith("< +QCCID: ***")
    assert describe("payload", "uart1", b"a\r\n\xff", 0).endswith("> [4 bytes] a\\r\\n\\xff")
    assert shorten(b"a" * 100) == "[100 bytes] " + "a" * 48 + "... and 52 more"


@pytest.mark.parametrize("address", ["300.1.1.1", "192.0.2.1", "2001:db8::1"])
def test_servers_that_can_listen_nowhere_are_told_before_the_simulator_starts(address):
    done = CliRunner().invoke(main, ["--bind", address])
    assert done.exit_code == 1 and f"--bind {address} is no address of this computer" in done.output

"""uart.py, each board.py and each example use only what their port's MicroPython and our stubs have; and an error would be seen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ec2x_tools.interpreter import BUILD, ROOT

STUBS = Path(sys.executable).parents[1] / "stubs"
TYPINGS = ROOT / "firmware/typings"
UART = (ROOT / "firmware/ec2x/uart.py").read_text().replace("from .", "from ec2x.").replace("ec2x. ", "ec2x ")
PREFIX = {"rp2": "RPI_", "esp32": "ESP32_"}
EXAMPLES = {path.stem: path.read_text() for path in (ROOT / "firmware/examples").glob("*.py")}
MISTAKES = {  # what is in uart.py, and what is wrong instead
    "attribute": ("_uart.txdone()", "_uart.tx_done()"),
    "constant": ("UART.IRQ_RXIDLE", "UART.IRQ_IDLE"),
    "keyword": ("period=_TICK_MS", "every=_TICK_MS"),
    "setting": ("timeout_char=_timeout_char(baud)", "timeout_chars=1"),
    "method": ("self._timer.deinit()", "self._timer.stop()"),
    "pin": ("Pin.OPEN_DRAIN", "Pin.OPENDRAIN"),
    "modem": ("set_baud=uart.set_baud", "baud_rate=uart.set_baud"),
}
WRONG_EXAMPLES = {
    "chapter4": ("fwd.server(SERVER, PORT)", "fwd.server(SERVER, str(PORT))"),
    "download": ("sock.write(", "sock.writes("),
    "gateway": ("asyncio.sleep(0.02)", "asyncio.sleep_s(0.02)"),
    "https_get": ("modem.wait(60_000)", "modem.wait(timeout=60_000)"),
    "mqtt_sensor": ("ec2x.install(modem)", "ec2x.install()"),
    "ntp_clock": ("socket.SOCK_DGRAM", "socket.SOCK_RAW"),
    "udp_logger": ("data, peer = sock.recvfrom(1024)", "data = sock.recvfrom(1024).data"),
    "web_server": ("modem.connect(None)", "modem.connect(0)"),
}


def complaints(port, folder):
    """{file: [lines]} of what mypy finds in the .py files of a folder; of what it finds in the port's stubs, nothing."""
    if not (STUBS / port / "machine.pyi").exists():
        pytest.fail(f"the stubs of {port} are missing: run through make, which installs them", pytrace=False)
    cache = BUILD / "mypy" / port / folder.name  # of its own: two at once spoil it
    command = [sys.executable, "-m", "mypy", "--custom-typeshed-dir", str(STUBS / port), "--cache-dir", str(cache)]
    done = subprocess.run(
        [*command, *map(str, sorted(folder.glob("*.py")))],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": f"{TYPINGS}{os.pathsep}{STUBS / port}"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode < 2, done.stdout + done.stderr
    found = {}
    for line in done.stdout.splitlines():
        name = Path(line.split(":")[0])
        if name.parent.name == folder.name:
            found.setdefault(name.stem, []).append(line)
    return found


@pytest.mark.parametrize("port", ["rp2", "esp32"])
def test_the_port_has_what_is_used(port, tmp_path):
    (tmp_path / "uart.py").write_text(UART)
    boards = [board for board in (ROOT / "boards").iterdir() if board.name.startswith(PREFIX[port])]
    assert boards
    for board in boards:
        (tmp_path / f"{board.name}.py").write_text((board / "board.py").read_text())
    for name, (right, wrong) in MISTAKES.items():
        assert right in UART
        (tmp_path / f"wrong_{name}.py").write_text(UART.replace(right, wrong))
    (tmp_path / "wrong_board.py").write_text("from ec2x import uart\n\nuart.modem(0, tx=0)\n")
    (tmp_path / "wrong_name.py").write_text("from ec2x import uart\n\nuart.modems(0, tx=0, rx=1)\n")
    found = complaints(port, tmp_path)
    assert set(found) == {f"wrong_{name}" for name in [*MISTAKES, "board", "name"]}, found


@pytest.mark.parametrize("port", ["rp2", "esp32"])
def test_an_example_calls_nothing_that_is_not_there(port, tmp_path):
    assert set(WRONG_EXAMPLES) == set(EXAMPLES)
    for name, text in EXAMPLES.items():
        right, wrong = WRONG_EXAMPLES[name]
        assert right in text
        (tmp_path / f"{name}.py").write_text(text)
        (tmp_path / f"wrong_{name}.py").write_text(text.replace(right, wrong))
    found = complaints(port, tmp_path)
    assert set(found) == {f"wrong_{name}" for name in EXAMPLES}, found

"""make hil: the kit as a whole, on the unix port's board and the simulated module, and what becomes of it when something goes wrong."""

import json
import signal

import pytest
from click.testing import CliRunner

from ec2x_tools import package, serialboard
from ec2x_tools.deploy import Deployment
from ec2x_tools.hil import echo, run, simulated
from ec2x_tools.hil.collect import Collector
from ec2x_tools.hil.command import hil
from ec2x_tools.problem import Problem
from ec2x_tools.ptyboard import FLASH, PtyBoard
from ec2x_tools.serialboard import Board

QUICK = "--size", 2048, "--bauds", 921600, "--minutes", 0.03


@pytest.fixture(scope="module")
def flash(tmp_path_factory):
    """The file of a board that has the package."""
    image = tmp_path_factory.mktemp("deployed") / "flash"
    with PtyBoard(image) as rig, Board(rig.port) as board:
        deployment = Deployment(board, package.contents("unix"))
        deployment.look()
        deployment.send()
        deployment.switch()
    return image.read_bytes()


@pytest.fixture
def kit(tmp_path, flash, monkeypatch):
    """kit(options…, faults=) runs it on a board with the package, whose port is a real one's: (result, output, exit code)."""
    monkeypatch.setattr(run, "READY_MS", {False: 3000, True: 3000})
    monkeypatch.setattr(simulated, "BAUD", 921600)  # of a pty the driver need not know it

    def play(*options, faults="", image=flash, host=False):
        (tmp_path / "flash").write_bytes(image)
        with simulated.Surroundings(faults) as around, PtyBoard(tmp_path / "flash", EC2X_PORT=around.port) as board:
            named = ("--via", "%s:%d" % around.host) if host else ()
            return said(tmp_path, "--port", board.port, *named, *options)

    return play


def said(folder, *options):
    done = CliRunner().invoke(hil, ["--out", str(folder), *map(str, options)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    found = list(folder.glob("*.json"))
    assert len(found) == 1 and found[0].with_suffix(".html").read_text().endswith("</html>")
    assert done.output.splitlines()[-2:] == [f"The report: {found[0].with_suffix('.html')}", f"As JSON:    {found[0]}"]
    return json.loads(found[0].read_text()), done.output, done.exit_code


def scripts(monkeypatch, tmp_path, **sources):
    """Other parts than the kit's own."""
    for path in run.ON_BOARD.glob("*.py"):
        (tmp_path / path.name).write_text(sources.get(path.stem, path.read_text()))
    monkeypatch.setattr(run, "ON_BOARD", tmp_path)


def test_a_stranger_without_hardware_sees_all_of_it(tmp_path):
    parts = "doctor,integrity,rates,recovery,soak"
    result, output, code = said(tmp_path, "--port", "unix", "--parts", parts, *QUICK)
    assert code == 0, output
    assert result["setup"] == "simulator" and result["module"]["model"] == "EC25" and result["board"]["name"] == "unix"
    assert not result["ended"] and not result["notes"] and len(result["doctor"]) == 14
    assert [(one["path"], one["sockets"], one["bytes"]) for one in result["integrity"]] == [
        (path, *sizes) for path in ("loopback", "host") for sizes in ((1, 2048), (1, 26960), (4, 8192))
    ]
    assert all(one["ok"] and one["sha256_sent"] == one["sha256_got"] for one in result["integrity"])
    (rate,) = result["rates"]
    assert rate["path"] == "host" and rate["latency_ms"]["n"] >= 50
    for way in ("down", "up"):
        assert 0 < rate[f"{way}_bps"] <= rate[f"limit_{way}_bps"]
    assert [event["what"].split(",")[0] for event in result["recovery"][0]["events"]] == [
        "reset asked for", "a socket failed", "the link is READY", "a fresh connection works",
    ]  # fmt: skip
    assert "ECONNRESET" in result["recovery"][0]["events"][1]["what"]
    assert result["soak"]["ok"] and result["soak"]["bytes"] == result["soak"]["samples"][-1]["bytes"] > 0
    assert {one["during"] for one in result["heap"]} == set(parts.split(","))
    assert result["stats"]["restarts"] == 1 and result["stats"]["commands"] > 100


def test_without_a_host_down_and_up_are_measured_inside_the_module_each_by_itself(kit):
    result, output, code = kit("--parts", "rates", "--bauds", 921600)
    assert code == 0, output
    (rate,) = result["rates"]
    assert rate["path"] == "loopback" and rate["latency_ms"]["n"] >= 50
    for way in ("down", "up"):
        assert 0.3 < rate[f"{way}_bps"] / rate[f"limit_{way}_bps"] <= 1


def test_a_byte_that_is_changed_on_the_wire_fails_and_the_other_parts_go_on(kit):
    flips = "; ".join(f"down:{at} flip 1" for at in (20_000, 20_061))  # one of them is in a payload
    result, output, code = kit("--parts", "integrity,soak", *QUICK, faults=flips)
    assert code == 1 and "Failed: integrity." in output
    assert [one["ok"] for one in result["integrity"]].count(False) == 1 and result["soak"]["ok"]


def test_a_byte_that_is_changed_on_its_way_is_told_with_its_place(kit, monkeypatch):
    async def lies(reader, writer):
        count = 0
        while data := bytearray(await reader.read(4096)):
            if 0 <= 1000 - count < len(data):
                data[1000 - count] ^= 0x80
            count += len(data)
            writer.write(data)

    monkeypatch.setattr(echo, "talk", lies)
    result, output, code = kit("--parts", "integrity,soak", *QUICK, host=True)
    assert code == 1 and "Failed: integrity, soak." in output
    changed = [one for one in result["integrity"] if one["path"] == "host"]
    assert [one["error"] for one in changed] == ["byte 1000 is 0x7d, not 0xfd"] * 3
    assert all(one["ok"] is False and one["sha256_sent"] != one["sha256_got"] for one in changed)
    assert all(one["ok"] for one in result["integrity"] if one["path"] == "loopback")
    assert "byte 1000 is 0x" in result["soak"]["errors"][0]["what"]


def test_a_module_that_never_answers_is_said_to_be_silent(kit):
    result, output, code = kit("--parts", "doctor,integrity", faults="hang 600000")
    assert code == 1 and result["integrity"] == []
    assert result["ended"].startswith("The module was not READY in 3 s: ETIMEDOUT: ") and "check power, TX and RX" in result["ended"]
    assert (result["doctor"][0]["what"], result["doctor"][0]["ok"]) == ("wiring", False)


def test_ctrl_c_leaves_a_report_of_what_there_was(kit, monkeypatch):
    def on_soak(self, value, own=Collector.on_soak):
        own(self, value)
        if value[2]:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Collector, "on_soak", on_soak)
    result, output, code = kit("--parts", "doctor,soak,recovery", "--minutes", 5)
    assert code == 130 and result["ended"] == "Ctrl+C"
    assert "Cut short: Ctrl+C" in output and len(result["doctor"]) == 14
    assert result["soak"]["bytes"] > 0 and result["stats"]["sent"] > 0 and result["recovery"] == []


def test_a_part_that_breaks_does_not_stop_the_others_and_a_board_that_hangs_does(kit, monkeypatch, tmp_path):
    hangs = "def run(modem, tell, **how):\n tell({'soak': [1.0, 4, 9]})\n print('PIN 4711')\n while True: pass\n"
    scripts(monkeypatch, tmp_path, integrity="def run(*_, **how): 1 / 0", rates="import nothing_like_it", soak=hangs)
    monkeypatch.setattr(run, "SILENCE_S", 1)
    monkeypatch.setattr(serialboard, "SILENCE", 1)
    result, output, code = kit("--parts", "integrity,rates,soak,recovery", *QUICK)
    assert code == 1 and "Failed: integrity, rates." in output
    assert result["integrity"][0]["error"].startswith("ZeroDivisionError")
    assert result["rates"][0] == {"baud": 921600, "error": "On the board: ImportError: no module named 'nothing_like_it'."}
    assert result["ended"] == "The board hangs: nothing came from it for 1 s, in the part soak. Press its reset."
    assert result["soak"]["bytes"] == 9 and result["notes"] == ["soak: PIN ***"]


def test_a_soak_goes_on_after_a_reset_and_tells_of_it(kit):
    result, output, code = kit("--parts", "soak", "--minutes", 0.17, faults="down:8000 ap")
    assert code == 1, output
    soak = result["soak"]
    assert not soak["ok"] and soak["errors"] and "ECONNRESET" in soak["errors"][0]["what"]
    later = [one["bytes"] for one in soak["samples"] if one["s"] > soak["errors"][-1]["s"]]
    assert later[-1] > later[0]


@pytest.mark.parametrize(
    "options, sentence",
    [
        (("--port", ""), "PORT is missing: give the board's serial port, or unix for neither board nor module."),
        (("--parts", "doctor,wifi"), "wifi is not known: give some of doctor,conformance,integrity,rates,recovery,soak."),
        (("--bauds", "1200"), "1200 is not known: give some of 115200,230400,460800,921600."),
        (("--via", "example.com"), "VIA=example.com is no host:port: give one such as bench.example.com:7000, where `make echo` runs."),
        (("--faults", "boom", "--port", "unix"), "boom is no fault"),
        (("--faults", "ap"), "FAULTS is for PORT=unix"),
        (("--port", "unix", "--parts", "doctor", "--out", "/dev/null/x"), "/dev/null/x/20"),
    ],
)
def test_an_option_that_is_wrong_is_a_sentence(tmp_path, options, sentence):
    with pytest.raises(Problem) as found:
        said(tmp_path, "--port", tmp_path / "none", *options)
    assert str(found.value).startswith(sentence)


def test_a_board_without_the_package_is_told_how_to_get_it(kit):
    with pytest.raises(Problem, match=r"^On the board ec2x \(.*\) and board \(.*\) cannot be imported: with BOARD= .*\.$"):
        kit("--parts", "doctor", image=bytes([255]) * FLASH)


def test_a_part_of_several_modules_tells_of_the_module_row_by_row(kit, monkeypatch, tmp_path):
    rows = [
        {"reading": {"row": "E1", "field": "server", "value": "legacy", "plain": "modern", "why": ""}},
        {"check": {"name": "AT", "sent": "AT", "got": ["OK"], "verdict": "plain", "note": ""}, "progress": [1, 1]},
        {"unforeseen": "+WHAT: 1"},
    ]
    main = "import conformance_asks\ndef run(modem, tell):\n for row in conformance_asks.ROWS: tell(row)\n"
    scripts(monkeypatch, tmp_path, conformance=main, conformance_asks=f"ROWS = {rows!r}\n")
    result, output, code = kit("--parts", "conformance")
    assert code == 0 and output.splitlines()[-4].split()[-1] == "unforeseen", output
    conformance = result["conformance"]
    assert [conformance["readings"], conformance["checks"]] == [[rows[0]["reading"]], [rows[1]["check"]]]
    assert conformance["unforeseen"] == ["+WHAT: 1"]

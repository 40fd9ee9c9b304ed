"""make flash for a Pico: a wrong file touches nothing, a drive that vanishes at the end is success, and all else is told."""

import errno
import os
from types import SimpleNamespace

import psutil
import pytest
from click.testing import CliRunner

from boardrig import Opens
from ec2x_tools import boards, flash_rp2, reach, serialboard, uf2
from ec2x_tools.flash import flash
from ec2x_tools.problem import Problem

MACHINES = {"RPI-RP2": "Raspberry Pi Pico with RP2040", "RP2350": "Raspberry Pi Pico2 with RP2350"}
E10 = 0xE48BFF57  # the family of the first block of an RP2350's file


def block(number, total, family, flags=uf2.HAS_FAMILY):
    magic, magic2, end = uf2.MAGICS
    data = bytes([number % 256]) * 256
    return uf2.BLOCK.pack(magic, magic2, flags, 0x10000000 + 256 * number, 256, number, total, family, data, end)


def firmware(family=boards.RP2040, total=700):
    """What MicroPython's build makes: for an RP2350 with a block before the others that has a count of its own."""
    first = b"" if family == boards.RP2040 else block(0, 2, E10)
    return first + b"".join(block(number, total, family) for number in range(total))


class Bench:
    """The computer with a Pico: its port, the drive of its bootloader, and what was written to that."""

    def __init__(self, folder, board_id="RPI-RP2"):
        self.port = folder / "ttyACM0"
        self.info = SimpleNamespace(port="rp2", machine=MACHINES[board_id], version="1.29.0", mpy="6.3")
        self.written = None
        self.fails_at = None  # after so many bytes
        self.resets = 0
        self.leaves = True  # it does what machine.bootloader() says
        self.drives = []
        self._drive = self.drive(folder / "drive", board_id)
        self._file = self._drive / "firmware.uf2"

    def drive(self, folder, board_id):
        folder.mkdir()
        (folder / "INFO_UF2.TXT").write_text(f"UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: {board_id}\n")
        return folder

    def running(self):
        self.port.touch()

    def bootsel(self):
        self.port.unlink(missing_ok=True)
        self.drives.append(self._drive)

    def fsync(self, fd):
        """The bytes reach the board. Once it has all of them it starts, and its drive is gone before the system is told."""
        data = self._file.read_bytes()
        if self.fails_at is not None and len(data) >= self.fails_at:
            raise OSError(errno.EIO, "Input/output error")
        if len(data) == self.size:
            self.written = data
            self.drives.remove(self._drive)
            self.running()
            raise OSError(errno.EIO, "Input/output error")

    def run(self, data, board="RPI_PICO", port=None):
        self.size = len(data)
        file = self.port.with_name("file")
        file.write_bytes(data)
        port = str(self.port) if port is None else port
        return CliRunner().invoke(flash, ["--board", board, "--port", port, "--firmware", str(file)])

    def refuses(self, *arguments, **named):
        result = self.run(*arguments, **named)
        assert isinstance(result.exception, Problem), result.exception or result.output
        assert self.written is None
        return str(result.exception)


def mounted(folder):
    """As psutil tells it; the device of the one that is called stale is gone."""
    return SimpleNamespace(device=folder.with_suffix(".gone" if folder.name == "stale" else ""), mountpoint=str(folder))


@pytest.fixture(params=["RPI-RP2"])
def bench(tmp_path, monkeypatch, request):
    bench = Bench(tmp_path, request.param)

    class Board(Opens):
        def __init__(self, port):
            self.info = bench.info

        def reset(self):
            bench.resets += 1

        def leave(self, code):
            assert "machine.bootloader()" in code
            if bench.leaves:
                bench.bootsel()

    monkeypatch.setattr(psutil, "disk_partitions", lambda: [mounted(tmp_path), *map(mounted, bench.drives)])
    monkeypatch.setattr(reach, "ports", lambda: {str(bench.port)} if bench.port.exists() else set())
    monkeypatch.setattr(serialboard, "Board", Board)
    monkeypatch.setattr(os, "fsync", bench.fsync)
    monkeypatch.setattr(reach, "PAUSE_S", 0)
    monkeypatch.setattr(reach, "BACK_S", 0)
    monkeypatch.setattr(flash_rp2, "DRIVE_S", 0)
    monkeypatch.setattr(flash_rp2, "BY_LABEL", tmp_path / "by-label")
    return bench


def test_a_running_pico_gets_the_whole_file_and_its_version_is_told(bench):
    bench.running()
    result = bench.run(firmware())
    assert result.exit_code == 0, result.exception
    assert bench.written == firmware()
    assert "MicroPython 1.29.0" in result.output and MACHINES["RPI-RP2"] in result.output


@pytest.mark.parametrize("port", ["", None], ids=["no port", "the port it will have"])
def test_a_pico_in_its_bootloader_needs_no_port(bench, port):
    bench.bootsel()
    result = bench.run(firmware(), port=port)
    assert result.exit_code == 0, result.exception
    assert bench.written == firmware() and str(bench.port) in result.output


@pytest.mark.parametrize("bench", ["RP2350"], indirect=True)
@pytest.mark.parametrize("family", [boards.RP2350_ARM, boards.RP2350_RISCV])
def test_a_pico_2_takes_what_micropython_builds_for_it(bench, family):
    bench.running()
    result = bench.run(firmware(family), board="RPI_PICO2")
    assert result.exit_code == 0 and bench.written == firmware(family), result.exception


@pytest.mark.parametrize("name, family, means", [("RPI_PICO2", boards.RP2040, "RPI_PICO"), ("RPI_PICO", boards.RP2350_ARM, "RPI_PICO2")])
def test_the_other_picos_firmware_touches_nothing(bench, name, family, means):
    bench.running()
    assert means in bench.refuses(firmware(family), board=name)
    assert bench.port.exists() and not bench.drives


WHOLE = firmware(total=6)
WRONG = {
    "empty": b"",
    "an ESP32's": b"\xe9\x04\x02\x20" * 2000,
    "cut anywhere": WHOLE[:-100],
    "cut between blocks": WHOLE[:-512],
    "without its first block": WHOLE[512:],
    "with a block twice": WHOLE[:512] + WHOLE,
    "damaged": WHOLE[:-4] + b"oops",
    "of no family": block(0, 1, 0, flags=0),
    "of another chip": block(0, 1, 0x1C5F21B0),
    "not for flash": block(0, 1, boards.RP2040, flags=uf2.HAS_FAMILY | uf2.NOT_FOR_FLASH),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_touches_nothing(bench, what):
    bench.running()
    assert "micropython.org/download/RPI_PICO/" in bench.refuses(WRONG[what])
    assert bench.port.exists() and not bench.drives


def test_another_board_on_the_port_is_not_sent_to_its_bootloader(bench):
    bench.info.machine = "Generic ESP32 module with ESP32"
    bench.running()
    assert "Generic ESP32 module" in bench.refuses(firmware())
    assert bench.port.exists() and not bench.drives
    assert bench.resets == 1  # its application goes on


def test_the_other_picos_drive_is_not_written(bench):
    bench.bootsel()
    assert "RPI-RP2, not RP2350" in bench.refuses(firmware(boards.RP2350_ARM), board="RPI_PICO2", port="")


def test_with_two_drives_none_is_written(bench, tmp_path):
    bench.drives.append(bench.drive(tmp_path / "second", "RP2350"))
    bench.bootsel()
    told = bench.refuses(firmware(), port="")
    assert all(str(drive) in told for drive in bench.drives)


def test_with_a_drive_and_a_running_board_none_is_written(bench, tmp_path):
    bench.drives.append(bench.drive(tmp_path / "second", "RPI-RP2"))
    bench.running()
    told = bench.refuses(firmware())
    assert str(bench.port) in told and str(bench.drives[0]) in told


def test_a_mount_that_a_board_left_behind_is_no_drive(bench, tmp_path):
    bench.drives.append(bench.drive(tmp_path / "stale", "RPI-RP2"))
    bench.running()
    assert bench.run(firmware()).exit_code == 0 and bench.written == firmware()


def test_without_drive_and_port_it_says_how_to_get_one(bench):
    assert "hold BOOTSEL" in bench.refuses(firmware())
    assert "hold BOOTSEL" in bench.refuses(firmware(), port="")


def test_a_drive_that_does_not_come_is_told(bench):
    bench.leaves = False
    bench.running()
    assert "No drive RPI-RP2" in bench.refuses(firmware())


def test_without_a_desktop_it_says_how_to_mount_the_drive(bench):
    flash_rp2.BY_LABEL.mkdir()
    device = flash_rp2.BY_LABEL / "RPI-RP2"
    device.touch()
    told = bench.refuses(firmware(), port="")
    assert f"udisksctl mount -b {device}" in told and "sudo mount" in told


@pytest.mark.parametrize("after", [1, 200_000])
def test_a_drive_that_is_pulled_in_the_middle_is_no_success(bench, after):
    bench.fails_at = after
    bench.bootsel()
    assert "Input/output error" in bench.refuses(firmware(), port="")


def test_a_drive_that_may_not_be_written_is_told(bench, monkeypatch):
    def fsync(fd):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "fsync", fsync)
    bench.bootsel()
    assert "No permission" in bench.refuses(firmware(), port="")


def test_a_board_that_does_not_start_again_is_no_success(bench, monkeypatch):
    monkeypatch.setattr(bench, "running", lambda: None)
    bench.bootsel()
    result = bench.run(firmware())
    assert isinstance(result.exception, Problem) and "not seen to start" in str(result.exception)


def test_stopped_in_the_middle_it_says_what_that_means(bench, monkeypatch):
    def fsync(fd):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", fsync)
    bench.bootsel()
    assert bench.refuses(firmware(), port="").startswith("Stopped")

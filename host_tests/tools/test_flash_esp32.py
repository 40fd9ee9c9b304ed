"""make flash for an ESP32: esptool itself, against an ESP32 on a pty. What is wrong is told before anything is erased."""

import errno
import hashlib
import os
from types import SimpleNamespace

import pytest
import serial
from click.testing import CliRunner
from esp_rom import ERASE_FLASH, EspRom
from esptool import cmds
from esptool.bin_image import ELFSection, ESP32C3FirmwareImage, ESP32FirmwareImage, ESP32S3FirmwareImage

from boardrig import Opens
from ec2x_tools import boards, flash_esp32, reach, serialboard
from ec2x_tools.flash import flash
from ec2x_tools.problem import Problem

KINDS = {"ESP32_GENERIC": ESP32FirmwareImage, "ESP32_GENERIC_S3": ESP32S3FirmwareImage}
BOARDS = sorted(KINDS)
INFO = SimpleNamespace(port="esp32", machine="Generic ESP32 module with ESP32", version="1.29.0", mpy="6.3")


def image(kind, size=1024):
    """An image with one segment, as esptool makes it."""
    made = kind()
    made.entrypoint = 0x40080000
    made.segments = [ELFSection(b".data", 0x3FFB0000, hashlib.shake_128(b"esp32").digest(size), 3)]
    return made.save(None)


def firmware(name="ESP32_GENERIC", kind=None, size=60_000):
    """Bootloader and application, as MicroPython's build joins them."""
    kind = kind or KINDS[name]
    return image(kind).ljust(flash_esp32.APPLICATION - boards.find(name).offset, b"\xff") + image(kind, size)


@pytest.fixture(autouse=True)
def computer(monkeypatch):
    """MicroPython answers on each port once the chip has been reset; nothing is tried for long."""
    resets = []
    reset = cmds.reset_chip

    def reset_chip(chip):
        resets.append(chip.CHIP_NAME)
        reset(chip)

    class Board(Opens):
        info = INFO

        def __init__(self, port):
            assert resets

    monkeypatch.setattr(serialboard, "Board", Board)
    monkeypatch.setattr(cmds, "reset_chip", reset_chip)
    monkeypatch.setattr(flash_esp32, "ATTEMPTS", 1)
    monkeypatch.setattr(reach, "BACK_S", 0)
    return resets


def run(tmp_path, data, port, name="ESP32_GENERIC"):
    (tmp_path / "firmware.bin").write_bytes(data)
    arguments = ["--board", name, "--port", port, "--firmware", str(tmp_path / "firmware.bin"), "--baud", "230400"]
    return CliRunner().invoke(flash, arguments)


def refused(*arguments):
    result = run(*arguments)
    assert isinstance(result.exception, Problem), result.exception or result.output
    return str(result.exception)


@pytest.mark.parametrize("name", BOARDS)
def test_the_chip_holds_the_file_and_nothing_else(tmp_path, name, computer):
    board, data = boards.find(name), firmware(name)
    with EspRom(board.chip) as chip:
        result = run(tmp_path, data, chip.port, name)
    assert result.exit_code == 0, result.exception
    assert chip.flash == (b"\xff" * board.offset + data).ljust(len(chip.flash), b"\xff")
    assert computer == [board.chip]
    assert "MicroPython 1.29.0" in result.output and INFO.machine in result.output


def test_the_wrong_chip_is_not_erased_and_runs_on(tmp_path, computer):
    with EspRom("ESP32-S3") as chip:
        told = refused(tmp_path, firmware(), chip.port)
    assert "ESP32-S3, not an ESP32" in told and "nothing was erased" in told
    assert ERASE_FLASH not in chip.commands and chip.flash.startswith(b"old")
    assert computer == ["ESP32-S3"]


def test_a_firmware_larger_than_the_flash_erases_nothing(tmp_path, computer):
    with EspRom(size=1 << 20) as chip:
        assert "does not fit" in refused(tmp_path, firmware(size=1 << 20), chip.port)
    assert ERASE_FLASH not in chip.commands
    assert computer == ["ESP32"]


def test_what_the_flash_does_not_keep_is_no_success(tmp_path):
    with EspRom(worn=True) as chip:
        assert "MD5" in refused(tmp_path, firmware(), chip.port)


def test_a_chip_that_does_not_answer_is_told_with_the_buttons(tmp_path):
    with EspRom(mute=True) as chip:
        assert "hold its BOOT button" in refused(tmp_path, firmware(), chip.port)


DAMAGED = bytearray(firmware())
DAMAGED[-100] ^= 1
WRONG = {
    "empty": (b"", "no whole image"),
    "a UF2 file": (b"UF2\nWQ]\x9e" * 20_000, "no whole image"),
    "one application, for an update": (image(ESP32FirmwareImage, 60_000), "only its application"),
    "cut": (firmware()[:-5000], "no whole image"),
    "damaged": (bytes(DAMAGED), "damaged"),
    "an ESP32-S3's": (firmware(kind=ESP32S3FirmwareImage), "for an ESP32-S3"),
    "an ESP32-C3's": (firmware(kind=ESP32C3FirmwareImage), "for an ESP32-C3"),
    "another board's offset": (firmware("ESP32_GENERIC_S3", ESP32FirmwareImage), "no whole image"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_told_before_the_port_is_opened(tmp_path, what):
    data, why = WRONG[what]
    told = refused(tmp_path, data, "/dev/no-such-port")
    assert why in told and "micropython.org/download/ESP32_GENERIC/" in told


def test_a_port_that_is_missing_is_told(tmp_path):
    assert "PORT is missing" in refused(tmp_path, firmware(), "")
    assert "no port /dev/no-such-port" in refused(tmp_path, firmware(), "/dev/no-such-port")


def test_a_port_in_use_is_told(tmp_path):
    with EspRom() as chip, serial.Serial(chip.port, exclusive=True):
        assert "in use" in refused(tmp_path, firmware(), chip.port)


def test_a_port_that_may_not_be_opened_is_told_with_the_group(tmp_path, monkeypatch):
    def opening(self):
        raise serial.SerialException(errno.EACCES, "[Errno 13] Permission denied")

    monkeypatch.setattr(serial.Serial, "open", opening)
    assert "group" in refused(tmp_path, firmware(), os.devnull)


def test_a_chip_older_than_the_firmware_wants_is_not_erased(tmp_path):
    data = bytearray(firmware())
    data[15:17] = (300).to_bytes(2, "little")  # revision 3.0 at least
    data[17:19] = (399).to_bytes(2, "little")
    data[image_end(data) : image_end(data) + 32] = hashlib.sha256(data[: image_end(data)]).digest()
    with EspRom() as chip:
        told = refused(tmp_path, bytes(data), chip.port)
    assert "requires chip revision" in told and "force" not in told
    assert ERASE_FLASH not in chip.commands


def image_end(data):
    """Where the SHA-256 of the first image is."""
    return len(image(ESP32FirmwareImage)) - 32


def test_a_cable_that_is_pulled_is_told(tmp_path, monkeypatch):
    def writing(*_, **__):
        raise serial.SerialException("device disconnected")

    monkeypatch.setattr(cmds, "write_flash", writing)
    with EspRom() as chip:
        assert "plug the board in again" in refused(tmp_path, firmware(), chip.port)

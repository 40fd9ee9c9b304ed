"""An ESP32 on a pty, as esptool meets it: the ROM's bootloader, and the stub that esptool then loads, whose flash is a bytearray."""

import hashlib
import os
import pty
import select
import struct
import threading
import tty
import zlib

SYNC, READ_REG, WRITE_REG, MEM_END, SECURITY_INFO = 0x08, 0x0A, 0x09, 0x06, 0x14
DEFL_BEGIN, DEFL_DATA, MD5, ERASE_FLASH = 0x10, 0x11, 0x13, 0xD0
UNKNOWN = b"\x01\x05"  # the status of a command that the ROM does not know
CHIP_MAGIC = 0x40001000  # where an ESP32 is told by its ROM

# Of each chip: what is at CHIP_MAGIC, its id in the security info, and the base of its SPI registers with the places in there of
# USR2, which has the flash's command, and of W0, which has its answer.
CHIPS = {"ESP32": (0x00F01D83, None, 0x3FF42000, 0x24, 0x80), "ESP32-S3": (0, 9, 0x60002000, 0x20, 0x58)}
FLASH_IDS = {1 << 20: 0x1440EF, 4 << 20: 0x1640EF}


class EspRom:
    """with EspRom("ESP32") as chip: chip.port; chip.flash and chip.commands tell what was done to it."""

    def __init__(self, chip="ESP32", size=4 << 20, mute=False, worn=False):
        magic, self._id, self._spi, self._usr2, self._w0 = CHIPS[chip]
        self._registers = {CHIP_MAGIC: magic}
        self._mute = mute  # it does not answer
        self._worn = worn  # its flash does not keep what is written
        self._size = size
        self._stub = False
        self.flash = bytearray(b"old" + bytes(size - 3))
        self.commands = []

    def __enter__(self):
        self._fd, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._end, self._ended = os.pipe()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_):
        os.write(self._ended, b"x")
        self._thread.join()
        for fd in (self._fd, self._slave, self._end, self._ended):
            os.close(fd)

    def _run(self):
        rest = b""
        while self._end not in select.select([self._fd, self._end], [], [])[0]:
            *frames, rest = (rest + os.read(self._fd, 65536)).split(b"\xc0")
            for frame in filter(None, frames):
                self._frame(frame.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb"))

    def _frame(self, frame):
        _, op, _, _ = struct.unpack("<BBHI", frame[:8])
        self.commands.append(op)
        if self._mute:
            return
        value, answer = self._do(op, frame[8:])
        for _ in range(8 if op == SYNC else 1):
            self._send(struct.pack("<BBHI", 1, op, len(answer), value) + answer)
        if op == MEM_END:  # esptool's program is in RAM, and starts
            self._stub = True
            self._send(b"OHAI")

    def _send(self, data):
        os.write(self._fd, b"\xc0" + data.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0")

    def _do(self, op, data):
        """The value and the data of the answer."""
        good = bytes(2 if self._stub else 4)
        if op == SYNC:
            return 0x20120707, good
        if op == READ_REG:
            return self._registers.get(struct.unpack("<I", data)[0], 0), good
        if op == SECURITY_INFO:
            return 0, UNKNOWN + good[2:] if self._id is None else struct.pack("<I8xII", 0, self._id, 0) + good
        if op == MD5:
            at, size = struct.unpack("<II", data[:8])
            return 0, hashlib.md5(self.flash[at : at + size]).digest() + good
        if op == WRITE_REG:
            self._register(*struct.unpack("<II", data[:8]))
        elif op == ERASE_FLASH:
            self.flash[:] = b"\xff" * self._size
        elif op == DEFL_BEGIN:
            self._at = struct.unpack("<IIII", data[:16])[3]
            self._inflate = zlib.decompressobj()
        elif op == DEFL_DATA:
            self._write(self._inflate.decompress(data[16:]))
        return 0, good

    def _register(self, address, value):
        if address == self._spi:  # SPI_CMD: a command to the flash chip, done at once
            command = self._registers[self._spi + self._usr2] & 0xFF
            address, value = self._spi + self._w0, FLASH_IDS[self._size] if command == 0x9F else 0
        self._registers[address] = value

    def _write(self, data):
        self.flash[self._at : self._at + len(data)] = bytes(len(data)) if self._worn else data
        self._at += len(data)

"""A board with MicroPython on a port, through mpremote's transport; what goes wrong with it in a sentence."""

import contextlib
import errno
import io
import os
import re
import struct
from dataclasses import dataclass
from pathlib import Path

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial.tools import list_ports

from .problem import Problem

SILENCE = 5  # seconds without a byte, in the middle of an answer, after which nobody is there
PATIENCE = (1, 3, 10)  # seconds for each step on the way into the raw REPL, try by try
BANNER = re.compile(r"MicroPython \S+ on \d{4}-\d\d-\d\d; |Type \"help\(\)\" for more information")
ABOUT = """
import sys
try:
    from os import uname
    machine = uname().machine
except ImportError:
    machine = sys.implementation._machine
mpy = getattr(sys.implementation, "_mpy", 0)
print("\\2%s\\n\\2%d.%d" % (sys.platform, mpy & 0xff, mpy >> 8 & 3))
print("\\2" + ".".join([str(n) for n in sys.implementation[1][:3]]))
print("\\2" + machine)
"""


class Silent(Problem):
    """The board does not answer, or not any more."""


@dataclass
class Info:
    """What a board says of itself."""

    port: str  # MicroPython's: "rp2", "esp32", "unix"
    machine: str  # "Raspberry Pi Pico W with RP2040"
    version: str  # "1.29.0"
    mpy: str  # of the .mpy files that it takes: "6.3"


class Board:
    """with Board(port) as board: its application is stopped, and it waits for what it is told."""

    def __init__(self, port: str):
        self.name = port

    def __enter__(self):
        if not self.name:
            raise Problem(f"PORT is missing: {_ports()}.")
        try:
            self._link = SerialTransport(self.name, timeout=SILENCE)
        except (TransportError, serial.SerialException, ValueError) as error:
            raise Problem(why_not(self.name, error)) from None
        try:
            self.fresh()
            self.info = self._about()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            if self._link.in_raw_repl:
                self._link.exit_raw_repl()
        self._close()

    def _close(self):
        with contextlib.suppress(OSError):
            self._link.close()

    def fresh(self):
        """A soft reset: boot.py has run, main.py has not. A board that is just starting misses the first that is said to it."""
        with self._spoken("MicroPython does not answer, or its application catches Ctrl+C"):
            for patience in PATIENCE:
                try:
                    with contextlib.redirect_stdout(io.StringIO()):
                        self._link.enter_raw_repl(timeout_overall=patience)
                    return
                except TransportError:
                    if patience == PATIENCE[-1]:
                        raise

    def run(self, code: str, timeout: float = 10) -> str:
        """What it prints; Problem with the last line of its traceback. timeout: seconds between two bytes."""
        lines = []
        self.follow(code, lines.append, timeout)
        return "\n".join(lines)

    def ask(self, code: str, timeout: float = 10) -> list[str]:
        """The lines that it prints behind a \\2: what a timer or a thread of the board's own says meanwhile is none of them."""
        return [line[1:] for line in self.run(code, timeout).splitlines() if line[:1] == "\2"]

    def follow(self, code: str, on_line, silence: float | None = 10):
        """Each line that the code prints goes to on_line, as it comes."""
        lines = Lines(on_line)
        with self._spoken("the board fell silent"):
            _, wrong = self._link.exec_raw(code, timeout=silence, data_consumer=lines)
        lines.end()
        if wrong:
            raise Problem(f"On the board: {wrong.decode(errors='replace').strip().splitlines()[-1]}.")

    def leave(self, code: str):
        """Runs code that ends the connection, such as machine.bootloader()."""
        with self._spoken("the board fell silent"):
            self._link.exec_raw_no_follow(code)
        self._link.in_raw_repl = False

    def reset(self):
        """machine.reset(), if it still hears; also when the last word to it broke off, or it runs something."""
        with contextlib.suppress(Problem), self._spoken(""), contextlib.redirect_stdout(io.StringIO()):
            self._link.enter_raw_repl(soft_reset=False, timeout_overall=PATIENCE[0])
            self.leave("import machine\nmachine.reset()")

    def restart(self, on_line, silence: float | None = None) -> bool:
        """A soft reset with main.py: each line that is printed, until the application is silent for so long, or has ended: True."""
        lines = Lines(lambda line: BANNER.match(line) or on_line(line), until=b">>> ")
        with self._spoken("the board fell silent"):
            self._link.exit_raw_repl()
            self._link.read_until(1, b">>> ", timeout=SILENCE)
            self._link.serial.write(b"\x04")
            self._link.read_until(1, b"soft reboot\r\n", timeout=SILENCE)
            self._link.serial.timeout = silence
            while not lines.over:
                data = self._link.serial.read(max(1, self._link.serial.in_waiting))
                if not data:
                    break
                lines(data)
        lines.end()
        return lines.over

    def interrupt(self):
        """Ctrl+C, for what restart() has left running."""
        with contextlib.suppress(OSError):
            self._link.serial.write(b"\r\x03")

    def _about(self) -> Info:
        port, mpy, version, machine = self.ask(ABOUT)
        return Info("unix" if port in ("linux", "darwin") else port, machine, version, mpy)

    @contextlib.contextmanager
    def _spoken(self, what: str):
        try:
            yield
        except TransportExecError as error:
            raise Problem(f"On the board: {error.error_output.strip().splitlines()[-1]}.") from None
        except (TransportError, struct.error):
            raise Silent(f"On {self.name} {what}: is it the board's port, and is MicroPython flashed? `make flash` does that.") from None
        except (OSError, serial.SerialException):
            raise Problem(f"{self.name} is gone: the cable was pulled, or the board has reset.") from None


class Lines:
    """Takes bytes one by one, as mpremote gives them, and hands on whole lines."""

    def __init__(self, on_line, until: bytes = b""):
        self._on_line = on_line
        self._until = until
        self._line = b""
        self.over = False

    def __call__(self, data: bytes):
        for byte in data:
            if byte == 10:
                self._tell()
            elif byte != 4:
                self._line += bytes([byte])
        if self._until and self._line == self._until:
            self.over = True
            self._line = b""

    def end(self):
        """What came without an end of line."""
        if self._line:
            self._tell()

    def _tell(self):
        line, self._line = self._line, b""
        self._on_line(line.decode(errors="replace").rstrip("\r"))


def why_not(port: str, error: Exception) -> str:
    """Why that port does not open, and what to do."""
    try:
        serial.serial_for_url(port, exclusive=True).close()
    except (serial.SerialException, ValueError) as found:
        error = found
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        return f"You may not open {port}: {_group(port)}."
    if number in (errno.EBUSY, errno.EAGAIN) or "lock" in str(error):
        return f"{port} is in use: close what has it open, such as mpremote, Thonny or another of these tools."
    if number == errno.ENOENT or not Path(port).exists():
        return f"There is no port {port}: {_ports()}."
    return f"{port} does not open ({error}): {_ports()}."


def _ports() -> str:
    found = [port.device for port in list_ports.comports()]
    return "the ports of this computer are " + ", ".join(found) if found else "no board is plugged in, or its cable has no data lines"


def _group(port: str) -> str:
    try:
        import grp

        name = grp.getgrgid(os.stat(port).st_gid).gr_name
    except (ImportError, KeyError, OSError):
        return "ask whoever looks after this computer"
    return f"add yourself to the group {name} (sudo usermod -aG {name} $USER) and log in again"

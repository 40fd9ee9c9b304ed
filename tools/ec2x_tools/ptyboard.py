"""MicroPython's unix port behind a pty that behaves as a board: raw REPL, raw paste, soft reset, boot.py and main.py, files of its own."""

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import threading
import tty
from pathlib import Path

import click
from rich.console import Console

from . import interpreter
from .problem import Problem

BOOT = Path(__file__).with_name("on_board") / "unix_boot.py"
FLASH = 256 * 4096  # bytes, as unix_boot.py has it
STARTED = b"\0started\n"  # behind what boot.py and main.py print
RAW = b"raw REPL; CTRL-B to exit\r\n"
PROMPTS = (b">>> ", b"... ", b"=== ", b"\n>", b"\x04>")  # behind them it waits
LONE_LF = re.compile(rb"(?<!\r)\n")
PATIENCE_S = 0.2  # for whoever reads: what nobody takes is lost, as on a board
RESETS = (-signal.SIGUSR1, -signal.SIGKILL)  # machine.reset(), and power that is gone: not a soft reset


class PtyBoard:
    """with PtyBoard(image) as board: board.port is the tty, image the file with its flash; the rest goes into its environment."""

    def __init__(self, image: Path, micropython: str = "", **environment: str):
        self._image = Path(image).absolute()
        self._program = interpreter.find(micropython)
        self._environment = {**os.environ, **environment, "TERM": "dumb"}
        self.starts = 0
        self._news = threading.Condition()
        self._raw = False  # it was last told to be in the raw REPL
        self._seen = self._tail = b""
        self._marks = []  # what is still to come before its output is the user's

    def __enter__(self):
        if not self._image.exists():
            self._image.write_bytes(bytes([255]) * FLASH)
        self._outer, self._slave = pty.openpty()  # the other end stays open here, so the port outlives who uses it
        os.set_blocking(self._outer, False)
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._ended, self._end = os.pipe()
        self._start()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        os.write(self._end, b".")
        self._thread.join()
        self._child.kill()
        self._child.wait()
        for fd in (self._inner, self._outer, self._slave, self._ended, self._end):
            os.close(fd)

    def wait(self, starts: int, timeout: float = 20):
        """Until it has started so often since it was made, main.py included, and is not starting again; False if it does not."""
        with self._news:
            return self._news.wait_for(lambda: self.starts >= starts and STARTED not in self._marks, timeout)

    def cut_power(self):
        """Its supply is cut, in the middle of whatever it does, and comes back."""
        self._child.kill()

    # The thread

    def _run(self):
        while True:
            ready, _, _ = select.select([self._ended, self._outer, self._inner], [], [])
            if self._ended in ready:
                return
            if self._inner in ready:
                self._from_board()
            if self._outer in ready:
                self._to_board(os.read(self._outer, 1024))

    def _to_board(self, data: bytes):
        for byte in data:
            if byte in b"\x01\x02":  # Ctrl+A, Ctrl+B
                self._raw = byte == 1
            if byte == 3 and not self._tail.endswith(PROMPTS):  # Ctrl+C, and something runs
                self._child.send_signal(signal.SIGINT)
            else:
                os.write(self._inner, bytes([byte]))

    def _from_board(self):
        try:
            data = os.read(self._inner, 4096)
        except OSError:  # so says Linux when the process has ended
            data = b""
        if not data:
            self._restart()
        self._seen += data
        while self._marks and self._marks[0] in self._seen:
            self._passed(self._marks.pop(0))
        if self._marks != [RAW]:  # the banner before it is not a board's
            end = self._seen.find(b"\0") if self._marks else -1
            self._tell(len(self._seen) if end < 0 else end)

    def _passed(self, mark: bytes):
        if mark == STARTED:
            self._tell(self._seen.index(mark))
            with self._news:
                self.starts += 1
                self._news.notify_all()
            if self._marks:
                os.write(self._inner, b"\x01")
        else:
            self._say(mark)
            self._tail = b"\n"
        self._seen = self._seen.partition(mark)[2]

    def _tell(self, n: int):
        """The next n bytes are the user's: print() ends a line with LF, the REPL, as a board always, with CR LF."""
        cr = b"\r" if self._tail.endswith(b"\r") else b""
        data = LONE_LF.sub(b"\r\n", cr + self._seen[:n])[len(cr) :]
        self._seen = self._seen[n:]
        if data:
            self._tail = (self._tail + data)[-4:]
            self._say(data)

    def _say(self, data: bytes):
        while data and select.select([], [self._outer], [], PATIENCE_S)[1]:
            data = data[os.write(self._outer, data) :]

    def _restart(self):
        hard = self._child.wait() in RESETS
        os.close(self._inner)
        if hard:
            self._raw = False
        self._start()  # first: until it runs, the fork keeps the port locked, and whoever reads the next line may leave and come back
        if not hard:
            self._say(b"\r\nMPY: soft reboot\r\n")

    def _start(self):
        files = ("boot.py",) if self._raw else ("boot.py", "main.py")
        self._marks = [STARTED, RAW] if self._raw else [STARTED]
        self._seen = b""
        self._inner, slave = pty.openpty()
        tty.setraw(slave)
        code = f"IMAGE = {str(self._image)!r}\nFILES = {files!r}\n" + BOOT.read_text()
        self._child = subprocess.Popen(
            interpreter.command(self._program, "-i", "-c", code),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=self._environment,
            start_new_session=True,  # Ctrl+C on the PC is not for it
        )
        os.close(slave)


@click.command()
@click.option("--modem", default="", help="The port that `make sim` prints: its modem.")
def board(modem: str):
    """MicroPython's unix port as a board on a pty, to try deploy and mpremote without one; build/board.img is its flash."""
    if modem and not modem.startswith("tcp:") and not os.path.exists(modem):
        raise Problem(f"There is no port {modem}: start `make sim`, and give the one that it prints.")
    interpreter.BUILD.mkdir(exist_ok=True)
    with PtyBoard(interpreter.BUILD / "board.img", EC2X_PORT=modem) as it, contextlib.suppress(KeyboardInterrupt):
        say = f"A board is on {it.port}: make deploy BOARD=unix PORT={it.port}. Ctrl+C ends it."
        Console(emoji=False, highlight=False, soft_wrap=True).print(say)
        threading.Event().wait()

"""boards/unix on real MicroPython: the UART contract over a pty and over TCP."""

import errno
import os
import pty
import select
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from ec2x_tools import interpreter

SCRIPT = Path(__file__).with_name("uart_script.py")
DATA = bytes(range(256)) * 64  # every value, and more than any buffer on the way holds at once


class Pty:
    def __init__(self):
        self.fd, self._theirs = pty.openpty()
        self.name = os.ttyname(self._theirs)

    def open(self):
        return self.fd

    def hang_up(self):
        os.close(self._theirs)
        os.close(self.fd)


class Tcp:
    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(10)
        self.name = f"tcp:127.0.0.1:{self._listener.getsockname()[1]}"

    def open(self):
        self._stream = self._listener.accept()[0]
        return self._stream.fileno()

    def hang_up(self):
        self._stream.close()
        self._listener.close()


def converse(fd, data):
    """Sends `data` as fast as it goes while collecting the echo, as a modem does with its two directions."""
    echo = bytearray()

    def send():
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view[:1000]) :]

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    while len(echo) < len(data):
        assert select.select([fd], [], [], 10)[0], "the board stopped echoing"
        echo += os.read(fd, 4096)
    sender.join()
    return bytes(echo)


@pytest.mark.parametrize("line", [Pty, Tcp])
def test_every_byte_crosses_both_ways_with_the_heap_locked_and_a_hang_up_is_told(line):
    line = line()
    board = subprocess.Popen(
        interpreter.command(interpreter.find(), str(SCRIPT), line.name, str(len(DATA))),
        env=interpreter.environment("boards/unix"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        fd = line.open()
        assert select.select([fd], [], [], 10)[0], "the board never spoke"
        assert os.read(fd, 100) == b"ready"
        assert converse(fd, DATA) == bytes((value + 1) & 255 for value in DATA)
        line.hang_up()
        output, _ = board.communicate(timeout=10)
    finally:
        board.kill()
        print(board.communicate()[0])  # shown by pytest when the test fails
    assert output.strip() in {str(errno.ENODEV), str(errno.EIO)}


@pytest.mark.parametrize(
    "call, sentence",
    [
        ("modem()", "make sim"),
        ("modem('/nowhere/tty')", "/nowhere/tty does not open"),
        ("modem('tcp:127.0.0.1')", "tcp:HOST:PORT"),
        ("modem('tcp:127.0.0.1:x')", "tcp:HOST:PORT"),
    ],
)
def test_a_port_that_cannot_be_is_refused_in_a_sentence(call, sentence, micropython):
    result = micropython("-c", f"import sys; sys.modules['ec2x'] = 0; import board; board.{call}", EC2X_PORT="")
    assert result.returncode == 1
    assert sentence in result.stdout.splitlines()[-1]

"""What a board does when it starts, for MicroPython's unix port: its own files, boot.py and main.py, and a machine that resets.

IMAGE and FILES are set by ptyboard.py, which runs this before the REPL.
"""

import os
import sys
import time

import vfs

BLOCK = 4096
BLOCKS = 256


class Flash:
    """A block device in a file, for littlefs, which a board has too: it bears that the power is cut at any time."""

    def __init__(self, path):
        self._file = open(path, "r+b", 0)

    def readblocks(self, block, buf, offset=0):
        self._file.seek(block * BLOCK + offset)
        self._file.readinto(buf)

    def writeblocks(self, block, buf, offset=0):
        self._file.seek(block * BLOCK + offset)
        self._file.write(buf)

    def ioctl(self, request, arg):
        return {4: BLOCKS, 5: BLOCK}.get(request, 0)


def own_files():
    flash = Flash(IMAGE)  # noqa: F821
    try:
        files = vfs.VfsLfs2(flash)
    except OSError:
        vfs.VfsLfs2.mkfs(flash)
        files = vfs.VfsLfs2(flash)
    vfs.umount("/")
    vfs.mount(files, "/")
    vfs.mount(vfs.VfsPosix("/dev"), "/dev")  # where its UART is
    os.chdir("/")
    sys.path[:] = ["", ".frozen", "/lib"]


class Timer:
    """machine.Timer, as far as one that is periodic, with what not every port bears."""

    PERIODIC = 1

    def __init__(self, id=-1):
        self._run = None
        self._inits = 0

    def init(self, mode, period, callback):
        import _thread

        self._inits += 1
        if self._inits == 255:  # so often, and time stands still on an ESP32, up to MicroPython 1.28
            raise RuntimeError("inits without end")
        self._run = object()
        _thread.start_new_thread(self._tick, (self._run, period, callback))

    def deinit(self):
        self._run = None

    def _tick(self, run, period, callback):
        while True:
            time.sleep_ms(period)
            if self._run is not run:
                return
            callback(self)


def add_machine():
    import machine

    board = type("machine", (), {})
    for name in dir(machine):
        setattr(board, name, getattr(machine, name))
    board.Timer = Timer
    board.reset = lambda: os.system("kill -USR1 $PPID")  # ptyboard.py knows it by that
    sys.modules["machine"] = board


def run(name):
    try:
        os.stat(name)
    except OSError:
        return
    try:
        execfile(name)  # noqa: F821
    except (Exception, KeyboardInterrupt) as error:
        sys.print_exception(error, sys.stdout)


own_files()
add_machine()
for name in FILES:  # noqa: F821
    run(name)
print("\0started")

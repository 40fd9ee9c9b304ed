"""The board's side of deploy: takes files, tells their hashes, changes over. If the PC falls silent, the board resets itself.

Paths are bytes: a name that an application has written need not be UTF-8.
"""

import binascii
import errno
import hashlib
import os
import sys
import time

import machine

_block = bytearray(512)
_timer = None
_end = 0
_file = None


def say(*words):
    """To deploy: what others print has no mark."""
    print("\2" + " ".join([str(word) for word in words]))


def alive(ms):
    """Reset so many ms from now, unless this is called again; 0: never. The timer is set once: an ESP32 does not bear it often."""
    global _timer, _end
    _end = time.ticks_add(time.ticks_ms(), ms)
    if not ms:
        _timer.deinit()
    elif _timer is None:
        _timer = a_timer()
        _timer.init(mode=machine.Timer.PERIODIC, period=100, callback=watch)


def a_timer():
    for id in (-1, 3):  # RP2 has no other than -1, and an ESP32 has that from MicroPython 1.29 on
        try:
            return machine.Timer(id)
        except ValueError:
            pass
    return machine.Timer(1)  # some ESP32 have no 3


def watch(timer):
    if time.ticks_diff(_end, time.ticks_ms()) < 0:
        machine.reset()


def blocks(path):
    view = memoryview(_block)
    with open(path, "rb") as file:
        while True:
            n = file.readinto(_block)
            if not n:
                return
            yield view[:n]


def digest(path):
    """The SHA-256 of a file; "" if there is none."""
    found = hashlib.sha256()
    try:
        for block in blocks(path):
            found.update(block)
    except OSError:
        return ""
    return binascii.hexlify(found.digest()).decode()


def known(path):
    say(digest(path))


def is_folder(path):
    return os.stat(path)[0] & 0x4000


def names(folder):
    """The entries of a folder, of one that is not there none."""
    try:
        return sorted([entry[0] for entry in os.ilistdir(folder)])
    except OSError:
        return []


def tell(folder):
    """Each file below it, its size and its hash, a line each."""
    for name in names(folder):
        path = folder + b"/" + name
        if is_folder(path):
            tell(path)
        else:
            say((path, os.stat(path)[6], digest(path)))


def others(ours, folder=b""):
    """The files beside ours in the same flash, and their sizes."""
    for name in names(folder or b"/"):
        path = folder + b"/" + name
        if not is_folder(path):
            say((os.stat(path)[6], path))
        elif path != ours and os.statvfs(path) == os.statvfs("/"):
            others(ours, path)


def make(folder):
    """The folder, and those above it."""
    for end in range(1, len(folder) + 1):
        if folder[end : end + 1] in (b"/", b""):
            try:
                os.mkdir(folder[:end])
            except OSError as error:
                if error.errno != errno.EEXIST:
                    raise


def begin(path):
    global _file
    make(path.rpartition(b"/")[0])
    _file = open(path, "wb")


def put(data):
    _file.write(data)


def end(path):
    _file.close()
    known(path)


def drop():
    """The file that has no room, if there is one, is closed: what it has goes with its folder."""
    try:
        if _file:
            _file.close()
    except OSError:
        pass


def copy(old, new):
    begin(new)
    for block in blocks(old):
        put(block)
    end(new)


def remove(path):
    """A file or a whole folder."""
    if is_folder(path):
        for name in names(path):
            remove(path + b"/" + name)
        os.rmdir(path)
    else:
        os.remove(path)


def keep_only(folder, kept):
    for name in names(folder):
        if name not in kept:
            remove(folder + b"/" + name)


def text(path):
    try:
        with open(path, "rb") as file:
            say(file.read())
    except OSError:
        say(b"")


def room():
    """Bytes that are free, and all that there are. A littlefs that is full counts below zero, without a sign."""
    found = os.statvfs("/")
    say((found[0] * found[3] if found[3] <= found[2] else 0, found[1] * found[2]))


def works(folder):
    """An exception if the package and its board cannot be imported from there."""
    sys.path.insert(0, folder.decode())
    for name in list(sys.modules):  # boot.py may have imported those of the version before
        if name.split(".")[0] in ("board", "ec2x"):
            del sys.modules[name]
    import board  # noqa: F401
    import ec2x  # noqa: F401

"""Runs test files under MicroPython: micropython micropython_runner.py FILE...

A test file is one that pytest runs too: functions named test_*, plain asserts, no fixtures. The exit code is 1 when a
test fails, when a file cannot be imported, and when a file has no test.
"""

import gc
import sys

import micropython


def unlock_heap():
    """A test that failed under micropython.heap_lock() leaves it locked; count the depth by unlocking until it is free."""
    while True:
        try:
            bytearray(64)
            return
        except MemoryError:
            micropython.heap_unlock()


def load(path):
    folder, _, name = path.rpartition("/")
    sys.path.insert(1, folder)
    return __import__(name[:-3])


def passes(title, call):
    """Calls, and tells whether it went well; what went wrong is printed."""
    try:
        call()
        return True
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        unlock_heap()
        print("FAILED", title)
        sys.print_exception(error)
        return False


def run_file(path):
    """Returns (passed, failed) for one file."""
    loaded = []
    if not passes(path, lambda: loaded.append(load(path))):
        return 0, 1
    names = sorted(name for name in dir(loaded[0]) if name.startswith("test_"))
    passed = 0
    for name in names:
        gc.collect()
        passed += passes(path + "::" + name, getattr(loaded[0], name))
    if not names:
        print("FAILED", path, "has no test")
    return passed, len(names) - passed if names else 1


def main(paths):
    passed = failed = 0
    for path in paths:
        good, bad = run_file(path)
        passed += good
        failed += bad
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

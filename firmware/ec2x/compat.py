"""The interpreter's differences. Nothing else asks which Python runs."""
# ruff: noqa: F401

import sys

if sys.implementation.name == "micropython":  # pragma: micropython
    from io import BytesIO, IOBase
    from sys import print_exception
    from time import sleep_ms, ticks_add, ticks_diff, ticks_ms

    from micropython import const

    def Block(size):
        # A BytesIO is the one object whose seek, write(buf, off, n) and readinto(buf, n) copy in C and allocate nothing.
        block = BytesIO(size)
        block.write(bytes(size))
        return block

else:
    from .cpython import *  # noqa: F403

"""What test_unix_board.py runs under MicroPython: argv is the port and the number of bytes to echo."""

import sys

import micropython

import unix_uart

uart = unix_uart.open_uart(sys.argv[1])
wanted = int(sys.argv[2])
buf = bytearray(300)


def echo(count):
    """Sends back what comes, plus one, with the heap locked; whatever it reads or writes may be less than asked."""
    while count:
        have = uart.any()
        if not have:
            uart.idle()
            continue
        got = uart.readinto(buf, min(have, len(buf)))
        for i in range(got):
            buf[i] = (buf[i] + 1) & 255
        sent = 0
        while sent < got:
            sent += uart.write(buf, sent, got - sent) or 0
        count -= got


assert uart.any() == 0 and uart.readinto(buf) is None
assert uart.write(b"ready") == 5
micropython.heap_lock()
try:
    echo(wanted)
finally:
    micropython.heap_unlock()
try:
    while True:  # until the other end goes
        uart.idle()
        assert uart.any() == 0 and uart.readinto(buf) is None
except OSError as error:
    print(error.errno)

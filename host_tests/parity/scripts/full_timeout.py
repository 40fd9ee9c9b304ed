"""Sending to a peer that reads nothing, with a timeout."""

import time

from see import pause, see, see_flags, tell, to

block = bytes(4096)
sock = to("stay")


def fill():
    """Write until nothing is taken any more, at least for a while: a little goes through now and then."""
    sock.settimeout(0)
    quiet = 0
    while quiet < 4:
        if sock.write(block) is None:
            pause(50)
            quiet += 1
        else:
            quiet = 0


def refused(call):
    """Call until it fails; the error, and whether it took its time."""
    for _ in range(20):
        fill()
        sock.settimeout(0.2)
        start = time.ticks_ms()
        try:
            call(block)
        except OSError as error:
            took.append(time.ticks_diff(time.ticks_ms(), start) >= 180)
            raise error


took = []
fill()
see_flags("poll, full", sock)
for method in ("send", "write", "sendall"):
    see(method, refused, getattr(sock, method))
tell("waited", took)
sock.setblocking(False)
see("close", sock.close)

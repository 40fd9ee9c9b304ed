"""A socket has no with on MicroPython's unix port; it has on others."""

from see import see, tcp


def use():
    with tcp() as sock:
        sock.setblocking(False)
    sock.send(b"x")


see("with", use)

"""The peer has sent much and closed: a write that fails loses nothing of it."""

from see import pause, see, to

sock = to("fill 6000|close")
pause(200)
taken = 0


def pour():
    for _ in range(20):
        sock.write(b"x")
        pause(20)


see("write", pour)
see("read", lambda: len(sock.read(4000)))
see("read the rest", lambda: len(sock.read()))
see("read at the end", sock.read, 1)

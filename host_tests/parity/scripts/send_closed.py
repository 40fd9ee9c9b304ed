"""The peer has closed: what send and write say once that is known here."""

from see import pause, ready, see, see_flags, to


def broken(call, *args):
    """The error that comes within a second."""
    for _ in range(20):
        call(*args)
        pause(50)
    return "it goes on"


for method in ("send", "write", "sendall"):
    sock = to("close")
    ready(sock)
    see(method, broken, getattr(sock, method), b"hello")
    see_flags("poll", sock)
    see(method + " again", getattr(sock, method), b"x")
    see("recv", sock.recv, 10)
    see("close", sock.close)

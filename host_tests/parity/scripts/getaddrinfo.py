"""The forms of getaddrinfo()."""

import socket

from see import see


def form(*arguments):
    """All but the address, which is a port's own matter."""
    return [entry[:3] for entry in socket.getaddrinfo(*arguments)][0]


for arguments in (
    ("127.0.0.1", 80),
    ("127.0.0.1", 80, 0),
    ("127.0.0.1", 80, socket.AF_INET),
    ("127.0.0.1", 80, 0, socket.SOCK_STREAM),
    ("127.0.0.1", 80, 0, socket.SOCK_DGRAM),
    ("localhost", 80, socket.AF_INET, socket.SOCK_STREAM),
    ("::1", 80, 0, socket.SOCK_STREAM),
    ("::1", 80, socket.AF_INET6, socket.SOCK_STREAM),
    ("0.0.0.0", 0, 0, socket.SOCK_STREAM),
):
    see("getaddrinfo%r" % (arguments,), form, *arguments)
see("five parts", lambda: len(socket.getaddrinfo("127.0.0.1", 80)[0]))
see("it is a list", lambda: type(socket.getaddrinfo("127.0.0.1", 80)).__name__)
for arguments in ((), ("127.0.0.1",), (None, 80), (80, 80), ("127.0.0.1", None), ("127.0.0.1", "http"), (b"127.0.0.1", 80)):
    see("getaddrinfo%r" % (arguments,), form, *arguments)

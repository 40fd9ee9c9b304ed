"""Every method of a closed socket."""

import socket

from see import at, free_port, see, tcp, to, udp

there = at(free_port())
CALLS = (
    ("connect", (there,)),
    ("bind", (there,)),
    ("listen", (1,)),
    ("accept", ()),
    ("send", (b"x",)),
    ("sendall", (b"x",)),
    ("sendto", (b"x", there)),
    ("recv", (1,)),
    ("recvfrom", (1,)),
    ("read", (1,)),
    ("readall", ()),
    ("readline", ()),
    ("readinto", (bytearray(1),)),
    ("write", (b"x",)),
    ("settimeout", (1,)),
    ("setblocking", (False,)),
    ("setsockopt", (socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)),
    ("makefile", ("rb",)),
    ("fileno", ()),
    ("close", ()),
)
for kind, sock in (("new", tcp()), ("connected", to("read")), ("udp", udp())):
    sock.close()
    for method, arguments in CALLS:
        see(kind + " " + method, lambda: getattr(sock, method.replace("readall", "read"))(*arguments))

"""What a socket does that is neither bound nor connected."""

from see import see, see_flags, tcp

for title, timeout in (("blocking", 0.3), ("not blocking", 0)):
    sock = tcp(timeout)
    see_flags(title + ", poll", sock)
    for method, arguments in (
        ("recv", (1,)),
        ("read", (1,)),
        ("readline", ()),
        ("readinto", (bytearray(1),)),
        ("recvfrom", (1,)),
        ("send", (b"x",)),
        ("write", (b"x",)),
        ("sendall", (b"x",)),
        ("accept", ()),
    ):
        see("%s, %s" % (title, method), getattr(sock, method), *arguments)
    see_flags(title + ", poll then", sock)
    sock.close()

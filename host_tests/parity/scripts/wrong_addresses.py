"""Addresses that are none."""

from see import see, tcp, udp

for kind, new in (("tcp", tcp), ("udp", udp)):
    for value in (None, 80, ("127.0.0.1",), (), ("127.0.0.1", "http"), ("127.0.0.1", None), (None, 80), (1, 80), "127.0.0.1:80"):
        sock = new()
        see("%s, connect(%r)" % (kind, value), sock.connect, value)
        see("%s, bind(%r)" % (kind, value), sock.bind, value)
        if kind == "udp":
            see("sendto(%r)" % (value,), sock.sendto, b"x", value)
        sock.close()

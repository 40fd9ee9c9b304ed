"""More than any buffer holds is sent whole when blocking, and in parts when not."""

from see import heard, see, tell, to

block = bytes(range(256)) * 20
sock = to("read", 10)
see("sendall", sock.sendall, block)
see("write", sock.write, block)
see("send", lambda: 0 < sock.send(block[:100]) <= 100)
sock.close()
tell("the peer", heard())


def fill(call):
    """Write until nothing is taken any more."""
    taken = 1
    while taken:
        taken = call(block)
    return taken


for method in ("send", "write"):
    sock = to("stay")
    sock.settimeout(0)
    see(method + ", no waiting", fill, getattr(sock, method))
    see(method + ", a byte more", getattr(sock, method), b"x")
    see("sendall", sock.sendall, b"x")
    sock.close()

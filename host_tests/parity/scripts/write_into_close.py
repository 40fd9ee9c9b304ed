"""Writing goes on while the peer sends much and closes: what it sent is read to its end all the same."""

from see import pause, see, tell, to


def fails():
    try:
        for _ in range(400):
            sock.write(b"more")
            pause(1)
    except OSError:  # EPIPE or ECONNRESET, as it comes
        return True
    return False


for _ in range(4):
    sock = to("line|fill 6000|close")
    sock.write(b"go\n")
    see("write fails", fails)
    tell("read", len(sock.read()))
    see("read at the end", sock.read, 1)
    sock.close()

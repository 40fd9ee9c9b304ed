"""Several clients wait for accept()."""

from see import client, listener, ready, see, see_flags, tell

sock, port = listener(backlog=3)
for k in range(3):
    tell("client", client(port, "say %d|read" % k))
ready(sock)
news = [sock.accept()[0] for _ in range(3)]
see_flags("poll", sock)
for new in news:
    see("read", new.read, 1)
sock.settimeout(0)
see("accept", sock.accept)
for new in news:
    new.close()
sock.close()

"""A server and its client in one script."""

import select

from see import at, listener, ready, see, see_flags, tcp, tell

server, port = listener()
here = tcp()
see("connect", here.connect, at(port))
ready(server)
there = server.accept()[0]
see("write", here.write, b"hello\n")
see("readline", there.readline)
see("write back", there.write, b"world")
see("read", here.read, 5)
see_flags("poll", here)
poll = select.poll()
poll.register(here, select.POLLIN)
poll.register(there, select.POLLIN)
tell("nobody is ready", poll.poll(50))
there.close()
ready(here)
see_flags("poll, the other closed", here)
see("read at the end", here.read, 1)
here.close()
server.close()

server, port = listener(0)
socks = [tcp() for _ in range(3)]
for k, sock in enumerate(socks):
    sock.connect(at(port))
    sock.write("number %d\n" % k)
    ready(server)
    see("accept", lambda: server.accept()[0].readline())
see("accept once more", server.accept)
for sock in socks:
    sock.close()
server.close()

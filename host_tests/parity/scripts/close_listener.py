"""A listener is closed: its accepted connection goes on, its port is free, who was not accepted is gone."""

from see import at, client, heard, listener, pause, ready, see, see_flags, tcp, tell

sock, port = listener()
tell("client", client(port, "say hello|line|say more|read"))
ready(sock)
new = sock.accept()[0]
sock.close()
see("read", new.read, 5)
see("write", new.write, b"on\n")
see("read", new.read, 4)
new.close()
tell("the peer", heard())

sock = tcp()
sock.setsockopt(1, 2, 1)
pause(100)
see("bind", sock.bind, at(port))
see("listen", sock.listen, 1)
see_flags("poll", sock)
sock.close()
tell("client after the end", client(port, "read"))

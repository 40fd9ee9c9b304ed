"""bind() and listen() in and out of order, and what a listening socket does not do."""

from see import at, free_port, see, tcp

sock = tcp(0.2)
see("accept before listen", sock.accept)
port = free_port()
see("bind", sock.bind, at(port))
see("accept before listen", sock.accept)
see("listen", sock.listen, 1)
see("listen again", sock.listen, 2)
see("recv", sock.recv, 1)
see("read", sock.read, 1)
see("send", sock.send, b"x")
see("write", sock.write, b"x")
see("connect", sock.connect, at(port))

other = tcp()


def serve():
    other.bind(at(port))
    other.listen(1)


see("the port is in use", serve)
other.close()
sock.close()

for backlog in (0, -1, 1000):
    sock = tcp()
    sock.bind(at(free_port()))
    see("listen(%d)" % backlog, sock.listen, backlog)
    sock.close()
sock = tcp()
sock.bind(at(free_port()))
see("listen()", lambda: sock.listen())
sock.close()
sock = tcp()
sock.bind(at(free_port()))
see("listen('1')", sock.listen, "1")
sock.close()
sock = tcp()
sock.bind(at(free_port()))
see("bind again", sock.bind, at(free_port()))
sock.close()

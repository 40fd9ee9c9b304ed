"""Nobody listens at the address."""

from see import refused, see, see_flags, tcp

sock = tcp()
see("connect", sock.connect, refused())
see_flags("poll", sock)
see("recv", sock.recv, 10)
see("send", sock.send, b"x")
see("close", sock.close)

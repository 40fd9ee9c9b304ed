"""connect() that does not block: writable is connected, or failed."""

from see import peer, ready, refused, see, see_flags, silent, tcp

sock = tcp(0)
see("connect", sock.connect, peer("echo"))
ready(sock, 4)
see_flags("poll", sock)
see("send", sock.send, b"hello")
ready(sock)
see_flags("poll with data", sock)
see("recv", sock.recv, 10)
see("recv, nothing there", sock.recv, 10)
see("close", sock.close)

sock = tcp(0)
see("connect, refused", sock.connect, refused())
ready(sock, 4)
see_flags("poll, refused", sock)
see("read", sock.read, 1)
see_flags("poll after the error", sock)
see("read after the error", sock.read, 1)
see("close", sock.close)

sock = tcp(0)
see("connect, silent", sock.connect, silent())
see_flags("poll, connecting", sock)
see("send, connecting", sock.send, b"x")
see("recv, connecting", sock.recv, 1)
see("write, connecting", sock.write, b"x")
see("read, connecting", sock.read, 1)
see("close", sock.close)

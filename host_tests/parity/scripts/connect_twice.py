"""connect() on what is connected, is connecting, has failed."""

from see import peer, ready, refused, see, silent, tcp

sock = tcp()
there = peer("echo")
see("connect", sock.connect, there)
see("connect again", sock.connect, there)
see("it works still", sock.send, b"x")
sock.close()

sock = tcp(0)
there = silent()
see("connect, silent", sock.connect, there)
see("connect again, silent", sock.connect, there)
sock.close()

sock = tcp(0)
there = peer("echo")
see("connect, no waiting", sock.connect, there)
ready(sock, 4)
see("connect when writable", sock.connect, there)
see("connect once more", sock.connect, there)
sock.close()

sock = tcp(0)
there = refused()
see("connect, refused", sock.connect, there)
ready(sock, 4)
see("connect tells why", sock.connect, there)
sock.close()

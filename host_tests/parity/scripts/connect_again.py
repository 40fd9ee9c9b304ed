"""connect() after one that has failed."""

from see import peer, refused, see, see_flags, silent, tcp, waited

sock = tcp()
see("refused", sock.connect, refused())
see("connect again", sock.connect, peer("echo"))
sock.close()

sock = tcp(0.2)
waited("silent", 200, sock.connect, silent())
sock.settimeout(0)
see_flags("poll", sock)
see("recv", sock.recv, 1)
see("send", sock.send, b"x")
see("connect again", sock.connect, peer("echo"))
sock.close()

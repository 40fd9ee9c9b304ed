"""The peer closes: the end is read again and again, and writing fails sooner or later."""

from see import pause, ready, see, see_flags, to

sock = to("close")
ready(sock)
see_flags("poll", sock)
for _ in range(3):
    see("recv", sock.recv, 10)
see("read", sock.read, 10)
see("read all", sock.read)
see("readline", sock.readline)
see("readinto", sock.readinto, bytearray(4))
see_flags("poll after the end", sock)
sock.settimeout(0)
see("recv, no waiting", sock.recv, 10)
see("close", sock.close)
see("close", sock.close)

sock = to("say hello|close")
pause(200)
see_flags("poll, data and the end", sock)
see("recv a part", sock.recv, 2)
see_flags("poll, the rest and the end", sock)
see("recv the rest", sock.recv, 10)
see("recv at the end", sock.recv, 10)
see("recv at the end", sock.recv, 10)
sock.close()

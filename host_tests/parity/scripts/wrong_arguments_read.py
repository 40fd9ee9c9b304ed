"""Counts and buffers that no read can use. (The C code of readline() takes the word of any object for a number.)"""

from see import pause, see, to

sock = to("say abcdefghijklmnopqrstuvwxyz")
pause(100)
sock.settimeout(0)
for value in (None, "1", 1.5, b"x", [1]):
    see("recv(%r)" % value, sock.recv, value)
    see("recvfrom(%r)" % value, sock.recvfrom, value)
for value in ("1", 1.5, b"x", [1]):
    see("read(%r)" % value, sock.read, value)
for value in (None, 4, "abcd", b"abcd", []):
    see("readinto(%r)" % value, sock.readinto, value)
see("recv(-1)", sock.recv, -1)
see("readinto() of nothing", lambda: sock.readinto())
see("recv() of nothing", lambda: sock.recv())
see("read(None)", sock.read, None)

"""write(buf, n) and write(buf, offset, n)."""

from see import heard, see, tell, to

sock = to("read")
see("write(buf)", sock.write, b"abc")
see("write(buf, 2)", sock.write, b"defgh", 2)
see("write(buf, 0)", sock.write, b"xyz", 0)
see("write(buf, 100)", sock.write, b"fg", 100)
see("write(buf, 2, 3)", sock.write, b"..hijkl", 2, 3)
see("write(buf, 2, 100)", sock.write, b"..kl", 2, 100)
see("write(buf, 4, 0)", sock.write, b"..kl", 4, 0)
see("write(buf, 9, 1)", sock.write, b"..kl", 9, 1)
see("write(str, 2)", sock.write, "mnop", 2)
see("write(empty)", sock.write, b"")
sock.close()
tell("the peer", heard())

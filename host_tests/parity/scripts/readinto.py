"""readinto() of a buffer that is larger or smaller than what comes, and with a count."""

from see import pause, see, to

sock = to("say abcdef|wait 100|close")
small = bytearray(4)
see("small", sock.readinto, small)
see("its content", lambda: small)
pause(50)
rest = bytearray(b"zzzz")
see("the rest", sock.readinto, rest)
see("its content", lambda: rest)
see("the end", sock.readinto, small)
see("the end again", sock.readinto, small)
sock.close()

sock = to("say abcdef")
buf = bytearray(b"zzzzzzzz")
see("with a count", sock.readinto, buf, 2)
see("its content", lambda: buf)
see("a memoryview", sock.readinto, memoryview(buf)[4:6])
see("its content", lambda: buf)
see("a count of 0", sock.readinto, buf, 0)
see("an empty buffer", sock.readinto, bytearray(0))
see("a count too large", lambda: sock.readinto(bytearray(2), 10))
sock.settimeout(0)
see("nothing", sock.readinto, buf)
sock.close()

sock = to("say ab|wait 200|say cd|wait 200|close")
see("it waits until it is full", sock.readinto, bytearray(4))
sock.close()

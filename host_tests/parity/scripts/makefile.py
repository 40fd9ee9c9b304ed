"""makefile() is a stream over the same connection."""

from see import heard, see, tell, to

sock = to("say line\\nabc|echo")
stream = sock.makefile("rwb", 0)
see("readline", stream.readline)
see("read", stream.read, 3)
see("write", stream.write, b"hello")
see("read", stream.read, 5)
buf = bytearray(3)
see("write", stream.write, b"end")
see("readinto", stream.readinto, buf)
see("close", stream.close)
see("close of the socket", sock.close)
tell("the peer", heard())
for arguments in ((), ("rb",), ("wb",), ("rwb",), ("rb", 0)):
    sock = to("read")
    see("makefile%r has read" % (arguments,), lambda: hasattr(sock.makefile(*arguments), "read"))
    sock.close()

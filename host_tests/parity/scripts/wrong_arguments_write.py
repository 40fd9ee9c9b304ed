"""What cannot be sent, and what can."""

from array import array

from see import heard, see, tell, to

sock = to("read")
for method in ("send", "sendall", "write"):
    call = getattr(sock, method)
    for value in (None, 1, 1.5, [1], ("x",), {}):
        see("%s(%r)" % (method, value), call, value)
    for value in ("text", bytearray(b"array"), b"", "", array("H", [0x4241])):
        see("%s(%r)" % (method, value), call, value)
    see(method + "(memoryview)", call, memoryview(b"view")[1:3])
    see(method + "()", lambda: call())
sock.close()
tell("the peer", heard())
see("send with flags", lambda: to("read").send(b"flags", 0))

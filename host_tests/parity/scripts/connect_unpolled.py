"""Applications that do not poll after a connect() that does not block, but write until it works."""

from see import heard, pause, peer, see, silent, tcp, tell, waited

sock = tcp(0)
see("connect", sock.connect, peer("read"))
for _ in range(100):
    taken = sock.write(b"hello")
    if taken:
        break
    pause(10)
tell("taken", taken)
sock.setblocking(True)
sock.close()
tell("the peer", heard())

sock = tcp(0)
see("connect", sock.connect, peer("read"))
sock.settimeout(3)
see("a write that waits", sock.write, b"hello")
sock.close()
tell("the peer", heard())

sock = tcp(0)
see("connect, silent", sock.connect, silent())
see("write", sock.write, b"x")
sock.settimeout(0.2)
waited("a write that waits in vain", 200, sock.write, b"x")
sock.close()

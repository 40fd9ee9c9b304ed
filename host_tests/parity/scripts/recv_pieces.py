"""recv(n): at most n, at least one, as it comes."""

from see import pause, ready, see, to

sock = to("say abcdef|wait 100|say ghi|wait 200|close")
see("recv(4)", sock.recv, 4)
see("recv(0)", sock.recv, 0)
see("recv(100)", sock.recv, 100)
see("recv(100), later", sock.recv, 100)
ready(sock)
see("recv(0) at the end", sock.recv, 0)
see("recv(100) at the end", sock.recv, 100)
sock.close()

sock = to("fill 1000")
pause(150)
see("recv(1000)", lambda: len(sock.recv(1000)))
sock.settimeout(0)
see("recv(0), nothing there", sock.recv, 0)
sock.close()

"""read(n) is n bytes, however they come; fewer only at the end."""

from see import pause, see, to

sock = to("say abc|wait 60|say def|wait 60|say ghi|close")
for n in (5, 0, 3, 5, 5):
    see("read(%d)" % n, sock.read, n)
sock.close()

sock = to("fill 3000|close")
see("read(1500)", lambda: sum(sock.read(1500)))
see("read(1501)", lambda: len(sock.read(1501)))
sock.close()

sock = to("say abc|wait 300|say def")
sock.settimeout(0)
pause(150)
see("no waiting, too little", sock.read, 5)
see("no waiting, nothing", sock.read, 5)
pause(300)
see("no waiting, enough", sock.read, 2)
see("no waiting, the rest", sock.read, 5)
sock.close()

sock = to("say abc")
sock.settimeout(0.2)
see("too little in time", sock.read, 5)
sock.close()

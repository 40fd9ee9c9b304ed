"""read() is everything up to the end."""

from see import pause, see, to

sock = to("say abc|wait 60|say def|close")
see("read()", sock.read)
see("read() again", sock.read)
sock.close()

sock = to("fill 5000|close")
see("read(-1)", lambda: len(sock.read(-1)))
sock.close()

sock = to("fill 1500|wait 60|fill 1500|close")
see("a large part", lambda: len(sock.read(100)))
see("all that is left", lambda: len(sock.read()))
sock.close()

sock = to("say abc")
sock.settimeout(0)
pause(150)
see("no waiting", sock.read)
see("no waiting, nothing", sock.read)
sock.close()

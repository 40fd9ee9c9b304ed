"""What was read when a timeout ended read() or readline(), and what comes later."""

from see import pause, see, to

sock = to("say abc|wait 400|say def\\n|wait 100|close")
sock.settimeout(0.2)
see("read(6) in time", sock.read, 6)
sock.settimeout(2)
see("read(3)", sock.read, 3)
see("the rest", sock.read)
sock.close()

sock = to("say abc|wait 400|say def\\n|wait 100|close")
sock.settimeout(0.2)
see("readline in time", sock.readline)
sock.settimeout(2)
see("readline", sock.readline)
sock.close()

sock = to("say abc|wait 300|say def|wait 100|close")
sock.settimeout(0.1)
pause(50)
see("recv", sock.recv, 10)
see("recv in time", lambda: sock.read(1))
sock.settimeout(2)
see("recv later", sock.recv, 10)
see("the end", sock.recv, 10)
sock.close()

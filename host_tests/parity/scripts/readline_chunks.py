"""readline(): lines over the borders of what comes, with limits, without an end."""

from see import pause, see, to

sock = to("say he|wait 60|say llo\\nwor|wait 60|say ld\\n\\n|wait 60|say last|close")
for _ in range(6):
    see("readline", sock.readline)
sock.close()

sock = to("say abcdef\\nghi\\n")
for n in (3, 0, 3, 1, 100, -1):
    if n != -1:
        see("readline(%d)" % n, sock.readline, n)
sock.close()

sock = to("fill 700|say \\nrest|close")
see("a long line", lambda: len(sock.readline()))
see("a second one", lambda: len(sock.readline()))
see("the rest", lambda: len(sock.readline()))
sock.close()

sock = to("say part|wait 300|say  and end\\n")
sock.settimeout(0)
pause(150)
see("no waiting, part of a line", sock.readline)
see("no waiting, nothing", sock.readline)
pause(300)
see("no waiting, the rest", sock.readline)
sock.close()

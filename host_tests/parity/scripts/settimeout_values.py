"""What settimeout() and setblocking() take."""

from see import see, tcp, to, waited

sock = tcp()
for value in (1, 0.5, 0, 0.0, None, True, 100000):
    see("settimeout(%r)" % (value,), sock.settimeout, value)
for value in ("1", b"1", [], (), -1, -0.5):
    see("settimeout(%r)" % (value,), sock.settimeout, value)
for value in (True, False, 1, 0, None, "", "x"):
    see("setblocking(%r)" % (value,), sock.setblocking, value)
sock.close()

sock = to("stay")
sock.settimeout(0.001)
see("a thousandth", sock.read, 1)
sock.settimeout(0.1)
waited("a tenth", 100, sock.read, 1)
sock.setblocking(False)
see("not blocking", sock.read, 1)
sock.settimeout(0.1)
waited("a tenth again", 100, sock.read, 1)

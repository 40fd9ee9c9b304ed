"""UDP to a port where nobody is."""

from see import pause, refused, see, udp

sock = udp(0.2)
see("sendto", sock.sendto, b"x", refused())
pause(50)
see("read", sock.read, 1)
see("sendto again", sock.sendto, b"x", refused())
sock.close()

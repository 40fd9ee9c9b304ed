"""recvfrom() and sendto() of a TCP socket."""

from see import at, free_port, host, see, to

sock = to("echo")
see("sendto", sock.sendto, b"hello", at(free_port()))
data, addr = sock.recvfrom(10)
see("recvfrom", lambda: data)
see("sendto without an address", lambda: sock.sendto(b"x"))
see("the host", host, addr)
sock.close()

"""close() twice, in every state."""

from see import listener, see, tcp, to, udp

for title, sock in (("new", tcp()), ("connected", to("read")), ("listening", listener()[0]), ("udp", udp())):
    see(title, sock.close)
    see(title + " again", sock.close)

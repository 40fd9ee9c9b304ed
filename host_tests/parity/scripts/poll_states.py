"""What poll says of a socket in every state of its life, for each thing that can be asked."""

import select

from see import client, listener, ready, see, see_flags, silent, tcp, tell, to

IN, OUT = select.POLLIN, select.POLLOUT


def all_flags(title, sock):
    for name, mask in (("in", IN), ("out", OUT), ("both", IN | OUT), ("nothing", 0)):
        see_flags("%s, %s" % (title, name), sock, mask)


all_flags("new", tcp())
sock = tcp(0)
see("connect", sock.connect, silent())
all_flags("connecting", sock)
sock.close()
sock = to("line|say hello|read")
all_flags("connected", sock)
sock.send(b"\n")
ready(sock)
all_flags("readable", sock)
sock.recv(5)
all_flags("read", sock)
sock.close()
sock, port = listener()
all_flags("listening", sock)
tell("client", client(port, "read"))
ready(sock)
all_flags("one waits", sock)
new = sock.accept()[0]
all_flags("accepted", sock)
all_flags("new one", new)
new.close()
sock.close()
sock = to("close")
ready(sock)
all_flags("peer closed", sock)
sock.recv(1)
all_flags("end read", sock)
sock.close()
sock = to("reset")
ready(sock)
all_flags("reset", sock)
see("recv", sock.recv, 1)
all_flags("reset was told", sock)
sock.close()
see_flags("closed", sock)

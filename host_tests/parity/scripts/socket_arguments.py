"""What socket.socket() takes."""

import socket

from see import see


def new(*arguments):
    sock = socket.socket(*arguments)
    sock.close()
    return sock


for arguments in ((), (2,), (10,), (2, 1), (2, 2), (2, 1, 6), (2, 2, 17), (2, 1, 0)):
    see("socket%r" % (arguments,), new, *arguments)
for arguments in ((99,), (2, 99), ("2",), (2, "1"), (None,)):
    see("socket%r" % (arguments,), new, *arguments)

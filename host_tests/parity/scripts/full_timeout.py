"""Sending to a peer that reads nothing, with a timeout."""

from see import pause, see, see_flags, to, waited

block = bytes(4096)
sock = to("stay")
sock.settimeout(0)
quiet = 0
while quiet < 5:
    if sock.write(block) is None:
        pause(50)
        quiet += 1
    else:
        quiet = 0
see_flags("poll, full", sock)
see("no waiting, write", sock.write, block)
see("no waiting, send", sock.send, block)
sock.settimeout(0.2)
waited("send", 200, sock.send, block)
waited("write", 200, sock.write, block)
waited("sendall", 200, sock.sendall, block)
sock.setblocking(False)
see("close", sock.close)

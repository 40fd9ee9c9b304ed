"""Sending to a peer that reads nothing, with a timeout."""

from see import see, see_flags, to, waited

block = bytes(4096)
sock = to("stay")
sock.settimeout(0)
while sock.write(block) is not None:
    pass
see_flags("poll, full", sock)
sock.settimeout(0.2)
waited("send", 200, sock.send, block)
waited("write", 200, sock.write, block)
waited("sendall", 200, sock.sendall, block)
sock.setblocking(False)
see("close", sock.close)

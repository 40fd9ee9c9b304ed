"""Datagrams of nothing, and of more than a command takes."""

from see import heard, see, tell, udp, udp_peer

sock = udp()
there = udp_peer("mute")
for n in (0, 1, 512, 1024, 1025, 1400):
    see("sendto of %d" % n, sock.sendto, bytes(n), there)
tell("the peer", heard())
sock.close()

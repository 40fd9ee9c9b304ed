"""A datagram of nothing."""

from see import heard, see, tell, udp, udp_peer

sock = udp()
there = udp_peer("mute")
see("sendto", sock.sendto, b"", there)
see("sendto of something", sock.sendto, b"x", there)
tell("the peer", heard())
sock.close()

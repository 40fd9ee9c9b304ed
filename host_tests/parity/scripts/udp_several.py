"""UDP: more than one datagram waits; one peer connected, others send; reads larger and smaller."""

from see import at, datagram, free_port, heard, pause, ready, see, tell, udp, udp_peer

sock = udp()
there = udp_peer("echo")
sock.connect(there)
for text in ("one", "two", "three"):
    see("send", sock.send, text)
    ready(sock)
    pause(50)
for _ in range(3):
    see("recv", sock.recv, 100)
see("sendto the peer", sock.sendto, b"four", there)
see("recv(0)", sock.recv, 0)
see("send", sock.send, b"five")
see("recvfrom", lambda: sock.recvfrom(3)[0])
sock.settimeout(0.2)
see("nothing more", sock.read, 1)
see("send", sock.send, b"six")
see("read more than it has", sock.read, 10)
other = udp_peer("mute")
see("sendto another", sock.sendto, b"seven", other)
sock.close()
tell("the peers", heard())

sock = udp()
port = free_port()
sock.bind(at(port))
for text in ("a", "bb", "ccc"):
    tell("datagram", datagram(port, text))
    pause(50)
for _ in range(3):
    see("recv", sock.recv, 10)
sock.close()
see("recv, closed", sock.recv, 10)

"""Reading with settimeout(t), 0 and None, setblocking: what comes when nothing does."""

from see import listener, see, to, waited

sock = to("stay")
sock.settimeout(0.2)
waited("recv", 200, sock.recv, 1)
waited("recvfrom", 200, sock.recvfrom, 1)
waited("read", 200, sock.read, 1)
waited("read all", 200, sock.read)
waited("readline", 200, sock.readline)
waited("readinto", 200, sock.readinto, bytearray(3))
sock.settimeout(0)
for title in ("settimeout(0)", "setblocking(False)"):
    see(title + ", recv", sock.recv, 1)
    see(title + ", recvfrom", sock.recvfrom, 1)
    see(title + ", read", sock.read, 1)
    see(title + ", read all", sock.read)
    see(title + ", readline", sock.readline)
    see(title + ", readinto", sock.readinto, bytearray(3))
    sock.settimeout(5)
    see("setblocking", sock.setblocking, False)
sock.close()

server, port = listener(0.2)
waited("accept", 200, server.accept)
server.close()

for title, prepare in (("settimeout(None)", lambda: sock.settimeout(None)), ("setblocking(True)", lambda: sock.setblocking(True))):
    sock = to("wait 300|say ab\\ncdefgh|wait 100|close")
    see(title, prepare)
    waited(title + ", readline", 200, sock.readline)
    see(title + ", read", sock.read, 2)
    see(title + ", read all", sock.read)
    sock.close()

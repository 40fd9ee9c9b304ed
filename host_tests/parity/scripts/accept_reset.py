"""A client has reset its connection before accept()."""

from see import client, listener, pause, see, tell

sock, port = listener()
sock.settimeout(0.3)
tell("client", client(port, "reset"))
pause(150)
new = see("accept", lambda: sock.accept()[0])
if new:
    new.settimeout(1)
    see("recv", new.recv, 1)
    see("recv again", new.recv, 1)
    see("send", new.send, b"x")
    new.close()
tell("client", client(port, "say x|read"))
new = see("accept another", lambda: sock.accept()[0])
see("read", new.read, 1)

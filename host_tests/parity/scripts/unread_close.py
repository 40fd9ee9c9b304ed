"""We close while there is unread data."""

from see import heard, pause, see, tell, to

sock = to("say hello|read")
pause(150)
see("close", sock.close)
tell("the peer", heard())

sock = to("read")
see("send", sock.send, b"bye")
see("close", sock.close)
tell("the peer", heard())

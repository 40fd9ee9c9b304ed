"""The peer closes for sending only, and reads on."""

from see import heard, pause, see, see_flags, tell, to

sock = to("say hello|half|read")
pause(200)
see_flags("poll", sock)
see("read all", sock.read)
see("send", sock.send, b"still")
sock.close()
tell("the peer", heard())

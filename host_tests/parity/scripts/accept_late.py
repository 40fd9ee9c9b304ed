"""A client has come, spoken and gone before accept()."""

from see import client, heard, listener, pause, see, see_flags, tell

sock, port = listener()
tell("client", client(port, "say hello|close"))
pause(150)
see_flags("poll", sock)
new = sock.accept()[0]
pause(50)
see_flags("poll, the new one", new)
see("read", new.read, 10)
see("read again", new.read, 10)
new.close()

tell("client", client(port, "fill 5000|close"))
pause(150)
new = sock.accept()[0]
see("read all", lambda: len(new.read()))
new.close()

tell("client", client(port, "say hello|half|read"))
pause(150)
see_flags("poll, one waits", sock)
sock.close()
tell("after the close", heard())

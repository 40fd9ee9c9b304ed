"""The peer resets the connection."""

from see import pause, ready, see, see_flags, to

for call in ("recv", "read", "readline", "readinto", "send", "write", "sendall"):
    sock = to("reset")
    ready(sock)
    see_flags("poll", sock)
    argument = {"recv": 10, "read": 10, "readline": None, "readinto": bytearray(4)}.get(call, b"x")
    arguments = () if argument is None else (argument,)
    see(call, getattr(sock, call), *arguments)
    see_flags("poll after the error", sock)
    see(call + " again", getattr(sock, call), *arguments)
    see("recv then", sock.recv, 10)
    see("close", sock.close)

sock = to("say hello|wait 200|reset")
ready(sock)
pause(400)
see_flags("poll, data and a reset", sock)
see("the data", sock.recv, 10)
see("after the data", sock.recv, 10)

"""The address answers nothing."""

from see import see, silent, tcp, waited

sock = tcp(0.3)
waited("connect", 300, sock.connect, silent())
see("close", sock.close)

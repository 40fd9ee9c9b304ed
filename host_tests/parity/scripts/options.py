"""setsockopt() and ioctl of things that there are not."""

import socket

from see import see, to, udp

for kind, sock in (("tcp", to("read")), ("udp", udp())):
    see(kind + ", SO_REUSEADDR", sock.setsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    see(kind + ", SO_KEEPALIVE", sock.setsockopt, socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    see(kind + ", SO_BROADCAST", sock.setsockopt, socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    see(kind + ", unknown option", sock.setsockopt, socket.SOL_SOCKET, 9999, 1)
    see(kind + ", unknown level", sock.setsockopt, 9999, 1, 1)
    see(kind + ", bytes", sock.setsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR, b"\x01\x00\x00\x00")
    see(kind + ", None", sock.setsockopt, socket.SOL_SOCKET, socket.SO_REUSEADDR, None)
    see(kind + ", a str for a level", sock.setsockopt, "1", 2, 1)
    see(kind + ", too few", lambda: sock.setsockopt(1, 2))
    sock.close()

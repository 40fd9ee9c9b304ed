"""What there is, and what there is not, in the module and in a socket."""

import socket

from see import see, tcp, tell, udp

for name in "AF_INET AF_INET6 SOCK_STREAM SOCK_DGRAM SOL_SOCKET SO_REUSEADDR SO_KEEPALIVE SO_BROADCAST".split():
    see(name, lambda: getattr(socket, name))
for name in "create_connection gethostbyname gethostname inet_aton socketpair timeout gaierror has_ipv6 SHUT_RDWR AF_UNSPEC".split():
    tell("socket." + name, hasattr(socket, name))
METHODS = "accept bind close connect fileno listen makefile read readinto readline recv recvfrom send sendall sendto setblocking setsockopt"
METHODS += " settimeout write"
LACKING = "shutdown gettimeout getblocking getsockopt detach connect_ex sendmsg recvmsg recvfrom_into family type proto timeout readlines"
for kind, sock in (("tcp", tcp()), ("udp", udp())):
    for name in (METHODS + " " + LACKING).split():
        tell("%s has %s" % (kind, name), hasattr(sock, name))
    see(kind + " iter", iter, sock)
    see(kind + " len", len, sock)
    see(kind + " equal", lambda: sock == sock)
    see(kind + " hash", lambda: hash(sock) == hash(sock))
    see(kind + " is true", bool, sock)

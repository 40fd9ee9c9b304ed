"""The module that `import socket` yields once a modem is installed."""

import sys

AF_INET = 2
AF_INET6 = 10
SOCK_STREAM = 1
SOCK_DGRAM = 2
IPPROTO_TCP = 6
IPPROTO_UDP = 17
SOL_SOCKET = 1
SO_REUSEADDR = 2
SO_KEEPALIVE = 9
SO_BROADCAST = 6

error = OSError

_modem = None
replaced = {}  # what `import socket` and `import usocket` gave before


def socket(af=AF_INET, type=SOCK_STREAM, proto=0):
    return _modem.socket(af, type)


def getaddrinfo(host, port, af=0, type=0, proto=0, flags=0):
    """Resolves nothing: the module takes the name."""
    return [(af or (AF_INET6 if ":" in host else AF_INET), type or SOCK_STREAM, proto, "", (host, port))]


def install(modem):
    global _modem
    _modem = modem
    this = sys.modules[__name__]
    for name in ("socket", "usocket"):
        module = sys.modules.get(name)
        if module is not this:
            replaced[name] = module
            sys.modules[name] = this

"""What a modem and its sockets can be asked for. Loaded with the first argument that is not the usual one."""

from . import errors
from .compat import const
from .errors import ModemError

_SMALLEST = const(256)  # of a ring's sizes

# As socket.py has them.
_AF_INET = const(2)
_AF_INET6 = const(10)
_SOCK_STREAM = const(1)
_SOCK_DGRAM = const(2)


def check_port(port):
    if not isinstance(port, int) or not 0 < port < 65536:
        raise ValueError("the port is out of range")


def refuse_peer(host, port):
    check_port(port)
    if not isinstance(host, str):
        raise TypeError("the host: str")
    raise ValueError("the host name is empty")


def refuse_text(what):
    raise ValueError(what + " is too long, or has what an AT command cannot carry")


def check_modem(urc_port, size):
    if urc_port not in ("uart1", "usbat", "usbmodem") or size < _SMALLEST:
        raise ValueError("urc_port: uart1, usbat, usbmodem; rings from 256")


def check_socket(af, type, cid):
    if af != _AF_INET and af != _AF_INET6:
        raise ModemError(errors.EAFNOSUPPORT)
    if type != _SOCK_STREAM and type != _SOCK_DGRAM:
        raise ModemError(errors.EOPNOTSUPP)
    if cid is not None and not 0 <= cid <= 16:
        raise ValueError("cid is from 0 to 16")

"""What `import socket` gives after ec2x.install(modem): MicroPython's socket, over the modem."""

from typing import Final, Literal, overload

from .posix import DatagramSocket, Socket, StreamSocket

AF_INET: Final = 2
AF_INET6: Final = 10
SOCK_STREAM: Final = 1
SOCK_DGRAM: Final = 2
IPPROTO_TCP: Final = 6
IPPROTO_UDP: Final = 17
SOL_SOCKET: Final = 1
SO_REUSEADDR: Final = 2
SO_KEEPALIVE: Final = 9
SO_BROADCAST: Final = 6

error = OSError

@overload
def socket(af: int = 2, type: Literal[1] = 1, proto: int = 0) -> StreamSocket: ...
@overload
def socket(af: int, type: Literal[2], proto: int = 0) -> DatagramSocket: ...
@overload
def socket(af: int = 2, type: int = 1, proto: int = 0) -> Socket:
    """Modem.socket(af, type). proto is ignored."""

def getaddrinfo(
    host: str, port: int, af: int = 0, type: int = 0, proto: int = 0, flags: int = 0
) -> list[tuple[int, int, int, str, tuple[str, int]]]:
    """One entry, with (host, port) as it is: the module looks names up. Of another family than that of host where af says so."""

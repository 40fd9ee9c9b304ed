"""The sockets, as MicroPython's own: modem.socket(), and socket.socket() after ec2x.install(modem).

Failures are OSError with the errno a kernel would give; the ModemErrors among them have .cme and .result. A blocking call
inside a callback raises EBUSY.

An address that is given is (host, port), or IPv6's (host, port, flow, scope) of which only these two count; one that is
returned is always (host, port). host is a name or an address of the socket's family, as text: "198.51.100.7", "2001:db8::1",
"fe80::1%eth0" with its zone, without brackets. The module takes names, and looks them up in that family.
"""

from types import TracebackType
from typing import Any

from typing_extensions import Self

_Address = tuple[str, int]
_Given = _Address | tuple[str, int, int, int]
_Data = bytes | bytearray | memoryview | str

class Socket:
    """What TCP and UDP share. Close it, or use `with`: MicroPython does not do that by itself."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
    def settimeout(self, seconds: float | None) -> None:
        """How long a call may wait in all, in s: None for ever, 0 not at all. ValueError when negative."""
    def setblocking(self, flag: bool) -> None:
        """True is settimeout(None), False settimeout(0)."""
    def setsockopt(self, level: int, option: int, value: object) -> None:
        """Accepted and without effect: the commands have no options."""
    def makefile(self, mode: str = "rb", buffering: int = 0) -> Any:
        """The socket itself, which is a stream."""
    def fileno(self) -> int:
        """The socket id in the module (manual 2.2), 0 before there is one. EBADF when closed."""
    def getpeername(self) -> _Address:
        """As given to connect(), or as the module gave it to accept(). ENOTCONN, EBADF."""
    def getsockname(self) -> _Address:
        """("0.0.0.0", port), of AF_INET6 ("::", port): the port when listening, else 0. EBADF when closed."""
    def close(self) -> None:
        """Deliver what send() took, for 5 s at most, then AT+QFWDCLOSE (manual 2.7). Waits for that, unless the socket does
        not block or a callback calls: then poll() goes on with it. Never raises; a second one does nothing.
        """
    def ioctl(self, request: int, arg: int = 0) -> int:
        """As C calls it for select.poll (3) and close (4): flags or 0, or a negative errno; never an exception."""

class StreamSocket(Socket):
    """TCP. From connect() on any call may raise ECONNRESET, or ENOBUFS when the module has room and takes nothing for half a
    minute; an error is raised once, then reads give the end.
    """

    def connect(self, addr: _Given) -> None:
        """AT+QFWDCLIENT, manual 2.2. EINPROGRESS when non-blocking: writable is connected or failed; connect() again tells.

        ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH (also: not online, or refused), EADDRINUSE, EALREADY, EISCONN, EBADF.
        ValueError, TypeError: a host or port that no command can carry.
        """
    def bind(self, addr: _Given) -> None:
        """Where to listen: only the port counts, 1 to 65535. ValueError, EBADF."""
    def listen(self, backlog: int = 5) -> None:
        """AT+QFWDSERVER, manual 2.1, with an idle timeout of 65535 s; waits for "server/open" whether it blocks or not.
        backlog is clamped to 1..10; whoever finds no place here waits in the module, 32 at most: others are closed.
        EINVAL without bind(), EADDRINUSE, EHOSTUNREACH, ETIMEDOUT, EBADF.
        """
    def accept(self) -> tuple[StreamSocket, _Address]:
        """The next connection (manual 3.3). EAGAIN, ETIMEDOUT, EINVAL without listen(), ENOMEM, EBADF."""
    def send(self, data: _Data) -> int:
        """Take at least a byte, or what there is room for; how many. EAGAIN (also: still connecting), ETIMEDOUT, ENOTCONN, EPIPE,
        EBADF.
        """
    def sendall(self, data: _Data) -> None:
        """Take all of it. Errors as send(); how much was taken before one is not told."""
    def sendto(self, data: _Data, addr: _Given | None = None) -> int:
        """send(): addr is ignored."""
    def write(self, data: _Data, off: int | None = None, n: int | None = None) -> int | None:
        """write(data), write(data, n), write(data, off, n): all of it when blocking; None when nothing can be taken now.
        Errors as send(), unless some was taken: then that count.
        """
    def unacked(self) -> int:
        """Bytes that the module has not delivered: <sendused> of AT+QFWDACK, manual 2.5. Blocks. EIO when the module does not
        tell; ENOTCONN, EBADF.
        """
    def drain(self, timeout: float | None = None) -> None:
        """Wait until unacked() is 0 and all was sent. timeout in s: then ETIMEDOUT. EPIPE when the peer has closed before;
        ENOTCONN, EBADF.
        """
    def recv_into(self, buf: bytearray | memoryview, n: int = 0) -> int:
        """Up to n bytes (0: as many as buf holds) into buf; how many, 0 at the end. EAGAIN, ETIMEDOUT, ENOTCONN, EBADF."""
    def readinto(self, buf: bytearray | memoryview, n: int | None = None) -> int | None:
        """As recv_into(), but None instead of EAGAIN."""
    def recv(self, n: int) -> bytes:
        """Up to n bytes, b"" at the end. Errors as recv_into()."""
    def recvfrom(self, n: int) -> tuple[bytes, _Address]:
        """recv() and the peer."""
    def read(self, n: int = -1) -> bytes | Any:
        """n bytes, or all until the end; fewer at the end, or when non-blocking and no more are here (None: none at all)."""
    def readline(self, n: int = -1) -> bytes | Any:
        """Up to and with the next b"\\n", or n bytes; as read()."""

class DatagramSocket(Socket):
    """UDP: bound, a QFWDSERVER; else a QFWDCLIENT for each peer it sends to, four at most, the one least recently
    sent to closed. To a peer that came in it answers on the module's own connection; eight of these at most, as above.
    Datagrams leave in order: one to a peer that the module does not open holds the others up, for 30 s at most.
    """

    def bind(self, addr: _Given) -> None:
        """AT+QFWDSERVER, manual 2.1: only the port counts. Waits. EINVAL when in use, EADDRINUSE, EHOSTUNREACH, EBADF."""
    def connect(self, addr: _Given) -> None:
        """The peer of send(). Errors as StreamSocket.connect(), but it is ready at once when non-blocking."""
    def send(self, data: bytes | bytearray | memoryview) -> int:
        """sendto() the peer of connect(). EDESTADDRREQ without one."""
    write = send
    sendall = send
    def sendto(self, data: bytes | bytearray | memoryview, addr: _Given) -> int:
        """One datagram of 1 to 1024 bytes (512 with the profile "send": "hex"), else EMSGSIZE. EAGAIN, ETIMEDOUT, EHOSTUNREACH,
        EBADF, or why the last failed. To the unspecified address, port 0, from a bound socket: to whoever was heard last, where
        the module has all peers on one id; else a later call raises EOPNOTSUPP.
        """
    def recv_into(self, buf: bytearray | memoryview, n: int = 0) -> int:
        """The next datagram, or the first n bytes (0: as many as buf holds) of it: how many. EAGAIN, ETIMEDOUT, EBADF;
        before there is anybody to hear from it waits, for as long as the timeout says; ENOTCONN when its server is gone.
        """
    def readinto(self, buf: bytearray | memoryview, n: int | None = None) -> int | None:
        """As recv_into(), but None instead of EAGAIN."""
    def recv(self, n: int) -> bytes:
        """The next datagram, or the first n bytes of it; of more than 1024 the rest is lost in the module, or comes as another.
        Errors as recv_into().
        """
    def read(self, n: int = 1024) -> bytes | None:
        """As recv(), but None instead of EAGAIN."""
    def recvfrom(self, n: int) -> tuple[bytes, _Address]:
        """recv() and the peer it came from: the unspecified address, port 0, where the module does not tell."""

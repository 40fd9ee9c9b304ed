"""The eight commands of Quectel's Socket Forwarding manual one to one: modem.fwd."""

from typing import Literal, NamedTuple

_Proto = Literal["tcp", "udp"]
_Ip = Literal["IP", "IPV6"]
_Port = Literal["uart1", "usbat", "usbmodem"]

class Counters(NamedTuple):
    """Manual 2.5: the queues of a socket in the module, in bytes."""

    sendused: int
    """Still to be sent; 0: all data has been sent."""
    sendunused: int
    sendmax: int
    recvused: int
    """Waiting to be read."""
    recvunused: int
    recvmax: int

class Fwd:
    """Blocking, below the sockets. Ids are the caller's, 1 to 65535: sockets take theirs from 40000 up, the module gives
    those of accepted connections. What the module reports comes by modem.on_urc("+QFWDURC", callback).

    All raise ModemError: EIO, the module refuses (.cme has its code), or its answer cannot be read or is about another
    socket; ETIMEDOUT, no proper answer; ENODEV, no module has answered yet; EBUSY, in a callback. ValueError or TypeError,
    before a byte is written: what is out of range, too long, or cannot be carried by a command.
    """

    def server(
        self, id: int, port: int, proto: _Proto = "tcp", ip: _Ip = "IP", cid: int = 0, backlog: int = 5, idle: int = 65535
    ) -> None:
        """AT+QFWDSERVER, manual 2.1, and wait for "server/open", 10 s at most. id: below 40000, where those of the sockets
        begin. cid: 0 to 16, 0 any address. backlog: 1 to 10. idle: after so many s without data, 1 to 65535, the module
        closes a connection. Where the URC does not come, a server that servers() has is open.

        ModemError also: a <result> other than 0, kept as .result: EADDRINUSE unless it says something else; ETIMEDOUT
        when neither tells, and close(id) then makes sure; ECONNRESET when the module restarts.
        """
    def servers(self) -> list[tuple[int, str, int, str]]:
        """AT+QFWDSERVER?, manual 2.1: (id, proto, port, urc_port) of each."""
    def client(self, id: int, host: str, port: int, proto: _Proto = "tcp", ip: _Ip = "IP", cid: int = 0) -> None:
        """AT+QFWDCLIENT, manual 2.2, and wait for "client/open", 150 s at most. host: an address or a name, up to 255
        characters. Where the URC does not come, a client that clients() has is open.

        ModemError also: a <result> other than 0, kept as .result: ECONNREFUSED unless it says ETIMEDOUT, EHOSTUNREACH or
        EADDRINUSE; ETIMEDOUT when neither tells, and close(id) then makes sure; ECONNRESET when the module restarts.
        """
    def clients(self) -> list[tuple[int, str, str, str, int, str, int, str]]:
        """AT+QFWDCLIENT?, manual 2.2: (id, direction, proto, host, port, local_host, local_port, urc_port) of each open
        connection. direction: "Active", opened by us, or "Income", accepted.
        """
    def send(self, id: int, data: bytes | str, hex: bool = False, fixed: bool = True) -> int:
        """AT+QFWDSEND, manual 2.3: 1 to 1024 bytes of payload; how many the module took, 0 when its queue is full. hex: two
        digits a byte over the wire. fixed: with a length; without one it ends by Ctrl+Z, and plain data with a Ctrl+Z or
        an ESC in it is a ValueError. EIO also: the module does not say how many, so nobody knows.
        Behind plain data with a line that is OK an AT+QFWDACK proves that it was not its echo that answered.
        """
    def cancel(self, id: int) -> None:
        """AT+QFWDSEND, manual 2.3, cancelled at its prompt: nothing is sent."""
    def recv(self, id: int, n: int) -> bytes:
        """AT+QFWDRECV, manual 2.4: 1 to 1024 bytes at most; b"" when there are none now, also where the module refuses to
        read and its counters say so. UDP: the rest of a longer datagram may be lost. Keep n, and what may come with it,
        within the UART's receive buffer.
        """
    def ack(self, id: int) -> Counters:
        """AT+QFWDACK, manual 2.5."""
    def sstate(self, id: int) -> list[tuple[int, int, str, int, str, int]]:
        """AT+QFWDSSTATE, manual 2.6: (index, id, host, port, local_host, local_port) of each connection of server id."""
    def close(self, id: int) -> None:
        """AT+QFWDCLOSE, manual 2.7. The connections of a TCP server stay. What the module has not sent yet may be lost:
        see ack().
        """
    def urc_port(self, id: int, port: _Port | None = None) -> str | None:
        """AT+QFWDCFG="urc", manual 2.8: the URC port of a socket, None when the module does not say; with port, set it."""
    def test(self, name: str) -> list[str]:
        """AT+<name>=?, for any of the eight, as "QFWDSEND": the lines of the answer, which for two of them are none."""

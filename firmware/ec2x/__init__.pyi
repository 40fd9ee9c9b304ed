"""Sockets over the socket-forwarding commands (AT+QFWD*) of a Quectel EC25, EC21 or EC20 R2.1.

"Manual" is Quectel's EC21&EC25&EC20 R2.1 Socket Forwarding AT Commands Manual. Times are in ms unless a name or a
comment says s. One thread only.
"""

from collections.abc import Callable
from typing import Any, Literal, Protocol, overload, type_check_only

from .fwd import Fwd
from .posix import DatagramSocket, Socket, StreamSocket

__all__ = ["Modem", "ModemError", "install", "uninstall"]
__version__: str

@type_check_only
class Uart(Protocol):
    """What a modem asks of its UART: a machine.UART opened with timeout=0 has it."""

    def any(self) -> int:
        """How many bytes can be read at once."""
    def readinto(self, buf: bytearray, n: int) -> int | None:
        """Read up to n bytes, never more than any() says; how many, or None."""
    def write(self, buf: bytearray, off: int, n: int) -> int | None:
        """Write buf[off:off+n] or a beginning of it; how many, or None."""

class ModemError(OSError):
    """An OSError with a sentence, in args[1], that says what happened and what to do."""

    cme: int | str | None
    """What followed +CME ERROR: a number (16: a wrong PIN), text after AT+CMEE=2; None when the module gave none."""
    result: int | None
    """The <result> of an open URC (manual 3.1, 3.2), or the code of +QIURC: "dnsgip"; None when there was none."""

    def __init__(self, number: int, about: object = "", cme: int | str | None = None, result: int | None = None) -> None: ...

class Modem:
    """A module on a UART, and the way to its sockets.

    Nothing is written before active(True). Nothing happens by itself: whoever waits pumps, be it a blocking call,
    select.poll, asyncio, wait(), isconnected() or a loop around poll().
    """

    PM_NONE: int
    PM_PERFORMANCE: int
    PM_POWERSAVE: int
    cid: int
    """The PDP context of a client's socket: that of connect(), 0 after connect(None)."""
    now: Callable[[], int]
    """The clock, in ms as time.ticks_ms() gives them. May be replaced."""
    idle: Callable[[], object]
    """What every blocking loop calls between two looks: to feed a watchdog, or to sleep lightly. May be replaced."""

    def __init__(
        self,
        uart: Uart,
        power: object = None,
        rxbuf: int = 2048,
        set_baud: Callable[[int], object] | None = None,
        rx_size: int = 2048,
        tx_size: int = 2048,
        urc_port: Literal["uart1", "usbat", "usbmodem"] = "uart1",
        profile: dict[str, Any] | None = None,
        sockets: int = 12,
        *,
        baud: int = 115200,
        best_baud: int | None = None,
        flow: bool = False,
    ) -> None:
        """rxbuf: the bytes of the UART's own receive buffer: no read is asked for that would not fit. rx_size, tx_size:
        the rings of a socket, in bytes. urc_port: where the module reports about its sockets. sockets: how many there may
        be, with what a listener has not accepted. power: the module's pins, as uart.Power has them. set_baud(rate): changes the
        board's side of the rate; ValueError where it cannot have it. baud: the rate that the UART is at; best_baud: the rate
        to agree on with the module (AT+IPR), verified and fallen back from. flow: RTS and CTS are wired. profile: where the
        module does not follow the plain reading of the manual. "send": "hex" or "hex_comma"; "recv": "hex"; "recv_sep": "comma";
        "recv_max": 1 to 1024; "nul": "cut"; "udp": "joined"; "server": "legacy" with "apn": see the README; or what probe()
        has found, as it is. ValueError: values that cannot work.
        """

    def poll(self) -> None:
        """One bounded step: read, act, write; never waits. Within itself it does nothing. Callbacks run after it."""
    async def run(self) -> None:
        """poll() as a task, every 5 ms until it is cancelled: asyncio.create_task(modem.run()).

        An application with asyncio wants it: where a stream is asked again only after an interrupt (RP2) or every 10 ms (ESP32),
        nothing else keeps the deadlines, looks for what a lost URC should have told, or sends what waited for company. An
        exception of poll(), of the UART say, does not end it: the first in a row is printed.
        """
    def active(self, on: bool | None = None) -> bool:
        """True: begin to find the module, switch it on where there are pins for that; returns at once. False: let it be; the
        sockets fail with ECONNRESET and stay open in the module. With PWRKEY or the supply wired it is powered down, which
        is waited for: seconds, two minutes at most (EBUSY in a callback). None: tell which.
        """
    def connect(
        self,
        apn: str | None,
        user: str = "",
        password: str = "",
        auth: int = 0,
        pin: str = "",
        cid: int = 1,
        call: Literal["qiact", "cgact", "qlwwanup"] | Callable[[str, int], list[str]] | None = "qiact",
    ) -> None:
        """Begin to go online: SIM, registration, data call of context cid (1 to 16), then the QFWD commands. None: only to
        the module's own LAN, without any of the former. auth: 0 none, 1 PAP, 2 CHAP, 3 either. pin: given once, if the SIM
        asks and more than one try is left. call: how the data call is made: AT+QIACT, AT+CGACT, AT+QLWWANUP (assumed), not
        at all, or by the command lines that call(apn, cid) gives. The context is asked for as one of IPv4. Returns at once;
        wait() or isconnected() tell. May come before active(True), and again with other settings.

        ValueError, and nothing is changed: a text that is too long or has a quote, a control character or what is not
        ASCII; auth or cid out of range.
        """
    def disconnect(self) -> None:
        """Close the sockets, without delivery; the module stays as it is."""
    def isconnected(self) -> bool:
        """Pumps; True when sockets can be opened."""
    def wait(self, timeout_ms: int = 60000) -> None:
        """Pump until isconnected(). Meanwhile, and ever after, the link helps itself: see the README.

        ModemError at once for what time will not mend: EACCES, the SIM wants a PIN (none or a wrong one was given, or one try
        is left) or its PUK; EOPNOTSUPP, the firmware has no AT+QFWD commands (known after they were asked for during a minute); ENOTCONN,
        active(True) or connect() is missing; EBUSY in a callback. ETIMEDOUT when the time is over, with the last reason.
        """
    @overload
    def socket(self, af: int = 2, type: Literal[1] = 1, cid: int | None = None) -> StreamSocket: ...
    @overload
    def socket(self, af: int, type: Literal[2], cid: int | None = None) -> DatagramSocket: ...
    @overload
    def socket(self, af: int = 2, type: int = 1, cid: int | None = None) -> Socket:
        """A socket of this modem. af: AF_INET (2) or AF_INET6 (10), the manual's "IP" and "IPV6". type: SOCK_STREAM (1), TCP,
        or SOCK_DGRAM (2), UDP. cid: its PDP context, 0 to 16; None: connect()'s for a client, 0 (any address) for a listener.
        Addresses are (host, port), in either family; posix.pyi says more.

        ModemError: EAFNOSUPPORT, EOPNOTSUPP, ENFILE (its text names what is open: close() it), ENOMEM.
        """
    @overload
    def status(self, what: None = None) -> tuple[str, str]: ...
    @overload
    def status(self, what: Literal["rssi"]) -> int | None: ...
    @overload
    def status(self, what: str | None = None) -> tuple[str, str] | int | None:
        """Without what: (state, reason): off, seeking, synchronising, setting up, found, joining, ready or failed; the reason
        is a sentence, "" when ready. WLAN's numbers are told by wlan.WLAN(modem).status(). "rssi": the signal by AT+CSQ in
        dBm, from -113 to -51; None when the module does not know it. Errors as command(); ValueError for another what.
        """
    @overload
    def ifconfig(self, values: None = None) -> tuple[str, str, str, str]: ...
    @overload
    def ifconfig(self, values: object) -> None: ...
    @overload
    def ifconfig(self, values: object = None) -> tuple[str, str, str, str] | None:
        """(address, mask, gateway, DNS) as a point-to-point link has them; "0.0.0.0" for what there is not. "dhcp" may be
        set, and nothing else: EOPNOTSUPP, the network gives the addresses. Errors as command().
        """
    @overload
    def ipconfig(self, what: Literal["addr4"]) -> tuple[str, str]: ...
    @overload
    def ipconfig(self, what: Literal["gw4", "dns"]) -> str: ...
    @overload
    def ipconfig(self, what: Literal["has_dhcp4", "dhcp4", "has_autoconf6", "autoconf6", "dhcp6"]) -> bool: ...
    @overload
    def ipconfig(self, what: Literal["addr6"]) -> list[Any]: ...
    @overload
    def ipconfig(self, *, dhcp4: bool = ..., dhcp6: bool = ..., autoconf6: bool = ...) -> None: ...
    @overload
    def ipconfig(self, what: str | None = None, **values: bool) -> Any:
        """One of the addresses. "addr4": (address, mask). "gw4": "0.0.0.0", for a point-to-point link has none. "dns": the
        first server, which WLAN's own does not tell. "has_dhcp4": whether there is an address. "addr6": [], the data call is
        one of IPv4. dhcp4=True, dhcp6=False and autoconf6=False may be set, for so it is; EOPNOTSUPP: any other of these.
        ValueError: an unknown name; TypeError: not exactly one form. Errors as command().
        """
    @overload
    def config(self, what: Literal["imei", "model", "firmware", "imsi", "iccid", "operator"]) -> str: ...
    @overload
    def config(self, what: Literal["mac"]) -> bytes: ...
    @overload
    def config(self, what: Literal["pm"]) -> int: ...
    @overload
    def config(self, *, pm: int) -> None: ...
    @overload
    def config(self, what: str | None = None, **values: int) -> Any:
        """What the module says about itself and its SIM; "operator" is "" where it is not registered and may take minutes.
        "mac": six bytes made of the IMEI, for code that wants a name for the device: there is no such address on any wire.
        Errors as command(): EIO with .cme 10 when there is no SIM.

        pm=PM_POWERSAVE: AT+QSCLK=1. Three seconds after the last byte DTR is released and the module sleeps; the first
        byte of the next command wakes it and waits 20 ms. URCs come all the same, and they alone tell what is new: one that is
        lost is noticed after half an hour. It wants power.dtr, a callable of one bool: True keeps the module awake;
        without it EOPNOTSUPP. Keeps to it through restarts of the module. PM_NONE and PM_PERFORMANCE, which are the same, end
        it. "pm" tells PM_POWERSAVE or PM_NONE. ValueError for what is not known; TypeError: not exactly one form.
        """
    def time(self) -> tuple[int, int, int, int, int, int, int, int]:
        """UTC as the network has told it, by AT+QLTS: (year, month, day, hour, minute, second, weekday, day of the year), as
        time.gmtime() has it, Monday 0. A machine.RTC wants it as t[:3] + (t[6],) + t[3:6] + (0,).

        ModemError EAGAIN: the network has not told it (yet), or the module's clock is not set: ask an NTP server. Else as
        command().
        """
    def doctor(self, out: Callable[[str], object] = print) -> bool:
        """Look at all there is between here and a socket, and give out() a line for each: "ok", "BAD" with what to do about
        it, or "--" where there is nothing to say: wiring, baud, echo, flow control, URC port, SIM, PIN tries, signal,
        registration, APN, data call, QFWD commands, sockets, link. True when nothing is bad. No password or PIN is shown and
        no socket disturbed. Makes the modem active if it is not. Blocks, for a module that does not answer 6 s (30 s with
        a power object, since it may be booting). EBUSY in a callback; what it diagnoses is never raised.
        """
    def resolve(self, host: str, timeout_ms: int = 60000) -> str:
        """The first address of host, by AT+QIDNSGIP: for firmware that has it. Sockets take names and do not need it.

        ModemError: EHOSTUNREACH, with .result, when there is none; ETIMEDOUT; else as command(). ValueError, TypeError.
        """
    def command(self, line: str, timeout_ms: int = 300, data: bytes | str | None = None) -> list[str]:
        """Any other command: the lines of its answer without OK; a URC that nobody listens for may be among them. data
        goes behind its prompt, as it is: Ctrl+Z (0x1A) at its end where the command wants one. Blocks.

        ModemError: EIO refused, with .cme; ETIMEDOUT no final result in time, or the answer cannot be right; ENODEV no
        module has answered yet; EBUSY in a callback. ValueError, before a byte is written: not one line of printable
        ASCII that begins with AT, or beyond 343 characters. TypeError: data that is no bytes.
        """
    def on_urc(self, prefix: str, callback: Callable[[str], object]) -> None:
        """callback(line) for each line that begins with prefix and is not the answer to a command, after the step that
        brought it. In it nothing may block (EBUSY). At most 8 lines wait; what is more is counted as "unheard".
        """
    @property
    def fwd(self) -> Fwd:
        """The eight commands of the manual one to one."""
    def probe(self, timeout_ms: int = 300000) -> dict[str, int | str | None]:
        """Find out how the module reads the manual: a server and a client of it are connected by its own 127.0.0.1, over TCP and
        then UDP, which takes neither SIM nor network (connect(None)). About 5 s, longer on a slow module; blocks. What it
        gives goes through json and is a profile: Modem(uart, profile=...). It has every field of the README's table, None
        where it cannot be told, and then "why", a str. After timeout_ms no further step is begun, and what is left is None.
        Nothing stays open in the module, after Ctrl+C neither. Read limits beyond rxbuf - 256 are not seen: rxbuf from 1280.

        ModemError: ENOTCONN, not isconnected(); EBUSY, a socket is open, or in a callback; ECONNRESET or ENODEV, the module
        restarts meanwhile; EIO or ETIMEDOUT, it does not even list what is open.
        """
    def stats(self) -> dict[str, int]:
        """What was counted since the modem was made: bytes and commands, and under its reason whatever was dropped, repeated or
        has failed. The README's table has each name, its meaning, and what to do. It allocates the dict, and asks nobody.
        """
    def trace(self, sink: Callable[[int, str, bytes], object] | None, payload: bool = False) -> None:
        """sink(ms, ">" or "<", bytes) for each line that goes to the module and comes from it, without its CR and LF, inside the
        step; None ends it. PIN, PUK, passwords, IMEI, IMSI, ICCID and long numbers are shown as ***. Payload, and what nobody
        knows, is shown as <64 bytes> once it has ended; with payload=True as it is, in pieces. What looks just like an answer of
        the module is taken for one.
        """
    def record(self, size: int | None = 4096, dump: Callable[[list[str]], object] | None = None) -> None:
        """The flight recorder: keep the last size bytes of the trace, without payload; None ends it. After a fault (no answer in
        time, an answer that cannot be right, the link lost) it goes on for 10 s or half its size. Then dump(lines) is called once,
        after a step, and it begins anew; without dump it stands still until recorded(). Takes size + 2 KB; nothing more
        while it runs. In dump nothing may block (EBUSY). ValueError: less than 256 bytes.
        """
    def recorded(self) -> list[str]:
        """What is recorded, the oldest first, "1234 > AT+CSQ": the time as the port's ticks_ms has it, ">" to the module, "<" from
        it, "!" a fault. [] when nothing is. A record that stands still begins anew.
        """

def install(modem: Modem) -> None:
    """From here on `import socket` (and usocket) is ec2x's, over this modem; a second one changes the modem."""

def uninstall() -> None:
    """Undo install(): `import socket` is again what it was. Does nothing when nothing was installed."""

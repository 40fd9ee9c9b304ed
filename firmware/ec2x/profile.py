"""The dialect of a module that does not follow the plain reading of the manual: Modem(profile={...}). Loaded only then.

send: "hex", a send with a length is not literal: payload goes as hexadecimal digits, ended by Ctrl+Z. "hex_comma": so, and
AT+QFWDSEND=id,1 wants a comma behind it.
recv: "hex", what was read comes as hexadecimal digits, two for each byte that is counted.
recv_sep: "comma", what was read follows the count and a comma on the same line.
recv_max: the most bytes that one read brings, whatever it asks for.
nul: "cut", what was read is cut at its first NUL byte.
udp: "joined", one read may bring several datagrams.
server: "legacy", AT+QFWDSERVER has the six arguments of the manual's chapter 4; apn: the name among them.
hex_limit: "bytes", 1024 of them may go as digits.

What else modem.probe() finds changes nothing, nor does None, which is how it says that something is not known.
"""

from .forms import Forms
from .request import check
from .sockets import MARGIN

_READINGS = {
    "send": ("literal", "hex", "hex_comma"),
    "recv": ("raw", "hex"),
    "recv_sep": ("crlf", "comma_crlf", "commas_all", "comma"),
    "nul": ("ok", "cut"),
    "udp": ("whole", "joined"),
    "server": ("modern", "legacy"),
    "hex_limit": ("bytes", "chars"),
    "hex_len": ("bytes", "chars"),
    "need_trailing_comma": ("no", "yes"),
    "fixed_literal": ("yes", "no"),
    "empty": ("zero", "error", "ok_only"),
    "read_urc": ("edge", "level", "per_segment", "lost"),
    "read_urc_len": ("no", "yes"),
    "accept_alloc": ("lowest", "next", "top"),
    "reuse": ("immediate", "never"),
    "on_close": ("keep_until_read", "discard"),
    "udp_tail": ("discard", "keep"),
    "short_udp": ("no", "yes"),
    "udp_server": ("per_peer", "single_last_peer", "single_noreply"),
}
_NUMBERS = ("recv_max", "short_write", "sendmax", "recvmax")  # and ms_*
_TEXTS = ("apn", "why")
_HEX_MAX = 512  # assumed: 1024 digits, unless it is known that the limit of 1024 counts bytes
_CUT_MAX = 512  # assumed: well within what strings of C have passed
_PIECE = 128


class Digits:
    """A payload as two digits a byte, without an allocation."""

    def __init__(self):
        self.payload = None
        self._piece = bytearray(_PIECE)

    def peek(self, skip, buf, n):
        piece = self._piece
        n = self.payload.peek(skip >> 1, piece, min(n >> 1, _PIECE))
        for i in range(n):
            byte = piece[i]
            buf[2 * i] = _digit(byte >> 4)
            buf[2 * i + 1] = _digit(byte & 15)
        return 2 * n


def _known(key, value):
    """Whether it says something; ValueError for what no entry is, or says."""
    number = key in _NUMBERS or key.startswith("ms_")
    if value is None and (number or key in _READINGS):
        return False
    good = isinstance(value, str) if key in _TEXTS else value in _READINGS.get(key, ())
    if number:
        good = isinstance(value, int) and value >= 0
    if not good:
        raise ValueError("profile: %s has no reading %s; known are %s, %s, apn" % (key, value, _READINGS, ", ".join(_NUMBERS)))
    return True


def _digit(n):
    return n + 48 if n < 10 else n + 55


class Profiled(Forms):
    """The whole dialect, with the differences."""

    def __init__(self, profile):
        super().__init__()
        profile = {key: profile[key] for key in profile if _known(key, profile[key])}
        self._digits_in = profile.get("recv") == "hex"
        self._comma = profile.get("recv_sep") == "comma"
        self._send = profile.get("send", "literal")
        self._legacy = profile.get("server") == "legacy"
        self._apn = profile.get("apn", "uninet")  # assumed: the manual's, whose meaning it does not tell
        self._cuts = profile.get("nul") == "cut"
        if self._cuts or profile.get("udp") == "joined":
            self.NO_UDP = "it cuts data at a NUL, or joins datagrams, and nothing tells so"
        self.MAX_READ = profile.get("recv_max", _CUT_MAX if self._cuts else self.MAX_DATA)
        self._hex_max = self.MAX_DATA if profile.get("hex_limit") == "bytes" else _HEX_MAX
        self.MAX_DATAGRAM = self.MAX_DATA if self._send == "literal" else self._hex_max
        if not 0 < self.MAX_READ <= self.MAX_DATA:
            raise ValueError("profile: recv_max is from 1 to 1024")
        check(self._apn, "the APN of the profile", 100)
        self._digits = Digits()

    def whole(self):
        return self

    def apply(self, modem, rxbuf):
        """What is no matter of the lines alone."""
        sockets, chat = modem.sockets, modem.chat
        sockets.credit = max(1, min(self.MAX_READ, (rxbuf - MARGIN) >> self._digits_in))
        if self._cuts:
            from .careful import Careful

            sockets.receiver = Careful
        if self._comma or self._digits_in:
            from .framings import Framing

            chat.framer = Framing(chat.framer, self.READS, self._comma, self._digits_in)

    def send(self, request, id, n, payload, hex=False, fixed=True):
        if not hex and self._send != "literal":
            self._digits.payload = payload
            n, payload, hex, fixed = min(n, self._hex_max), self._digits, True, False
        n = super().send(request, id, n, payload, hex, fixed)
        if not fixed and self._send == "hex_comma":
            request.line.n -= 1  # the CR
            request.line.add(b",").end()
        return n

    def recv(self, request, id, n):
        super().recv(request, id, n)
        request.timeout <<= self._digits_in  # two digits a byte: at 4800 baud they take longer than a simple command may

    def server(self, request, id, port, proto, ip, cid, backlog, idle, urc_port):
        """In the legacy form neither cid nor idle can be given: after 60 s without data the module closes a connection."""
        ms = super().server(request, id, port, proto, ip, cid, backlog, idle, urc_port)
        if self._legacy:
            line = request.line.start(b"AT+QFWDSERVER=").number(id).add(b",").quoted(self._apn, "the APN", 100)
            line.add(b",").quoted(ip, "ip", 4).add(b",").quoted(proto, "proto", 3)
            line.add(b",").number(port).add(b",").number(backlog).end()
        return ms

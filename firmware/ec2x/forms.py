"""The whole dialect: besides qfwd.py, what only servers, explicit commands and errors need. Loaded when first used."""

from . import errors, fields, strings
from .compat import const
from .qfwd import Qfwd

_COMMANDS = ("QFWDSERVER", "QFWDCLIENT", "QFWDSEND", "QFWDRECV", "QFWDACK", "QFWDSSTATE", "QFWDCLOSE", "QFWDCFG")
_PORTS = ("uart1", "usbat", "usbmodem")
# assumed.
_MS = const(5000)
_SERVER_OPEN_MS = const(10000)  # until the open URC

# assumed: a <result> that is no success is 1, an errno of Linux, that negated, or a number of the QI commands.
_RESULTS = {
    98: errors.EADDRINUSE,
    110: errors.ETIMEDOUT,
    111: errors.ECONNREFUSED,
    101: errors.EHOSTUNREACH,
    113: errors.EHOSTUNREACH,
    556: errors.EADDRINUSE,
    563: errors.EADDRINUSE,
    574: errors.EADDRINUSE,
    561: errors.EHOSTUNREACH,
    565: errors.EHOSTUNREACH,
    566: errors.ECONNREFUSED,
    569: errors.ETIMEDOUT,
    570: errors.EHOSTUNREACH,
}


def check_range(value, low, high, what):
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError(what + " is out of range")


def _choice(value, values, what):
    if value not in values:
        raise ValueError("%s must be one of %s" % (what, ", ".join(values)))


class Forms(Qfwd):
    """Out and in as in Qfwd; ValueError before a byte is written for what cannot be."""

    MAX_BACKLOG = 10  # manual 2.1
    MAX_IDLE = 65535
    MAX_READ = Qfwd.MAX_DATA  # what one read can bring
    MAX_DATAGRAM = Qfwd.MAX_DATA
    NO_UDP = ""  # why there can be none
    READS = (b"+QFWDRECV:", b"+QFWDPRECV:")  # the second assumed, as qfwd.py has it

    # assumed: ESC, which the manual does not name. Where it is dropped Ctrl+Z ends a send of nothing; elsewhere that comes
    # between two commands, where it is no part of either.
    CANCEL = b"\x1b\x1a"

    def server(self, request, id, port, proto, ip, cid, backlog, idle, urc_port):
        """Manual 2.1. All eight parameters, in the order of the test command. Returns how many ms the open URC may take."""
        from .arguments import check_port

        check_port(port)
        check_range(backlog, 1, self.MAX_BACKLOG, "backlog")
        check_range(idle, 1, self.MAX_IDLE, "idle")
        line = self._socket(request, b"AT+QFWDSERVER=", id, proto, ip, cid)
        line.number(port).add(b",").number(backlog).add(b",").number(idle)
        line.add(b",").quoted(urc_port, "the URC port", 8).end()
        return _SERVER_OPEN_MS

    # Not by super(), which allocates on MicroPython

    def send(self, request, id, n, payload, hex=False, fixed=True):
        check_range(n, 1, self.MAX_DATA, "the length")
        return Qfwd.send(self, request, id, n, payload, hex, fixed)

    def recv(self, request, id, n):
        check_range(n, 1, self.MAX_DATA, "the length")
        Qfwd.recv(self, request, id, n)

    def _one(self, request, command, id, prefix, timeout):
        check_range(id, 1, 65535, "the socket id")
        return Qfwd._one(self, request, command, id, prefix, timeout)

    def _socket(self, request, command, id, proto, ip, cid):
        check_range(cid, 0, 16, "cid")
        check_range(id, 1, 65535, "the socket id")
        return Qfwd._socket(self, request, command, id, proto, ip, cid)

    def sstate(self, request, id):
        """Manual 2.6."""
        self._one(request, b"AT+QFWDSSTATE=", id, b"+QFWDSSTATE:", _MS).end()

    def peer(self, buf, start, end):
        """The (host, port) of an INCOMING, or None."""
        return self._address(buf, start + len(self.URC), end, 3)

    def state(self, buf, start, end):
        """A line of sstate: the (host, port) of its child, or None."""
        return self._address(buf, start, end, 2)

    def _address(self, buf, start, end, k):
        host = strings.text(buf, start, end, k)
        port = fields.integer(buf, start, end, k + 1)
        return None if host is None or port is None or not 0 <= port < 65536 else (host, port)

    def errno(self, result, server):
        """The errno for a <result> other than 0."""
        return _RESULTS.get(abs(result), errors.EADDRINUSE if server else errors.ECONNREFUSED)

    def cancel(self, request, id, payload):
        """Manual 2.3: to the prompt, and away. payload gives CANCEL."""
        self.send(request, id, 1, payload, False, False)
        request.carry(payload, len(self.CANCEL), 0)

    def comma(self, request):
        """A send without a length anew, as it was refused: with the comma that the manual has outside its bracket.

        False when it has a length, or this comma.
        """
        line = request.line
        if bytes(line.buf[: line.n]).count(b",") != 1:
            return False
        line.n -= 1
        line.add(b",").end()
        return True

    def urc_port(self, request, id, port=None):
        """Manual 2.8: query, or set when a port is given."""
        line = self._one(request, b'AT+QFWDCFG="urc",', id, b"+QFWDCFG:", _MS)
        if port is not None:
            _choice(port, _PORTS, "the URC port")
            line.add(b",").quoted(port, "the URC port", 8)
        line.end()

    def read(self, request, name):
        """Manual 2.1 and 2.2: the read command of QFWDSERVER or QFWDCLIENT."""
        request.plain(b"+" + name + b":", _MS)
        request.line.start(b"AT+").add(name).add(b"?").end()

    def lists(self, buf, start, end, id, port, server):
        """Whether a line of the list is about this server, or this client of ours: port is where it listens, or its peer's."""
        if fields.integer(buf, start, end, 0) != id or fields.integer(buf, start, end, 2 if server else 4) not in (port, None):
            return False  # an id that is changed on its way may be ours
        return server or fields.same(buf, start, end, 1, b"active")

    def test(self, request, name):
        """The test command of any of the eight."""
        _choice(name, _COMMANDS, "the command")
        request.plain(b"+" + name.encode(), _MS)
        request.bare = True  # assumed: the manual prints +QFWDPRECV for one of them
        request.line.start(b"AT+").add(name.encode()).add(b"=?").end()

    def check_kind(self, proto, ip):
        _choice(proto, ("tcp", "udp"), "proto")
        _choice(ip, ("IP", "IPV6"), "ip")

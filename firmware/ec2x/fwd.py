"""Explicit commands: any line, and the eight of socket forwarding one to one. Loaded when first used."""

from collections import namedtuple

from . import errors, fields, strings
from .compat import ticks_add, ticks_diff
from .errors import ModemError
from .link import SETTING
from .request import OK, REFUSED, Request

Counters = namedtuple("Counters", ("sendused", "sendunused", "sendmax", "recvused", "recvunused", "recvmax"))


class Bytes:
    """A payload that is at hand."""

    def __init__(self, data):
        self._data = data

    def peek(self, skip, buf, n):
        buf[:n] = self._data[skip : skip + n]
        return n


def _raw(data):
    """data as bytes: what is not would only show at the prompt, when it is too late to refuse it."""
    return data.encode() if isinstance(data, str) else bytes(memoryview(data))


class Hex:
    """A payload as two digits a byte."""

    def __init__(self, data):
        self._data = data

    def peek(self, skip, buf, n):
        for i in range(n):
            byte = self._data[(skip + i) >> 1]
            buf[i] = b"0123456789ABCDEF"[byte & 15 if (skip + i) & 1 else byte >> 4]
        return n


class Command(Request):
    """Collects the lines of its answer, and the raw bytes; counted(buf, start, end) tells how many those are."""

    def __init__(self, counted=None):
        super().__init__(self._line, self._raw, self._ended)
        self.how = None
        self.lines = []
        self.raw = bytearray()
        self._counted = counted

    def run(self, modem):
        """Have it answered: its lines as bytes; ModemError when it is refused or not answered."""
        how = modem.ask(self)
        if how == OK:
            return self.lines
        name = bytes(self.line.buf[: self.line.n]).split(b"=")[0].strip().decode()
        if how == REFUSED:
            text = "the module refuses %s: %s" % (name, "ERROR" if self.cme is None else "+CME ERROR: %s" % self.cme)
            raise ModemError(errors.EIO, text, self.cme)
        raise ModemError(errors.ETIMEDOUT, "no proper answer to " + name)

    def _line(self, buf, start, end):
        self.lines.append(bytes(buf[start:end]))
        return self._counted(buf, start, end) if self._counted else 0

    def _raw(self, buf, start, end):
        self.raw.extend(memoryview(buf)[start:end])

    def _ended(self, how):
        self.how = how


def command(modem, line, timeout_ms, data):
    """modem.command()."""
    raw = line.encode()
    for byte in raw:
        if byte < 32 or byte > 126:
            raise ValueError("a command is one line of printable ASCII")
    if raw[:2].upper() != b"AT":
        raise ValueError("a command begins with AT")
    request = Command()
    i = 3
    while i < len(raw) and raw[i : i + 1].isalpha():
        i += 1
    request.plain(raw[2:i].upper(), timeout_ms)  # +CSQ, or b"" behind which every line is bare
    request.bare = True
    request.line.start(raw).end()
    if data is not None:
        data = _raw(data)
        request.carry(Bytes(data), len(data), 0)
    return [strings.decode(line, 0, len(line)) for line in request.run(modem)]


class Fwd:
    """The commands of the manual's chapter 2, blocking, below the sockets. Errors: ModemError EIO when refused."""

    def __init__(self, modem):
        self._modem = modem
        self._dialect = modem.dialect.whole()
        self._waiting = 0  # the id whose open URC is awaited
        self._result = None
        modem.chat.urcs.append((self._dialect.URC, self._urc))

    def server(self, id, port, proto="tcp", ip="IP", cid=0, backlog=5, idle=65535):
        request = Command()
        self._dialect.check_kind(proto, ip)
        self._dialect.server(request, id, port, proto, ip, cid, backlog, idle, self._modem.sockets.urc_port)
        self._open(request, id, self._dialect.SERVER_OPEN_MS, True)

    def servers(self):
        request = Command()
        self._dialect.read(request, b"QFWDSERVER")
        return [(_int(s, 0), _text(s, 1), _int(s, 2), _text(s, 3)) for s in self._rows(request)]

    def client(self, id, host, port, proto="tcp", ip="IP", cid=0):
        request = Command()
        self._dialect.check_kind(proto, ip)
        self._dialect.client(request, id, host, port, proto, ip, cid, self._modem.sockets.urc_port)
        self._open(request, id, self._dialect.OPEN_MS, False)

    def clients(self):
        request = Command()
        self._dialect.read(request, b"QFWDCLIENT")
        return [
            (_int(s, 0), _text(s, 1), _text(s, 2), _text(s, 3), _int(s, 4), _text(s, 5), _int(s, 6), _text(s, 7))
            for s in self._rows(request)
        ]

    def send(self, id, data, hex=False, fixed=True):
        """How many bytes the module took. Without a length (fixed=False) plain data may hold neither Ctrl+Z nor ESC."""
        data = _raw(data)
        if not (fixed or hex) and (b"\x1a" in data or b"\x1b" in data):
            raise ValueError("the data has a Ctrl+Z or an ESC: send it with fixed=True or hex=True")
        request = Command()
        self._dialect.send(request, id, len(data), (Hex if hex else Bytes)(data), hex, fixed)
        rows = self._rows(request)
        n = self._dialect.counted(rows[0], 0, len(rows[0]), id, len(data)) if rows else 0
        if n < 0:
            raise ModemError(errors.EIO, "the module's answer is not for this send")
        return n

    def cancel(self, id):
        """Begin to send, and cancel it."""
        request = Command()
        self._dialect.cancel(request, id, Bytes(b""))
        request.run(self._modem)

    def recv(self, id, n):
        request = Command(lambda buf, start, end: self._dialect.counted(buf, buf.find(b":", start, end) + 1, end, id, n))
        self._dialect.recv(request, id, n)
        request.run(self._modem)
        return bytes(request.raw)

    def ack(self, id):
        request = Command()
        self._dialect.ack(request, id)
        rows = self._rows(request)
        values = [self._dialect.queue(rows[0], 0, len(rows[0]), id, k) for k in range(6)] if rows else (-1,)
        if min(values) < 0:
            raise ModemError(errors.EIO, "the module's answer has no six counters")
        return Counters(*values)

    def sstate(self, id):
        request = Command()
        self._dialect.sstate(request, id)
        return [(_int(s, 0), _int(s, 1), _text(s, 2), _int(s, 3), _text(s, 4), _int(s, 5)) for s in self._rows(request)]

    def close(self, id):
        request = Command()
        self._dialect.close(request, id)
        request.run(self._modem)

    def urc_port(self, id, port=None):
        """The URC port of a socket; with port, set it."""
        request = Command()
        self._dialect.urc_port(request, id, port)
        rows = self._rows(request)
        return port or (_text(rows[0], 2) if rows else None)

    def test(self, name):
        request = Command()
        self._dialect.test(request, name)
        return [strings.decode(line, 0, len(line)) for line in request.run(self._modem)]

    def _rows(self, request):
        """The lines of the answer, without their prefix."""
        return [line[len(request.prefix) :] for line in request.run(self._modem)]

    def _open(self, request, id, timeout, server):
        modem = self._modem
        self._waiting = id
        self._result = None
        request.run(modem)
        end = ticks_add(modem.now(), timeout)
        while self._result is None:
            modem.poll()
            modem.idle()
            if modem.link.state < SETTING:
                raise ModemError(errors.ECONNRESET, modem.link)
            if ticks_diff(modem.now(), end) >= 0:
                raise ModemError(errors.ETIMEDOUT, "the module does not say how opening %d ended" % id)
        if self._result:
            text = "opening %d failed: the module's result is %d" % (id, self._result)
            raise ModemError(self._dialect.errno(self._result, server), text, None, self._result)

    def _urc(self, buf, start, end):
        dialect = self._dialect
        if dialect.event(buf, start, end) == dialect.OPENED and dialect.id == self._waiting:
            self._result = dialect.result


def _int(row, k):
    return fields.integer(row, 0, len(row), k)


def _text(row, k):
    return strings.text(row, 0, len(row), k)

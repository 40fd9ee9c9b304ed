"""Explicit commands: any line, and the eight of socket forwarding one to one. Loaded when first used."""

from collections import namedtuple

from . import errors, fields, strings
from .compat import const
from .errors import ModemError
from .link import SETTING
from .qfwd import socket_id
from .request import BROKEN, OK, REFUSED, TIMEOUT, Request

# assumed: an opening whose URC is lost is seen in the module's list, where one that still connects is not.
# As qfwd.py has them.
_OPENED = const(1)

_LOOK_MS = const(1000)  # at first, for what opens at once
_LOOK_AGAIN_MS = const(5000)  # for a TCP client at first too

_MOST = const(65536)  # bytes of an answer, with what a line costs besides: an endless one must not take all the memory
_LINE = const(32)

_WORDS = {"active": "Active", "income": "Income"}  # as the manual has them; all others are in lower case

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
        self._room = _MOST
        self._counted = counted

    def run(self, modem):
        """Have it answered: its lines as bytes; ModemError when it is refused or not answered."""
        how = modem.ask(self)
        if how == OK:
            return self.lines
        if how == REFUSED:
            text = "the module refuses %s: %s" % (self.name(), "ERROR" if self.cme is None else "+CME ERROR: %s" % self.cme)
            raise ModemError(errors.EIO, text, self.cme)
        if how == BROKEN:
            raise self.unreadable()
        raise ModemError(errors.ETIMEDOUT, "no proper answer to " + self.name())

    def unreadable(self):
        return ModemError(errors.EIO, "the module's answer to %s cannot be read" % self.name())

    def name(self):
        """As far as it is letters: a PIN may follow, whatever stands before it."""
        raw = bytes(self.line.buf[: self.line.n])
        n = 0
        while raw[n : n + 1].isalpha() or raw[n] in b"+;?&":
            n += 1
        return raw[:n].decode()

    def _line(self, buf, start, end):
        self._room -= end - start + _LINE
        if self._room < 0:
            return -1
        self.lines.append(bytes(buf[start:end]))
        if self._counted:
            return self._counted(buf, start, end) if len(self.lines) == 1 else -1
        return 0

    def _raw(self, buf, start, end):
        self.raw.extend(memoryview(buf)[start:end])

    def _ended(self, how):
        self.how = how


def command(modem, line, timeout_ms, data):
    """modem.command()."""
    if not isinstance(line, str):
        raise TypeError("the command: str")
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
        ms = self._dialect.server(request, id, port, proto, ip, cid, backlog, idle, self._modem.sockets.urc_port)
        self._open(request, id, True, ms, _LOOK_MS, lambda: (id, proto, port) in [row[:3] for row in self.servers()])

    def servers(self):
        request = Command()
        self._dialect.read(request, b"QFWDSERVER")
        return self._table(request, "iwnw")

    def client(self, id, host, port, proto="tcp", ip="IP", cid=0):
        request = Command()
        self._dialect.check_kind(proto, ip)
        ms = self._dialect.client(request, id, host, port, proto, ip, cid, self._modem.sockets.urc_port)
        look = _LOOK_MS if proto == "udp" else _LOOK_AGAIN_MS
        self._open(request, id, False, ms, look, lambda: (id, "Active", proto, port) in [row[:3] + row[4:5] for row in self.clients()])

    def clients(self):
        request = Command()
        self._dialect.read(request, b"QFWDCLIENT")
        return self._table(request, "iwwsnsnw")

    def send(self, id, data, hex=False, fixed=True):
        """How many bytes the module took. Without a length (fixed=False) plain data may hold neither Ctrl+Z nor ESC."""
        data = _raw(data)
        if not (fixed or hex) and (b"\x1a" in data or b"\x1b" in data):
            raise ValueError("the data has a Ctrl+Z or an ESC: send it with fixed=True or hex=True")
        request = Command()
        self._dialect.send(request, id, len(data), (Hex if hex else Bytes)(data), hex, fixed)
        rows = self._sent(request)
        n = self._dialect.counted(rows[0], len(request.prefix), len(rows[0]), id, len(data)) if len(rows) == 1 else -1
        if n < 0:
            raise self._unreadable(request, False)
        return n

    def cancel(self, id):
        """Begin to send, and cancel it."""
        request = Command()
        self._dialect.cancel(request, id, Bytes(self._dialect.CANCEL))
        try:
            rows = self._sent(request)
        except ModemError:
            if request.how != REFUSED or not request.prompted:
                raise
            rows = ()  # assumed: that may be the answer to ESC
        if rows and self._dialect.counted(rows[0], len(request.prefix), len(rows[0]), id, 0) < 0:
            raise self._unreadable(request)

    def recv(self, id, n):
        request = Command(lambda buf, start, end: self._dialect.counted(buf, buf.find(b":", start, end) + 1, end, id, n))
        self._dialect.recv(request, id, n)
        try:
            request.run(self._modem)
        except ModemError:
            # assumed: it may be how the module says that there is nothing, and then the counters say so too.
            counters = None if request.how != REFUSED or request.lines else self._asked(self.ack, id)
            if not counters or counters.recvused:
                raise
            return b""
        return bytes(request.raw)

    def ack(self, id):
        request = Command()
        self._dialect.ack(request, id)
        rows = request.run(self._modem)
        values = [self._dialect.queue(rows[0], len(request.prefix), len(rows[0]), id, k) for k in range(6)] if rows else (-1,)
        if min(values) < 0:
            raise self._unreadable(request)
        return Counters(*values)

    def sstate(self, id):
        request = Command()
        self._dialect.sstate(request, id)
        return self._table(request, "nisnsn")

    def close(self, id):
        request = Command()
        self._dialect.close(request, id)
        request.run(self._modem)

    def urc_port(self, id, port=None):
        """The URC port of a socket; with port, set it."""
        request = Command()
        self._dialect.urc_port(request, id, port)
        if port:
            request.run(self._modem)
            return port
        rows = self._table(request, "wnw")
        if rows and rows[0][1] != id:
            raise self._unreadable(request)
        return rows[0][2] if rows else None

    def test(self, name):
        request = Command()
        self._dialect.test(request, name)
        return [strings.decode(line, 0, len(line)) for line in request.run(self._modem)]

    # What they share

    def _table(self, request, kinds):
        """The lines of the answer as tuples. kinds: what each is, i an id, n a number, s a str, w a word in the manual's case."""
        start = len(request.prefix)
        for _ in range(2):  # what nobody knows, or was too long, may be one of them, or a URC: it is asked again
            request.lines = []
            rows = [tuple([_field(line, start, k, kinds[k]) for k in range(len(kinds))]) for line in request.run(self._modem)]
            if not request.strays and not [row for row in rows if None in row]:
                return rows
        raise self._unreadable(request)

    def _unreadable(self, request, counted=True):
        """The error for it. Behind an answer that should have been counted there may be more that nobody can tell apart."""
        if not counted:
            self._modem.alone(self._modem.chat.upset)
        return request.unreadable()

    def _asked(self, call, *args):
        """What the call gives; None when the module does not say it."""
        try:
            return call(*args)
        except ModemError:
            return None

    def _sent(self, request):
        """The lines of the answer to a send."""
        try:
            return request.run(self._modem)
        except ModemError:
            if request.how != REFUSED or request.prompted or not self._dialect.comma(request):
                raise
        return request.run(self._modem)

    def _open(self, request, id, server, ms, look, listed):
        """Wait ms until the URC says how it ended, or listed() that it is open, asked for the first time after look ms."""
        modem = self._modem
        dialect = self._dialect
        self._waiting = id
        self._result = None
        end = modem.after(ms)
        try:
            request.run(modem)
        except ModemError:
            if request.how != TIMEOUT:  # the OK was lost, or waits for the connection
                raise
        at = modem.after(look)
        while self._result is None:
            modem.poll()
            modem.idle()
            if modem.link.state < SETTING:
                raise ModemError(errors.ECONNRESET, modem.link)
            late = modem.over(end)
            if late or modem.over(at):
                at = modem.after(_LOOK_AGAIN_MS)
                if self._asked(listed) and self._result is None:
                    self._asked(self.urc_port, id, modem.sockets.urc_port)  # its URC may have gone to another
                    self._result = 0
            if late and self._result is None:
                raise ModemError(errors.ETIMEDOUT, "the module does not say how opening %d ended" % id)
        if self._result:
            text = "opening %d failed: the module's result is %d" % (id, self._result)
            raise ModemError(dialect.errno(self._result, server), text, None, self._result)

    def _urc(self, buf, start, end):
        dialect = self._dialect
        if dialect.event(buf, start, end) == _OPENED and dialect.id == self._waiting:
            self._result = dialect.result


def _field(line, start, k, kind):
    """Field k; None when it cannot be read."""
    if kind == "i":
        return socket_id(line, start, len(line), k) or None
    if kind == "n":
        value = fields.integer(line, start, len(line), k)
        return None if value is None or value < 0 else value
    text = strings.text(line, start, len(line), k)
    if kind == "w":
        return _WORDS.get(text.lower(), text.lower()) if text else None
    return text

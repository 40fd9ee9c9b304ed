"""The dialect: every AT+QFWD* line, out and in. The only file to touch when a module corrects the manual.

A second dialect offers the same names. Methods that take a request fill it; the others read a span of a line.
"""

from . import fields
from .compat import const
from .request import check

_MAX_HOST = const(255)

# assumed: the manual gives no response times.
_SIMPLE_MS = const(4000)  # less than _GAP_MS of sockets.py, so that an answer that is lost leaves no doubt what the module was
_CLOSE_MS = const(12000)
_SEND_MS = const(30000)
_OPEN_MS = const(150000)  # until the open URC
_UDP_OPEN_MS = const(30000)  # which has nobody to wait for but the name's server

# What a URC says: event().
_OPENED = const(1)  # id, result
_INCOMING = const(2)  # id of the server, child
_READABLE = const(3)  # id
_CLOSED = const(4)  # id
_EVENTS = (
    (b"client/read", _READABLE),
    (b"client/close", _CLOSED),
    (b"client/incoming", _INCOMING),
    (b"client/open", _OPENED),
    (b"server/open", _OPENED),
)


def socket_id(buf, start, end, k):
    """Field k when it is one, else 0."""
    value = fields.integer(buf, start, end, k)
    return value if value is not None and 0 < value < 65536 else 0


class Qfwd:
    """Socket forwarding. The attributes id, result and child hold what the line read last said.

    Ids, lengths and contexts are the driver's own, and right; Forms looks at those of others.
    """

    URC = b"+QFWDURC:"
    PROBE = b"AT+QFWDSERVER=?"  # answered with OK where the firmware has the commands

    MAX_DATA = 1024  # manual 2.3, 2.4

    def __init__(self):
        self.id = 0
        self.result = 0
        self.child = 0

    def whole(self):
        """The dialect with what only servers, explicit commands and errors need. Loaded when first asked for."""
        from .forms import Forms

        return Forms()

    # Out. ValueError before a byte is written when a value cannot be carried

    def check_peer(self, host, port):
        if not isinstance(host, str) or not isinstance(port, int) or not 0 < port < 65536 or not check(host, "the host name", _MAX_HOST):
            from .arguments import refuse_peer

            refuse_peer(host, port)

    def client(self, request, id, host, port, proto, ip, cid, urc_port):
        """Manual 2.2. Returns how many ms the open URC may take."""
        self.check_peer(host, port)
        line = self._socket(request, b"AT+QFWDCLIENT=", id, proto, ip, cid)
        line.quoted(host, "the host name", _MAX_HOST).add(b",").number(port)
        line.add(b",").quoted(urc_port, "the URC port", 8).end()
        # assumed: the OK may wait until it is open, as may all that is asked meanwhile.
        request.patience = ms = _OPEN_MS if proto == "tcp" else _UDP_OPEN_MS
        return ms

    def send(self, request, id, n, payload, hex=False, fixed=True):
        """Manual 2.3: n bytes of data; payload gives them as they go over the wire, two digits a byte if hex.

        Returns how many bytes of data will go with this command.
        """
        line = self._one(request, b"AT+QFWDSEND=", id, b"+QFWDSEND:", _SEND_MS)
        line.add(b",1" if hex else b",0")
        if fixed:
            line.add(b",").number(n)
        line.end()
        request.carry(payload, n * 2 if hex else n, 0 if fixed else 26)
        return n

    def recv(self, request, id, n):
        """Manual 2.4."""
        self._one(request, b"AT+QFWDRECV=", id, b"+QFWDRECV:", _SIMPLE_MS).add(b",").number(n).end()
        request.counted = True
        request.other = b"+QFWDPRECV:"  # assumed: as the manual prints it in the answer to the test command

    def ack(self, request, id):
        """Manual 2.5."""
        self._one(request, b"AT+QFWDACK=", id, b"+QFWDACK:", _SIMPLE_MS).end()

    def close(self, request, id):
        """Manual 2.7."""
        self._one(request, b"AT+QFWDCLOSE=", id, b"", _CLOSE_MS).end()

    def _one(self, request, command, id, prefix, timeout):
        request.plain(prefix, timeout)
        return request.line.start(command).number(id)

    def _socket(self, request, command, id, proto, ip, cid):
        request.plain(b"", _SIMPLE_MS)
        line = request.line.start(command).number(cid).add(b",").number(id)
        return line.add(b",").quoted(ip, "ip", 4).add(b",").quoted(proto, "proto", 3).add(b",")

    # In: a span begins behind the prefix

    def event(self, buf, start, end):
        """What the URC says, manual 3; 0 when it cannot be read."""
        start += len(self.URC)
        self.id = socket_id(buf, start, end, 1)
        for word, event in _EVENTS:
            if self.id and fields.same(buf, start, end, 0, word):
                if event == _INCOMING:
                    self.child = socket_id(buf, start, end, 2)
                    return event if self.child else 0
                if event == _OPENED:
                    self.result = fields.integer(buf, start, end, 2)
                    return event if self.result is not None else 0
                return event
        return 0

    def counted(self, buf, start, end, id, most):
        """The count of an answer `id,count` to recv or send, or -1 when it cannot be the answer to what was asked."""
        n = fields.integer(buf, start, end, 1)
        if n is None or not 0 <= n <= most or fields.integer(buf, start, end, 0) != id:
            return -1
        return n

    def queue(self, buf, start, end, id, k):
        """Counter k of ack, from 0: sendused, sendunused, sendmax, recvused, recvunused, recvmax; -1 if unreadable."""
        value = fields.integer(buf, start, end, k + 1)
        if value is None or value < 0 or fields.integer(buf, start, end, 0) != id:
            return -1
        return value

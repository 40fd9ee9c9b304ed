"""AT+QFWDSEND, AT+QFWDRECV and AT+QFWDACK: what is checked, and what is answered."""

from .atline import AtError
from .dataphase import DataPhase
from .ids import MAX_ID
from .spelling import DENIED
from .text import encode

MAX_DATA = 1024


def _connection(at, args, states):
    c = at.module.sockets.find(args.int(0, 1, MAX_ID))
    if c is None or c.state not in states:
        raise AtError(DENIED)
    return c


def _cut(at, data):
    # E38, assumed: strings of C may be in the way, and the count is that of what came through.
    if at.module.quirks["nul"] == "ok":
        return data
    end = data.find(b"\0")
    return data if end < 0 else data[:end]


class _Payload(DataPhase):
    """A payload that fails as the QFWD commands do."""

    def complete(self, at):
        try:
            super().complete(at)
        except AtError as error:
            raise at.module.spelling.failure(error)


def _writable(c):
    return c.state == "open" and (c.reply is None or c.reply())


def send(at, args):
    """AT+QFWDSEND=..."""
    quirks = at.module.quirks
    c = _connection(at, args, ("open",))
    if not _writable(c):
        raise AtError(DENIED)
    is_hex = args.int(1, 0, 1) == 1
    # E13: only a third argument that is there makes it fixed-length.
    length = args.int(2, 1, MAX_DATA, None)
    if len(args) == 2 and quirks["need_trailing_comma"] == "yes":
        raise AtError()
    # In hex it is digits that pass the C strings.
    return _Payload(length, is_hex, MAX_DATA, lambda at, data: _sent(at, c, data if is_hex else _cut(at, data)), quirks)


def _sent(at, c, data):
    sockets = at.module.sockets
    if sockets.find(c.id) is not c or not _writable(c):
        raise AtError(DENIED)  # it closed while the payload came
    at.info("+QFWDSEND: %d,%d" % (c.id, sockets.data.send(c, data, at.now)))


def _nothing(at, command, id):
    # E11
    how = at.module.quirks["empty"]
    if how == "error":
        raise AtError(DENIED)
    if how == "zero":
        at.module.spelling.read(at, command, id, 0, b"")


def receive(at, args, command="+QFWDRECV"):
    """AT+QFWDRECV=..., and AT+QFWDACK where that reads (E9)."""
    module = at.module
    c = _connection(at, args, ("open", "closed"))
    # E12: as much as there is and as was asked for. E38, assumed: what a cap leaves can be read next.
    taken = module.sockets.data.receive(c, min(args.int(1, 1, MAX_DATA), module.quirks["recv_cap"]))
    if not taken:
        module.sockets.drained(c)
    if module.quirks["recv_hex"] == "yes":
        # E44, assumed: the count is that of the bytes, as AT+QIRD has it.
        count, shown = len(taken), encode("".join(["%02X" % byte for byte in taken]))
    else:
        shown = _cut(at, taken)
        count = len(shown)
    if count:
        module.spelling.read(at, command, c.id, count, shown)
    else:
        _nothing(at, command, c.id)


# E22, assumed: how much less. What is unused of the maximum, as it is told.
_UNUSED = {"max": lambda free: free, "less": lambda free: free // 2}


def queues(at, args):
    """AT+QFWDACK=..."""
    if len(args) == 2:
        if at.module.quirks["ack_reads"] == "no":
            raise AtError()
        receive(at, args, "+QFWDACK")
        return
    c = _connection(at, args, ("open", "closed"))
    unused = _UNUSED[at.module.quirks["ack_sum"]]
    tx, rx = c.tx, c.rx
    sending = (tx.used(), unused(tx.room()), tx.limit)
    receiving = (rx.used(), unused(rx.room()), rx.limit)
    at.info("+QFWDACK: %d," % c.id + "%d,%d,%d,%d,%d,%d" % (sending + receiving))

"""What an earlier run has left in the module. Loaded when there may be something."""

from . import errors, fields
from .backlog import backlog
from .flow import SERVER
from .qfwd import socket_id
from .request import OK
from .traffic import Task


def close(link, buf, start, end):
    """One line of the lists of servers and clients: what reports to our port, and is nobody's here, is closed."""
    sockets = link.modem.sockets
    id = socket_id(buf, start, end, 0)
    if id and not sockets.by_id(id) and _ours(sockets, buf, start, end):
        backlog(sockets).unwant(id)
    return True


def _ours(sockets, buf, start, end):
    """Whether what the line is about reports to our port: a server's is in field 3, a client's in 7."""
    port = sockets.urc_port.encode()
    return fields.same(buf, start, end, 3, port) or fields.same(buf, start, end, 7, port)


def again(flow, now, request):
    """Its opening was refused. It may be that the id is in use: take another, or fail for the last time."""
    backlog(flow.table).suspects.append(Suspect(flow.table, flow.id))
    flow.id = flow.table.fresh_id()  # first: a failure closes it
    if flow.again(now):
        return True
    flow.fail(errors.EADDRINUSE if flow.kind == SERVER else errors.EHOSTUNREACH, request.cme)
    return False


class Suspect(Task):
    """An id that was refused: it is closed unless a list says that another host has it. To the table it is a flow of its own.

    assumed: an earlier run's client with something unread in it, closed by its peer, is in no list, and keeps its place.
    """

    state = closed = 0

    def __init__(self, table, id):
        super().__init__(self)
        self._table = table
        self._backlog = backlog(table)  # by the time of the answer the table may have another
        self._id = id
        self._lists = [b"QFWDCLIENT", b"QFWDSERVER"]

    def ask(self, request):
        """It goes before all others."""
        table = self._table
        table.dialect.whole().read(request, self._lists[-1])
        table.task = table.flow = self

    def line(self, buf, start, end):
        if socket_id(buf, start, end, 0) == self._id and not _ours(self._table, buf, start, end):
            self._id = 0
        return 0

    def done(self, how, request, now):
        self._lists.pop()
        if how != OK or request.strays:
            self._id = 0
        if not (self._id and self._lists):
            self._backlog.suspects.remove(self)
            self._backlog.unwant(self._id, 0)

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
    port = sockets.urc_port.encode()
    if id and not sockets.by_id(id):
        for k in (3, 7):  # of a server, of a client
            if fields.same(buf, start, end, k, port):
                backlog(sockets).unwant(id)
    return True


def again(flow, now, request):
    """Its opening was refused. It may be that the id is in use: take another, or fail for the last time."""
    if not flow.again(now):
        flow.fail(errors.EADDRINUSE if flow.kind == SERVER else errors.EHOSTUNREACH, request.cme)
        return False
    backlog(flow.table).suspects.append(Suspect(flow.table, flow.id))
    flow.id = flow.table.fresh_id()
    return True


class Suspect(Task):
    """An id that was refused: it is closed unless it is in a list, and so another's. To the table it is a flow of its own.

    assumed: an earlier run's client with something unread in it, closed by its peer, is in no list, and keeps its place.
    """

    state = closed = 0

    def __init__(self, table, id):
        super().__init__(self)
        self._table = table
        self._id = id
        self._lists = [b"QFWDCLIENT", b"QFWDSERVER"]

    def ask(self, request):
        """It goes before all others."""
        table = self._table
        table.dialect.whole().read(request, self._lists.pop())
        table.task = table.flow = self

    def line(self, buf, start, end):
        if socket_id(buf, start, end, 0) == self._id:
            self._id = 0
        return 0

    def done(self, how, request, now):
        if how != OK:
            self._id = 0
        if not (self._id and self._lists):
            backlog(self._table).suspects.remove(self)
            if self._id:
                backlog(self._table).unwant(self._id, 0)

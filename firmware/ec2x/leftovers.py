"""What an earlier run has left in the module. Loaded when there may be something."""

from . import errors, fields
from .backlog import backlog
from .flow import SERVER
from .qfwd import socket_id


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
    """Its opening was refused. It may be that the id is in use: close what has it and take another, or fail for the last time.

    assumed: an earlier run's with something unread in it, closed by its peer. No list shows it, and it keeps its place.
    """
    if not flow.again(now):
        flow.fail(errors.EADDRINUSE if flow.kind == SERVER else errors.EHOSTUNREACH, request.cme)
        return False
    backlog(flow.table).unwant(flow.id, 0)
    flow.id = flow.table.fresh_id()
    return True

"""What an earlier run has left open in the module. Loaded when there is something."""

from . import fields
from .backlog import backlog
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

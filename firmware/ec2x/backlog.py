"""Connections that the module has accepted and that have no place here, yet or at all. Loaded with the first one."""

from .compat import const
from .flow import CHILD

# As counters.py has them.
_N_UNWANTED = const(16)
_N_FULL = const(17)

# As sockets.py has it.
_FIRST_ID = const(40000)

# As traffic.py has it.
_CLOSE = const(2)

_MOST = const(32)  # of either


def backlog(table):
    """The table's: made when it is first needed, and anew after a reset of the module."""
    if not table.backlog:
        table.backlog = Backlog(table)
    return table.backlog


def nobodys(table):
    """A connection to a server that is not here."""
    dialect = table.dialect
    if dialect.id >= _FIRST_ID:  # it is ours, and has just been closed
        backlog(table).unwant(dialect.child)


class Guest:
    """One that waits; what its peer sends waits in the module. To URCs it is a flow."""

    kind = CHILD
    eof = False

    def __init__(self, server, peer, id, deaf):
        self.server = server
        self.peer = peer
        self.id = id  # 0 when the module has given it to another
        self.deaf = deaf
        self.errno = 0
        self.closed = False
        self.now = 0  # when it was told so
        self.more = deaf  # there may be something to read
        self.receiver = self

    def opened(self, result):
        pass  # a URC that makes no sense

    def peer_closed(self):
        self.closed = self.server.table.run
        self.more = self.more or _CLOSE

    def lost(self):
        self.id = 0

    def fail(self, errno):
        self.errno = errno


class Backlog:
    def __init__(self, table):
        self._table = table
        self._guests = []  # in the order they came
        self.suspects = []  # ids that may have to be: leftovers.py
        self._unwanted = []  # ids to be closed
        self._row = 0  # that were closed in a row: then it is the turn of others
        self.counts = False  # it has answered a count. assumed: so it does for each id in which there is something
        self.tells = False  # a close was refused as the look before it was. assumed: so it is for each id that is not there

    def by_id(self, id):
        for guest in self._guests:
            if guest.id == id:
                return guest
        return None

    def come(self, guest):
        """It gets its place before the next command, or waits."""
        if guest.id in self._unwanted:
            self._unwanted.remove(guest.id)  # whoever had it has left
        if len(self._guests) < _MOST:
            self._guests.append(guest)
        else:
            self._table.counts[_N_FULL] += 1
            self.unwant(guest.id)

    def unwant(self, id, n=1):
        """Nobody here will ever take it: close it, and count n connections. Of too many, one that the module lists is met again."""
        self._table.counts[_N_UNWANTED] += n
        if id and id not in self._unwanted and len(self._unwanted) < _MOST:
            self._unwanted.append(id)

    def choose(self, request):
        """Let in who has a place. Whether the request is to close who will never have one."""
        guests = self._guests
        i = 0
        while i < len(guests):
            if guests[i].server.admit(guests[i]):
                guests.pop(i)
            else:
                i += 1
        if self.suspects:
            self.suspects[0].ask(request)
            return True
        while self._unwanted and self._row < _MOST:
            self._row += 1
            id = self._unwanted.pop(0)
            if not self._table.by_id(id):  # by now it may be a socket's
                self._table.dialect.close(request, id)
                return True
        self._row = 0
        return False

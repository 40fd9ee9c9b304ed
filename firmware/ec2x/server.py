"""A flow that listens: QFWDSERVER, and the children that come in. Loaded with the first one."""

from . import errors
from .arguments import check_port
from .backlog import Guest, backlog
from .compat import const
from .flow import CHILD, OPEN, OPENING, SERVER, Flow
from .qfwd import socket_id
from .request import BROKEN, OK, REFUSED
from .traffic import Task

# As counters.py has them.
_N_STRANGE = const(6)
_N_STALE = const(7)
_N_FOUND = const(8)
_N_CROSSED = const(15)
_N_NO_MEMORY = const(22)

# As traffic.py has them.
_CLOSE = const(2)
_PROVED = const(4)


class Server(Flow):
    """owner.wants() is asked before each child, and owner.incoming(flow) gets it."""

    def __init__(self, table, proto, ip, port, cid, backlog, owner):
        super().__init__(table, SERVER, proto, ip)
        self.forms = table.dialect.whole()
        self.port = port
        self.cid = cid
        self.backlog = max(1, min(backlog, self.forms.MAX_BACKLOG))
        self.owner = owner

    def ask_open(self, request):
        forms = self.forms
        port = self.table.urc_port
        return forms.server(request, self.id, self.port, self.proto, self.ip, self.cid, self.backlog, forms.MAX_IDLE, port)

    def choose(self, now, request):
        if self.state != OPEN or self.errand:
            return super().choose(now, request)
        if self.receiver.looks(now):  # connections whose URC was lost
            self.forms.sstate(request, self.id)
            return self
        return None

    def line(self, buf, start, end):
        """One of the load state: a connection; hardly ever one that is not known."""
        id = socket_id(buf, start, end, 1)
        old = self.table.by_id(id)
        if id and (not old or old.closed):
            peer = self.forms.state(buf, start, end)
            if not old or old.peer != peer:
                self._incoming(peer, id, True)
        return 0

    def heard(self, buf, start, end):
        """A URC: a connection."""
        self._incoming(self.forms.peer(buf, start, end), self.table.dialect.child, False)

    def _incoming(self, peer, id, deaf):
        """The module has accepted id from peer. Heard twice it is the same one."""
        table = self.table
        if not peer:
            table.counts[_N_STRANGE] += 1
            return
        old = table.by_id(id)
        if old:
            if old.peer == peer and old.kind == CHILD and not old.closed:
                table.counts[_N_STALE] += 1
                return
            it = old.receiver  # with something to read it would have kept the id, if it is the same module
            it.eof = it.eof or old.closed and (it.more == _PROVED or old.closed == table.run)
            old.lost()  # the module gives it to another
        try:
            guest = Guest(self, peer, id, deaf)
            if old and table.flow is old:
                table.task = Crossed(table.task, old, guest)
            backlog(table).come(guest)
            table.counts[_N_FOUND] += deaf
        except MemoryError:
            table.counts[_N_NO_MEMORY] += 1  # the next look at the list finds it

    def admit(self, guest):
        """Make a flow of it, if there is a place. Whether it need not wait any longer."""
        table = self.table
        if self.state > OPEN:
            table.backlog.unwant(guest.id)
            return True
        if self.state < OPEN or not self.owner.wants() or None not in table.flows:
            return False
        child = None
        try:
            child = Child(table, CHILD, self.proto, self.ip, None, guest.id, guest.peer)
            child.cid = self.cid
            if guest.deaf:
                from .listed import hear

                child.errand = hear
            child.receiver.more = guest.more
            if guest.closed:
                child.peer_closed()
                child.closed = guest.closed
                child.now = guest.now
            table.replace(None, child)
            self.owner.incoming(child)
        except MemoryError:
            table.counts[_N_NO_MEMORY] += 1
            table.replace(child, None)
            table.backlog.unwant(guest.id)
            return True
        if not guest.id:
            child.receiver.eof = guest.eof
            child.lost()
        elif guest.errno:
            child.fail(guest.errno)
        return True


class Child(Flow):
    """A connection that came in. When its peer has closed, or the module refuses what it is asked for it, its id may be another's by
    now, or is about to be, and an AT+QFWDCLOSE would end that one. So it is first looked whether the id is still there, which harms nobody.
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.looked = False
        self.doubt = False  # the look was refused: until it is seen what that means in this module, the close follows

    def choose(self, now, request):
        if self.sender._look and self.sender.unacked is not None:  # the last thing it asked was a count, which was answered
            backlog(self.table).counts = True
        if self.closed and not self.errand and self.receiver.more == _CLOSE:
            self.receiver.look()  # a read may move another's, and when it is accepted it may be too late to tell a restart
        return super().choose(now, request)

    def _last(self, now, request):
        if not self.due(now):
            return None
        task = super()._last(now, request)
        if self.looked or not self.closed and self._end is not None:  # it is None of one that failed
            return task
        self.table.dialect.ack(request, self.id)
        try:
            return Last(self)
        except MemoryError:
            return None  # and so asked again

    def last(self, how, now):
        """The answer to the look."""
        self.doubt = how == REFUSED
        if self.doubt and self.closed and backlog(self.table).tells:
            self._gone()
        else:
            self.looked = True
            self.back_off(now)  # assumed: if it was another that answered, its URC is here by then

    def done(self, how, request, now):
        if self.doubt and how == REFUSED:
            backlog(self.table).tells = True
        super().done(how, request, now)


class Last(Task):
    """The look at an id before it is closed."""

    def line(self, buf, start, end):
        return 0

    def done(self, how, request, now):
        self._flow.last(how, now)


class Crossed:
    """Stands in for a task whose command is on its way while the module gives the id to another connection.

    What the command moves or closes is most likely the other's, and nobody can tell: both sockets are told.
    assumed: the URCs come before the answer. If the module holds them back until after it, this is not seen.
    """

    def __init__(self, task, old, heir):
        self._task = task
        self._old = old
        self._heir = heir
        self._moved = False

    def line(self, buf, start, end):
        n = self._task.line(buf, start, end)
        self._moved = n > 0
        return n

    def done(self, how, request, now):
        old = self._old
        moved = self._moved or request.prompted or self._task is old and how == OK
        self._task.done(BROKEN if moved else how, request, now)
        if moved:
            old.table.counts[_N_CROSSED] += 1
            old.receiver.eof = False
            old.fail(errors.ECONNRESET)
            self._heir.fail(errors.ECONNRESET)


def serve(sock, addr, backlog, owner, kind=Server):
    """Have the socket's flow listen on addr's port: AT+QFWDSERVER takes no address. Waits, in non-blocking mode too."""
    modem = sock._modem
    modem.may_block()
    old = sock._flow
    _, port = addr[:2]
    check_port(port)
    sock._online()
    flow = kind(modem.sockets, old.proto, old.ip, port, sock._cid or 0, backlog, owner)
    modem.alone(modem.sockets.replace, old, flow)
    sock._flow = flow
    flow.open()
    sock._until(flow, OPENING)
    sock._raise(flow)
    return flow

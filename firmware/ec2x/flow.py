"""One socket id in the module: its life from the opening to the close. Knows no POSIX and no AT."""

from . import errors
from .compat import const, ticks_add
from .traffic import Sender, Task, due

# As counters.py has them.
_N_DROPPED = const(2)
_N_STALE = const(7)
_N_FAILED = const(9)
_N_UNOPENED = const(10)
_N_RESET = const(11)

# As request.py has them.
_REFUSED = const(1)
_TIMEOUT = const(2)

# As traffic.py has it.
_CLOSE = const(2)

CLIENT = const(0)  # opened by us
SERVER = const(1)
CHILD = const(2)  # accepted by the module

# Only this file changes a flow's state.
FRESH = const(0)  # has a place in the table, nothing asked
WANTED = const(1)  # to be opened
OPENING = const(2)  # asked for; the OK, the URC or both are still to come
OPEN = const(3)
CLOSING = const(4)  # what was sent is delivered, if there is time, then the id is closed
GONE = const(5)  # the module does not have it (any more)

_LINGER_MS = const(5000)
_PATIENCE = const(30)  # after this part of its time an opening is looked for in the module's list: the URC may be lost


class Flow(Task):
    """io holds its bytes: the rings rx and tx; room(flow), how much may come; pending(flow), how much may go at once,
    peek(skip, buf, n) at it, sent(flow, n), drop(flow); full, bytes in tx that wait for no company. WHOLE: a read and a
    send is a datagram, whose begin(flow, n) is told. A listener, and what it has not accepted, have none.
    """

    def __init__(self, table, kind, proto, ip, io=None, id=0, peer=None):
        super().__init__(self)
        self.table = table
        self.kind = kind
        self.proto = proto
        self.ip = ip
        self.io = io
        self.id = id
        self.peer = peer  # (host, port)
        self.cid = 0
        self.state = OPEN if kind == CHILD else FRESH
        self.errno = 0  # why it failed; cme and result are the module's words
        self.cme = None
        self.result = None
        self.closed = False  # what the module says of the peer; else the table's run in which it last knew the id; now: when it said so
        self.sure = True  # that it was the peer's doing: where a data call is lost the module says the same
        self.asked = FRESH  # its state when the command in flight went out
        self.errand = None  # errand(flow, request): the task that goes before all others
        self.receiver = table.receiver(self)
        self.sender = Sender(self)
        self._turn = True  # the receiver's; else the sender's
        self._end = None  # of the opening, or of the linger
        self.look_at = None  # then the opening is looked for
        self._leaving = False  # to be closed as soon as it is open and what waits is sent

    # What the socket above asks for

    def open(self):
        """Have it opened in the module; peer and cid are set."""
        self.id = self.table.fresh_id()
        self.state = WANTED

    def close(self, now):
        """Deliver what was sent, for a while, then close. Repeating it changes nothing."""
        end = ticks_add(now, _LINGER_MS) if self.io is not None else None
        if self.state <= OPENING and end is not None and self.io.tx.any():
            self._leaving = True  # a datagram waits for the opening
            self._end = end
        elif self.state <= WANTED:
            self._gone()
        elif self.state <= OPEN:
            self._closing(end if self.state == OPEN else None)
            self.sender.flush = True

    def fail(self, errno, cme=None, result=None):
        """It is of no use any more: keep why, and have the id closed."""
        if not self.errno:
            self.errno = errno
            self.cme = cme
            self.result = result
            self.table.counts[_N_FAILED] += 1
            self.table.counts[_N_UNOPENED] += self.state <= OPENING
        if self.state <= WANTED:
            self._gone()
        elif self.state < GONE:
            self._closing(None)

    def lost(self):
        """The module does not have it any more: it was reset, or gave the id to another."""
        if not self.errno and not self.receiver.eof:
            self.errno = errors.ECONNRESET
            self.table.counts[_N_RESET] += 1
        self._gone()

    def _closing(self, end):
        self._end = end
        self._at = None
        self.well()
        self.state = CLOSING

    def _gone(self):
        self.state = GONE
        self.table.replace(self, None)
        self.drop()

    def drop(self):
        """Forget what was not sent; not while chat takes its payload from there."""
        if self.io is not None and not self.sender.busy:
            self.table.counts[_N_DROPPED] += self.io.drop(self)

    # What the module says unasked

    def opened(self, result):
        if self.state == OPENING:
            if result == 0:
                self.state = OPEN
                self.well()
            else:
                self.fail(self.table.dialect.whole().errno(result, self.kind == SERVER), None, result)
        else:
            self.table.counts[_N_STALE] += 1

    def peer_closed(self):
        self.closed = self.table.run
        self.receiver.more = self.receiver.more or _CLOSE
        if self.cid and self.table.doubt:
            self.sure = False
            self.table.doubt()

    # In turn

    def choose(self, now, request):
        """The task that has filled the request with what the module is to be asked next, or None."""
        if self._leaving and self.state == OPEN:
            self.close(now)
        state = self.state
        if state == OPEN:
            if self.errand:
                return self.errand(self, request)
            # In turn, so that neither direction starves the other.
            first, second = self.receiver, self.sender
            if not self._turn:
                first, second = second, first
            if first.ask(now, request):
                self._turn = not self._turn
                return first
            return second if second.ask(now, request) else None
        if state == CLOSING:
            return self._last(now, request)
        if state == WANTED:
            return self._open(now, request)
        if state == OPENING:
            if due(self._end, now):
                self.fail(errors.ETIMEDOUT)
            elif due(self.look_at, now):
                from .listed import look

                return look(self, now, request)
        return None

    def _last(self, now, request):
        sender = self.sender
        if self._end is not None and not due(self._end, now) and not self.closed:
            if self.io.tx.any():  # if not this flow's, then another's of the same socket
                return sender if sender.ask(now, request) else None
            if not sender.delivered:
                return sender if sender.due(now) and sender.look(request) else None
        self.table.dialect.close(request, self.id)
        return self

    def _open(self, now, request):
        if not self.due(now):
            return None
        self.state = OPENING
        ms = self.ask_open(request)
        self._end = ticks_add(now, min(ms, _LINGER_MS) if self._leaving else ms)
        self.look_at = ticks_add(now, ms // _PATIENCE)
        return self

    def ask_open(self, request):
        """Fill the request; how many ms the open URC may take."""
        host, port = self.peer
        table = self.table
        return table.dialect.client(request, self.id, host, port, self.proto, self.ip, self.cid, table.urc_port)

    def done(self, how, request, now):
        if self.state != self.asked:
            return  # it has gone on meanwhile: the answer is to a question of before
        if self.state == OPENING:
            if how == _REFUSED:  # else the OK is late or lost, and the list will tell
                from .leftovers import again

                if again(self, now, request):
                    self.state = WANTED
        elif self.state == CLOSING and (how < _TIMEOUT or not self.again(now)):
            self._gone()

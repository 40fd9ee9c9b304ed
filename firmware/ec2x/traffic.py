"""The two directions of a flow: when to read and when to send, and what the answers mean."""

from . import errors
from .compat import const, ticks_add, ticks_diff

# As counters.py has them.
_N_RECEIVED = const(0)
_N_SENT = const(1)
_N_REFUSED = const(3)
_N_ROLLED_BACK = const(4)
_N_STALLS = const(5)
_N_FAILED_READS = const(12)
_N_FAILED_SENDS = const(13)

# As request.py has them.
_OK = const(0)
_REFUSED = const(1)

_TRIES = const(3)  # a refusal has moved nothing and is repeated that often
_READ_TRIES = const(9)  # 2.6 s in all: it may mean the end of the stream, and the URC of the close be late
_TAKE_TRIES = const(60)  # 29 s in all, in which the module has room and takes nothing
_BACK_OFF_MS = const(20)  # doubled each time
_BACK_OFF_MAX_MS = const(500)

_LOOK_MS = const(250)  # between looks without a URC while somebody waits
_LOOK_MAX_MS = const(32000)
_NONE = const(-1)

# Whether there may be something to read: odd where something has told so.
_TOLD = const(1)  # True: a URC, or the last read, which was full
_CLOSE = const(2)  # nothing but the close of the peer
_COUNTED = const(3)  # or asked often enough
_PROVED = const(4)  # that there is nothing: a read will show it


def due(at, now):
    """Whether the time at, if there is one, has come."""
    return at is None or ticks_diff(now, at) >= 0


class Task:
    """ask(now, request) fills the request and returns True, or returns False; then line and done hear of the answer."""

    def __init__(self, flow):
        self._flow = flow
        self._tries = 0  # refusals in a row
        self._wait = 0  # the back-off in force
        self._at = None  # nothing is asked before

    def due(self, now):
        if due(self._at, now):
            self._at = None
            return True
        return False

    def again(self, now, most=_TRIES):
        """After a refusal, which has moved nothing: whether to try again, after the back-off."""
        self._tries += 1
        if self._tries > most:
            return False
        self._flow.table.counts[_N_REFUSED] += 1
        self.back_off(now)
        return True

    def back_off(self, now):
        self._wait = min(self._wait * 2 or _BACK_OFF_MS, _BACK_OFF_MAX_MS)
        self._at = ticks_add(now, self._wait)

    def well(self):
        """It went through: the next refusal is a first one."""
        self._tries = self._wait = 0


class Receiver(Task):
    """A URC is a hint: what counts is what a read brings."""

    def __init__(self, flow):
        super().__init__(flow)
        self.more = False
        self.eof = False  # the peer has closed, and the last byte has been read
        self._next = None  # then it is looked without a hint
        self._pace = _LOOK_MS
        self._asked = 0
        self._told = False  # why
        self._count = _NONE  # what the answer says

    def watch(self, now, flows=1):
        """Somebody waits for something to read from one of so many flows: do not rely on URCs alone."""
        self._pace = _LOOK_MS * flows
        if self._next is None or ticks_diff(self._next, now) > self._pace:
            self._next = ticks_add(now, self._pace)

    def nothing(self):
        """The counters say that there is nothing to read: a refusal meant no more."""
        if self._tries:
            self.well()
            self._at = None
            self.more = self._flow.closed and _PROVED

    def looks(self, now):
        """Whether it is time to look without a hint."""
        if self._next is None:
            self._next = ticks_add(now, self._pace)
        if not due(self._next, now):
            return False
        self._next = None
        self._pace = min(self._pace * 2, _LOOK_MAX_MS)
        return True

    def ask(self, now, request):
        flow = self._flow
        if flow.io is None or self.eof or not self.due(now):
            return False
        n = min(flow.io.room(flow), flow.table.credit)
        if n <= 0 or not (self.more or not flow.closed and self.looks(now)):
            if flow.closed and 0 < self.more < _COUNTED:
                self.look()
            return False
        self._told = self.more
        self.more = False
        self._asked = n
        self._count = _NONE
        flow.table.dialect.recv(request, flow.id, n)
        return True

    def look(self):
        """Have it counted what is left behind a close."""
        try:
            from .ended import left

            self._flow.errand = left
        except MemoryError:
            self.more = True

    def line(self, buf, start, end):
        flow = self._flow
        if self._count != _NONE:
            return -1
        self._count = n = flow.table.dialect.counted(buf, start, end, flow.id, self._asked)
        if n > 0 and flow.io.WHOLE:
            flow.io.begin(flow, n)
        return n

    def done(self, how, request, now):
        flow = self._flow
        n = self._count
        if how == _OK:
            if n > 0:
                flow.io.rx.commit()
                flow.table.counts[_N_RECEIVED] += n
                self._pace = _LOOK_MS
                # A datagram says nothing about what is behind it.
                self.more = n == self._asked or flow.io.WHOLE or self.more
                if n >= flow.table.most:  # it may be that the module never gives more at a time
                    flow.table.most = n
                    self.more = self.more or flow.closed and _CLOSE
            self.well()
            self.eof = flow.closed and flow.sure and not self.more
        else:
            flow.io.rx.rollback()
            flow.table.counts[_N_ROLLED_BACK] += n > 0
            told = not flow.closed or (self._told | self.more) & _TOLD
            if how != _REFUSED or n > 0 or told and not self.again(now, _READ_TRIES):
                flow.table.counts[_N_FAILED_READS] += 1
                flow.fail(errors.ECONNRESET, request.cme)
            elif not flow.closed:
                self.more = flow.sender.query = True  # it may be how the module says that there is nothing
            elif self._told == _PROVED:
                self.eof = flow.sure
            else:
                self.look()
        if self.eof and flow.io.WHOLE:  # of a datagram's peer nobody waits for the end
            flow.close(now)


class Sender(Task):
    """Two commands: the send, and the look at the module's queue when that is full or somebody wants to know."""

    def __init__(self, flow):
        super().__init__(flow)
        self.flush = False  # somebody waits for what was written
        self.query = False  # somebody waits for the counters
        self.unacked = 0  # sendused, when last asked
        self.delivered = True  # as far as is known
        self.busy = False  # chat takes a payload from io
        self.hold = None  # what was written waits until then for company
        self._look = False  # the command in flight is the look
        self.full = False  # the module's queue is full: look for its room first
        self._room = 0  # that the look found
        self._asked = 0
        self._count = None  # what the answer says: taken, or room

    def wrote(self, now, hold):
        """Bytes were added to io; others may join them for hold ms."""
        self.flush = False
        self.hold = ticks_add(now, hold)

    def ask(self, now, request):
        flow = self._flow
        if self.query:
            return self.look(request)
        n = flow.io.pending(flow) if flow.io is not None else 0
        if not self.due(now) or not n or flow.closed:  # due first: a time that is over must not come round again
            return False
        if self.full:
            return self.look(request)
        if self.hold is not None:
            if not (self.flush or flow.io.tx.any() >= flow.io.full or due(self.hold, now)):
                return False
            self.hold = None
        if self._room:
            n = min(n, self._room)
            self._room = 0
        self._count = None
        self._look = False
        self.delivered = flow.io.WHOLE  # a datagram leaves at once
        self.busy = True
        self._asked = flow.table.dialect.send(request, flow.id, n, flow.io)
        return True

    def look(self, request):
        """Ask for the counters."""
        flow = self._flow
        self._look = True
        self._count = None
        flow.table.dialect.ack(request, flow.id)
        return True

    def line(self, buf, start, end):
        flow = self._flow
        dialect = flow.table.dialect
        if self._count is not None:
            return -1
        if self._look:
            self.unacked = dialect.queue(buf, start, end, flow.id, 0)
            self._count = dialect.queue(buf, start, end, flow.id, 1)
            if dialect.queue(buf, start, end, flow.id, 3) == 0:
                flow.receiver.nothing()
            return min(self.unacked, self._count, 0)
        self._count = dialect.counted(buf, start, end, flow.id, self._asked)
        return min(self._count, 0)

    def done(self, how, request, now):
        self.busy = False
        if self._look:
            self._saw(how, request, now)
        elif how == _OK and (self._count is not None or not request.prompted):
            self._took(self._count or 0, request, now)  # OK instead of a prompt: nothing has moved
        elif how != _REFUSED or request.prompted or not self.again(now):
            self._fail(errors.ECONNRESET, request)

    def _fail(self, errno, request):
        self._flow.table.counts[_N_FAILED_SENDS] += 1
        self._flow.fail(errno, request.cme)

    def _took(self, n, request, now):
        flow = self._flow
        flow.table.counts[_N_SENT] += n
        flow.io.sent(flow, n)
        if n:
            self.well()
        elif not self.again(now, _TAKE_TRIES):
            self._fail(errors.ENOBUFS, request)
        if n < self._asked:
            flow.table.counts[_N_STALLS] += 1
            self.full = True
        elif not flow.io.pending(flow):
            self.flush = False

    def _saw(self, how, request, now):
        flow = self._flow
        self.query = False
        if how == _OK and self._count is not None:
            self.delivered = self.unacked == 0
            # An empty queue takes a datagram whatever it says: it may count otherwise.
            self.full = not self.delivered and self._count < (flow.io.pending(flow) if flow.io.WHOLE else 1)
            self._room = 0 if flow.io.WHOLE else self._count
            if self.full or not self.delivered:
                self.back_off(now)
            else:
                self._at = None
        else:
            self.unacked = None  # there is no telling
            self.delivered = True
            if how > _REFUSED or self.full and not self.again(now):
                self._fail(errors.ECONNRESET, request)
            self.full = False

"""The peer has closed: was that all? Loaded when there is no room for what may be left, or a read is refused."""

from . import errors
from .compat import const, ticks_diff
from .flow import CHILD
from .request import OK, REFUSED
from .traffic import Task

_N_FAILED_READS = const(12)  # as counters.py has it

_GAP_MS = const(4900)  # as sockets.py has it

# As traffic.py has them.
_TOLD = const(1)
_COUNTED = const(3)
_PROVED = const(4)

_PROBE_MS = const(1000)
_TRIES = const(9)  # as _READ_TRIES of traffic.py


class Left(Task):
    """The peer has closed. How much is left? Asked while there is no room, and when a read is refused.

    Manual 2.5: recvused. assumed: what can still be read; and it is told as long as there is some.
    """

    def __init__(self, flow, refused):
        super().__init__(flow)
        self._refused = refused  # how often before: a command can be garbled on its way
        self._count = -1

    def line(self, buf, start, end):
        self._count = self._flow.table.dialect.queue(buf, start, end, self._flow.id, 3)
        return 0

    def done(self, how, request, now):
        flow = self._flow
        if how == REFUSED and self._refused == 2:
            _all_read(flow, now)
        elif how == REFUSED:
            flow.errand = alive if self._refused else _left_again
        elif how != OK or self._count < 0:
            flow.receiver.again(now, _TRIES)
        else:
            if flow.table.backlog:
                flow.table.backlog.counts = True
            if self._count:
                flow.errand = None
                flow.receiver.more = _COUNTED
                flow.receiver.back_off(now)  # assumed: if it was another's that has the id by now, its URC is here by then
            else:
                _all_read(flow, now)


def left(flow, request, refused=0):
    """The task that counts what is left; None when it was asked often enough: then a read has to tell, when there is room."""
    receiver = flow.receiver
    if receiver._tries > _TRIES:
        flow.errand = None
        receiver.more = _COUNTED
        return None
    flow.table.dialect.ack(request, flow.id)
    request.timeout = _PROBE_MS  # within the time in which Alive believes
    try:
        return Left(flow, refused)
    except MemoryError:
        return None  # and so asked again


def _left_again(flow, request):
    return left(flow, request, 1)


def _left_last(flow, request):
    return left(flow, request, 2)


def _all_read(flow, now):
    flow.errand = None
    flow.receiver.more = 0 if flow.sure else _PROVED
    flow.receiver.eof = flow.sure
    if flow.sure and _datagrams(flow):
        flow.close(now)


def _counts(flow):
    """An accepted connection, and the module is known to count those."""
    return flow.kind == CHILD and flow.table.backlog and flow.table.backlog.counts


def _datagrams(flow):
    """Of their peer nobody waits for the end."""
    return flow.io and flow.io.WHOLE


class Alive(Task):
    """The module knows no such id: because all is read and the id free, or because it has begun anew?

    assumed: an AP that begins anew, of which nothing tells, takes no command for five seconds. So one that has taken them without
    such a gap since it last knew the id has not; nor has one that takes this one so soon after the close was heard. Where there was
    something to read the latter is no proof: when nobody polled for a while, what is heard may be older than that.
    """

    def line(self, buf, start, end):
        return 0

    def done(self, how, request, now):
        flow = self._flow
        table, receiver = flow.table, flow.receiver
        told = (receiver.more or receiver._told) & _TOLD  # more: there is no room for it
        if how == OK and (flow.closed == table.run or not told and ticks_diff(table.chat.now, flow.now) < _GAP_MS):
            if not receiver.more and not getattr(receiver, "_counting", False):
                _all_read(flow, now)  # the read was refused before
            elif not told and _counts(flow):
                flow.errand = _left_last  # a read might be another's
            else:
                flow.errand = None  # a read shows whether it is so, when there is room: the module may refuse to count
                receiver.more = _COUNTED if receiver.more and told else _PROVED
                receiver.back_off(now)  # as after a count
        elif how <= REFUSED or not receiver.again(now, _TRIES):
            flow.errand = None
            if _datagrams(flow):
                flow.close(now)
            else:
                table.counts[_N_FAILED_READS] += 1
                flow.fail(errors.ECONNRESET, request.cme)


def alive(flow, request):
    """The task that asks whether the commands are there."""
    probe = flow.table.dialect.PROBE
    request.line.start(probe).end()
    try:
        request.plain(probe[2:-2], _PROBE_MS)
        return Alive(flow)
    except MemoryError:
        return None

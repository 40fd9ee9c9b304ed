"""The peer has closed: was that all? Loaded when there is no room for what may be left, or a read is refused."""

from . import errors
from .compat import const
from .request import OK, REFUSED
from .traffic import Task

_N_FAILED_READS = const(12)  # as counters.py has it

_PROBE_MS = const(1000)
_TRIES = const(9)  # as _READ_TRIES of traffic.py


class Left(Task):
    """The peer has closed. How much is left? Asked while there is no room, and when a read is refused.

    Manual 2.5: recvused. assumed: what can still be read; and it is told as long as there is some.
    """

    def __init__(self, flow, refused):
        super().__init__(flow)
        self._refused = refused  # once, and the module was there; a command can be garbled on its way
        self._count = -1

    def line(self, buf, start, end):
        self._count = self._flow.table.dialect.queue(buf, start, end, self._flow.id, 3)
        return 0

    def done(self, how, request, now):
        flow = self._flow
        if how == OK and self._count >= 0 or how == REFUSED and self._refused:
            flow.errand = None
            flow.receiver.more = 3 if self._count > 0 else 4  # as traffic.py has it
        elif how == REFUSED:
            flow.errand = alive
        else:
            flow.receiver.again(now, _TRIES)
            if self._refused:
                flow.errand = alive  # is it still there?


def left(flow, request, refused=False):
    """The task that counts what is left; None when it was asked often enough: then a read has to tell, when there is room."""
    receiver = flow.receiver
    if receiver._tries > _TRIES:
        flow.errand = None
        receiver.more = 3
        return None
    flow.table.dialect.ack(request, flow.id)
    request.timeout = _PROBE_MS  # within the time in which Alive believes
    return task(Left, flow, refused)


def task(kind, *args):
    """None, and so asked again, when there is no memory."""
    try:
        return kind(*args)
    except MemoryError:
        return None


class Alive(Task):
    """The module knows no such id: because all is read and the id free, or because it has begun anew?

    assumed: an AP that begins anew, of which nothing tells, takes no command for five seconds. So one that has taken them without
    such a gap since it last knew the id has not.
    """

    def line(self, buf, start, end):
        return 0

    def done(self, how, request, now):
        flow = self._flow
        if how == OK and flow.closed == flow.table.run:
            flow.errand = _left_again
        elif how <= REFUSED or not flow.receiver.again(now, _TRIES):
            flow.errand = None
            flow.table.counts[_N_FAILED_READS] += 1
            flow.fail(errors.ECONNRESET, request.cme)


def alive(flow, request):
    """The task that asks whether the commands are there."""
    probe = flow.table.dialect.PROBE
    request.plain(probe[2:-2], _PROBE_MS)
    request.line.start(probe).end()
    return task(Alive, flow)


def _left_again(flow, request):
    return left(flow, request, True)

"""What no URC has told of: it was lost, goes to another port, or none is sent. Loaded when one does not come, or may not have."""

from . import errors
from .compat import const, ticks_add, ticks_diff
from .flow import OPENING, SERVER
from .request import OK, REFUSED
from .traffic import Task

# As counters.py has them.
_N_FOUND = const(8)
_N_FAILED_READS = const(12)

_AGAIN_MS = const(5000)
_PROBE_MS = const(1000)
_GAP_MS = const(3000)


class Listed(Task):
    """Best effort: an answer that is refused changes nothing."""

    def line(self, buf, start, end):
        flow = self._flow
        server = flow.kind == SERVER
        port = flow.port if server else flow.peer[1]
        if flow.state == OPENING and flow.table.dialect.whole().lists(buf, start, end, flow.id, port, server):
            flow.table.counts[_N_FOUND] += 1
            flow.errand = hear
            flow.opened(0)
        return 0

    def done(self, how, request, now):
        pass


def look(flow, now, request):
    """The task that looks for an opening in the module's list.

    assumed: what is still being opened is not in it. If it is, a connection that takes longer is told of too early, and its
    failure with the first read or write.
    """
    flow.look_at = ticks_add(now, _AGAIN_MS)
    flow.table.dialect.whole().read(request, b"QFWDSERVER" if flow.kind == SERVER else b"QFWDCLIENT")
    return Listed(flow)


def hear(flow, request):
    """The task that has the flow's URCs come to our port."""
    flow.errand = None
    flow.table.dialect.whole().urc_port(request, flow.id, flow.table.urc_port)
    return Listed(flow)


class Alive(Task):
    """The read was refused, the peer has closed, and there was something to read: is that all, or does the module know nothing any more?

    assumed: an AP that begins anew, of which nothing tells, takes no command for five seconds. So one that takes them, and did so
    four seconds ago, has not.
    """

    def line(self, buf, start, end):
        return 0

    def done(self, how, request, now):
        flow = self._flow
        if how == OK and ticks_diff(now, flow.table.well) < _GAP_MS:
            flow.errand = None
            flow.receiver.more = 2  # once more, for a command can be garbled on its way, too
        elif how <= REFUSED:
            flow.errand = None
            flow.table.counts[_N_FAILED_READS] += 1
            flow.fail(errors.ECONNRESET, request.cme)


def alive(flow, request):
    """The task that asks whether the commands are there."""
    probe = flow.table.dialect.PROBE
    request.plain(probe[2:-2], _PROBE_MS)
    request.line.start(probe).end()
    return Alive(flow)

"""What no URC has told of: it was lost, goes to another port, or none is sent. Loaded when one does not come, or may not have."""

from .compat import const, ticks_add
from .flow import OPENING, SERVER
from .traffic import Task

_N_FOUND = const(8)  # as counters.py has it

_AGAIN_MS = const(5000)


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

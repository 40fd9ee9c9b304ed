"""Reads from a module that cuts data at a NUL. Loaded only with a profile that says so."""

from . import errors
from .compat import const
from .request import OK, REFUSED
from .traffic import Receiver

# As counters.py has them.
_N_CUT = const(19)

_PROVED = const(4)  # as traffic.py has it


class Careful(Receiver):
    """Asks first how much there is, and reads just that: a read that brings less has lost something in the module."""

    def __init__(self, flow):
        super().__init__(flow)
        self._counting = False
        self._known = 0  # bytes in the module
        self._refused = 0  # bytes that were there when a read was refused, as an empty one may be

    def ask(self, now, request):
        flow = self._flow
        self.more = self.more or self._known > 0
        if not super().ask(now, request):
            return False
        self._counting = not self._known and self._told != _PROVED  # then only a read can tell
        if self._counting:
            flow.table.dialect.ack(request, flow.id)
        elif self._known:
            self._told = True
            self._asked = min(self._asked, self._known)
            flow.table.dialect.recv(request, flow.id, self._asked)
        return True

    def look(self):
        if self._refused:
            self.more = True  # the read may have lost what was there: the next count tells
        else:
            super().look()

    def line(self, buf, start, end):
        if not self._counting:
            return super().line(buf, start, end)
        self._known = n = self._flow.table.dialect.queue(buf, start, end, self._flow.id, 3)
        self._count = 0  # nothing was read by it
        return min(n, 0)

    def done(self, how, request, now):
        if self._counting and how == OK and self._count < 0:  # the line with the count was lost
            how = REFUSED
        if how != OK:
            if not self._counting:
                self._refused = self._known
            self._known = 0
        elif self._counting:
            self._lost(self._known < self._refused)
            self._refused = 0
        else:
            known = self._known
            self._known = max(0, known - self._count)
            self._lost(self._count < self._asked if known else self._count)  # what was not counted may have been cut
        self.more = self.more or self._known > 0
        super().done(how, request, now)

    def _lost(self, some):
        if some:
            self._flow.table.counts[_N_CUT] += 1
            self._flow.fail(errors.ECONNRESET)

"""The table of what is open in the module: ids, turns, and what the module says unasked."""

from .compat import const, ticks_diff
from .request import Request
from .traffic import Receiver

# As counters.py has them.
_N_STRANGE = const(6)
_N_STALE = const(7)

# As qfwd.py has them.
_OPENED = const(1)
_INCOMING = const(2)
_READABLE = const(3)
_CLOSED = const(4)

# As flow.py has them.
_SERVER = const(1)
_FRESH = const(0)
_WANTED = const(1)
_OPEN = const(3)
_GONE = const(5)

# Ours are high: the module gives accepted ones, assumed from the lowest up.
_FIRST_ID = const(40000)
_LAST_ID = const(65535)

_GAP_MS = const(4900)

# What can come between header and trailer of a read: both of them, and two URCs of the longest kind.
MARGIN = const(256)


class Sockets:
    """Chat's source: each flow in turn is asked what it needs next.

    up: whether the module can be asked; online: whether something may be opened. The link sets both.
    """

    def __init__(self, dialect, urc_port, rxbuf, most):
        self.dialect = dialect
        self.urc_port = urc_port
        self.credit = max(1, min(dialect.MAX_DATA, rxbuf - MARGIN))  # most bytes a read may ask for
        self.up = self.online = False
        self.receiver = Receiver  # of the flows; a profile may want another
        self.doubt = None  # has the link see whether the data call is there
        self.flows = [None] * most
        self.most = 1  # bytes that a read has brought
        self._request = Request(self._line, self._data, self._done)
        self.flow = None  # whose command is in flight
        self.task = None  # and what it is about; None when it closes an orphan
        self.backlog = None  # of the listeners, once there is one: backlog.py
        self._turn = 0
        self._id = _FIRST_ID - 1
        self._now = 0
        self.run = 1  # number of the time without a gap in which the module could have begun anew
        self.well = 0  # when it last was there: what was asked then was answered with OK
        self.counts = [0] * 23  # counters.py has their names

    def replace(self, old, new):
        """The place of old is new's; None: an empty one. False when there is none."""
        for i in range(len(self.flows)):
            if self.flows[i] is old:
                self.flows[i] = new
                return True
        return False

    def by_id(self, id):
        for flow in self.flows:
            if flow and flow.id == id and flow.state > _WANTED:
                return flow
        return self.backlog and self.backlog.by_id(id)

    def fresh_id(self):
        while True:
            self._id = self._id + 1 if self._id < _LAST_ID else _FIRST_ID
            if not self.by_id(self._id):
                return self._id

    def lost(self):
        """The module has begun anew, or is gone: so is all that was open in it."""
        self.up = self.online = False
        self.backlog = None
        for flow in self.flows:
            if flow and flow.state != _FRESH:
                flow.lost()

    def look(self):
        """URCs may have been missed: look at everything."""
        for flow in self.flows:
            if flow and flow.state == _OPEN and not flow.closed:
                flow.receiver.more = True

    # Chat's source

    def next(self, now):
        self._now = now
        if not self.up:
            return None
        request = self._request
        if self.backlog and self.backlog.choose(request):
            return request
        flows = self.flows
        most = len(flows)
        for i in range(most):
            place = (self._turn + i) % most
            flow = flows[place]
            task = flow.choose(now, request) if flow else None
            if task:
                self._turn = place + 1
                self.flow = flow
                flow.asked = flow.state
                self.task = task
                return request
        return None

    def _line(self, buf, start, end):
        return self.task.line(buf, buf.find(b":", start, end) + 1, end)

    def _data(self, buf, start, end):
        self.flow.io.rx.write(buf, start, end - start)

    def _done(self, how):
        task, flow = self.task, self.flow
        self.task = self.flow = None
        if not how:  # OK
            self.heard()
        if task:
            task.done(how, self._request, self._now)
            if flow.state == _GONE:
                flow.drop()
            if not how and flow.closed:  # the module knows it
                flow.closed = self.run

    def heard(self):
        self.run += ticks_diff(self.chat.now, self.well) > _GAP_MS
        self.well = self._now

    # What the module says unasked

    def urc(self, buf, start, end):
        dialect = self.dialect
        event = dialect.event(buf, start, end)
        flow = self.by_id(dialect.id) if event else None
        if not flow:
            self.counts[_N_STRANGE] += 1
            if event == _INCOMING:
                from .backlog import nobodys

                nobodys(self)
        elif event == _READABLE:
            flow.receiver.more = True
        elif event == _CLOSED:
            self.heard()
            if flow.closed:
                self.counts[_N_STALE] += 1
            else:
                flow.now = self.chat.now
                flow.peer_closed()
        elif event == _OPENED:
            flow.opened(dialect.result)
        elif flow.kind == _SERVER:
            flow.heard(buf, start, end)
        else:
            self.counts[_N_STRANGE] += 1

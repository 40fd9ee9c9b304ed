"""A UDP server. Loaded with the first one."""

from . import errors
from .compat import const
from .flow import OPEN, Flow
from .request import REFUSED
from .server import Server
from .traffic import Receiver, Sender

# As counters.py has them.
_N_DROPPED = const(2)


class UdpServer(Server):
    """assumed: each peer has an id of its own, as with TCP; or else all peers are on the server's id, and it reads and
    sends for the last of them.
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.receiver = _Receiver(self)
        self.sender = _Sender(self)

    def choose(self, now, request):
        task = super().choose(now, request)
        return task or (Flow.choose(self, now, request) if self.state == OPEN else None)

    def done(self, how, request, now):
        if self.state == self.asked == OPEN:
            self.receiver.more = True  # after each look for peers one for what came without any
        super().done(how, request, now)


class _Receiver(Receiver):
    def done(self, how, request, now):
        if how != REFUSED or self._count > 0:  # nothing is ever read here where each peer has its id
            super().done(how, request, now)


class _Sender(Sender):
    def done(self, how, request, now):
        if how != REFUSED or request.prompted:
            super().done(how, request, now)
            return
        self.busy = False
        flow = self._flow
        n = flow.io.pending(flow)
        flow.table.counts[_N_DROPPED] += n
        flow.io.sent(flow, n)
        flow.errno = errors.EOPNOTSUPP  # nobody has been heard yet, or there is no reply to anybody
        flow.io.failed = flow

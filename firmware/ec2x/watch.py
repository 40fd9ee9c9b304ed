"""What a READY link looks at now and then: is the module still the one that was set up? Loaded when it has been READY for a while."""

from . import errors
from .compat import const
from .flow import FRESH, OPEN, SERVER
from .link import READY
from .qfwd import socket_id
from .request import OK, Request

# As counters.py has them.
_N_RESTARTS = const(0)
_N_CALLS_LOST = const(4)
_N_OFFLINE = const(14)

_PROVED = const(4)  # as traffic.py has it

_TRIES = const(3)  # refusals in a row, or answers that do not come: the AP is gone


class Watch:
    """In turn: what the module says of its servers, whose list an AP that was restarted has lost; and the data call."""

    def __init__(self, link):
        self._link = link
        self._modem = link.modem
        self._request = Request(self._line, None, self._done)
        self._probe = self._modem.dialect.PROBE
        self._prefix = self._probe[2:-2] + b":"  # of the list, too
        self._calls = False  # whether it is the data call's turn
        self._servers = 0  # of ours, when it was asked
        self._found = 0
        self._refused = 0  # in a row
        self._both = False  # at once
        self._waits = False  # for others, who have their turn before what a sign has it ask
        for sign in (b"+CFUN:", b"+CPIN:", b'+QIURC: "pdpdeact"'):
            self._modem.chat.urcs.append((sign, self._sign))

    def _sign(self, buf, start, end):
        """The module says what it says when it begins anew, or when the call is lost: a hint."""
        self._both = self._waits = True
        self._calls = False
        self._link.look()

    def ask(self, now):
        link = self._link
        modem = self._modem
        power = modem.power
        if power and power.status and not power.status():
            link.restarted()
            return None
        if self._waits:
            self._waits = False
            link.look()
            return None
        if link.ladder:
            link.ladder.well(now)
        unsure = self._unsure()
        sleeper = getattr(link, "sleeper", None)  # of sleep.py
        if sleeper and not unsure and sleeper.quiet(now):
            return None
        request = self._request
        self._found = self._servers = 0
        check = link.call and link.call.check
        calls = check is not None and (unsure or not self._calls)
        if self._calls != calls and (unsure or not self._refused):
            self._both = self._both or self._refused > 0
            self._calls = calls
            self._refused = 0
        if self._calls:
            request.line.start(check[0]).end()
            request.plain(check[1], check[3])
        else:
            self._servers = self._ours()
            # Without one of ours in it the list would not be missed; that the commands are there has been seen.
            request.line.start(b"AT+QFWDSERVER?" if self._servers else self._probe).end()
            request.plain(self._prefix, 4000)
        return request

    def _unsure(self):
        """Has something been closed, and it may be the data call's doing?"""
        for flow in self._modem.sockets.flows:
            if flow and not flow.sure:
                return True
        return False

    def _ours(self):
        n = 0
        for flow in self._modem.sockets.flows:
            n += self._is_ours(flow)
        return n

    def _is_ours(self, flow):
        return bool(flow and flow.kind == SERVER and flow.state == OPEN)

    def _line(self, buf, start, end):
        start += len(self._request.prefix)
        if self._calls:
            call = self._link.call  # by now there may be none
            self._found += bool(call) and call.seen(self._link, buf, start, end)
        else:
            self._found += self._is_ours(self._modem.sockets.by_id(socket_id(buf, start, end, 0)))
        return 0

    def _done(self, how):
        link = self._link
        if link.state != READY:
            return
        if self._request.echoed and not link.echoes:  # ATE0 is forgotten, and all else with it
            link.restarted()
            return
        if how != OK:
            self._refused += 1
            lost = self._refused == _TRIES
        else:
            self._refused = 0
            lost = not self._found if self._calls else self._found < self._servers <= self._ours()  # but those closed meanwhile
            if self._calls and not lost:
                _sure(self._modem.sockets)
        if lost:
            self._refused = 0
            self._lose(self._modem.cid if self._calls else None)
            _sure(self._modem.sockets)
            link.join()
        elif self._refused or self._both:
            self._both = False
            link.look()

    def _lose(self, cid):
        """The sockets of this context; None: all, for the AP has begun anew, which no RDY tells."""
        sockets = self._modem.sockets
        if cid is None:
            self._link.counts[_N_RESTARTS] += 1
            sockets.lost()
            sockets.up = True
            return
        self._link.counts[_N_CALLS_LOST] += 1
        for flow in sockets.flows:
            if flow and flow.cid == cid and flow.state != FRESH:
                sockets.counts[_N_OFFLINE] += 1
                flow.fail(errors.ECONNRESET)


def _sure(sockets):
    """The data call is there: what was closed, its peer has closed."""
    for flow in sockets.flows:
        if flow and not flow.sure:
            flow.sure = True
            if not flow.errand:
                flow.receiver.more = flow.receiver.more or _PROVED  # a read has found no more

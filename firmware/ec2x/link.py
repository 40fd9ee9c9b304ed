"""From a silent UART to READY, as a table of steps, and looking after it. ladder.py helps where the steps do not."""

from .compat import const, ticks_add, ticks_diff
from .request import Request

# As counters.py has them.
_N_RESTARTS = const(0)
_N_RETRIES = const(1)
_N_SKIPPED = const(2)
_N_NO_MEMORY = const(22)

# As request.py has them.
_OK = const(0)
_REFUSED = const(1)

# Only this file changes the link's state.
OFF = const(0)
SEEKING = const(1)  # AT is sent until something answers
SYNCING = const(2)  # it answers; chat proves that it is in step
SETTING = const(3)  # on the way through the first steps
FOUND = const(4)  # the module is set up; there has been no connect()
JOINING = const(5)  # on the way through connect()'s steps
READY = const(6)  # sockets can be opened
FAILED = const(7)  # what time will not mend

_SEEK_MS = const(500)
_SEEKS = const(6)  # without an answer, before help is asked for
_AGAIN_MS = const(1000)
_SHARE = const(5)  # or this part of what the answer may take: no network is asked for a data call every second
_WATCH_MS = const(30000)

# Why it is not READY: messages.py has the words, join.py and ladder.py the rest of the numbers.
_NO_REASON = const(0)
_OFF = const(1)
_SILENT = const(2)
_FOUND = const(3)
_REFUSES = const(4)
_NO_CMEE = const(5)
_NO_QFWD = const(9)


# A step: line, the prefix of its answer, want(link, buf, start, end) that tells whether a line of the answer is good
# (None: OK is enough), ms for the answer, ms in all before help is asked for (0: no limit), and the reason why it is not
# done yet (none: a setting of best effort, done in any case). It is asked again until it is done. The line may be a
# function of the link: None passes the step over.
_SETUP = (
    (b"AT+CMEE=1", b"", None, 300, 30000, _NO_CMEE),
    (b'AT+QURCCFG="urcport","uart1"', b"", None, 300, 0, _NO_REASON),
    (b'AT+QCFG="urc/cache",0', b"", None, 300, 0, _NO_REASON),
)


def _left(link, buf, start, end):
    from .leftovers import close

    return close(link, buf, start, end)


class Link:
    """Chat's first source."""

    def __init__(self, modem):
        self.modem = modem
        self._request = Request(self._line, None, self._done)
        self.state = OFF
        self.reason = _OFF
        self.errno = 0  # when time will not mend it
        self.cme = None  # the module's last refusal
        self.echoes = False  # it does although it was told not to
        self.call = None  # the data call
        self.ladder = None  # once something is wrong
        self.watch = None  # once it has been READY for a while
        self.setup = _SETUP
        self.wanted = None  # the steps of connect(), once it was called
        self._steps = _SETUP
        self._step = 0
        self._good = False
        self._seeks = 0
        self._now = 0
        self._at = None  # nothing is asked before
        self._end = None  # the step in hand should be done by then
        self.counts = [0] * 5  # counters.py has their names

    # What the modem asks for

    def begin(self):
        """Find the module."""
        self.modem.sockets.lost()
        self.rest(SEEKING, _SILENT)
        self.anew()

    def anew(self):
        """Count the tries from here."""
        self._seeks = 0
        self._at = None

    def connect(self, apn, *how):
        """Go online; without an apn only to the module's own LAN."""
        steps = ()
        dialect = self.modem.dialect
        self.modem.sockets.doubt = None
        if apn is None:
            self.call = None
        else:
            from .join import steps

            steps = steps(self, apn, *how)
        self.wanted = steps + (
            (dialect.PROBE, dialect.PROBE[2:-2], None, 5000, 90000, _NO_QFWD),
            (b"AT+QFWDSERVER?", b"+QFWDSERVER:", _left, 5000, 0, _NO_REASON),
            (b"AT+QFWDCLIENT?", b"+QFWDCLIENT:", _left, 5000, 0, _NO_REASON),
        )
        self.errno = 0
        if self.state == FAILED:
            self.begin()
        elif self.state >= FOUND:
            self.join()

    def join(self):
        """Go (again) through connect()'s steps."""
        self._go(JOINING, self.wanted)

    def rest(self, state, reason):
        """Nothing more is asked: OFF, FOUND, FAILED."""
        self.state = state
        self.reason = reason

    # What the module does

    def restarted(self, *line):
        """It says RDY, or that it powers down: nothing that it knew it knows any more."""
        if self.state > SEEKING:
            self.counts[_N_RESTARTS] += 1
            self.begin()
            self.modem.chat.reset()

    def lost(self):
        """Chat has given up."""
        if self.state != OFF:
            self.begin()

    def synced(self, now):
        """Chat is in step (again)."""
        self._now = now
        if self.state == SYNCING:
            self._go(SETTING, self.setup)
        elif self.modem.chat.quarantine.echoed and not self.echoes:  # ATE0 is forgotten, and all else with it
            self.restarted()
        else:
            self.pause(_AGAIN_MS)  # then it is asked on, or seen what became of it; others come first
        self.modem.sockets.look()

    def look(self, *line):
        """There is a sign of something new: ask at once."""
        self._at = None

    # Chat's source

    def next(self, now):
        self._now = now
        if self._at is not None:
            if ticks_diff(now, self._at) < 0:
                return None
            self._at = None
        state = self.state
        request = self._request
        if state == SEEKING:
            self.pause(_SEEK_MS)
            request.line.start(b"ATE0Q0V1").end()
            request.plain(b"", _SEEK_MS)
            request.careless = True
            self._seeks += 1
            if (self._seeks > _SEEKS or self.ladder or self.modem.power) and self.help():
                return self.ladder.seek(now, request, self._seeks)
        elif state == SETTING or state == JOINING:
            return self._ask(request, now)
        elif state == READY:
            self.pause(_WATCH_MS)
            if not self.watch:
                try:
                    from .watch import Watch

                    self.watch = Watch(self)
                except MemoryError:
                    self.modem.sockets.counts[_N_NO_MEMORY] += 1
                    self.pause(_AGAIN_MS)  # until there is
                    return None
            return self.watch.ask(now)
        else:
            return None
        return request

    def help(self):
        """What knows more ways, if there is memory for it."""
        if not self.ladder:
            try:
                from .ladder import Ladder

                self.ladder = Ladder(self)
            except MemoryError:
                self.modem.sockets.counts[_N_NO_MEMORY] += 1
        return self.ladder

    def _ask(self, request, now):
        line, prefix, want, timeout, limit, reason = self._steps[self._step]
        if not isinstance(line, bytes):
            line = line(self)
            if line is None:
                if self.state != FAILED:
                    self._advance()
                return None
        if self._end is None:
            self._end = ticks_add(now, limit)
            self.reason = reason or self.reason
        self._good = want is None
        request.line.start(line).end()
        request.plain(prefix, timeout)
        return request

    def _line(self, buf, start, end):
        want = self._steps[self._step][2]
        if want and SETTING <= self.state <= JOINING:
            self._good = want(self, buf, start + len(self._request.prefix), end) or self._good

    def _done(self, how):
        request = self._request
        if how == _REFUSED:
            self.cme = request.cme
        if self.state == SEEKING:
            if how == _OK:
                self.state = SYNCING
                self._at = None
                self.modem.chat.resync()
            elif how == _REFUSED:
                self.reason = _REFUSES
        elif self.state == SETTING or self.state == JOINING:
            step = self._steps[self._step]
            self.echoes = request.echoed
            if how == _OK and self._good or not step[5]:
                self.counts[_N_SKIPPED] += how != _OK
                self._advance()
            else:
                self.counts[_N_RETRIES] += 1
                self.pause(max(_AGAIN_MS, step[3] // _SHARE))
                if step[4] and self._end is not None and ticks_diff(self._now, self._end) >= 0 and self.help():
                    self._end = None
                    self.ladder.stuck(self._now)

    def _go(self, state, steps):
        self.modem.sockets.online = False
        self._steps = steps
        self._step = 0
        self._good = False  # what is in flight was asked for another step
        self._at = self._end = None
        self.state = state

    def _advance(self):
        self._step += 1
        self._end = None
        if self._step < len(self._steps):
            return
        if self.state == JOINING:
            self.rest(READY, _NO_REASON)
            self.errno = 0
            self.pause(_WATCH_MS)
            sockets = self.modem.sockets
            sockets.up = sockets.online = True
            if self.ladder:
                self.ladder.ready(self._now)
        elif self.wanted:
            self.join()
        else:
            self.rest(FOUND, _FOUND)

    def pause(self, ms):
        """Nothing is asked for so long."""
        self._at = ticks_add(self._now, ms)

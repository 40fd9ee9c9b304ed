"""A module that sleeps while nothing goes over the UART: config(pm=PM_POWERSAVE). Loaded when first used."""

from . import errors
from .compat import const, ticks_add, ticks_diff
from .errors import ModemError
from .flow import FRESH, OPEN
from .link import SETTING
from .trace import Tap

_NO_REASON = const(0)  # a step of best effort, as in link.py
_POWERSAVE = const(2)  # as in extras.py; 0 and 1 are both: never asleep

_IDLE_MS = const(2000)  # without a byte, before DTR is released
_WAKE_MS = const(20)  # assumed: from DTR to the first byte that the module takes
_LOOKS_MS = const(1000)  # after all is done the sockets are looked at as ever, while the module is awake anyway
_LONGEST_MS = const(1800000)  # then it is looked at once: a URC may be lost, or the module gone

# AT+QSCLK is not saved. Of AT&D 1 and 2 a DTR that is released would end what is online.
_STEPS = ((b"AT&D0", b"", None, 300, 0, _NO_REASON), (b"AT+QSCLK=1", b"", None, 300, 0, _NO_REASON))


class Sleeper:
    """The UART. When nothing went over it for a while DTR is released; then the first write takes nothing until the module is awake."""

    def __init__(self, uart, modem, dtr):
        self.uart = uart
        self._modem = modem
        self._dtr = dtr
        self._asleep = False
        self._quiet = False  # and the module has said nothing since
        self._at = modem.now()  # of the last byte, or since when it sleeps
        self._awake = None  # from then on it takes bytes; None: it does

    def any(self):
        n = self.uart.any()
        if n:
            self._quiet = False
            self._at = self._modem.now()
        elif not self._asleep and ticks_diff(self._modem.now(), self._at) >= _IDLE_MS:
            self._asleep = self._quiet = True
            self._at = self._modem.now()
            self._dtr(False)
        return n

    def readinto(self, buf, n):
        return self.uart.readinto(buf, n)

    def write(self, buf, off, n):
        now = self._modem.now()
        if self._asleep:
            self.wake()
            self._awake = ticks_add(now, _WAKE_MS)
        if self._awake is not None:
            if ticks_diff(now, self._awake) < 0:
                return None
            self._awake = None
        n = self.uart.write(buf, off, n)
        if n:
            self._at = now
        return n

    def wake(self):
        self._asleep = self._quiet = False
        self._at = self._modem.now()
        self._dtr(True)

    def quiet(self, now):
        """Whether the module should be left alone."""
        return self._quiet and ticks_diff(now, self._at) < _LONGEST_MS


class Calm:
    """Chat's source in place of the sockets: nobody is kept awake, or woken, to be asked whether there is news."""

    def __init__(self, sockets, now):
        self._sockets = sockets
        self._at = now  # when something was last to be done

    def next(self, now):
        if self._wanted() or ticks_diff(now, self._at) >= _LONGEST_MS:
            self._at = now
        elif ticks_diff(now, self._at) >= _LOOKS_MS:
            return self._door(self._sockets)
        return self._sockets.next(now)

    def _door(self, sockets):
        """As sockets.next() begins: who waits for a place and has one comes in, who will never have one is sent away."""
        request = sockets._request
        return request if sockets.up and sockets.backlog and sockets.backlog.choose(request) else None

    def _wanted(self):
        for flow in self._sockets.flows:
            if flow and flow.state != FRESH:
                if flow.state != OPEN or flow.errand or flow.receiver.more or flow.sender.query:
                    return True
                if flow.io is not None and flow.io.tx.any():
                    return True
        return False


def save(modem, pm):
    """config(pm=...)."""
    if pm not in (0, 1, _POWERSAVE):
        raise ValueError("pm is one of PM_NONE, PM_PERFORMANCE, PM_POWERSAVE")
    dtr = getattr(modem.power, "dtr", None)
    sleeper = getattr(modem.link, "sleeper", None)
    if pm == _POWERSAVE and not dtr:
        raise ModemError(errors.EOPNOTSUPP, "to wake it DTR must be wired: Modem(power=...) with a dtr")
    if pm == _POWERSAVE and not sleeper:
        _tell(modem, *[step[0] for step in _STEPS])
        _begin(modem, dtr)
    elif pm != _POWERSAVE and sleeper:
        try:
            _tell(modem, b"AT+QSCLK=0")
        finally:
            _end(modem, sleeper)


def _tell(modem, *lines):
    if modem.link.state >= SETTING:  # else it is told when it is found
        for line in lines:
            modem.command(line.decode())


def _begin(modem, dtr):
    link, chat = modem.link, modem.chat
    tap = chat.uart if isinstance(chat.uart, Tap) else None  # which shows what the module gets, and stays above
    link.sleeper = sleeper = Sleeper(tap.uart if tap else chat.uart, modem, dtr)
    _put(chat, tap, sleeper)
    link.setup += _STEPS
    chat.sources = tuple([Calm(source, modem.now()) if source is modem.sockets else source for source in chat.sources])


def _end(modem, sleeper):
    link, chat = modem.link, modem.chat
    sleeper.wake()
    link.sleeper = None
    _put(chat, chat.uart if isinstance(chat.uart, Tap) else None, sleeper.uart)
    link.setup = tuple([step for step in link.setup if step not in _STEPS])
    chat.sources = tuple([modem.sockets if isinstance(source, Calm) else source for source in chat.sources])


def _put(chat, tap, uart):
    if tap:
        tap.uart = uart
        tap.any = uart.any
    else:
        chat.uart = uart

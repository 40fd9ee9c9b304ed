"""What is done about a module that does not answer, or does not get READY. Loaded when that happens, or where there are pins for it.

A rung at a time: AT at every rate and out of a data phase; AT+CFUN=1,1; RESET_N; PWRKEY; the supply. Each rung waits longer
than the one before, up to half an hour, and it never gives up.
"""

from . import errors
from .compat import const, ticks_add, ticks_diff
from .request import OK, Request

# As counters.py has them.
_N_RUNGS = const(3)

_NO_QFWD = const(9)  # as in link.py

# ATs, two a second, that may stay without an answer before more is done.
_FEW = const(6)
_BOOT = const(60)  # by a module that was just switched on

_DELAY_MS = const(30000)  # after the first rung; doubled with each
_DELAY_MAX_MS = const(1800000)
_WELL_MS = const(600000)  # READY for so long it begins at the lowest rung again

_RATES = (921600, 460800, 230400, 115200, 57600, 38400, 19200, 9600)

# What gets a module out of a payload that an MCU has begun and not ended: ESC where it waits for a Ctrl+Z, and as many bytes
# as a send can have where it counts. The peer may get them: where RESET_N is wired that is pulled instead.
_WAY_OUT = (b"\x1b\r", b"\r" * 340, b"\r" * 340, b"\r" * 344, b"\x1a\r")

# What pins do: (name, level, ms until the next). "status": its going off is waited for.
_PRESS = (("pwrkey", True, 700), ("pwrkey", False, 0))
_RESET = (("reset", True, 200), ("reset", False, 0))
_CYCLE = (("pwrkey", True, 750), ("pwrkey", False, 0), ("status", False, 30000), ("", False, 1000)) + _PRESS
_SUPPLY = (("supply", False, 3000), ("supply", True, 100))


class Ladder:
    """The link asks it while it is SEEKING, and tells it of steps that do not get done."""

    def __init__(self, link):
        self._link = link
        self._modem = modem = link.modem
        self._power = power = modem.power
        self._request = Request(None, None, self._restarts)
        self._patience = _BOOT
        self._rungs = [()]  # what the pins do; none: AT+CFUN=1,1, which wants a module that answers
        self._moves = ()  # of the pins, still to come
        self._moved = None  # then the next is due
        self._restart = False  # AT+CFUN=1,1 is to be sent
        self._rung = 0
        self._delay = 0
        self._next = None  # no rung before
        self._ready = None  # since when the link is
        if power:
            self._take(power)
        self.trial = False  # it is at a new rate, and has not been understood there yet
        self._plan = self._tries(modem.rates, not (power and power.reset))

    def _take(self, power):
        on = _PRESS if power.pwrkey else ()
        if power.dtr:
            power.dtr(True)
        if power.supply:
            power.supply(True)
        if power.reset:
            self._rungs.append(_RESET)
        if on:
            self._rungs.append(_CYCLE if power.status else on)
            if not power.status:
                self._patience = _FEW  # nobody knows whether it is on: it is asked
        if power.supply:
            self._rungs.append(_SUPPLY + on)

    def _tries(self, ours, push):
        """(rate, line) for each try with a module that does not answer at the rate in use."""
        tries = []
        for rate in ours + (_RATES if self._modem.set_baud else ()):
            if rate:
                tries += [(rate, None)] * 2
                if push and rate in ours:
                    tries += [(rate, line) for line in _WAY_OUT] + [(rate, None)]
        return tries

    def stop(self):
        """The pins are let go of."""
        self._link.ladder = None
        for name in ("pwrkey", "reset"):
            self._pin(name, False)

    def ready(self, now):
        self._ready = now
        self._patience = _BOOT

    def well(self, now):
        """It still is READY."""
        if self._ready is not None and ticks_diff(now, self._ready) >= _WELL_MS:
            self._rung = self._delay = 0
            self._ready = self._next = None

    # The link is SEEKING

    def seek(self, now, request, tries):
        """What is to be sent for this try; None while the pins move."""
        if self._pins_move(now):
            self._link.anew()
            return None
        if self._restart:
            self._restart = False
            return self._cfun()
        if self._off():
            if not self._soon(now):
                self._act(now, _PRESS)
                return None
        elif tries > self._patience and self._silent(now):
            return None
        modem = self._modem
        if tries > _FEW:
            if self.trial:  # never again
                self.trial = False
                modem.rates = modem.rates[:1] + (None,)
            rate, line = self._plan[(tries - _FEW - 1) % len(self._plan)]
            self.turn(rate)
            if line and not modem.chat.owed:  # which is the way out
                request.line.start(line)
        elif self.trial:  # the module perhaps understands what it is told
            request.line.start(b"AT+IPR=%d\r" % modem.rates[0])
        return request

    def _off(self):
        power = self._power
        return power and power.pwrkey and power.status and not power.status()

    def _silent(self, now):
        """Whether something is done about it."""
        if self._patience == _FEW:
            self._patience = _BOOT
            self._act(now, _PRESS)
            return True
        return self._climb(now, 1)

    def turn(self, rate):
        """The board's side of a rate."""
        modem = self._modem
        if modem.set_baud and rate != modem.baud:
            try:
                modem.set_baud(rate)
                modem.baud = rate
            except ValueError:
                pass  # not a rate of this board

    def _pins_move(self, now):
        while self._moves:
            name, level, ms = self._moves[0]
            if self._moved is None:
                self._moved = ticks_add(now, ms)
                if name != "status":
                    self._pin(name, level)
            if ticks_diff(now, self._moved) < 0 and (name != "status" or self._power.status()):
                return True
            self._moved = None
            self._moves = self._moves[1:]
        return False

    def _pin(self, name, level):
        pin = getattr(self._power, name, None)
        if pin:
            pin(level)

    def _cfun(self):
        request = self._request
        request.line.start(b"AT+CFUN=1,1").end()
        request.plain(b"", 15000)
        request.careless = True
        return request

    def _restarts(self, how):
        if how == OK:
            self.turn(self._modem.rates[0])

    # Rungs

    def stuck(self, now):
        """A step does not get done: restart the module, unless it is too soon; then it is asked on."""
        link = self._link
        if link.reason == _NO_QFWD and not link.watch and not link.errno:
            link.errno = errors.EOPNOTSUPP  # whoever waits is told, before it is restarted
        else:
            self._climb(now, 0)

    def _climb(self, now, lowest):
        """Whether a rung is taken, from the lowest on; the last one again and again."""
        rung = min(max(self._rung, lowest), len(self._rungs) - 1)
        if rung < lowest or self._soon(now):
            return False
        self._rung = rung + 1
        self._act(now, self._rungs[rung])
        return True

    def _soon(self, now):
        return self._next is not None and ticks_diff(now, self._next) < 0

    def _act(self, now, moves):
        self._delay = delay = min(self._delay * 2 or _DELAY_MS, _DELAY_MAX_MS)
        self._next = ticks_add(now, delay + now * 7919 % (delay // 4))  # not all devices of a place at once
        self._link.counts[_N_RUNGS] += 1
        self._moves = moves
        self._restart = not moves
        self._link.begin()
        if moves:
            self.turn(self._modem.rates[0])

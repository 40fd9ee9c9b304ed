"""The module's pins, as firmware/ec2x/uart.py's Power has them, and what comes of holding them for long enough."""

_ON_US = 500000  # hardware design: PWRKEY low for at least that switches it on,
_OFF_US = 650000  # and off
_RESET_US = (150000, 460000)  # RESET_N low: outside of it is not one reset for sure
_LOG_OFF_US = 1000000  # assumed: leaving the network takes up to 30 s


class Pins:
    """pwrkey(bool), reset(bool), dtr(bool), supply(bool): asserted or not; status(): is it on? Those not wired are None."""

    def __init__(self, module, clock, wired=("pwrkey", "reset", "status")):
        self.module = module
        self._clock = clock
        self._down = {}  # the pins that are asserted: since when
        self.log = []  # (ms of the release, pin, ms that it was held)
        self.wrong = []  # those that were held for a time that no module promises anything for
        for name in ("pwrkey", "reset", "dtr", "supply", "status"):
            setattr(self, name, getattr(self, "_" + name) if name in wired else None)

    def held(self):
        """The pins that are asserted now."""
        return sorted(self._down)

    def _hold(self, name, down):
        """For how long it was held, when it is released now; else None."""
        now = self._clock.us
        if down:
            self._down.setdefault(name, now)
            return None
        since = self._down.pop(name, None)
        if since is None:
            return None
        self.log.append((now // 1000, name, (now - since) // 1000))
        return now - since

    def _pwrkey(self, down):
        held = self._hold("pwrkey", down)
        if held is None:
            return
        module, now = self.module, self._clock.us
        module.poll(now)
        if held < (_OFF_US if module.powered else _ON_US):
            self.wrong.append(self.log[-1])
        elif module.powered:
            module.agenda.add(now + _LOG_OFF_US, module.power_down)
        else:
            module.power_on(now)

    def _reset(self, down):
        held = self._hold("reset", down)
        if held is None:
            return
        if not _RESET_US[0] <= held <= _RESET_US[1]:
            self.wrong.append(self.log[-1])
        if self.module.powered:
            self.module.reset(self._clock.us)

    def _supply(self, on):
        self._hold("supply", not on)
        if not on:
            self.module.poll(self._clock.us)
            self.module.power_off()
        elif self.pwrkey is None and not self.module.powered:  # it is tied to ground, then
            self.module.power_on(self._clock.us)

    def _dtr(self, awake):
        self._hold("dtr", awake)
        self.module.poll(self._clock.us)
        self.module.sleep.dtr(awake, self._clock.us)

    def _status(self):
        self.module.poll(self._clock.us)
        return self.module.powered

"""AT+QSCLK=1: the main UART sleeps while DTR is released."""

_WAKE_US = 20000  # assumed: no document says how long it takes


class Sleep:
    """Time only counts on the main UART; assumed: it sleeps at once, and what is sent to it then is lost."""

    def __init__(self, module):
        self._module = module
        self._released = False
        self._awake_at = 0
        self.dropped = 0  # bytes

    def dtr(self, on, now):
        """The host pulls DTR, or releases it."""
        if on and self._released:
            self._awake_at = now + _WAKE_US
        self._released = not on

    def sleeps(self, now):
        """Is it asleep?"""
        return self._module.profile["QSCLK"] == 1 and (self._released or now < self._awake_at)

    def drops(self, port, data, now):
        """Are these bytes lost?"""
        lost = port == "uart1" and self.sleeps(now)
        if lost:
            self.dropped += len(data)
        return lost

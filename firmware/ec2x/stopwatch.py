"""How long the module takes to answer each of its commands. Loaded by loopback.py."""

from .compat import ticks_diff
from .request import OK


class Stopwatch:
    """The modem; and for each command the fewest ms in which it was answered."""

    def __init__(self, modem):
        self._modem = modem
        self.took = {}

    def __getattr__(self, name):
        return getattr(self._modem, name)

    def ask(self, request):
        began = self._modem.now()
        how = self._modem.ask(request)
        ms = ticks_diff(self._modem.now(), began)
        name = request.name()[7:]  # behind AT+QFWD
        if how == OK and name.isalpha():
            self.took[name] = min(ms, self.took.get(name, ms))
        return how

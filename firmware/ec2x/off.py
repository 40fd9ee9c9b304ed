"""The way down: disconnect(), active(False), uninstall(). Loaded when first used."""

import sys

from . import errors
from .compat import const
from .flow import FRESH
from .link import FOUND, OFF, SEEKING

# As counters.py has them.
_N_OFFLINE = const(14)

# As link.py has them.
_OFF = const(1)
_FOUND = const(3)

_LOG_OFF_MS = const(65000)  # in which the module leaves the network and says POWERED DOWN
_PRESS_MS = const(750)
_CUT_MS = const(1000)  # from there until the supply may go


def disconnect(modem):
    """The sockets are closed in the module, the rest stays as it is."""
    link = modem.link
    link.wanted = None
    modem.sockets.online = False
    for flow in modem.sockets.flows:
        if flow and flow.state != FRESH:
            modem.sockets.counts[_N_OFFLINE] += 1
            flow.fail(errors.ECONNRESET)
    if link.state > FOUND:
        link.rest(FOUND, _FOUND)


def stop(modem):
    """Let the module be; where there is a pin to switch it on again, have it power down first."""
    link = modem.link
    if link.ladder:
        link.ladder.stop()
    power = modem.power
    try:
        if power and (power.pwrkey or power.supply) and link.state != OFF:
            modem.may_block()
            _down(modem, power)
    finally:
        modem.sockets.lost()
        link.rest(OFF, _OFF)


def _down(modem, power):
    said = []
    heard = (b"POWERED DOWN", lambda buf, start, end: said.append(True))
    modem.chat.urcs.append(heard)
    try:
        answers = modem.link.state > SEEKING
        modem.sockets.lost()
        modem.link.rest(FOUND, _OFF)  # nothing else may be asked
        if answers and not _off(power) and _ask(modem):
            _wait(modem, _LOG_OFF_MS, lambda: said or _off(power))
        # The key switches a module on that is off: there has to be a sign that it is on.
        if not said and not _off(power) and power.pwrkey and (power.status or answers):
            power.pwrkey(True)
            _wait(modem, _PRESS_MS)
            power.pwrkey(False)
            _wait(modem, _LOG_OFF_MS, lambda: said or _off(power))
        if power.supply:
            _wait(modem, _CUT_MS)
    finally:
        modem.chat.urcs.remove(heard)
        if power.pwrkey:
            power.pwrkey(False)
        if power.supply:
            power.supply(False)


def _ask(modem):
    try:
        modem.command("AT+QPOWD=1", 5000)
    except OSError:
        return False
    return True


def _off(power):
    return power.status and not power.status()


def _wait(modem, ms, true=None):
    end = modem.after(ms)
    while not modem.over(end) and not (true and true()):
        modem.idle()
        modem.poll()


def uninstall():
    """`import socket` is again what it was before install()."""
    from .socket import replaced

    for name, module in replaced.items():
        if module:
            sys.modules[name] = module
        else:
            sys.modules.pop(name, None)
    replaced.clear()

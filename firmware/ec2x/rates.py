"""A faster UART, and one with RTS and CTS: steps of the bring-up. Loaded where the board can do that."""

from . import fields
from .compat import const

_NO_REASON = const(0)  # a step of best effort, as in link.py
_PAUSE_MS = const(100)  # assumed: how long after its OK the module may need to change its rate


def _raise(link):
    """Ask for the best rate; once it has failed it is not among the rates any more."""
    modem = link.modem
    best, now = modem.rates[1], modem.baud
    if not best or best == now or not link.help():
        return None
    turn = link.ladder.turn
    turn(best)  # whether the board can
    can = modem.baud == best
    turn(now)
    return b"AT+IPR=%d;+IPR?" % best if can else None


def _raised(link, buf, start, end):
    """The module agrees, at the old rate still."""
    link.ladder.trial = fields.integer(buf, start, end, 0) == link.modem.rates[1]
    return True


def _turn(link):
    """The board follows."""
    if link.ladder and link.ladder.trial:
        link.ladder.turn(link.modem.rates[1])
        link.pause(_PAUSE_MS)


def _verify(link):
    return b"AT+IPR?" if link.ladder and link.ladder.trial else None


def _verified(link, buf, start, end):
    link.ladder.trial = fields.integer(buf, start, end, 0) != link.modem.rates[1]
    return True


def add(modem, baud=115200, best_baud=None, flow=False):
    """Modem's keywords about its UART. Without an answer at the new rate the module is lost, and ladder.py seeks it."""
    link = modem.link
    modem.baud = baud
    modem.rates = (baud, best_baud)
    if flow:
        link.setup += ((b"AT+IFC=2,2", b"", None, 300, 0, _NO_REASON),)
    if best_baud:
        link.setup += (
            (_raise, b"+IPR:", _raised, 300, 0, _NO_REASON),
            (_turn, b"", None, 0, 0, _NO_REASON),
            (_verify, b"+IPR:", _verified, 300, 0, _NO_REASON),
        )

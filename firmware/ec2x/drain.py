"""Whether what a TCP socket sent has been delivered. Loaded when first asked."""

from . import errors
from .errors import ModemError
from .flow import OPEN

_PAUSE_MS = 20  # between two questions
_ANSWER_MS = 1000  # that the first may take although the time is over


def unacked(sock, end=None):
    """AT+QFWDACK's sendused. ETIMEDOUT at end, when the module does not answer."""
    sock._check()
    flow = sock._flow
    if flow.state != OPEN or not flow.io:
        raise ModemError(errors.ENOTCONN)
    modem = sock._modem
    modem.may_block()
    flow.sender.query = True
    while flow.sender.query and flow.state == OPEN:
        if end is not None and modem.over(end):
            raise ModemError(errors.ETIMEDOUT)
        modem.poll()
        modem.idle()
    sock._failure()
    if flow.sender.unacked is None:
        raise ModemError(errors.EIO, "the module does not tell")
    return flow.sender.unacked


def drain(sock, timeout):
    modem = sock._modem
    end = last = None
    if timeout is not None:
        ms = int(timeout * 1000)
        end = modem.after(ms)
        last = modem.after(max(ms, _ANSWER_MS))
    while sock._io and sock._io.tx.any() or unacked(sock, last):
        sock._check()
        sock._failure()
        sock._flow.sender.flush = True
        if end is not None and modem.over(end):
            raise ModemError(errors.ETIMEDOUT)
        if sock._flow.closed:
            raise ModemError(errors.EPIPE)
        pause = modem.after(_PAUSE_MS)
        while not modem.over(pause):
            modem.idle()
            modem.poll()

"""A connect() that is not plain: offline, or not the first. Loaded with the first one."""

from . import errors
from .errors import ModemError
from .flow import OPENING


def place(modem, flow):
    """It gives its place in the table back, for asyncio.open_connection forgets what it could not connect; and takes one when it can."""
    sockets = modem.sockets
    if not sockets.online:
        modem.alone(sockets.replace, flow, None)
    elif not modem.alone(sockets.replace, None, flow):
        raise ModemError(errors.ENFILE, sockets)


def again(flow):
    """Of a socket that is in use; why it failed is the caller's to raise."""
    if flow.state <= OPENING:
        raise ModemError(errors.EALREADY)
    if not flow.errno:
        raise ModemError(errors.EISCONN)

"""A socket whose connect() comes while the modem is offline. Loaded with the first one."""

from . import errors
from .errors import ModemError


def place(modem, flow):
    """It gives its place in the table back, for asyncio.open_connection forgets what it could not connect; and takes one when it can."""
    sockets = modem.sockets
    if not sockets.online:
        modem.alone(sockets.remove, flow)
    elif not modem.alone(sockets.add, flow):
        raise ModemError(errors.ENFILE, sockets)

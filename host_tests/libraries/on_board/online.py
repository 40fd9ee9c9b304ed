"""import online: from here on `import socket` is the modem's. With EC2X_PORT=builtin it stays MicroPython's own: a control run."""

import os

modem = None
if os.getenv("EC2X_PORT") != "builtin":
    import board
    import ec2x

    modem = board.modem(sockets=int(os.getenv("EC2X_SOCKETS", "12")))  # as many as the driver has by itself
    modem.active(True)
    modem.connect(None)
    modem.wait(60_000)
    ec2x.install(modem)


def linger():
    """Until the sockets that do not block, and were closed, have delivered what they took."""
    while modem and modem.fwd.clients():
        pass


def still_open():
    """What the module has of ours: servers and clients."""
    return ("open", modem.fwd.servers(), modem.fwd.clients()) if modem else ("open", [], [])

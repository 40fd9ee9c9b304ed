"""For a socket.py of the board, whose two lines make `import socket` the modem's, without a call in the application.

from ec2x.online import *
modem = online("internet")
"""

import sys

from . import socket as _socket
from .socket import *  # noqa: F403


def online(apn, wait_ms=60000, **options):
    """board.modem(), online if that takes no longer than wait_ms; until it is, a socket that is opened raises with the reason."""
    import board

    modem = _socket._modem = board.modem()
    sys.modules["usocket"] = sys.modules["socket"]
    modem.active(True)
    modem.connect(apn, **options)
    try:
        modem.wait(wait_ms)
    except OSError:
        pass  # it goes on trying; an import that fails would end an application that can wait
    return modem

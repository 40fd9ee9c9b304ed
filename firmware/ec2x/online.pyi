"""For a /lib/socket.py of the board, whose two lines make `import socket` the modem's; "internet" is the APN.

from ec2x.online import *
modem = online("internet")
"""

from typing import Any

from . import Modem
from .socket import *  # noqa: F403

def online(apn: str | None, wait_ms: int = 60000, **options: Any) -> Modem:
    """board.modem(), active, and online if that takes no longer than wait_ms; until it is, connect() raises with the reason.
    apn: None for the module's own LAN. options: what Modem.connect() takes besides.
    """

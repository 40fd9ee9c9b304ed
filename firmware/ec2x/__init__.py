"""ec2x: sockets over the socket-forwarding commands of a Quectel EC25, EC21 or EC20 R2.1."""

from .errors import ModemError
from .modem import Modem

__all__ = ["Modem", "ModemError", "install", "uninstall"]
__version__ = "0.1.0"


def install(modem):
    """From here on `import socket` is ec2x's, over this modem."""
    from .socket import install

    install(modem)


def uninstall():
    """Undo install(): `import socket` is again what it was."""
    from .off import uninstall

    uninstall()

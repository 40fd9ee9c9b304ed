"""ModemError, and the errno that a kernel would give."""

from errno import *  # noqa: F403 - what the port has: asyncio and the libraries compare with those

# and what MicroPython's errno has no names for
EBUSY = 16
ENFILE = 23
EPIPE = 32
EDESTADDRREQ = 89
EMSGSIZE = 90
EAFNOSUPPORT = 97
EISCONN = 106


class ModemError(OSError):
    """An OSError with a sentence. It keeps what the module said: cme, the code of +CME ERROR, and result, that of a URC.

    about is what it happened to: a str, or one of the driver's objects, described by messages.py.
    """

    def __init__(self, number, about="", cme=None, result=None):
        from .messages import sentence  # the sentences stay on the flash until the first error

        super().__init__(number, sentence(number, about, cme, result))
        self.cme = cme
        self.result = result

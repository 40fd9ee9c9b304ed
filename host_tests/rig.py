"""What the tests add to a virtual board: a meddler on the wire, resets, URCs from nowhere, a listener."""

from ec2x_tools.virtual import Board
from meddler import Meddler


class Rig(Board):
    """online by default, on the module's own LAN."""

    def __init__(self, apn=None, online=True, meddle=False, **kw):
        super().__init__(wrap=Meddler if meddle else None, **kw)
        if online:
            self.online(apn)

    def urc(self, text):
        """The module says something unasked."""
        self.module.inject("uart1", b"\r\n" + text + b"\r\n", self.clock.us)

    def reset(self):
        """The module is reset, and is online again."""
        self.module.reset(self.clock.us)
        self.until(lambda: not self.modem.isconnected(), 60_000)
        self.until(self.modem.isconnected, 60_000)

    def listener(self, port=2020, timeout=10):
        sock = self.modem.socket()
        sock.settimeout(timeout)
        sock.bind(("", port))
        sock.listen(5)
        return sock

    def dial(self, port=2020, at=56784):
        """A client on the module's LAN connects."""
        return self.net.dial("tcp", port, ("192.168.225.58", at))

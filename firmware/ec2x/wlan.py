"""A modem for code that was written for network.WLAN. Loaded when an application imports it.

It can stand in for the module network where the port has none: sys.modules["network"] = ec2x.wlan.
"""

from . import errors
from .errors import ModemError
from .link import OFF, READY

try:
    import network as _port
except ImportError:
    _port = None

STA_IF = 0
AP_IF = 1

# The port's own numbers where it has them, for code that compares with those; else RP2's.
STAT_IDLE = getattr(_port, "STAT_IDLE", 0)
STAT_CONNECTING = getattr(_port, "STAT_CONNECTING", 1)
STAT_WRONG_PASSWORD = getattr(_port, "STAT_WRONG_PASSWORD", -3)
STAT_NO_AP_FOUND = getattr(_port, "STAT_NO_AP_FOUND", -2)
STAT_CONNECT_FAIL = getattr(_port, "STAT_CONNECT_FAIL", -1)
STAT_GOT_IP = getattr(_port, "STAT_GOT_IP", 3)


class WLAN:
    """What is not here is the modem's. The SSID is the APN, the key is the SIM's PIN."""

    IF_STA = STA_IF
    IF_AP = AP_IF
    PM_NONE = 0
    PM_PERFORMANCE = 1
    PM_POWERSAVE = 2

    def __init__(self, modem=STA_IF):
        if modem == AP_IF:
            raise ValueError("a modem is no access point")
        if modem == STA_IF:
            from . import socket

            modem = socket._modem
            if not modem:
                raise ModemError(errors.ENODEV, "which modem? ec2x.install(modem) first")
        self.modem = modem
        self._ssid = ""

    def __getattr__(self, name):
        return getattr(self.modem, name)

    def connect(self, ssid, key=None, *, bssid=None, **how):
        """Begin to go online, as connect(ssid, pin=key, ...) of the modem does."""
        key = key or ""
        if key and not (isinstance(key, str) and key.isdigit() and 4 <= len(key) <= 8):
            raise ValueError("key is the SIM's PIN, of 4 to 8 digits")
        self.modem.connect(ssid, pin=key, **how)
        self._ssid = ssid or ""

    def status(self, what=None):
        """One of STAT_..., or what modem.status(what) tells."""
        if what is not None:
            return self.modem.status(what)
        self.modem.poll()
        link = self.modem.link
        if link.state == READY:
            return STAT_GOT_IP
        if link.errno:
            return STAT_WRONG_PASSWORD if link.errno == errors.EACCES else STAT_CONNECT_FAIL
        return STAT_CONNECTING if link.wanted and link.state != OFF else STAT_IDLE

    def config(self, what=None, **values):
        """As the modem's; and "ssid", "essid"; pm may be the number of another chip, which means never to sleep."""
        if what in ("ssid", "essid") and not values:
            return self._ssid
        if values.get("pm", 0) not in (self.PM_NONE, self.PM_PERFORMANCE, self.PM_POWERSAVE):
            values["pm"] = self.PM_NONE
        return self.modem.config(what, **values)

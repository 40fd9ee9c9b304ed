"""A modem for code that was written for network.WLAN: nic = ec2x.wlan.WLAN(modem).

On a port that has no module network, code that imports one gets this one after sys.modules["network"] = ec2x.wlan; WLAN(STA_IF)
is then the modem of ec2x.install(). Not there: scan(), access points, static addresses.
"""

from typing import Any, Literal, overload

from . import Modem

STA_IF: int
AP_IF: int
# The numbers of the port's own network where it has one, else those of RP2.
STAT_IDLE: int
STAT_CONNECTING: int
STAT_WRONG_PASSWORD: int
STAT_NO_AP_FOUND: int
STAT_CONNECT_FAIL: int
STAT_GOT_IP: int

class WLAN:
    """All that is not here is the modem's: active, disconnect, isconnected, ifconfig, ipconfig, and its own."""

    IF_STA: int
    IF_AP: int
    PM_NONE: int
    PM_PERFORMANCE: int
    PM_POWERSAVE: int
    modem: Modem

    def __init__(self, modem: Modem | int = 0) -> None:
        """STA_IF: that of ec2x.install(); ModemError ENODEV when there was none. AP_IF: ValueError."""
    def __getattr__(self, name: str) -> Any: ...
    def connect(self, ssid: str | None, key: str | None = None, *, bssid: object = None, **how: Any) -> None:
        """Begin to go online. ssid: the APN. key: the SIM's PIN, sent only when the SIM asks; ValueError when it is not 4 to 8
        digits, so that the key of a Wi-Fi costs no try. how: what Modem.connect() takes besides.
        """
    @overload
    def status(self, what: None = None) -> int: ...
    @overload
    def status(self, what: Literal["rssi"]) -> int | None:
        """STAT_IDLE: not active, or no connect(). STAT_CONNECTING: on the way, also when the network denies it, for that may
        end. STAT_WRONG_PASSWORD: the SIM wants its PIN or PUK. STAT_CONNECT_FAIL: the firmware has no AT+QFWD commands.
        STAT_GOT_IP: online. STAT_NO_AP_FOUND never. modem.status() has the reason in words.
        """
    def config(self, what: str | None = None, **values: Any) -> Any:
        """As Modem.config(); "ssid" and "essid" are the APN of connect(). pm may be another chip's number (0xA11140 as many
        write for a Pico W): never to sleep.
        """

"""What a network interface tells, as network.WLAN does: status, ifconfig, ipconfig, config. Loaded when first used."""

from . import errors, fields, strings
from .compat import const
from .errors import ModemError
from .link import READY
from .messages import reason

_STATES = ("off", "seeking", "synchronising", "setting up", "found", "joining", "ready", "failed")
# (command, what its answer begins with, which field): the first line that is no URC where there is neither.
_IDENTITY = {
    "imei": ("AT+GSN", "", 0),
    "model": ("AT+CGMM", "", 0),
    "firmware": ("AT+CGMR", "", 0),
    "imsi": ("AT+CIMI", "", 0),
    "iccid": ("AT+QCCID", "+QCCID:", 0),
    "operator": ("AT+COPS?", "+COPS:", 2),
}
_NO = "0.0.0.0"
_GIVEN = {"dhcp4": True, "dhcp6": False, "autoconf6": False}  # how the network gives addresses cannot be changed
_COPS_MS = const(180000)


def integer(line, k):
    return fields.integer(line.encode(), line.find(":") + 1, len(line), k)


def text(line, k):
    return strings.text(line.encode(), line.find(":") + 1, len(line), k)


def answer(modem, command, prefix="", timeout_ms=300):
    """The line of the answer; "" when there is none. A URC may have come between."""
    for line in modem.command(command, timeout_ms):
        if line.startswith(prefix) if prefix else line[0] != "+":
            return line
    return ""


def status(modem, what):
    if what is None:
        return _STATES[modem.link.state], reason(modem.link)
    if what == "rssi":
        value = integer(answer(modem, "AT+CSQ", "+CSQ:"), 0)
        return None if value is None or value > 31 else -113 + 2 * value
    raise ValueError("status() knows rssi")


def _address(modem):
    if modem.link.state == READY and modem.cid:
        for line in modem.command("AT+QIACT?", 5000):
            if line.startswith("+QIACT: %d," % modem.cid):
                return text(line, 3) or _NO
    return _NO


def _dns(modem):
    if modem.link.state == READY and modem.cid:
        return text(answer(modem, "AT+QIDNSCFG=%d" % modem.cid, "+QIDNSCFG:"), 1) or _NO
    return _NO


def _mask(modem):
    return _address(modem), "255.255.255.255"


def ifconfig(modem, values):
    if values not in (None, "dhcp", ("dhcp",)):
        _set()
    return None if values else _mask(modem) + (_NO, _dns(modem))


_ASKED = {
    "addr4": _mask,
    "gw4": lambda modem: _NO,  # a point-to-point link has none
    "dns": _dns,
    "has_dhcp4": lambda modem: _address(modem) != _NO,
    "addr6": lambda modem: [],  # the data call is one of IPv4
    "has_autoconf6": lambda modem: False,
}


def ipconfig(modem, what, values):
    one(what, values)
    for name in values:
        if name not in _GIVEN and name not in _ASKED:
            raise ValueError("ipconfig() does not know " + name)
        if bool(values[name]) != _GIVEN.get(name):
            _set()
    if values:
        return None
    if what in _GIVEN:
        return _GIVEN[what]
    if what in _ASKED:
        return _ASKED[what](modem)
    raise ValueError("ipconfig() knows " + ", ".join(sorted(list(_ASKED) + list(_GIVEN))))


def _set():
    raise ModemError(errors.EOPNOTSUPP, "the network gives the addresses")


def one(what, values):
    """As network's own: a name that is asked for, or values that are set."""
    if (what is None) != bool(values):
        raise TypeError("either one name, or name=value")


def config(modem, what, values):
    one(what, values)
    if values:
        if list(values) != ["pm"]:
            raise ValueError("config() sets pm")
        from .sleep import save

        return save(modem, values["pm"])
    if what == "mac":
        return _mac(config(modem, "imei", {}))
    if what == "pm":
        return 2 if getattr(modem.link, "sleeper", None) else 0
    if what not in _IDENTITY:
        raise ValueError("config() knows mac, pm, " + ", ".join(sorted(_IDENTITY)))
    command, prefix, k = _IDENTITY[what]
    line = answer(modem, command, prefix, _COPS_MS if k else 300)
    return (text(line, k) or "") if prefix else line


def _mac(imei):
    """Six bytes for code that wants a name for the device; no wire has them. Its IMEI, as a locally administered address."""
    if len(imei) < 14 or not imei.isdigit():
        raise ModemError(errors.EIO, "the module has no IMEI")
    n = int(imei[1:14])  # without the check digit, and the first one, which all modules share
    return bytes([n >> 40 << 2 | 2]) + (n & 0xFFFFFFFFFF).to_bytes(5, "big")

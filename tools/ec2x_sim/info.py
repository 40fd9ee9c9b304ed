"""The commands about the module itself: identity, settings, clock, power."""

from .atline import AtError
from .text import civil

IDENTITY = ("Quectel", "EC25", "EC25EFAR06A06M4G")
IMEI = "861075040000014"
RATES = (4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 2900000, 3000000, 3200000, 3686400, 4000000)

# What AT&W stores and AT&F restores, as far as the channels share it.
PROFILE = {"IPR": 115200, "ICF": "3,3", "IFC": "0,0", "CREG": 0, "CGREG": 0, "CEREG": 0, "CMGF": 0, "CTZR": 0, "CGEREP": "0,0", "QSCLK": 0}

# What saves itself. The rest of AT+QCFG appears as it is set.
SAVED = {"urcport": "usbat", "QAPRDYIND": 0, "CTZU": 0, "QSIMSTAT": 0, "QSIMDET": "0,0", "urc/cache": "0", "urc/delay": "0"}

APIND = (
    (1, "+APIND: UART DDP READY"),
    (2, "+APIND: QUEC DAEMON READY"),
    (4, "+APIND: ATFWD READY"),
    (8, "+APIND: QMI READY"),
)

_URC_PORTS = ("usbat", "usbmodem", "uart1", "uart2", "all")
_POWER_DOWN_US = 500000  # assumed: the manual says within 60 s


def _line(text):
    def handler(at, command):
        if command.op == "test":
            return
        if command.op != "exec":
            raise AtError()
        at.info(text)

    return handler


def _number(where, key, values, test):
    """A setting of one number: read, test and set."""

    def handler(at, command):
        name = command.name
        place = {"port": at.set, "profile": at.module.profile, "saved": at.module.saved}[where]
        if command.op == "test":
            at.info("%s: %s" % (name, test))
        elif command.op == "read":
            at.info("%s: %d" % (name, place[key]))
        elif command.op == "set":
            value = command.args(1, 1).int(0, 0, 0xFFFFFFF)
            if value not in values:
                raise AtError()
            place[key] = value
        else:
            raise AtError()

    return handler


def _pair(where, key, values, test):
    """A setting of two numbers, the second of which may be left out."""

    def handler(at, command):
        name = command.name
        place = at.module.profile if where == "profile" else at.module.saved
        if command.op == "test":
            at.info("%s: %s" % (name, test))
        elif command.op == "read":
            at.info("%s: %s" % (name, place[key]))
        elif command.op == "set":
            args = command.args(1, 2)
            old = [int(v) for v in place[key].split(",")]
            new = (args.int(0, 0, 9), args.int(1, 0, 9, old[1]))
            if new[0] not in values or new[1] not in values:
                raise AtError()
            place[key] = "%d,%d" % new
        else:
            raise AtError()

    return handler


_RATE = _number("profile", "IPR", RATES, "(),(%s)" % ",".join([str(r) for r in RATES]))


def _rate(at, command):
    _RATE(at, command)
    if command.op == "set":
        module = at.module
        # The OK still goes at the old rate.
        at.after.append(lambda now: setattr(module, "baud", module.profile["IPR"]))


def _urc_config(at, command):
    if command.op == "test":
        at.info('+QURCCFG: "urcport",("usbat","usbmodem","uart1","uart2","all")')
        return
    if command.op != "set":
        raise AtError()
    args = command.args(1, 2)
    args.choice(0, ("urcport",))
    if len(args) == 1:
        at.info('+QURCCFG: "urcport","%s"' % at.module.saved["urcport"])
    else:
        at.module.saved["urcport"] = args.choice(1, _URC_PORTS)


def _config(at, command):
    # Whatever is written is kept and read back; none of it does anything here.
    if command.op != "set":
        raise AtError()
    name, comma, value = command.text.partition(",")
    key = name.strip().strip('"').lower()
    if not key or key in ("urcport",):
        raise AtError()
    if comma:
        at.module.saved[key] = value.strip()
    elif key in at.module.saved:
        at.info('+QCFG: "%s",%s' % (key, at.module.saved[key]))
    else:
        raise AtError()


def _ap_ready(at, command):
    # The manual prints the answer of the read form with a `=`.
    if command.op == "read":
        at.info("+QAPRDYIND=%d" % at.module.saved["QAPRDYIND"])
    elif command.op == "set":
        at.module.saved["QAPRDYIND"] = command.args(1, 1).int(0, 0, 15)
    elif command.op == "test":
        at.info("+QAPRDYIND: (0-15)")
    else:
        raise AtError()


def clock(at, four_digits, local=False):
    """The date as AT+CCLK (two digits of the year) and AT+QLTS (four) show it, with the network's zone behind it."""
    zone = at.module.zone
    year, month, day, hour, minute, second = civil(at.module.utc_s + at.now // 1000000 + (zone * 900 if local else 0))
    head = "%04d" % year if four_digits else "%02d" % (year % 100)
    return "%s/%02d/%02d,%02d:%02d:%02d%s%02d" % (head, month, day, hour, minute, second, "-" if zone < 0 else "+", abs(zone))


def _clock(at, command):
    if command.op != "read":
        raise AtError()
    at.info('+CCLK: "%s"' % clock(at, False, at.module.saved["CTZU"] != 1))


def _network_time(at, command):
    mode = 0
    if command.op == "set":
        mode = command.args(1, 1).int(0, 0, 2)
    elif command.op != "exec":
        raise AtError()
    at.info('+QLTS: "%s,0"' % clock(at, True, mode == 2) if at.module.radio.registered() else '+QLTS: ""')


def _power_down(at, command):
    if command.op == "set":
        command.args(1, 1).int(0, 0, 1)
    elif command.op != "exec":
        raise AtError()
    module = at.module
    at.after.append(lambda now: module.agenda.add(now + _POWER_DOWN_US, module.power_down))


def _init_state(at, command):
    if command.op != "exec":
        raise AtError()
    at.info("+QINISTAT: %d" % at.module.radio.initialised)


COMMANDS = {
    "+CGMI": _line(IDENTITY[0]),
    "+GMI": _line(IDENTITY[0]),
    "+CGMM": _line(IDENTITY[1]),
    "+GMM": _line(IDENTITY[1]),
    "+CGMR": _line(IDENTITY[2]),
    "+GMR": _line(IDENTITY[2]),
    "+QGMR": _line(IDENTITY[2] + "_01.001.01.001"),
    "+GSN": _line(IMEI),
    "+CGSN": _line(IMEI),
    "+CMEE": _number("port", "CMEE", (0, 1, 2), "(0-2)"),
    "+CMGF": _number("profile", "CMGF", (0, 1), "(0,1)"),
    "+CTZU": _number("saved", "CTZU", (0, 1, 3), "(0,1,3)"),
    "+CTZR": _number("profile", "CTZR", (0, 1, 2), "(0-2)"),
    "+QSCLK": _number("profile", "QSCLK", (0, 1), "(0,1)"),
    "+ICF": _pair("profile", "ICF", (3,), "(3),(3)"),
    "+IFC": _pair("profile", "IFC", (0, 2), "(0,2),(0,2)"),
    "+CGEREP": _pair("profile", "CGEREP", (0, 1, 2), "(0-2),(0,1)"),
    "+QSIMDET": _pair("saved", "QSIMDET", (0, 1), "(0,1),(0,1)"),
    "+IPR": _rate,
    "+QURCCFG": _urc_config,
    "+QCFG": _config,
    "+QAPRDYIND": _ap_ready,
    "+CCLK": _clock,
    "+QLTS": _network_time,
    "+QPOWD": _power_down,
    "+QINISTAT": _init_state,
}

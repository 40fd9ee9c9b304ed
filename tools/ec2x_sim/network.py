"""The commands about SIM, registration and signal."""

from .atline import AtError
from .radio import LTE

IMSI = "001010123456789"
ICCID = "89860000000000000001"
_OPERATOR = "Test Network"


def _pin(at, command):
    radio = at.module.radio
    if command.op == "test":
        return
    if command.op == "read":
        if not radio.has_sim():
            raise AtError(10)
        at.info("+CPIN: " + radio.sim)
        return
    if command.op != "set":
        raise AtError()
    args = command.args(1, 2)
    if len(args) == 2:
        radio.unblock(args.str(0), args.str(1), at.now)
    else:
        radio.unlock(args.str(0), at.now)


def _pin_tries(at, command):
    radio = at.module.radio
    if not radio.has_sim():
        raise AtError(10)
    if command.op == "set":
        command.args(1, 1).choice(0, ("sc",))
    elif command.op != "exec":
        raise AtError()
    at.info('+QPINC: "SC",%d,%d' % (radio.tries, radio.puk_tries))
    if command.op == "exec":
        at.info('+QPINC: "P2",3,10')


def _card(text):
    def handler(at, command):
        if command.op == "test":
            return
        if command.op != "exec":
            raise AtError()
        at.module.radio.need_sim()
        at.info(text)

    return handler


def _sim_status(at, command):
    module = at.module
    if command.op == "read":
        at.info("+QSIMSTAT: %d,%d" % (module.saved["QSIMSTAT"], 1 if module.radio.has_sim() else 0))
    elif command.op == "set":
        module.saved["QSIMSTAT"] = command.args(1, 1).int(0, 0, 1)
    elif command.op == "test":
        at.info("+QSIMSTAT: (0,1)")
    else:
        raise AtError()


def _registration(at, command):
    name = command.short()
    profile = at.module.profile
    modes = (0, 1, 2, 4) if name == "CEREG" else (0, 1, 2)
    if command.op == "read":
        at.info("+%s: %d,%s" % (name, profile[name], at.module.radio.where(profile[name])))
    elif command.op == "set":
        mode = command.args(1, 1).int(0, 0, 9)
        if mode not in modes:
            raise AtError()
        profile[name] = mode
    elif command.op == "test":
        at.info("+%s: (0-2%s)" % (name, ",4" if name == "CEREG" else ""))
    else:
        raise AtError()


def _signal(at, command):
    if command.op == "test":
        at.info("+CSQ: (0-31,99),(0-7,99)")
    elif command.op == "exec":
        at.info("+CSQ: 24,99" if at.module.radio.fun == 1 else "+CSQ: 99,99")
    else:
        raise AtError()


def _signal_lte(at, command):
    if command.op not in ("exec", "read"):
        raise AtError()
    at.info('+QCSQ: "LTE",61,-88,178,-9' if at.module.radio.registered() else '+QCSQ: "NOSERVICE"')


def _operator(at, command):
    radio = at.module.radio
    radio.need_sim()
    if command.op == "read":
        at.info('+COPS: 0,0,"%s",%d' % (_OPERATOR, LTE) if radio.registered() else "+COPS: 0")
    elif command.op == "test":
        at.info('+COPS: (2,"%s","Test","00101",%d),,(0,1,2,3,4),(0,1,2)' % (_OPERATOR, LTE))
    elif command.op == "set":
        mode = command.args(1, 4).int(0, 0, 4)
        if mode == 2:
            radio.set_registration(0)
        elif mode in (0, 1) and radio.stat == 0 and radio.fun == 1:
            radio.sim_found(at.now)
    else:
        raise AtError()


def _network(at, command):
    if command.op != "exec":
        raise AtError()
    known = at.module.radio.registered()
    at.info('+QNWINFO: "FDD LTE","00101","LTE BAND 3",1650' if known else "+QNWINFO: No Service")


def _functionality(at, command):
    module = at.module
    if command.op == "read":
        at.info("+CFUN: %d" % module.radio.fun)
    elif command.op == "test":
        at.info("+CFUN: (0,1,4),(0,1)")
    elif command.op == "set":
        args = command.args(1, 2)
        fun = args.int(0, 0, 4)
        if fun not in (0, 1, 4):
            raise AtError()
        if args.int(1, 0, 1, 0):
            at.after.append(module.reset)
        else:
            module.radio.functionality(fun, at.now)
    else:
        raise AtError()


COMMANDS = {
    "+CPIN": _pin,
    "+QPINC": _pin_tries,
    "+CIMI": _card(IMSI),
    "+QCCID": _card("+QCCID: " + ICCID),
    "+QSIMSTAT": _sim_status,
    "+CREG": _registration,
    "+CGREG": _registration,
    "+CEREG": _registration,
    "+CSQ": _signal,
    "+QCSQ": _signal_lte,
    "+COPS": _operator,
    "+QNWINFO": _network,
    "+CFUN": _functionality,
}

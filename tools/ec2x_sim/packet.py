"""The commands about PDP contexts, and what runs over them on the modem side: DNS, ping, time."""

from .atline import AtError
from .info import clock
from .net import is_address
from .radio import Context

_PING_US = 1000000
_KINDS = ("ip", "ipv6", "ipv4v6", "ppp")


def _context(at, cid):
    contexts = at.module.radio.contexts
    if cid not in contexts:
        contexts[cid] = Context(cid)
    return contexts[cid]


def _contexts(at):
    contexts = at.module.radio.contexts
    return [contexts[cid] for cid in sorted(contexts)]


def _attach(at, command):
    radio = at.module.radio
    if command.op == "read":
        at.info("+CGATT: %d" % (1 if radio.registered() else 0))
    elif command.op == "test":
        at.info("+CGATT: (0,1)")
    elif command.op == "set":
        attach = command.args(1, 1).int(0, 0, 1)
        radio.need_sim()
        if attach and not radio.registered():
            raise AtError(30)
        if not attach:
            for context in _contexts(at):
                radio.activate(context.cid, False)
    else:
        raise AtError()


def _define(at, command):
    if command.op == "read":
        for c in _contexts(at):
            at.info('+CGDCONT: %d,"%s","%s","%s",0,0,0,0' % (c.cid, c.kind, c.apn, c.address() if c.active else "0.0.0.0"))
    elif command.op == "test":
        for kind in ("IP", "PPP", "IPV6", "IPV4V6"):
            at.info('+CGDCONT: (1-16),"%s",,,(0-2),(0-4),(0-3),(0,1)' % kind)
    elif command.op == "set":
        args = command.args(1, 8)
        cid = args.int(0, 1, 16)
        if len(args) == 1:
            at.module.radio.activate(_context(at, cid).cid, False)
            del at.module.radio.contexts[cid]
            return
        kind = args.choice(1, _KINDS).upper()
        context = _context(at, cid)
        context.kind, context.apn = kind, args.str(2, "")
    else:
        raise AtError()


def _activate(at, cid, active):
    radio = at.module.radio
    radio.need_sim()
    if active and not radio.registered():
        raise AtError(30)
    context = _context(at, cid)
    if active and radio.apns is not None and context.apn not in radio.apns:
        raise AtError(33)  # assumed: 27.007's "requested service option not subscribed"
    radio.activate(cid, active)


def _context_state(at, command):
    if command.op == "read":
        for c in _contexts(at):
            at.info("+CGACT: %d,%d" % (c.cid, 1 if c.active else 0))
    elif command.op == "test":
        at.info("+CGACT: (0,1)")
    elif command.op == "set":
        args = command.args(1, 2)
        active = args.int(0, 0, 1) == 1
        for cid in [args.int(1, 1, 16)] if len(args) == 2 else [c.cid for c in _contexts(at)]:
            _activate(at, cid, active)
    else:
        raise AtError()


def _addresses(at, command):
    contexts = _contexts(at)
    if command.op == "set":
        cid = command.args(1, 1).int(0, 1, 16)
        contexts = [c for c in contexts if c.cid == cid]
        if not contexts:
            raise AtError()
    elif command.op != "exec":
        raise AtError()
    for c in contexts:
        at.info('+CGPADDR: %d,"%s"' % (c.cid, c.address() if c.active else "0.0.0.0"))


def _profile(at, command):
    if command.op != "set":
        raise AtError()
    args = command.args(1, 6)
    context = _context(at, args.int(0, 1, 16))
    kinds = ("IP", "IPV6", "IPV4V6")
    if len(args) == 1:
        end = (context.apn, context.user, context.password, context.auth)
        at.info("+QICSGP: %d," % (kinds.index(context.kind) + 1) + '"%s","%s","%s",%d' % end)
        return
    kind = args.int(1, 1, 3)
    apn, user, password, auth = args.str(2), args.str(3, ""), args.str(4, ""), args.int(5, 0, 3, 0)
    context.kind = kinds[kind - 1]
    context.apn, context.user, context.password, context.auth = apn, user, password, auth


def _qi_activate(at, command):
    if command.op == "read":
        for c in _contexts(at):
            if c.active:
                at.info('+QIACT: %d,1,%d,"%s"' % (c.cid, 2 if c.kind == "IPV6" else 1, c.address()))
    elif command.op == "test":
        at.info("+QIACT: (1-16)")
    elif command.op == "set":
        try:
            _activate(at, command.args(1, 1).int(0, 1, 16), True)
        except AtError:
            raise AtError()  # the QI family leaves its reasons to AT+QIGETERROR
    else:
        raise AtError()


def _qi_deactivate(at, command):
    if command.op != "set":
        raise AtError()
    cid = command.args(1, 1).int(0, 1, 16)
    if cid not in at.module.radio.contexts:
        raise AtError()
    at.module.radio.activate(cid, False)


def _lwwan(at, command):
    # assumed: seen in use only, AT+QLWWANUP=1,"IP",1 and AT+QLWWANSTATUS=1.
    args = command.args(1, 3)
    cid = args.int(0, 1, 16)
    if command.name == "+QLWWANSTATUS":
        at.info("+QLWWANSTATUS: %d,%d" % (cid, 1 if _context(at, cid).active else 0))
    else:
        _activate(at, cid, command.name == "+QLWWANUP")


def _dns_servers(at, command):
    if command.op != "set":
        raise AtError()
    args = command.args(1, 3)
    context = _context(at, args.int(0, 1, 16))
    if len(args) == 1:
        at.info('+QIDNSCFG: %d,"%s","%s"' % (context.cid, context.dns[0], context.dns[1]))
    else:
        context.dns = (args.str(1), args.str(2, ""))


def _active(at, args):
    if not at.module.radio.reachable(args.int(0, 1, 16)):
        raise AtError()


def _resolve(at, command):
    if command.op != "set":
        raise AtError()
    args = command.args(2, 2)
    _active(at, args)
    module = at.module

    def answer(errno, addresses):
        if errno or not addresses:
            module.urc('+QIURC: "dnsgip",565')
            return
        module.urc('+QIURC: "dnsgip",0,%d,600' % len(addresses))
        for address in addresses:
            module.urc('+QIURC: "dnsgip","%s"' % address)

    host = args.str(1)
    if is_address(host):
        at.after.append(lambda now: answer(0, [host]))
    else:
        module.radio.look_up(host, answer)


def _ping(at, command):
    if command.op != "set":
        raise AtError()
    args = command.args(2, 4)
    _active(at, args)
    args.int(2, 1, 255, 4)
    module, count = at.module, args.int(3, 1, 10, 4)

    def answer(errno, addresses):
        if errno or not addresses:
            module.urc("+QPING: 565")
            return
        # Everybody answers: there are no raw sockets behind.
        line = '+QPING: 0,"%s",32,40,64' % addresses[0]
        for i in range(count):
            module.agenda.add(module.now + i * _PING_US, lambda at: module.urc(line))
        end = "+QPING: 0,%d,%d,0,40,40,40" % (count, count)
        module.agenda.add(module.now + (count - 1) * _PING_US, lambda at: module.urc(end))

    host = args.str(1)
    if is_address(host):
        at.after.append(lambda now: answer(0, [host]))
    else:
        module.radio.look_up(host, answer)


def _ntp(at, command):
    if command.op != "set":
        raise AtError()
    args = command.args(2, 4)
    _active(at, args)
    args.str(1)
    text = '+QNTP: 0,"%s"' % clock(at, True)
    at.after.append(lambda now: at.module.urc(text))


def _qi_error(at, command):
    if command.op != "exec":
        raise AtError()
    at.info("+QIGETERROR: 0,operate successfully")


COMMANDS = {
    "+CGATT": _attach,
    "+CGDCONT": _define,
    "+CGACT": _context_state,
    "+CGPADDR": _addresses,
    "+QICSGP": _profile,
    "+QIACT": _qi_activate,
    "+QIDEACT": _qi_deactivate,
    "+QLWWANUP": _lwwan,
    "+QLWWANDOWN": _lwwan,
    "+QLWWANSTATUS": _lwwan,
    "+QIDNSCFG": _dns_servers,
    "+QIDNSGIP": _resolve,
    "+QPING": _ping,
    "+QNTP": _ntp,
    "+QIGETERROR": _qi_error,
}

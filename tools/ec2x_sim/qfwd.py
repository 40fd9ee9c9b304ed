"""The commands of the socket-forwarding manual, chapter 2: their forms, the lists, what is left of them."""

from . import qfwd_data, qfwd_open
from .atline import AtError
from .ids import MAX_ID
from .spelling import DENIED, NO_FORM, NOT_READY

_SERVER = '("IP","IPV6"),("tcp","udp"),(1-65535),(1-10)'
_PORTS = '("uart1","usbat","usbmodem")'

# E8: QFWDPRECV is how the manual prints it.
_TESTS = {
    "+QFWDSERVER": "+QFWDSERVER: (0-16),(1-65535)," + _SERVER + ",(1-65535)," + _PORTS,
    "+QFWDCLIENT": '+QFWDCLIENT: (0-16),(1-65535),("IP","IPV6"),("tcp","udp"),<remote_addr>,<1-65535>,' + _PORTS,
    "+QFWDSEND": "+QFWDSEND: <socket_id>,<data_format>,<send_length>",
    "+QFWDRECV": "+QFWDPRECV: <socket_id>,<read_len>",
    "+QFWDACK": "+QFWDACK: <socket_id>",
    "+QFWDCFG": '+QFWDCFG: "urc",<socketfd>,<urc_port>',
}


def _list_servers(at):
    say = at.module.spelling
    for s in at.module.sockets.sorted_servers():
        at.info("+QFWDSERVER: %d,%s,%d,%s" % (s.id, say.word(s.proto), s.port, say.word(s.urc_port)))


def _list_clients(at):
    say = at.module.spelling
    for c in at.module.sockets.open_connections():
        direction = say.word("Active" if c.active else "Income")
        at.info("+QFWDCLIENT: %d,%s,%s,%s,%s" % (c.id, direction, say.word(c.proto), say.ends(c), say.word(c.urc_port)))


def _state(at, args):
    server = at.module.sockets.servers.get(args.int(0, 1, MAX_ID))
    if server is None:
        if at.module.quirks["sstate_unknown"] == "error":  # E30
            raise AtError(DENIED)
        return
    for i, c in enumerate(server.children):
        at.info("+QFWDSSTATE: %d,%d,%s" % (i + 1, c.id, at.module.spelling.ends(c)))


def _close(at, args):
    id = args.int(0, 1, MAX_ID)
    if not at.module.sockets.known(id):
        raise AtError(DENIED)
    at.module.sockets.close(id)


def _configure(at, args):
    qfwd_open.word(at, args, 0, ("urc",))
    id = args.int(1, 1, MAX_ID)
    sockets = at.module.sockets
    socket = sockets.servers.get(id) or sockets.connections.get(id)
    if socket is None:
        raise AtError(DENIED)
    if len(args) == 2:
        at.info('+QFWDCFG: "urc",%d,%s' % (id, at.module.spelling.word(socket.urc_port)))
    else:
        socket.urc_port = qfwd_open.word(at, args, 2, qfwd_open.URC_PORTS)


# name: (least and most arguments, what a write command does, what a read command does).
_FORMS = {
    "+QFWDSERVER": (6, 8, qfwd_open.server, _list_servers),
    "+QFWDCLIENT": (6, 8, qfwd_open.client, _list_clients),
    "+QFWDSEND": (2, 3, qfwd_data.send, None),
    "+QFWDRECV": (2, 2, qfwd_data.receive, None),
    "+QFWDACK": (1, 2, qfwd_data.queues, None),
    "+QFWDSSTATE": (1, 1, _state, None),
    "+QFWDCLOSE": (1, 1, _close, None),
    "+QFWDCFG": (2, 3, _configure, None),
}


def _form(at, command):
    least, most, write, read = _FORMS[command.name]
    if not at.module.ap_ready():
        raise AtError(NOT_READY)
    if command.op == "test":
        # QFWDSSTATE and QFWDCLOSE have no text to show.
        if command.name in _TESTS:
            at.info(_TESTS[command.name])
    elif command.op == "read" and read:
        read(at)
    elif command.op == "set":
        return write(at, command.args(least, most))
    else:
        raise AtError(NO_FORM)
    return None


def _run(at, command):
    try:
        return _form(at, command)
    except AtError as error:
        raise at.module.spelling.failure(error)


COMMANDS = {}
for _name in _FORMS:
    COMMANDS[_name] = _run

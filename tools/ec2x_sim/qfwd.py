"""The commands of the socket-forwarding manual, chapter 2: what is written and what is answered."""

from .atline import AtError
from .dataphase import DataPhase
from .sockets import MAX_ID

URC_PORTS = ("uart1", "usbat", "usbmodem")
MAX_DATA = 1024

# E8: QFWDPRECV is how the manual prints it.
_TESTS = {
    "+QFWDSERVER": '+QFWDSERVER: (0-16),(1-65535),("IP","IPV6"),("tcp","udp"),(1-65535),(1-10),(1-65535),("uart1","usbat","usbmodem")',
    "+QFWDCLIENT": '+QFWDCLIENT: (0-16),(1-65535),("IP","IPV6"),("tcp","udp"),<remote_addr>,<1-65535>,("uart1","usbat","usbmodem")',
    "+QFWDSEND": "+QFWDSEND: <socket_id>,<data_format>,<send_length>",
    "+QFWDRECV": "+QFWDPRECV: <socket_id>,<read_len>",
    "+QFWDACK": "+QFWDACK: <socket_id>",
    "+QFWDCFG": '+QFWDCFG: "urc",<socketfd>,<urc_port>',
}


def _server(at, args):
    cid = args.int(0, 0, 16)
    id = args.int(1, 1, MAX_ID)
    version = args.choice(2, ("ip", "ipv6"))
    proto = args.choice(3, ("tcp", "udp"))
    port = args.int(4, 1, 65535)
    args.int(5, 1, 10)  # the backlog; the network behind takes whoever comes
    idle = args.int(6, 1, 65535, 60)
    urc_port = args.choice(7, URC_PORTS, "usbat")  # E3: "AT performance port"
    sockets = at.module.sockets
    if sockets.known(id):
        raise AtError()  # E24
    sockets.open_server(id, cid, version == "ipv6", proto, port, idle * 1000000, urc_port)


def _client(at, args):
    cid = args.int(0, 0, 16)
    id = args.int(1, 1, MAX_ID)
    version = args.choice(2, ("ip", "ipv6"))
    proto = args.choice(3, ("tcp", "udp"))
    host = args.str(4)
    port = args.int(5, 1, 65535)
    urc_port = args.choice(6, URC_PORTS, "usbat")
    sockets = at.module.sockets
    if sockets.known(id) or not host:
        raise AtError()
    sockets.open_client(id, cid, version == "ipv6", proto, host, port, urc_port)


def _list_servers(at):
    for s in at.module.sockets.sorted_servers():
        at.info('+QFWDSERVER: %d,"%s",%d,"%s"' % (s.id, s.proto, s.port, s.urc_port))


def _list_clients(at):
    for c in at.module.sockets.open_connections():
        direction = "Income" if c.server else "Active"
        ends = (c.remote[0], c.remote[1], c.local()[0], c.local()[1])
        at.info('+QFWDCLIENT: %d,"%s","%s"' % (c.id, direction, c.proto) + ',"%s",%d,"%s",%d' % ends + ',"%s"' % c.urc_port)


def _connection(at, args, states):
    c = at.module.sockets.connections.get(args.int(0, 1, MAX_ID))
    if c is None or c.state not in states:
        raise AtError()
    return c


def _send(at, args):
    c = _connection(at, args, ("open",))
    is_hex = args.int(1, 0, 1) == 1
    # E13: only a third argument that is there makes it fixed-length.
    length = args.int(2, 1, MAX_DATA, None)
    return DataPhase(length, is_hex, MAX_DATA, lambda at, data: _sent(at, c, data))


def _sent(at, c, data):
    sockets = at.module.sockets
    if sockets.connections.get(c.id) is not c or c.state != "open":
        raise AtError()  # it closed while the payload came
    at.info("+QFWDSEND: %d,%d" % (c.id, sockets.send(c, data, at.now)))


def _receive(at, args):
    c = _connection(at, args, ("open", "closed"))
    data = at.module.sockets.receive(c, args.int(1, 1, MAX_DATA))
    # E10: CR LF, then the bytes. E11: an empty read has no line for them, as with QIRD.
    at.counted("+QFWDRECV: %d,%d" % (c.id, len(data)), data)


def _queues(at, args):
    c = _connection(at, args, ("open", "closed"))
    tx, rx = c.tx, c.rx
    numbers = (c.id, tx.used(), tx.limit - tx.used(), tx.limit, rx.used(), rx.limit - rx.used(), rx.limit)
    at.info("+QFWDACK: %d,%d,%d,%d,%d,%d,%d" % numbers)


def _state(at, args):
    server = at.module.sockets.servers.get(args.int(0, 1, MAX_ID))
    if server is None:
        raise AtError()  # E30
    for i, c in enumerate(server.children):
        ends = (c.remote[0], c.remote[1], c.local()[0], c.local()[1])
        at.info("+QFWDSSTATE: %d,%d" % (i + 1, c.id) + ',"%s",%d,"%s",%d' % ends)


def _close(at, args):
    id = args.int(0, 1, MAX_ID)
    if not at.module.sockets.known(id):
        raise AtError()
    at.module.sockets.close(id)


def _configure(at, args):
    args.choice(0, ("urc",))
    id = args.int(1, 1, MAX_ID)
    sockets = at.module.sockets
    socket = sockets.servers.get(id) or sockets.connections.get(id)
    if socket is None:
        raise AtError()
    if len(args) == 2:
        at.info('+QFWDCFG: "urc",%d,"%s"' % (id, socket.urc_port))
    else:
        socket.urc_port = args.choice(2, URC_PORTS)


# name: (least and most arguments, what a write command does, what a read command does).
# E2: the arguments that have a default may be left out. E6: no idle timeout for a client.
_FORMS = {
    "+QFWDSERVER": (6, 8, _server, _list_servers),
    "+QFWDCLIENT": (6, 7, _client, _list_clients),
    "+QFWDSEND": (2, 3, _send, None),
    "+QFWDRECV": (2, 2, _receive, None),
    "+QFWDACK": (1, 1, _queues, None),
    "+QFWDSSTATE": (1, 1, _state, None),
    "+QFWDCLOSE": (1, 1, _close, None),
    "+QFWDCFG": (2, 3, _configure, None),
}


def _run(at, command):
    least, most, write, read = _FORMS[command.name]
    if command.op == "test":
        # QFWDSSTATE and QFWDCLOSE have no text to show.
        if command.name in _TESTS:
            at.info(_TESTS[command.name])
    elif command.op == "read" and read:
        read(at)
    elif command.op == "set":
        # E36: a plain ERROR, whatever AT+CMEE says: AtError() without a code.
        return write(at, command.args(least, most))
    else:
        raise AtError()
    return None


COMMANDS = {}
for _name in _FORMS:
    COMMANDS[_name] = _run

"""AT+QFWDSERVER and AT+QFWDCLIENT as they are written: their arguments in each syntax (E1, E2, E3, E4, E6)."""

from .atline import REQUIRED, AtError
from .entries import Connection, Server
from .ids import MAX_ID

URC_PORTS = ("uart1", "usbat", "usbmodem")
_VERSIONS = ("IP", "IPV6")
_PROTOCOLS = ("tcp", "udp")
_IDLE = 60  # seconds, where nothing else is said


def word(at, args, i, options, default=REQUIRED):
    """Argument `i` as one of these words, which are as the test replies print them; in lower case."""
    if at.module.quirks["case"] == "strict":
        return args.exact(i, options, default)
    return args.choice(i, [option.lower() for option in options], default)


def _default_port(at):
    # E3: "AT performance port".
    return "usbat" if at.module.quirks["default_urc_port"] == "usbat" else at.name


def _trailing(at, default):
    # E2: assumed, what has a default may be left out, though the manual has no brackets.
    return default if at.module.quirks["trailing_optional"] == "yes" else REQUIRED


def _idle_us(at, seconds):
    return seconds * at.module.quirks["idle_scale"] * 1000


def _serve(at, cid, id, args, i, idle, urc_port):
    # From <ip_vsn> on, which is argument i, the two syntaxes go alike as far as the backlog.
    version = word(at, args, i, _VERSIONS)
    proto = word(at, args, i + 1, _PROTOCOLS)
    port = args.int(i + 2, 1, 65535)
    args.int(i + 3, 1, 10)  # the backlog; the network behind takes whoever comes
    # E3: assumed, a child is told of where its server is, not on the default port.
    child_port = None if at.module.quirks["child_urc"] == "inherit" else _default_port(at)
    server = Server(id, cid, proto, port, _idle_us(at, idle), urc_port, child_port)
    return at.module.sockets.opening.server(at, server, version == "ipv6")


def _modern(at, args):
    cid = args.int(0, 0, 16)
    id = args.int(1, 1, MAX_ID)
    idle = args.int(6, 1, 65535, _trailing(at, _IDLE))
    urc_port = word(at, args, 7, URC_PORTS, _trailing(at, _default_port(at)))
    return _serve(at, cid, id, args, 2, idle, urc_port)


def _legacy(at, args):
    # As in chapter 4. assumed: the APN is only a name for a context, and any will do.
    if len(args) != 6:
        raise AtError()
    id = args.int(0, 1, MAX_ID)
    args.str(1)
    return _serve(at, 0, id, args, 2, _IDLE, _default_port(at))


def _either(at, args):
    # Six arguments are legacy if the second one, the APN, is no number.
    try:
        args.int(1, 0, MAX_ID)
    except AtError:
        return _legacy(at, args)
    return _modern(at, args)


_SYNTAXES = {"modern": _modern, "legacy": _legacy, "both": _either}


def server(at, args):
    """AT+QFWDSERVER=..."""
    return _SYNTAXES[at.module.quirks["server_syntax"]](at, args)


def client(at, args):
    """AT+QFWDCLIENT=..."""
    cid = args.int(0, 0, 16)
    id = args.int(1, 1, MAX_ID)
    version = word(at, args, 2, _VERSIONS)
    proto = word(at, args, 3, _PROTOCOLS)
    host = args.str(4)
    port = args.int(5, 1, 65535)
    urc_port = word(at, args, 6, URC_PORTS, _trailing(at, _default_port(at)))
    c = Connection(id, cid, proto, urc_port, _client_idle_us(at, args))
    c.remote = (host, port)
    c.v6 = version == "ipv6"
    if not host:
        raise AtError()
    return at.module.sockets.opening.client(at, c)


def _client_idle_us(at, args):
    # E6: in the description, but neither in the syntax nor in the test reply. assumed: if there is one it comes last.
    if at.module.quirks["client_idle_arg"] == "yes":
        return _idle_us(at, args.int(7, 1, 65535, _IDLE))
    if len(args) > 7:
        raise AtError()
    return None

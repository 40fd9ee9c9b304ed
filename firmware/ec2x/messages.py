"""What the errors say, in sentences that tell what to do. Loaded with the first of them."""

from . import errors

_TEXTS = {
    errors.EACCES: "the SIM is locked",
    errors.EADDRINUSE: "the module does not open this port: is it in use, or left open by an earlier run (fwd.servers(), fwd.close(id))?",
    errors.EAFNOSUPPORT: "the family must be AF_INET or AF_INET6",
    errors.EALREADY: "it is connecting already",
    errors.EBADF: "the socket is closed",
    errors.EBUSY: "nothing may block inside a callback, and nothing be open during probe()",
    errors.ECONNREFUSED: "the connection was refused, or the host's name is not known",
    errors.ECONNRESET: "the connection was lost",
    errors.EDESTADDRREQ: "connect() first, or use sendto()",
    errors.EHOSTUNREACH: "the modem does not reach it: wait() until it is online, and close what an earlier run left open (fwd.clients())",
    errors.EINVAL: "bind() and listen() first",
    errors.EISCONN: "the socket is in use, or was: make a new one",
    errors.EMSGSIZE: "the datagram is too long, or was cut by the module",
    errors.ENFILE: "all sockets are in use: close() one of",
    errors.ENOBUFS: "the module has room and takes nothing: are its sends not literal (Modem(profile={'send': 'hex'}))?",
    errors.ENODEV: "the modem is not there",
    errors.ENOMEM: "no memory for the buffers of a socket",
    errors.ENOTCONN: "not connected: connect() first",
    errors.EOPNOTSUPP: "the module cannot do that",
    errors.EPIPE: "the connection is closed",
    errors.ETIMEDOUT: "timed out",
}

_NO_QFWD = 9

# By Link.reason.
_REASONS = (
    "",
    "the modem is not active: call active(True)",
    "the module does not answer: check power, TX and RX, and the baud rate",
    "not connected: call connect()",
    "the module answers ERROR to ATE0Q0V1: is it one of Quectel's?",
    "the module does not take AT+CMEE=1",
    "the SIM is not ready: is there one?",
    "not registered with a network: check antenna and coverage",
    "no data call: is the APN right?",
    "this module's firmware has no AT+QFWD commands",
    "the SIM asks for its PIN: connect(pin=...)",
    "the SIM asks for its PUK: unlock it in a telephone",
    "the network denies registration: is the SIM activated, and allowed here?",
    "one try is left for the PIN: unlock the SIM in a telephone",
)


def reason(link):
    """Why it is not READY."""
    text = _REASONS[link.reason]
    if link.reason == _NO_QFWD and hasattr(link, "firmware"):
        text += ": " + link.firmware
    return text


def describe(about):
    """In words: a str, a Link (its reason), a Flow (its addresses), a table of flows (all of them)."""
    if isinstance(about, str):
        return about
    if hasattr(about, "reason"):
        return reason(about)
    if hasattr(about, "flows"):
        return ", ".join([describe(flow) for flow in about.flows if flow])
    host, port = about.peer or ("*", getattr(about, "port", 0))
    if ":" in host:
        hint = "" if about.ip == "IPV6" else ", which takes a socket of AF_INET6"
        return "%s [%s]:%d%s" % (about.proto, host, port, hint)
    return "%s %s:%d" % (about.proto, host, port) if port else about.proto + " unconnected"


def sentence(number, about, cme, result):
    text = _TEXTS.get(number, "")
    about = describe(about)
    if about:
        text = "%s (%s)" % (text, about) if text else about
    if result is not None:
        text += "; the module's result is %d" % result
    if cme is not None:
        text += "; the module says +CME ERROR: %s" % cme
    return text

"""The board's part of the parity tests: what scripts share. It runs on MicroPython only, and twice: on the builtin socket, and on ec2x's.

It is imported first, so that `import socket` in a script is the one that is looked at. A script prints what it sees, a line each:
`title -> result`, with whatever differs from run to run left out. A line that begins with "!" is an order to the test's process,
which plays the peers (peers.py) and answers on stdin.
"""

import errno
import os
import sys
import time

OURS = os.getenv("EC2X_PORT")
if OURS:
    import board
    import ec2x

    modem = board.modem()
    modem.active(True)
    modem.connect(None)
    modem.wait(5000)
    ec2x.install(modem)

import select  # noqa: E402
import socket  # noqa: E402

assert hasattr(socket, "install") == bool(OURS)

# What MicroPython's errno has no names for.
_NAMES = {9: "EBADF", 16: "EBUSY", 32: "EPIPE", 88: "ENOTSOCK", 89: "EDESTADDRREQ", 90: "EMSGSIZE", 106: "EISCONN", 97: "EAFNOSUPPORT"}
_FLAGS = ((1, "IN"), (4, "OUT"), (8, "ERR"), (16, "HUP"), (32, "NVAL"))
_LINES = {}


# What is printed


def name(number):
    return errno.errorcode.get(number) or _NAMES.get(number) or str(number)


def shown(value):
    """A result as text; a socket is one whatever its class."""
    if isinstance(value, tuple):
        return "(%s)" % ", ".join([shown(part) for part in value])
    if isinstance(value, list):
        return "[%s]" % ", ".join([shown(part) for part in value])
    if hasattr(value, "sendall"):
        return "a socket"
    if isinstance(value, (bytes, bytearray)) and len(value) > 40:
        return "%d bytes" % len(value)
    return repr(value)


def tell(title, value):
    """Print a value under its title, which gets a number when it comes again."""
    _LINES[title] = n = _LINES.get(title, 0) + 1
    print("%s%s -> %s" % (title, " #%d" % n if n > 1 else "", value if isinstance(value, str) else shown(value)))


def failure(error):
    return "OSError " + name(error.errno) if isinstance(error, OSError) else type(error).__name__


def see(title, call, *args):
    """Call, print the result or the error, and return the result."""
    result = None
    try:
        result = call(*args)
        said = shown(result)
    except Exception as error:
        said = failure(error)
    tell(title, said)
    return result


async def see_async(title, coroutine):
    """The same of a coroutine."""
    try:
        said = shown(await coroutine)
    except Exception as error:
        said = failure(error)
    tell(title, said)


def waited(title, ms, call, *args):
    """see(), and whether it took these ms at least."""
    start = time.ticks_ms()
    result = see(title, call, *args)
    tell(title + ", waited", time.ticks_diff(time.ticks_ms(), start) >= ms * 9 // 10)
    return result


def flags(sock, mask=5, ms=0):
    """What poll says of it, in words."""
    poll = select.poll()
    poll.register(sock, mask)
    for _, event in poll.poll(ms):
        return " ".join([word for bit, word in _FLAGS if event & bit])
    return "none"


def see_flags(title, sock, mask=5):
    see(title, lambda: Word(flags(sock, mask)))


class Word:
    def __init__(self, text):
        self._text = text

    def __repr__(self):
        return self._text


def host(addr):
    """The address without its port, of a tuple or of the unix port's bytes."""
    if isinstance(addr, tuple):
        return addr[0]
    return socket.inet_ntop(socket.AF_INET, socket.sockaddr(addr)[1])


# Waiting


def pause(ms):
    """Let time pass, in which the module is heard."""
    end = time.ticks_add(time.ticks_ms(), ms)
    while time.ticks_diff(end, time.ticks_ms()) > 0:
        if OURS:
            modem.poll()
        time.sleep_ms(1)


def ready(sock, mask=1, ms=2000):
    """Wait until poll says something of these."""
    if flags(sock, mask, ms) == "none":
        tell("nothing came", flags(sock))


# Peers


def _order(*words):
    print("!" + " ".join([str(word) for word in words]))
    return sys.stdin.readline().strip()


def at(port):
    """The address of a port of this computer."""
    return socket.getaddrinfo("127.0.0.1", port)[0][-1]


def free_port():
    return int(_order("port"))


def peer(program):
    """The address of a TCP server that does this with each connection: see peers.py."""
    return at(peer_port(program))


def peer_port(program):
    """The port of a peer(program)."""
    return int(_order("peer", program))


def tls_peer(program):
    """The port of a TLS server that echoes, or says this and closes."""
    return int(_order("tls", program))


def udp_peer(program):
    """The address of a UDP socket that does this with each datagram."""
    return at(int(_order("udp", program)))


def refused():
    """An address where nobody listens."""
    return at(free_port())


def silent():
    """An address that answers no SYN: its backlog is full."""
    return at(int(_order("full")))


def client(port, program):
    """A TCP client comes to our port and does this."""
    return _order("client", port, program)


def datagram(port, text):
    """A datagram comes to our port; the answer to it is heard()."""
    return _order("datagram", port, text)


def heard():
    """What the peers of this script got, once they get no more."""
    pause(100)
    return _order("heard")


# Sockets


def tcp(timeout=3):
    """A new TCP socket."""
    sock = socket.socket()
    sock.settimeout(timeout)
    return sock


def udp(timeout=3):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(timeout)
    return sock


def to(program, timeout=3):
    """A TCP socket that is connected to a peer(program)."""
    sock = tcp(timeout)
    sock.connect(peer(program))
    return sock


def listener(timeout=3, backlog=5):
    """A listening socket and its port."""
    port = free_port()
    sock = tcp(timeout)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(at(port))
    sock.listen(backlog)
    return sock, port

"""Moves bytes over every transport on a module that reads the manual in a given way, and tells how that went."""

import errno
import hashlib

import ec2x
from ec2x_sim.quirks import READINGS
from rig import Rig
from test_transcripts import ALL, DATA

MOST = 5120
FEW = 640  # where the module takes a few bytes a command
UNSPECIFIED = ("0.0.0.0", 0)
_NAMES = {}
for _module in (errno, ec2x.errors):
    for _name in dir(_module):
        if _name[0] == "E" and isinstance(getattr(_module, _name), int):
            _NAMES.setdefault(getattr(_module, _name), _name)
_NAMES[ec2x.errors.EOPNOTSUPP] = "EOPNOTSUPP"  # which Linux calls ENOTSUP, too


class Wrong(Exception):
    """Other bytes than were sent, and no error."""


def error_name(error):
    """The name of an OSError's errno."""
    assert error.errno in _NAMES, repr(error)
    return _NAMES[error.errno]


class Lcg:
    """The same numbers on every interpreter."""

    def __init__(self, seed):
        self._state = seed

    def below(self, n):
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 8) % n


def payload(seed, size=MOST):
    """All 256 values, what looks like the module's own words, and seeded bytes."""
    lcg = Lcg(seed)
    data = bytearray(ALL + DATA)
    while len(data) < size:
        data.append(lcg.below(256))
    return bytes(data[:size])


def same(got, sent):
    """Equal by SHA-256; the lengths are told when they are not."""
    if hashlib.sha256(got).digest() != hashlib.sha256(sent).digest():
        raise Wrong("%d bytes of %d, or others" % (len(got), len(sent)))


def both(rig, sock, peer):
    """Both ways on one connection, and its end."""
    size = MOST if rig.module.quirks["short_write"] in (0, 100) else FEW
    out, back = payload(1, size), payload(2, size)
    sock.sendall(out)
    peer.send(back)
    same(sock.read(len(back)), back)
    rig.until(lambda: peer.unread() >= len(out), 3_600_000)
    rig.pump(1000)  # and nothing behind it
    same(peer.recv(), out)
    peer.close()
    assert sock.recv(1) == b"", "bytes behind the last"
    sock.close()


def client(rig):
    sock, peer = rig.client(timeout=60)
    both(rig, sock, peer)


def server(rig):
    listener = rig.listener(timeout=60)
    peer = rig.dial()
    sock, addr = listener.accept()
    assert addr == ("192.168.225.58", 56784), addr
    both(rig, sock, peer)
    listener.close()


def _received(rig, peer, sock):
    """The next datagram at the peer; or what the socket failed with, when there is none."""
    got = []

    def come():
        got.append(peer.recvfrom())
        if sock.ioctl(3, 1) & 8:
            sock.recv(1)
        return got[-1]

    rig.until(come, 60_000)
    return got[-1]


def udp(rig):
    """A client's question and answer, then a bound server that answers two peers."""
    size = min(640, rig.modem.dialect.whole().MAX_DATAGRAM)
    together = rig.module.quirks["udp_server"] != "per_peer"  # the module does not tell who a server's peer is
    peer = rig.net.udp("198.51.100.7", 123)
    sock = rig.modem.socket(2, 2)
    sock.settimeout(60)
    for at in range(0, MOST, size):
        out, back = payload(3)[at : at + size], payload(4)[at : at + size]
        sock.sendto(out, ("198.51.100.7", 123))
        heard, source = _received(rig, peer, sock)
        peer.sendto(back, source[1])
        data, addr = sock.recvfrom(1024)  # raises if the module has spoilt what was sent
        same(heard, out)
        same(data, back)
        assert addr == ("198.51.100.7", 123), addr
    sock.close()
    sock = rig.modem.socket(2, 2)
    sock.settimeout(60)
    sock.bind(("", 2020))
    peers = [rig.net.dial("udp", 2020, ("192.168.225.58", port)) for port in (5001, 5002)]
    for at in range(0, 2 * size, size):
        out, back = payload(5)[at : at + size], payload(6)[at : at + size]
        for peer in peers:
            peer.sendto(out, 2020)
            data, addr = sock.recvfrom(1024)
            same(data, out)
            assert addr == (UNSPECIFIED if together else peer.local), addr
            sock.sendto(back, addr)
            same(_received(rig, peer, sock)[0], back)
    sock.close()


SCENES = (client, server, udp)


EDGES = (
    "a refused connection",
    "a port in use",
    "a name that is not found",
    "data unread when the peer closes",
    "datagrams that wait together",
)


def _ends(call, *args):
    """The name of the errno that it raises."""
    try:
        call(*args)
    except OSError as error:
        return error_name(error)
    return "exact"


def edges(quirks, profile=None):
    """What comes of each of EDGES: an errno, exact, or lost."""
    rig = Rig(online=False, rxbuf=4096, module={"quirks": quirks}, profile=profile)
    rig.modem.active(True)
    rig.modem.connect("internet")
    rig.modem.wait(120_000)
    rig.net.bind("tcp", 2020, False)
    listener = rig.modem.socket()
    listener.bind(("", 2020))
    found = [_ends(rig.modem.socket().connect, (host, 80)) for host in ("198.51.100.8", "no.such.example")]
    found.insert(1, _ends(listener.listen))
    sock, peer = rig.client(timeout=60)
    words = b"the last words" * 200  # more than one read, and than the ring
    peer.send(words)
    peer.close()
    found.append("exact" if sock.read() == words else "lost")
    return tuple(found + [_together(rig)])


def _together(rig):
    """What comes of two datagrams that are there before the first is read."""
    peer = rig.net.udp("198.51.100.9", 123)
    try:
        sock = rig.modem.socket(2, 2)
        sock.settimeout(10)
        sock.sendto(b"?", ("198.51.100.9", 123))
        source = _received(rig, peer, sock)[1]
        for data in (b"one", b"two"):
            peer.sendto(data, source[1])
        got = sock.recv(1024)
        return "joined" if got == b"onetwo" else "exact" if (got, sock.recv(1024)) == (b"one", b"two") else "lost"
    except OSError as error:
        return error_name(error)


def attempt(scene, quirks, profile=None):
    """exact; an errno's name; or wrong. AssertionError with the quirks for all that may not be: a hang, another exception."""
    try:
        rig = Rig(online=False, rxbuf=4096, module={"quirks": quirks}, profile=profile)
        rig.modem.active(True)
        rig.modem.connect("internet")
        rig.modem.wait(120_000)
        scene(rig)
        rig.pump(3000)
        assert not rig.net.listeners and not rig.net.udp_clients, "something is left open"
        return "exact"
    except OSError as error:
        return error_name(error)
    except Wrong:
        return "wrong"
    except Exception as error:
        raise AssertionError("%s with %r, %r: %r" % (scene.__name__, quirks, profile, error))


def draw(seed):
    """Two to twelve switches, each at one of its values."""
    lcg = Lcg(seed)
    lcg.below(2)  # the first numbers of neighbouring seeds are neighbours
    names = sorted(READINGS)
    quirks = {}
    for _ in range(2 + lcg.below(11)):
        name = names[lcg.below(len(names))]
        quirks[name] = READINGS[name][lcg.below(len(READINGS[name]))]
    return quirks

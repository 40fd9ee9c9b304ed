"""Short lives of an application, which goes on after each error as a careful one would."""

from oracle import Wrong, numbered
from world import Socket

SIZE = 150
TIMEOUT = 20
TRIES = 4  # waits in vain for what was sent: longer together than any fault


def write(sock, up, data):
    """All of it, or nobody knows how much."""
    up.sent.extend(data)
    sock.do("write", data)


def read(sock, down, most):
    """One read; whether there may be more."""
    buf = bytearray(most)
    n = sock.do("readinto", buf)
    if n:
        down.got.extend(buf[:n])
    elif n == 0:
        down.end_seen = True
    return bool(n)


def says(peer, down, data):
    peer.send(data)
    down.sent.extend(data)


def talk(world, sock, peer, name):
    """Both ways through a connected socket, then the peer ends it, and so do we."""
    up, down = world.pair(name, peer)
    says(peer, down, numbered(name.encode(), SIZE))
    write(sock, up, numbered(b"u" + name.encode(), SIZE))
    for _ in range(TRIES):
        while len(down.got) < SIZE and read(sock, down, 64):
            pass
    if sock.alive and not down.end_seen and len(down.got) < SIZE:
        raise Wrong("%s: %d of %d came, and nothing fails" % (down.name, len(down.got), SIZE))
    sock.do("drain", TIMEOUT)
    if sock.alive and not world.failures and not world.plan.harmed():
        up.check()
        if up.got != up.sent:
            raise Wrong("drain() says that it is delivered")
    if sock.alive and not world.failures:  # else the peer stays, and sees what else the module has for it
        peer.close()
        down.ended = True
    read(sock, down, 64)
    sock.close()


def connected(world, server, port):
    """A socket and its peer, or None."""
    sock = Socket(world, world.modem.socket(), TIMEOUT)
    sock.do("connect", ("198.51.100.7", port))
    peer = server.accept()
    if sock.alive and peer:
        return sock, peer
    sock.close()
    return None


def client(world):
    port = world.port()
    both = connected(world, world.net.listen("tcp", "198.51.100.7", port), port)
    if both:
        talk(world, *both, "client")


def page(world):
    """As HTTP/1.0: the peer answers and closes at once, so that the end is told while most of it is unread."""
    port = world.port()
    both = connected(world, world.net.listen("tcp", "198.51.100.7", port), port)
    if both:
        sock, peer = both
        up, down = world.pair("page", peer)
        write(sock, up, b"GET /")
        sock.do("drain", TIMEOUT)
        says(peer, down, numbered(b"page", 4 * SIZE))
        peer.close()
        down.ended = True
        for _ in range(TRIES):
            while read(sock, down, 64):
                pass
        if sock.alive and not down.end_seen:
            raise Wrong("%d of %d came, no end, and nothing fails" % (len(down.got), 4 * SIZE))
        sock.close()


def two(world):
    """Two connections at once, whose ids are one apart: what is the one's must not come to the other."""
    port = world.port()
    server = world.net.listen("tcp", "198.51.100.7", port)
    ends = []
    for name in ("a", "b"):
        both = connected(world, server, port)
        if both:
            up, down = world.pair(name, both[1])
            says(both[1], down, numbered(name.encode(), SIZE))
            ends.append((both[0], up, down))
    for sock, up, _ in ends:
        write(sock, up, numbered(up.name.encode(), SIZE))
    for _ in range(2):
        for sock, _, down in ends:
            read(sock, down, 100)
    for sock, _, _ in ends:
        sock.close()


def server(world):
    listener = Socket(world, world.modem.socket(), TIMEOUT)
    listener.do("bind", ("", 2020))
    listener.do("listen", 2)
    peers = {}
    for at in (1, 2):
        peers[at] = world.net.dial("tcp", 2020, ("192.168.225.58", at))
        found = listener.do("accept")
        if found:
            peer = peers.get(found[1][1], peers[at])  # the address came in a URC, in which a digit may have changed
            talk(world, Socket(world, found[0], TIMEOUT), peer, "s%d" % at)
    listener.close()


def datagrams(world):
    peer = world.net.udp("198.51.100.7", 123)
    up, down = world.datagrams("udp")
    sock = Socket(world, world.modem.socket(2, 2), TIMEOUT)
    for k in range(3):
        data = numbered(b"q%d" % k, 60 + k)
        up.sent.append(data)
        sock.do("sendto", data, ("198.51.100.7", 123))
        world.pump(100)
        found = peer.recvfrom()
        if found:
            up.got.append(found[0])
            answer = numbered(b"a%d" % k, 70 + k)
            peer.sendto(answer, found[1][1])
            down.sent.append(answer)
            got = sock.do("recvfrom", 2000)
            if got:
                down.got.append(got[0])
    sock.close()
    while True:
        found = peer.recvfrom()
        if not found:
            break
        up.got.append(found[0])


def nothing(world):
    """The bring-up alone."""


SCENES = {"client": client, "page": page, "two": two, "server": server, "datagrams": datagrams, "nothing": nothing}

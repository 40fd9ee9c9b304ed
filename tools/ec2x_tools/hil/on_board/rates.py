"""How much passes at one baud rate, and how soon an answer comes.

Down and up each by itself, for both share the dialogue of commands. With a host by what it sources and sinks. Else inside the module: up is
what a connection takes that nobody has accepted yet, so that nothing comes back; down is what is read of it then.
"""

import hashlib
import time

from kit import Clock, Ends, fill, hexadecimal, hush, text

_BURST = 8192  # assumed: the module keeps as much, for its queues have 10240
_STALL_MS = 500
_SMALL = b"0123456789abcdef"


def run(modem, tell, host, baud, seconds, answers):
    if modem.baud != baud:
        raise OSError(95, "the link is at %d baud: the module or the board does not take %d" % (modem.baud, baud))
    ends = Ends(modem, host)
    size = max(_BURST, baud * seconds // 10)
    row = {"baud": baud, "path": ends.path}
    hush(True)
    try:
        tell({"progress": [0, 3, "%d baud: down" % baud]})
        down, up = (source(ends, size), None) if host else bursts(modem, ends, 2000 * seconds)
        row["down_bps"] = rate(*down)
        tell({"progress": [1, 3, "%d baud: up" % baud]})
        row["up_bps"] = rate(*(up or sink(modem, ends, size)))
        tell({"progress": [2, 3, "%d baud: answers" % baud]})
        row["ms"] = latency(ends, answers)
    except (OSError, MemoryError) as error:
        row["error"] = text(error)
    finally:
        hush(False)
        ends.close()
    tell({"rates": row})


def rate(n, us):
    return n * 1e6 / us if us > 0 else None


def block():
    """What goes up and comes down, again and again."""
    buf = bytearray(1024)
    fill(buf, 1024, 0, 0)
    return memoryview(buf)


def digest(size):
    """The SHA-256 of so many bytes of it."""
    known, piece = hashlib.sha256(), block()
    for at in range(0, size, 1024):
        known.update(piece[: size - at])
    return hexadecimal(known)


def taken(modem):
    return modem.stats()["sent"]


def upload(modem, sock, size):
    """(bytes, us) until the module has taken them; fewer if it takes no more."""
    piece = block()
    sock.setblocking(False)
    before, put, done = taken(modem), 0, 0
    patience = Clock()
    began = last = time.ticks_us()
    while done < size and patience.ms() < _STALL_MS:
        was = put + done
        if put < size:
            at = put % 1024
            put += sock.write(piece, at, min(1024 - at, size - put)) or 0
        else:
            modem.poll()
            done = taken(modem) - before
        if put + done > was:
            last = time.ticks_us()
            patience.start()
        else:
            modem.idle()
    return taken(modem) - before, time.ticks_diff(last, began)


def download(sock, size, hash):
    """(bytes, us) from the first that come."""
    buf = memoryview(bytearray(1024))
    sock.settimeout(30)
    got = first = began = 0
    while got < size:
        n = sock.recv_into(buf)
        if not n:
            raise OSError(104, "the peer has closed after %d bytes of %d" % (got, size))
        hash.update(buf[:n])
        if not got:
            first, began = n, time.ticks_us()
        got += n
    return got - first, time.ticks_diff(time.ticks_us(), began)


def bursts(modem, ends, ms):
    """Inside the module, for so long: what went down, and up."""
    total = [0, 0, 0, 0]
    clock = Clock()
    while clock.ms() < ms:
        near = ends.connect()
        far = None
        try:
            up = upload(modem, near, _BURST)
            far = ends.accept()
            down = download(far, up[0], hashlib.sha256())
            total = [a + b for a, b in zip(total, down + up)]
        finally:
            near.close()
            if far:
                far.close()
    return total[:2], total[2:]


def asked(ends, line):
    sock = ends.connect()
    sock.write(line)
    if sock.recv(3) != b"OK\n":
        sock.close()
        raise OSError(95, "the host does not know SOURCE and SINK: run `make echo` there")
    return sock


def source(ends, size):
    sock = asked(ends, b"SOURCE %d\n" % size)
    try:
        came = hashlib.sha256()
        found = download(sock, size, came)
        if hexadecimal(came) != digest(size):
            raise OSError(5, "what came down is not what was sent")
        return found
    finally:
        sock.close()


def sink(modem, ends, size):
    sock = asked(ends, b"SINK %d\n" % size)
    try:
        found = upload(modem, sock, size)
        if found[0] < size:
            raise OSError(110, "the module took %d bytes of %d, and for %d ms no more" % (found[0], size, _STALL_MS))
        sock.settimeout(60)
        if sock.readline().strip() != digest(size).encode():
            raise OSError(5, "what came up is not what was sent")
        return found
    finally:
        sock.close()


def exactly(sock, buf):
    got = 0
    while got < len(buf):
        n = sock.recv_into(buf[got:])
        if not n:
            raise OSError(104, "the peer has closed")
        got += n


def latency(ends, answers):
    """ms of each small message until its echo is back; inside the module it passes the wire four times instead of twice."""
    near = ends.connect()
    far = ends.accept()
    buf = memoryview(bytearray(len(_SMALL)))
    took = []
    try:
        for sock in (near, far):
            if sock:
                sock.settimeout(30)
        for _ in range(answers):
            began = time.ticks_us()
            near.write(_SMALL)
            if far:
                exactly(far, buf)
                far.write(buf)
            exactly(near, buf)
            took.append(time.ticks_diff(time.ticks_us(), began) / 1000)
    finally:
        near.close()
        if far:
            far.close()
    return took

"""A byte string in every way in which a UART may hand it over, and a transcript with a URC at every line boundary."""

# What a payload may hold without anybody taking it for anything else.
PAYLOADS = (
    bytes(range(256)),
    b"\r\nOK\r\n",
    b"> ",
    b'\r\n+QFWDURC: "client/close",1\r\n',
    b"\x1a",
    b"\x1b",
    b"\0",
    b"\r\n",
    b"\r\n\r\nERROR\r\n+QFWDRECV: 1,5\r\n",
)

URCS = (
    b'+QFWDURC: "server/open",1,0',
    b'+QFWDURC: "client/open",40000,0',
    b'+QFWDURC: "client/incoming",1,2,"192.168.225.58",56784,"0.0.0.0",2020',
    b'+QFWDURC: "client/read",40001',
    b'+QFWDURC: "client/close",40001',
)

_SIZES = (2, 3, 5, 7, 8, 16, 64, 256)
_STALE = b'OK\r\n> "1,2,3\r\nERROR\r\n'


def pieces(data, size):
    return [data[i : i + size] for i in range(0, len(data), size)]


def ways(data):
    """Whole, byte by byte, in pieces of several sizes, and cut in two at every place."""
    yield [data]
    yield pieces(data, 1)
    for size in _SIZES:
        if size < len(data):
            yield pieces(data, size)
    for i in range(1, len(data)):
        yield [data[:i], data[i:]]


def feed(take, way):
    """take(buf, n) gets each piece in a buffer that, as the driver's own, has old bytes behind the n new ones."""
    for piece in way:
        take(bytearray(piece + _STALE), len(piece))


def interrupted(parts):
    """The parts of a transcript, cut at its line boundaries, as one: with each URC at each boundary. Yields (whole, urc)."""
    for urc in URCS:
        for i in range(len(parts) + 1):
            yield b"".join(parts[:i]) + b"\r\n" + urc + b"\r\n" + b"".join(parts[i:]), urc

"""What must hold whatever goes wrong, judged from outside the driver: by what the application and its peers see."""

from ec2x import errors

# What a socket may fail with. Anything else that reaches the application is a defect.
ERRNOS = (
    errors.EADDRINUSE,
    errors.ECONNREFUSED,
    errors.ECONNRESET,
    errors.EHOSTUNREACH,
    errors.EIO,
    errors.EMSGSIZE,
    errors.ENFILE,
    errors.ENOBUFS,
    errors.ENODEV,
    errors.ENOTCONN,
    errors.EPIPE,
    errors.ETIMEDOUT,
)


_OURS = (b"\r\nOK\r\n", b"> ", b"\x1a\x1b\x00", b'+QFWDURC: "client/close",40000\r\n', b"\r\n\r\n", b"\xff")


def numbered(tag, size):
    """size bytes that are nowhere the same, so that a piece that is missing, doubled or another's is seen; full of our own protocol."""
    pieces = []
    n = 0
    while n < size:
        piece = b"%s%04d%s" % (tag, len(pieces), _OURS[len(pieces) % len(_OURS)])
        pieces.append(piece)
        n += len(piece)
    return b"".join(pieces)[:size]


# What a driver that begins anew says to a module that may be in the middle of a payload.
_FILLER = (b"ATE0Q0V1\r", b"\x1b\r", b"\x1a\r", b"AT+CMEE?\r", b"AT+CSQ\r", b"\r")


def _is_filler(data):
    while data:
        words = [word for word in _FILLER if data.startswith(word)]
        if not words:
            return bool([word for word in _FILLER if word.startswith(data)])
        data = data[len(words[0]) :]
    return True


class Stream:
    """One direction of a connection: what was written to it, and what came out."""

    def __init__(self, name):
        self.name = name
        self.sent = bytearray()
        self.got = bytearray()
        self.ended = False  # the writer closed it in order
        self.end_seen = False  # the reader was told that this was the end
        self.peer = None  # the reader, if it is the far end

    def check(self, filler=False):
        """A prefix, and all of it if the reader was told of an end that the writer had made. filler: what may come behind it."""
        if self.peer:
            self.got.extend(self.peer.recv())
        n = len(self.got)
        k = 0
        if self.got != self.sent[:n]:
            while k < min(n, len(self.sent)) and self.got[k] == self.sent[k]:
                k += 1
            if not filler or not [at for at in range(max(0, k - 10), k + 1) if _is_filler(bytes(self.got[at:]))]:
                raise Wrong(
                    "%s: byte %d of %d sent is not what came: %r where %r was sent"
                    % (self.name, k, len(self.sent), bytes(self.got[k : k + 24]), bytes(self.sent[k : k + 24]))
                )
        if self.end_seen and not self.ended:
            raise Wrong("%s: an end that nobody made, after %d of %d" % (self.name, n, len(self.sent)))
        if self.end_seen and n < len(self.sent):
            raise Wrong("%s: the end came after %d of %d" % (self.name, n, len(self.sent)))


class Datagrams:
    """One direction of a UDP socket: each comes whole, once and in order, or not at all."""

    def __init__(self, name):
        self.name = name
        self.sent = []
        self.got = []

    def check(self, filler=False):
        rest = list(self.sent)
        for data in self.got:
            while rest and rest[0] != data:
                rest.pop(0)
            if not rest:
                raise Wrong("%s: %r was not sent, or not then" % (self.name, data[:40]))
            rest.pop(0)


class Wrong(AssertionError):
    """What must hold does not."""

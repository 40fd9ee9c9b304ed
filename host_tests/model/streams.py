"""What a user may expect of one TCP connection: two lines of bytes, and how it ends. Plain Python, nothing of the driver."""

import random

from ec2x import errors

RD, WR, ERR, HUP = 1, 4, 8, 16
BOTH = RD | WR

# The life of a connection, as the application sees it.
PENDING, CONNECTING, OPEN, FAILING, DEAD, CLOSED = "pending", "connecting", "open", "failing", "dead", "closed"
HELD = 10_000  # most bytes of a peer that lie unread: they fit into the module's queue, so that no RST can lose any

_WORDS = (b"\r\nOK\r\n", b"\r\n> ", b'\r\n+QFWDURC: "client/close",1\r\n', b"\x1a", b"\x1b", b"\x00", b"\r\nERROR\r\n", b"\n")


class Line:
    """One direction: its bytes are like no other line's, and what came is counted against what was sent."""

    def __init__(self, key):
        self._random = random.Random(key)
        self._data = bytearray()
        self.sent = self.got = 0

    def next(self, n):
        """The n bytes that are sent next."""
        while len(self._data) < self.sent + n:
            self._data += self._random.randbytes(self._random.randrange(1, 90)) + self._random.choice(_WORDS)
        return bytes(self._data[self.sent : self.sent + n])

    def came(self, data):
        assert self.got + len(data) <= self.sent, "bytes that were never sent"
        assert data == self._data[self.got : self.got + len(data)], "bytes lost, doubled, or of another connection"
        self.got += len(data)

    def left(self):
        """Sent, and not come yet."""
        return self.sent - self.got

    def has_newline(self):
        return self._data.find(b"\n", self.got, self.sent) >= 0


class Stream:
    """A connection. peer is the world's end of it, sock the application's."""

    def __init__(self, key, remote, state, peer=None, sock=None):
        self.remote = remote
        self.state = state
        self.peer = peer
        self.sock = sock
        self.out = Line("out %d" % key)
        self.back = Line("back %d" % key)
        self.errno = 0  # why a connect fails, or the connection did
        self.ended = False  # the peer has closed or reset it; which of the two the module does not tell
        self.may_fail = False  # it ended while bytes were under way to the peer: ECONNRESET is as good as the end
        self.mute = False  # the peer takes nothing
        # What the driver has had the time for since the last settling.
        self.told = False  # the peer's end
        self.ready = False  # something to read
        self.gone_out = 0  # bytes delivered
        self.known = False  # a pending connection, which has a place
        self.leaving = False  # its place may not be free yet

    def places(self):
        """At least and at most how many places of the driver's table it takes."""
        if self.state in (FAILING, DEAD, CLOSED):
            return 0, int(self.leaving)
        if self.ended or self.state == PENDING and not self.known or self.state == CONNECTING and self.errno:
            return 0, 1  # ended: the module may have given its id to another
        return 1, 1

    def listed(self):
        """Whether the module lists it; None: it may."""
        if self.state == CONNECTING:
            return None if self.peer else False
        if self.may_fail:
            return None
        return self.state in (PENDING, OPEN) and not self.ended

    def undelivered(self):
        return self.out.left() - self.peer.unread()

    # What the world does

    def ends(self, reset):
        self.ended = True
        self.may_fail = self.undelivered() > 0
        if reset:
            self.peer.reset()
        else:
            self.peer.close()

    # What a call of the application gave

    def received(self, data):
        """data from a read that was to bring something."""
        self.ready = not data  # the end stays
        self.back.came(data)
        if not data:
            assert self.state == DEAD or self.ended and not self.back.left(), "the end before the last byte"

    def nothing(self, errno, wait):
        """A read that raised, or said None."""
        if self.state == OPEN and errno in (errors.EAGAIN, errors.ETIMEDOUT):
            assert (errno == errors.EAGAIN) == (wait == 0)
            assert not self.ready, "there is something to read"
            assert errno == errors.EAGAIN or not (self.back.left() or self.ended), "what came was not waited for"
        else:
            self.fails(errno)

    def sent(self, n):
        assert self.state == OPEN and not self.told, "nobody is there to take it"
        self.out.sent += n
        if self.ended:
            self.may_fail = True

    def not_sent(self, errno, wait, ring):
        if errno == errors.EPIPE:
            assert self.state == DEAD or self.ended, "EPIPE without an end"
        elif self.state == OPEN and errno in (errors.EAGAIN, errors.ETIMEDOUT):
            assert (errno == errors.EAGAIN) == (wait == 0)
            assert not self.told
            assert self.out.sent - self.gone_out >= ring, "there is room"
            assert errno == errors.EAGAIN or self.mute, "the peer takes it"
        else:
            self.fails(errno)

    def fails(self, errno):
        """An errno that ends the connection: raised once."""
        assert self.state == FAILING or self.state == CONNECTING and self.errno or self.state == OPEN and self.may_fail, errno
        assert errno == (self.errno or errors.ECONNRESET), errno
        self.state = DEAD
        self.leaving = True

    def closed(self):
        self.state = CLOSED
        self.leaving = True

    # After settling

    def disagreement(self):
        """What poll, the names and the peer say that should not be so."""
        if self.state == PENDING:
            return None
        if self.state == CLOSED:
            return self._gone()
        flags = self.sock.ioctl(3, BOTH)
        self._resolve(flags)
        expected = self._flags(flags)
        if flags != expected:
            return "%s: flags %d, not %d" % (self.state, flags, expected)
        if self.sock.getpeername() != self.remote:
            return "it is the peer of another"
        return self._delivery()

    def _delivery(self):
        if self.state == OPEN and not self.ended and not self.mute and self.undelivered():
            return "%d bytes have not come" % self.undelivered()
        return None

    def _resolve(self, flags):
        if self.state == CONNECTING and self.errno and flags & ERR:
            self.state = FAILING
        elif self.state == CONNECTING and self.peer and flags & BOTH:
            self.state = OPEN
        elif self.state == OPEN and self.may_fail and flags & ERR:
            self.state = FAILING
            self.errno = errors.ECONNRESET

    def _flags(self, flags):
        if self.state == CONNECTING:
            # Undecided for good only where nobody answers.
            return 0 if self.errno == errors.ETIMEDOUT else BOTH
        if self.state == FAILING:
            return BOTH | ERR | HUP
        if self.state == DEAD:
            return BOTH | HUP
        if self.ended:
            return BOTH | flags & HUP  # that one where an error was raised
        return (RD if self.back.left() else 0) | (flags & WR if self.mute else WR)

    def _gone(self):
        """Closed by the application: what the peer has to see in the end."""
        if self.peer is None or self.ended:
            return None
        if self.mute and self.undelivered():
            return None  # the module goes on trying
        if not self.peer.closed:
            return "the peer does not hear of the close"
        if self.undelivered() and not self.may_fail:
            return "%d bytes were lost by the close" % self.undelivered()
        return None

    def finish(self):
        """The application reads all that is left."""
        self.sock.settimeout(20)
        while self.state == OPEN and (self.back.left() or self.ended):
            data = self.sock.recv(1000)
            self.received(data)
            if not data:
                break

    def settled(self):
        """The driver has had its time."""
        self.told = self.ended
        if self.peer:
            self.gone_out = self.out.sent - self.undelivered()
            if not self.mute:
                self.out.came(self.peer.recv())
        self.ready = self.state == OPEN and (self.back.left() > 0 or self.ended)
        self.leaving = False

"""whole.py: calls of many steps have one timeout. What read and readline do on borders is in test_stream.py; here it is against a model."""

from ec2x import errors
from ec2x.stream import Buffers
from ec2x.whole import collect
from expect import raises
from heap import locked
from rig import Rig

DATA = b"x" * 1000


class Sock:
    """A socket whose bytes come in the given pieces; None: nothing yet."""

    _timeout = None

    def __init__(self, pieces):
        self._modem = self
        self._io = Buffers(64, 64, 1024)
        self._pieces = list(pieces)

    def now(self):
        return 0

    def _receiving(self):
        rx = self._io.rx
        if not rx.any() and self._pieces:
            piece = self._pieces.pop(0)
            if piece is None:
                return False
            rx.write(piece, 0, len(piece))
            rx.commit()
        return True


def test_whatever_the_pieces_the_lines_are_the_same():
    text = b"first\nsecond line\n\n" + b"x" * 100 + b"\nno end"
    for size in range(1, 64):
        sock = Sock([text[i : i + size] for i in range(0, len(text), size)])
        lines = []
        while True:
            line = collect(sock, -1, True)
            if not line:
                break
            lines.append(line)
        assert lines == [b"first\n", b"second line\n", b"\n", b"x" * 100 + b"\n", b"no end"]


def test_whatever_the_pieces_a_count_is_kept():
    for size in range(1, 64):
        sock = Sock([bytes(range(size))] * 20)
        data = bytes(range(size)) * 20
        assert collect(sock, 7, False) == data[:7]
        assert collect(sock, 0, False) == b""
        assert collect(sock, -1, False) == data[7:]
        assert collect(sock, 5, False) == b""


def test_non_blocking_gives_what_is_here_and_then_none():
    sock = Sock([b"abc", None, b"de\n", None])
    assert collect(sock, 5, False) == b"abc"
    assert collect(sock, -1, True) == b"de\n"
    assert collect(sock, -1, True) is None


def slow(each):
    """A connection with a timeout of 2 s, to whose peer each(peer) happens every 300 ms."""
    rig = Rig(module={"sendmax": 100}, tx_size=256)
    sock, peer = rig.client(timeout=2)

    def again(now):
        each(peer)
        rig.module.agenda.add(rig.clock.us + 300_000, again)

    peer.window = 0
    again(None)
    return rig, sock, peer


def took(rig, call, *args):
    """What the call gives, or its errno; it lasted no longer than its timeout, and a little."""
    at = rig.now()
    try:
        result = call(*args)
    except OSError as error:
        result = error.errno
    assert 1900 < rig.now() - at < 2100, rig.now() - at
    return result


def taken(peer):
    peer.window += 20


def test_a_long_write_to_a_slow_peer_has_one_timeout_and_tells_how_far_it_came():
    rig, sock, peer = slow(taken)
    n = took(rig, sock.write, b"x" * 1000)
    assert 356 < n < 600
    assert took(rig, sock.sendall, b"x" * 1000) == errors.ETIMEDOUT
    peer.window = None
    sock.settimeout(10)
    assert sock.write(b"x" * 1000) == 1000


def test_a_long_read_from_a_slow_peer_has_one_timeout():
    for call, args in (("read", (100,)), ("read", ()), ("readline", ())):
        rig, sock, peer = slow(lambda peer: peer.send(b"x"))
        assert took(rig, getattr(sock, call), *args) == errors.ETIMEDOUT, call
        peer.send(b"\n")
        assert sock.readline().endswith(b"\n")  # its timeout is what it was


def test_a_connection_that_ends_in_a_long_write_tells_it_with_the_next_call():
    rig, sock, peer = slow(taken)
    rig.module.agenda.add(rig.clock.us + 1_000_000, lambda now: rig.module.reset(now))
    assert 256 < sock.write(b"x" * 1000) < 600
    assert raises(OSError, sock.write, b"x").errno == errors.ECONNRESET


def test_a_timeout_that_is_set_meanwhile_stays():
    rig = Rig(tx_size=256)
    sock, peer = rig.client(timeout=None)
    peer.window = 0
    rig.modem.on_urc("+CMTI", lambda line: sock.settimeout(30))
    rig.module.agenda.add(rig.clock.us + 1_000_000, lambda now: rig.module.inject("uart1", b'\r\n+CMTI: "SM",1\r\n', now))
    rig.module.agenda.add(rig.clock.us + 5_000_000, lambda now: setattr(peer, "window", None))
    sock.sendall(b"x" * 20_000)
    assert sock._timeout == 30_000


def test_a_write_that_a_callback_makes_non_blocking_ends():
    rig = Rig(tx_size=256)
    sock, peer = rig.client(timeout=None)
    peer.window = 0
    rig.modem.on_urc("+CMTI", lambda line: sock.setblocking(False))
    rig.module.agenda.add(rig.clock.us + 1_000_000, lambda now: rig.module.inject("uart1", b'\r\n+CMTI: "SM",1\r\n', now))
    assert 256 < sock.write(b"x" * 100_000) < 100_000


def test_a_non_blocking_write_of_more_than_there_is_room_for_allocates_nothing():
    rig = Rig(tx_size=256)
    sock, peer = rig.client()
    sock.settimeout(0)
    rig.modem._busy = True  # the simulator allocates
    assert locked(lambda: sock.write(DATA)) == 256

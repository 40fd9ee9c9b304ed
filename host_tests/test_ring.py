"""ring.py: what a socket holds between the module and the application."""

from ec2x.ring import Ring
from heap import locked
from split import PAYLOADS, ways

ALL = bytes(range(256))


def put(ring, data):
    ring.write(data, 0, len(data))
    ring.commit()


def get(ring, n=65536, step=100):
    """Up to n bytes, as recv takes them."""
    out = b""
    buf = bytearray(step)
    while len(out) < n:
        k = ring.peek(0, buf, min(step, n - len(out)))
        if not k:
            break
        out += bytes(buf[:k])
        ring.ack(k)
    return out


def turned(size, by):
    """An empty ring whose next byte goes to place by of the block."""
    ring = Ring(size)
    put(ring, bytes(by))
    ring.ack(by)
    return ring


def test_every_byte_comes_back_once_and_in_order_however_it_was_cut():
    for data in PAYLOADS:
        for way in ways(data):
            ring = turned(len(data), len(data) // 2)
            for piece in way:
                ring.write(piece, 0, len(piece))
            ring.commit()
            assert get(ring) == data
            assert ring.any() == 0


def test_every_byte_comes_back_wherever_the_block_wraps():
    for size in (1, 2, 5, 16):
        data = ALL[:size]
        for by in range(size + 1):
            for step in range(1, size + 1):
                ring = turned(size, by)
                assert ring.free() == size
                put(ring, data)
                assert (ring.any(), ring.free()) == (size, 0)
                assert get(ring, step=step) == data
                assert (ring.any(), ring.free()) == (0, size)


def test_a_part_of_a_buffer_is_written_as_that_part():
    for by in range(9):
        ring = turned(8, by)
        ring.write(ALL, 100, 6)
        ring.commit()
        assert get(ring) == ALL[100:106]


def test_what_is_not_committed_cannot_be_read():
    ring = Ring(10)
    ring.write(b"abc", 0, 3)
    assert (ring.any(), ring.free()) == (0, 7)
    assert ring.peek(0, bytearray(10), 10) == 0
    ring.commit()
    ring.write(b"de", 0, 2)
    assert ring.any() == 3
    assert get(ring) == b"abc"


def test_a_broken_read_leaves_no_byte_behind():
    for by in range(11):
        ring = turned(10, by)
        put(ring, b"good")
        ring.write(b"broken", 0, 6)
        ring.rollback()
        assert (ring.any(), ring.free()) == (4, 6)
        put(ring, b"again")
        assert get(ring) == b"goodagain"


def test_a_payload_can_be_looked_at_again_from_any_place_until_it_is_acknowledged():
    for by in range(9):
        ring = turned(8, by)
        put(ring, b"12345678")
        for _ in range(2):
            for skip in range(11):
                out = b""
                buf = bytearray(8)
                while True:
                    k = ring.peek(skip + len(out), buf, 8)
                    if not k:
                        break
                    out += bytes(buf[:k])
                assert out == b"12345678"[skip:]
        ring.ack(3)
        buf = bytearray(b"........")
        k = ring.peek(2, buf, 1)
        assert (k, buf[:2]) == (1, b"6.")



def test_long_traffic_of_any_sizes_is_exact():
    seed = 1
    for size in (1, 3, 64, 100):
        ring = Ring(size)
        held = b""
        n = 0
        for _ in range(600):
            seed = (seed * 1103515245 + 12345) & 0x3FFFFFFF
            k = seed // 7 % (size + 1)
            if seed & 1024:
                k = min(k, ring.free())
                data = bytes([(n + i) & 255 for i in range(k)])
                n += k
                put(ring, data)
                held += data
            else:
                assert get(ring, k) == held[:k]
                held = held[k:]
            assert (ring.any(), ring.free()) == (len(held), size - len(held))


class Interrupted:
    """A block between whose calls something else runs."""

    def __init__(self, block, call):
        self._block = block
        self._call = call
        self._busy = False

    def _interrupt(self):
        if not self._busy:
            self._busy = True
            self._call()
            self._busy = False

    def tell(self):
        self._interrupt()
        return self._block.tell()

    def seek(self, at):
        self._interrupt()
        self._block.seek(at)
        self._interrupt()

    def write(self, buf, off, n):
        self._interrupt()
        self._block.write(buf, off, n)
        self._interrupt()

    def readinto(self, buf, n):
        self._interrupt()
        self._block.readinto(buf, n)
        self._interrupt()


def test_a_poll_between_any_two_steps_of_recv_loses_nothing():
    ring = Ring(7)
    sent = [0]

    def poll():  # the module's bytes come in
        if ring.free():
            ring.write(ALL, sent[0], 1)
            ring.commit()
            sent[0] += 1

    ring._block = Interrupted(ring._block, poll)
    out = b""
    while len(out) < 200:
        out += get(ring, 5, 3)
    assert out == ALL[: len(out)]


def test_a_poll_between_any_two_steps_of_send_loses_nothing():
    ring = Ring(7)
    out = bytearray()
    buf = bytearray(2)

    def poll():  # a payload goes out
        k = ring.peek(0, buf, 2)
        out.extend(buf[:k])
        ring.ack(k)

    block = ring._block
    ring._block = Interrupted(block, poll)
    n = 0
    while n < 200:
        k = min(5, ring.free())
        ring.write(ALL, n, k)
        ring.commit()
        n += k
    ring._block = block
    while ring.any():
        poll()
    assert out == ALL[:n]


def test_traffic_takes_no_memory():
    ring = Ring(1000)
    data = bytes(700)
    buf = bytearray(700)

    def traffic():
        for _ in range(8):
            ring.write(data, 0, min(700, ring.free()))
            ring.rollback()
            ring.write(data, 3, 600)
            ring.commit()
            ring.ack(ring.peek(0, buf, 700))
            ring.ack(ring.peek(0, buf, ring.any()))

    locked(traffic)
    assert ring.any() == 0

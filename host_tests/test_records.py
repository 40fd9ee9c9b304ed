"""records.py: datagrams in rings keep their borders and their peers."""

from ec2x.counters import SOCKETS
from ec2x.records import RecordRing, Records
from heap import locked


class Table:
    def __init__(self):
        self.counts = [0] * len(SOCKETS)

    def count(self, name):
        return self.counts[SOCKETS.index(name)]


class Flow:
    table = Table()

    def __init__(self, host, port):
        self.peer = (host, port)
        self.errno = 0
        self.tag = self.io = None


def receive(records, flow, data, step=256):
    assert records.room(flow) == 1024
    records.begin(flow, len(data))
    for i in range(0, len(data), step):
        records.rx.write(data, i, min(step, len(data) - i))
    records.rx.commit()


def test_every_size_at_every_place_of_the_ring_keeps_its_bytes_and_its_peer():
    records = Records(100, 100, 1024)
    flows = [Flow("198.51.100.7", 65535), Flow("2001:db8::1234:5678:9abc", 1)]
    for flow in flows:
        records.add(flow)
    out = bytearray(1024)
    for i in range(700):
        flow = flows[i & 1]
        size = 1 + i * 389 % 1024
        data = bytes((i + k) & 255 for k in range(size))
        receive(records, flow, data)
        assert records.size() == size
        assert records.take(out, 1024) == size and out[:size] == data and records.peer() == flow.peer
        records.write(flow, data, size)
        assert records.pending(flow) == size and records.pending(flows[1 - (i & 1)]) == 0
        got = 0
        while got < size:
            chunk = bytearray(100)
            n = records.peek(got, chunk, 100)
            assert chunk[:n] == data[got : got + n] and n
            got += n
        records.sent(flow, size)
        assert records.pending(flow) == 0 and records.tx.any() == 0


def test_a_datagram_that_is_rolled_back_was_never_there():
    records = Records(100, 100, 1024)
    flow = Flow("h", 5)
    records.add(flow)
    for i in range(50):
        records.begin(flow, 500)
        records.rx.write(bytes(300), 0, 300)
        records.rx.rollback()
        assert records.rx.any() == 0
        receive(records, flow, b"%03d" % i * 100)
        out = bytearray(3)
        assert records.take(out, 3) == 3 and out == b"%03d" % i


def test_there_is_no_room_for_what_may_not_fit():
    records = Records(100, 100, 1024)
    flow = Flow("h", 5)
    records.add(flow)
    receive(records, flow, bytes(1024))
    assert records.room(flow) == 0 or records.rx.free() >= 1024 + 69
    assert records.fits(1024)
    records.write(flow, bytes(1024), 1024)
    records.write(flow, bytes(900), 900)
    assert not records.fits(1024)


def test_what_was_to_go_to_a_flow_that_is_gone_is_dropped_and_the_rest_goes_on():
    records = Records(3000, 3000, 1024)
    a, b = Flow("a", 1), Flow("b", 2)
    records.add(a)
    records.add(b)
    dropped = a.table.count("dropped")
    for flow in (a, b, a, a, b):
        records.write(flow, b"to " + flow.peer[0].encode(), 4)
    assert records.drop(a) == 0 and records.failed is None
    for _ in range(2):
        assert records.pending(b) == 4
        records.sent(b, 4)
    assert records.pending(b) == 0 and records.tx.any() == 0
    assert a.table.count("dropped") - dropped == 12
    for n in (5, 1, 7):
        records.write(b, bytes(n), n)
    b.errno = 113
    assert records.drop(b) == 13 and records.tx.any() == 0
    assert records.drop(b) == 0
    assert records.failed is b


def test_keys_of_flows_wrap():
    records = Records(100, 100, 1024)
    records._keys = 65534
    for host in "abc":
        records.add(Flow(host, 1))
    assert [flow.tag[0] for flow in records.flows] == [65535, 1, 2]


def test_a_datagram_passes_through_without_an_allocation():
    records = Records(100, 100, 1024)
    flow = Flow("198.51.100.7", 123)
    records.add(flow)
    data = bytearray(600)
    out = bytearray(600)

    def step():
        records.room(flow)
        records.begin(flow, 600)
        records.rx.write(data, 0, 600)
        records.rx.commit()
        return records.take(out, 600)

    for _ in range(10):
        assert locked(step) == 600


def test_datagrams_that_must_lie_together_skip_the_end_of_the_block():
    ring = RecordRing(10)  # 11 places, 4 of them ahead
    ring.skip(7)
    ring.commit()
    ring.ack(7)
    assert (ring.gap(4), ring.gap(5)) == (0, 4)
    ring.skip(ring.gap(5))
    ring.write(b"gram!", 0, 5)
    ring.commit()
    assert ring.any() == 9
    assert ring.lap() == 4
    ring.ack(ring.lap())
    buf = bytearray(5)
    assert ring.peek(0, buf, 5) == 5
    assert buf == b"gram!"
    ring.ack(5)
    assert (ring.any(), ring.free()) == (0, 10)

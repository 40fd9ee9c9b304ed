"""What the rules of every kind of socket share: the board they play on, and calls that may fail."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from ec2x import errors
from table import Table

# Readings of the manual that must make no difference (tools/ec2x_sim/readings.py).
QUIRKS = {
    "accept_alloc": ("lowest", "next", "top"),
    "reuse": ("immediate", "never"),
    "read_urc": ("edge", "level", "per_segment"),
    "slot": ("freed", "held"),
    "close_urc_local": ("no", "yes"),
    "empty": ("zero", "ok_only"),
    "short_write": ("0", "100"),
    "result_style": ("1", "errno", "55x", "neg"),
    "recv_cap": ("1024", "700"),
    "sendmax": ("10240", "1460"),
}
PORTS = (2020, 2021)
RING = 600
LONG = 20  # s: for what must end before

pick = st.integers(0, 11)
size = st.sampled_from((1, 2, 7, 64, 255, 256, 300, 599, 600, 601, 1023, 1024, 1025, 2000))
wait = st.sampled_from((0, 0, 2))


def attempt(call, *args):
    """What it returned, and the errno it raised."""
    try:
        return call(*args), 0
    except OSError as error:
        return None, error.errno


class Play(RuleBasedStateMachine):
    @initialize(
        quirks=st.fixed_dictionaries({name: st.sampled_from(values) for name, values in QUIRKS.items()}),
        places=st.sampled_from((8, 4, 2)),
        wire=st.sampled_from(((0, 0), (0, 5000), (115200, 0))),
        busy=st.sampled_from((True, True, False)),
    )
    def power_on(self, quirks, places, wire, busy):
        self.table = Table(places, quirks, baud=wire[0], latency_us=wire[1], rx_size=RING, tx_size=RING)
        # Narrowed: where the module gives an id again at once, a command that is under way to the old connection is taken
        # by the new one: a read hands the bytes of one to the other, a close ends the wrong one.
        self.ids_cross = any(wire) and quirks["reuse"] == "immediate" and quirks["accept_alloc"] != "next"
        self.closed = []
        self.longest = int(quirks["recv_cap"])  # a datagram beyond it comes cut: KNOWN_WRONG of test_readings.py
        if busy:
            self.begins()

    def begins(self):
        """With one of each kind at work, so that few steps go far."""

    def uncross(self):
        """Before an id is given again, and before it is closed."""
        going = any(s.ended or s.leaving for s in self.table.every_stream()) or any(d.leaving for d in self.table.datagrams)
        if self.ids_cross and going:
            self.table.settle()

    def some(self, things, pick, wait=None):
        """One of them, that waits so long."""
        thing = things[pick % len(things)]
        if wait is not None:
            thing.sock.settimeout(wait)
        return thing

    def socket(self, kind):
        """A new socket, or None where the table is full."""
        full = self.table.full()
        sock, errno = attempt(self.table.modem.socket, 2, kind)
        assert errno == (errors.ENFILE if full else 0) or full is None and errno == errors.ENFILE, errno
        return sock

    def close(self, sock, wait):
        sock.settimeout(wait)
        sock.close()
        self.closed.append(sock)

"""Sockets in any order: the driver agrees with a model of what a user may expect.

The model is streams.py, datagrams.py and table.py; what may happen, stream_rules.py, datagram_rules.py and this file.
EC2X_EXAMPLES=2000 plays more than the suite does.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from datagram_rules import DatagramRules
from ec2x import errors
from expect import raises
from play import pick, wait
from stream_rules import StreamRules
from streams import CLOSED
from table import HOST


class Sockets(StreamRules, DatagramRules):
    # Closing

    def ours(self):
        return [s for s in self.table.streams if s.state != CLOSED]

    @precondition(lambda self: self.ours())
    @rule(pick=pick, wait=wait)
    def closes_a_connection(self, pick, wait):
        self.uncross()
        stream = self.some(self.ours(), pick)
        self.close(stream.sock, wait)
        stream.closed()

    @precondition(lambda self: self.table.listening)
    @rule(pick=pick, wait=wait)
    def closes_a_listener(self, pick, wait):
        table = self.table
        self.uncross()
        listening = self.some(table.listening, pick)
        table.listening.remove(listening)
        table.ghosts += 1
        table.freeing.add(listening.port)
        for stream in listening.pending:
            stream.closed()
            table.streams.append(stream)
        self.close(listening.sock, wait)

    @precondition(lambda self: self.udp() or self.table.fresh)
    @rule(pick=pick, wait=wait)
    def closes_another(self, pick, wait):
        table = self.table
        thing = self.some([*self.udp(), *table.fresh], pick)
        self.close(thing.sock, wait)
        if thing in table.fresh:
            table.fresh.remove(thing)
        else:
            thing.closed = thing.leaving = True
            table.freeing.add(("udp", thing.port))

    @precondition(lambda self: self.closed)
    @rule(pick=pick)
    def a_closed_socket_is_none(self, pick):
        sock = self.closed[pick % len(self.closed)]
        calls = [(sock.recv, 1), (sock.getpeername,), (sock.getsockname,), (sock.fileno,), (sock.bind, ("", 2020))]
        calls += [(sock.connect, (HOST, 1)), (sock.sendto, b"x", (HOST, 1)), (sock.readinto, bytearray(1))]
        for call in calls:
            assert raises(OSError, *call).errno == errors.EBADF
        sock.close()
        assert sock.ioctl(3, 5) == 32

    @precondition(lambda self: self.table.fresh)
    @rule(pick=pick)
    def a_fresh_socket_is_not_connected(self, pick):
        sock = self.some(self.table.fresh, pick).sock
        for call in ((sock.recv, 1), (sock.send, b"x"), (sock.read, 1), (sock.getpeername,)):
            assert raises(OSError, *call).errno == errors.ENOTCONN
        assert raises(OSError, sock.accept).errno == raises(OSError, sock.listen).errno == errors.EINVAL

    # Time

    @rule(ms=st.sampled_from((1, 4, 20, 100, None)))
    def time_passes(self, ms):
        """Some, or as much as everything takes."""
        if ms:
            self.table.rig.pump(ms)
        else:
            self.table.settle()

    # Always

    @invariant()
    def is_sound(self):
        self.table.sound()

    def teardown(self):
        if not hasattr(self, "table"):
            return
        table = self.table
        table.settle()
        table.lists()
        for stream in table.streams:
            stream.finish()
        for thing in [*table.fresh, *table.listening, *table.streams, *self.udp()]:
            thing.sock.close()
        table.rig.pump(10_000)
        assert not any(table.modem.sockets.flows), "the driver's table is not empty"
        sockets = table.rig.module.sockets
        assert not sockets.servers and not sockets.connections and not table.net.udp_clients, "the module is not empty"
        table.sound()


Sockets.TestCase.settings = settings(
    max_examples=int(os.environ.get("EC2X_EXAMPLES", 120)),
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestTheDriverAgreesWithTheModel = Sockets.TestCase

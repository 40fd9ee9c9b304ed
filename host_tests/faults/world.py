"""An application and its peers around a module that fails: every call is timed, every byte written down for the oracle."""

import ec2x
from ec2x import errors
from ec2x_sim.faults import Faults
from ec2x_tools.virtual import Board
from oracle import ERRNOS, Datagrams, Stream, Wrong

_REASONS = ("unopened", "reset", "failed_reads", "failed_sends", "offline", "crossed")
STEP_MS = 300  # of the virtual clock, at most, and a poll
CLOSE_MS = 6000
BACK_MS = 240_000  # the longest command's time, 150 s, a restart by the ladder, and a bring-up


class McuReset(BaseException):
    """The board's reset: the application is gone, and the module knows nothing of it."""


class Host:
    """The UART as the board has it: a reset of the board comes with the next byte that it moves."""

    def __init__(self, uart):
        self._uart = uart
        self.dead = False

    def __getattr__(self, name):
        return getattr(self._uart, name)

    def any(self):
        return self._alive(self._uart.any())

    def write(self, buf, off, n):
        return self._alive(self._uart.write(buf, off, n))

    def _alive(self, n):
        if self.dead:
            self.dead = False
            raise McuReset
        return n


class Socket:
    """One of the application's, which does not touch it again once it has failed; a wait that was in vain may be repeated."""

    def __init__(self, world, sock, timeout_s=20):
        self._world = world
        self.sock = sock
        self.alive = True
        self.wait(timeout_s)

    def wait(self, timeout_s):
        """How long each of its calls may take from now on."""
        self._ms = timeout_s * 1000
        self.sock.settimeout(timeout_s)

    def do(self, name, *args):
        """What the method returns; None if it fails, or the socket has."""
        if not self.alive:
            return None
        failures = len(self._world.failures)
        result = self._world.call(self._ms, getattr(self.sock, name), *args)
        if len(self._world.failures) > failures:
            self._world.lost += self._world.failures[-1][1] == errors.ECONNRESET
            self.alive = name not in ("connect", "listen") and self._world.failures[-1][1] == errors.ETIMEDOUT
        return result

    def close(self):
        self._world.call(CLOSE_MS, self.sock.close)


class World(Board):
    """calls go through call(); what fails is in failures as (what, errno)."""

    def __init__(self, apn=None, **kw):
        super().__init__(wrap=Host, **kw)
        self.apn = apn
        self.failures = []
        self.streams = []
        self.resets = 0
        self.lost = 0  # sockets of this modem's that failed with ECONNRESET
        self.plan = None
        self._port = 1000

    def fail(self, plan, fair=False):
        """From here on it goes by the plan."""
        self.plan = Faults(plan, fair, self._mcu_reset)
        self.module.faults = self.plan
        self.plan.attach(self.module)

    def _mcu_reset(self, now):
        self.uart.dead = True

    def reboot(self):
        """The board comes up again, with a driver that knows nothing."""
        self.resets += 1
        self.lost = 0
        self.modem = ec2x.Modem(self.uart, rxbuf=self.uart.rxbuf)
        self.modem.now = self.now
        self.modem.idle = self.idle

    def call(self, ms, call, *args):
        """What call(*args) returns; None if it fails with an OSError that is one of ours. Neither may take longer than ms and a step."""
        start = self.now()
        try:
            return call(*args)
        except OSError as error:
            if ms == 0 and error.errno in (errors.EAGAIN, errors.EINPROGRESS):
                return None
            if error.errno not in ERRNOS:
                raise Wrong("%s: %r" % (call, error))
            self.failures.append((str(call), error.errno))
            return None
        finally:
            if self.now() - start > ms + STEP_MS:
                raise Wrong("%s takes %d ms of %d" % (call, self.now() - start, ms))

    def begin(self):
        """active(True) and connect(); what wait() says."""
        self.modem.active(True)
        self.modem.connect(self.apn)
        self.call(BACK_MS, self.modem.wait, BACK_MS)
        return self.modem.isconnected()

    def pair(self, name, peer):
        """The two streams of a connection: (to the peer, from the peer)."""
        pair = Stream(name + " up"), Stream(name + " down")
        pair[0].peer = peer
        self.streams.extend(pair)
        return pair

    def datagrams(self, name):
        pair = Datagrams(name + " up"), Datagrams(name + " down")
        self.streams.extend(pair)
        return pair

    def port(self):
        self._port += 1
        return self._port

    def check(self):
        """A board that was reset in the middle of a payload has it ended by filler, as the README says."""
        for stream in self.streams:
            stream.check(self.resets > 0)

    def reasons(self):
        """Each socket that was lost is counted, and why."""
        stats = self.modem.stats()
        if self.lost > stats["failed"] or self.lost > sum([stats[reason] for reason in _REASONS]):
            raise Wrong("%d sockets were lost, and stats() does not say why: %s" % (self.lost, stats))

    def comes_back(self):
        """The link is READY within its bound, and a fresh connection works."""
        end = self.now() + BACK_MS
        while True:
            if self.now() > end:
                raise Wrong("no connection works again: %s, %s" % (self.modem.status(), self.failures[-3:]))
            if self.modem.link.state == 0:
                self.modem.active(True)
                self.modem.connect(self.apn)
            left = max(1, end - self.now())
            self.call(left, self.modem.wait, left)
            if self._works():
                return
            self.pump(5000)  # it is not noticed yet

    def _works(self):
        port = self.port()
        server = self.net.listen("tcp", "10.9.9.9", port)
        before = len(self.failures)
        sock = self.call(0, self.modem.socket)
        if not sock:
            return False
        sock = Socket(self, sock)
        sock.do("connect", ("10.9.9.9", port))
        peer = server.accept()
        if peer:
            peer.send(b"pong")
        sock.do("send", b"ping")
        answer = sock.do("recv", 4)
        sock.do("drain", 20)
        sock.close()
        return len(self.failures) == before and answer == b"pong" and peer.recv() == b"ping"

"""A whole driver on a whole simulated module, in virtual time, under either interpreter."""

import ec2x
from ec2x_sim import Clock, MemoryNet, Module, Pins, SimUart

_STEP_US = 1000
_LONGEST_US = 256_000
_MOST = 300_000  # waits in all, so that one that never ends is found


class Board:
    """net, module, uart and modem around one clock. idle() jumps to the next thing that happens."""

    GROWTH = 9, 8  # of the step while nothing does

    def __init__(self, baud=0, latency_us=0, rxbuf=2048, txbuf=1100, module=None, wrap=None, pins=None, **kw):
        self.clock = Clock()
        self.net = MemoryNet()
        self.module = Module(self.net, latency_us=latency_us, **(module or {}))
        self.uart = SimUart(self.module, self.clock, baud=baud, rxbuf=rxbuf, txbuf=txbuf)
        self.pins = None
        if pins is not None:  # the names of those that are wired
            self.pins = kw["power"] = Pins(self.module, self.clock, pins)
        if "best_baud" in kw:
            kw["set_baud"] = self.uart.set_baud
        if wrap:
            self.uart = wrap(self.uart)
        self.modem = ec2x.Modem(self.uart, rxbuf=rxbuf, **kw)
        self.modem.now = self.now
        self.modem.idle = self.idle
        self.world = None  # called after each jump: what its servers do by themselves
        self.idles = 0
        self._step = _STEP_US
        self._moved = 0

    def online(self, apn=None):
        self.modem.active(True)
        self.modem.connect(apn)
        self.modem.wait()

    def now(self):
        return self.clock.us // 1000

    def idle(self, most=_LONGEST_US):
        """Jump to what happens next; while nothing does, by longer and longer steps, for the driver's own timers. By most us at most."""
        self.idles += 1
        assert self.idles < _MOST, "a wait that never ends"
        moved = self.uart.tx_bytes + self.uart.rx_bytes
        self._step = _STEP_US if moved != self._moved else min(self._step * self.GROWTH[0] // self.GROWTH[1], _LONGEST_US)
        self._moved = moved
        now = self.clock.us
        at = self.uart.next_at()
        self.clock.advance(max(1, min(self._step, most, at - now if at else most)))
        if self.world:
            self.world()

    def pump(self, ms):
        """Let so many ms pass."""
        end = self.clock.us + ms * 1000
        self.modem.poll()
        while self.clock.us < end:
            self.idle()
            self.modem.poll()

    def until(self, true, ms=10_000):
        """Let time pass until true() is, at most ms."""
        end = self.clock.us + ms * 1000
        self.modem.poll()
        while not true():
            assert self.clock.us < end, "it does not happen"
            self.idle()
            self.modem.poll()

    def client(self, timeout=10, host="198.51.100.7", port=80):
        """A connected TCP client and its peer."""
        server = self.net.listen("tcp", host, port)
        sock = self.modem.socket()
        sock.settimeout(timeout)
        sock.connect((host, port))
        return sock, server.accept()

"""A whole device in virtual time: a fake machine, ec2x.uart or a board's board.py on it, and the simulated module behind it."""

from ec2x_sim import Clock, MemoryNet, Module
from ec2x_tools.virtual import Board
from fake_machine import Machine, load

PINS = {"rp2": {"id": 0, "tx": 0, "rx": 1}, "esp32": {"id": 1, "tx": 17, "rx": 18, "timer": 3}}


class Device(Board):
    """port: rp2 or esp32. make: what makes the modem, given ec2x.uart; else its function modem on PINS, with these options."""

    def __init__(self, port, baud=115200, make=None, latency_us=0, **options):
        self.clock = Clock()
        self.net = MemoryNet()
        self.module = Module(self.net, latency_us=latency_us)
        self.machine = Machine(port, self.module, self.clock, baud)
        self.uart = self.machine.wire
        self.edge = load(self.machine)
        if make is None:
            options.update(PINS[port])

            def make(edge):
                return edge.modem(baud=baud, **options)

        self.modem = make(self.edge)
        self.modem.now = self.now

    def idle(self):
        self.modem.idle()

    def sleep(self, seconds):
        """What a script does that calls time.sleep(): nothing polls but what is scheduled."""
        self.machine.sleep_ms(seconds * 1000)

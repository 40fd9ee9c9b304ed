"""MicroPython's `machine` for ec2x.uart and the boards, in virtual time: pins, timers, the scheduler; fake_uart.py has the UART."""

import sys

from fake_uart import Esp32Uart, Rp2Uart, Wire

_QUEUE = 8  # MICROPY_SCHEDULER_DEPTH


class Machine:
    """Stands for the module `machine` of a port. wire: what its UART is wired to."""

    def __init__(self, port, module, clock, baud=115200):
        self.port = port
        self.clock = clock
        self.wire = Wire(module, clock, port, baud)
        self.uarts = {}  # id: the state of the peripheral
        self.timers = []
        self.pins = {}  # id: what it was driven to, one after the other: 0, 1 or None for neither
        self.inputs = {}  # id: what it is driven to from outside
        self.blocked_us = 0  # that calls have waited in C
        self.irqs = 0
        self.dropped = 0  # calls that the queue had no room for
        self.printed = []  # what scheduled functions raised, which a port prints
        self.closed = False  # the scheduler is locked, as by what takes long in C
        self._queue = []
        esp = port == "esp32"

        class UART(Esp32Uart if esp else Rp2Uart):
            machine = self

        class Pin(_Pin):
            machine = self

        class Timer(_Timer):
            machine = self
            ids = range(4) if esp else (-1,)

        self.UART, self.Pin, self.Timer = UART, Pin, Timer

    # The scheduler

    def schedule(self, function, argument):
        if len(self._queue) < _QUEUE:
            self._queue.append((function, argument))
        else:
            self.dropped += 1

    def run(self):
        """Run what is scheduled, where MicroPython would: between two bytecodes, never within each other."""
        while self._queue and not self.closed:
            function, argument = self._queue.pop(0)
            self.closed = True
            try:
                function(argument)
            except BaseException as error:
                self.printed.append(error)
            finally:
                self.closed = False

    # Time

    def sleep_ms(self, ms):
        self.sleep_us(ms * 1000)

    def sleep_us(self, us):
        """Let time pass, with the interrupts at their times."""
        clock = self.clock
        end = clock.us + us
        self._interrupt()
        self.run()
        while clock.us < end:
            clock.us = max(clock.us + 1, min(end, self._next_at()))
            self._interrupt()
            self.run()

    def _next_at(self):
        now = self.clock.us
        times = [timer.at for timer in self.timers]
        for at in (self.wire.next_at(), self.wire.due_at()):
            if at is not None:
                times.append(at if at > now else now + 1000)  # RTS holds bytes back
        return min(times) if times else now + 1_000_000

    def _interrupt(self):
        now = self.clock.us
        events = self.wire.notice()
        self.irqs += events
        for id, state in self.uarts.items():
            if state["handler"] and events and not state["dead"]:
                for _ in range(events if state["trigger"] == 1 else 1):
                    self.schedule(state["handler"], id)
        for timer in self.timers:
            if timer.at <= now:
                timer.at += timer.period
                self.schedule(timer.callback, timer)


class _Timer:
    machine = None
    ids = ()
    ONE_SHOT, PERIODIC = 0, 1

    def __init__(self, id, **settings):
        if id not in self.ids:
            raise ValueError("Timer doesn't exist")
        if settings:
            self.init(**settings)

    def init(self, mode=1, period=0, callback=None):
        assert mode == self.PERIODIC
        self.deinit()
        self.period = period * 1000
        self.at = self.machine.clock.us + self.period
        self.callback = callback
        self.machine.timers.append(self)

    def deinit(self):
        if self in self.machine.timers:
            self.machine.timers.remove(self)


class _Pin:
    machine = None
    IN, OUT, OPEN_DRAIN = 0, 1, 2
    PULL_UP, PULL_DOWN = 1, 2

    def __init__(self, id, mode=None, pull=None, value=None):
        esp = self.machine.port == "esp32"
        if id not in range(49 if esp else 30):
            raise ValueError("invalid pin")
        self.id = id
        self._mode = mode
        self._pull = pull
        if mode == self.OUT:
            self._drive(value or 0)  # without a value it is what the register happens to hold
        elif mode == self.OPEN_DRAIN:
            self._drive(None if value is None or value else 0)
        elif mode == self.IN:
            self._drive(None)

    def __call__(self, value=None):
        if value is None:
            return self.machine.inputs.get(self.id, 1 if self._pull == self.PULL_UP else 0)
        if self._mode == self.OPEN_DRAIN:
            self._drive(None if value else 0)
        elif self._mode == self.OUT:
            self._drive(1 if value else 0)
        return None

    def _drive(self, level):
        self.machine.pins.setdefault(self.id, []).append(level)


def load(machine):
    """ec2x.uart, as it is on a board with this machine."""
    sys.modules["machine"] = machine
    sys.modules.pop("ec2x.uart", None)
    __import__("ec2x.uart")
    edge = sys.modules["ec2x.uart"]
    edge.sleep_ms = machine.sleep_ms
    return edge

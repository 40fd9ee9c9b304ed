"""The simulated module: three AT channels on one state, with time as an argument."""

from . import basic, info, network, packet, qfwd
from .agenda import Agenda
from .channel import Channel
from .quirks import check
from .radio import Radio
from .sockets import Sockets

PORTS = ("uart1", "usbat", "usbmodem")

# assumed: how long after RDY the other boot URCs come (their order was observed).
_CFUN_US = 100000
_SIM_US = 500000
_QUSIM_US = 600000
_SMS_US = 2500000
_PB_US = 3000000


class Module:
    """A Quectel EC25 without its UART: bytes in, bytes out. All times are integer microseconds."""

    def __init__(
        self,
        net,
        quirks=None,
        latency_us=0,
        boot_us=None,
        sim="READY",
        pin=None,
        puk="12345678",
        sendmax=10240,
        recvmax=10240,
        reboot_us=3000000,
        register_us=2000000,
        utc_s=820540800,
    ):
        self.net = net
        self.quirks = check(quirks)
        self.latency_us = latency_us  # a number, or {"QFWDRECV": us, ...} with "*" for all others
        self.now = 0
        self.agenda = Agenda()
        self.commands = {}  # how often each command came: {"QFWDRECV": 12}
        self.total = 0
        self.log = None  # called with (kind, port, what): see note()
        self.utc_s = utc_s  # seconds since 2000-01-01 at now = 0; the default is 2026-01-01
        # Self-saved settings: they outlive a reset.
        self.saved = dict(info.SAVED)
        self.stored = dict(info.PROFILE)  # by AT&W
        self.profile = dict(info.PROFILE)
        self.baud = self.stored["IPR"]  # of uart1
        self.running = boot_us is None
        self._reboot_us = reboot_us if boot_us is None else boot_us
        self.radio = Radio(self, sim, pin, puk, register_us)
        # assumed: both queues 10240 bytes, the receive buffer of the module's other stack.
        self.sockets = Sockets(self, net, (sendmax, recvmax))
        handlers = {}
        for table in (basic, info, network, packet, qfwd):
            handlers.update(table.COMMANDS)
        self._channels = {}
        for name in PORTS:
            self._channels[name] = Channel(self, name, handlers)
        self._seen = None  # net.changes as of the last look
        if self.running:
            self.radio.already_up()
        else:
            self._boot(0)

    # --- for the line and the tests --------------------------------------------------------------

    def feed(self, port, data, now):
        """Bytes from the host on "uart1", "usbat" or "usbmodem"."""
        self.poll(now)
        if self.running:  # before RDY they are lost
            self._channels[port].feed(bytes(data), self.now)
        self.settle(self.now)

    def poll(self, now):
        """Let time pass until `now`: latencies, timers, what the network has."""
        # What the network has done since the last look, it did then: wake_at() said so.
        if self._seen != self.net.changes:
            self.settle(self.now)
        at = self.agenda.next_at()
        while at is not None and at <= now:
            at, call = self.agenda.pop()
            if at > self.now:
                self.now = at
            call(self.now)
            self.settle(self.now)
            at = self.agenda.next_at()
        if now > self.now:
            self.now = now

    def take(self, port, limit=None):
        """The bytes that the module has emitted on that port."""
        channel = self._channels[port]
        if not channel.out:
            return b""
        data = bytes(channel.out if limit is None else channel.out[:limit])
        channel.out = channel.out[len(data) :]
        return data

    def wake_at(self):
        """When `poll` has something to do, or None: nothing unless bytes or the network come."""
        if self._seen != self.net.changes:
            return self.now
        return self.agenda.next_at()

    def burst(self, port, data):
        """How many of these bytes, not fed yet, take effect together with the last of them; None: not yet."""
        return self._channels[port].burst(data) if self.running else None

    def reset(self, now):
        """RESET_N, or the end of AT+CFUN=1,1: everything is forgotten that is not stored, and it boots."""
        self.poll(now)
        self.power_off()
        self._boot(self.now)

    def power_off(self):
        """The supply is cut; `reset` starts it again."""
        self.running = False
        self.agenda.clear()
        self.sockets.vanish()
        self.radio.restart()
        self.profile = dict(self.stored)
        self.baud = self.stored["IPR"]
        for name in PORTS:
            self._channels[name].restart()

    def inject(self, port, data, now):
        """Put raw bytes on a port at once, wherever that is in its dialogue."""
        self.poll(now)
        self._channels[port].emit(data)

    def urc_gap(self, port, place):
        """May URCs come out at this line boundary? The plain reading: never inside a response."""
        return place in ("idle", "after")

    # --- for the commands --------------------------------------------------------------------------

    def settle(self, now):
        """Let the network and the sockets do all they can."""
        if not self.running:
            self._seen = self.net.changes
            return
        while True:
            self._seen = self.net.changes
            self.sockets.pump(now)
            self.radio.pump(now)
            if self._seen == self.net.changes:
                return

    def latency(self, command):
        """How long this command (None: a line that is none) takes to be answered."""
        table = self.latency_us
        if not isinstance(table, dict):
            return table
        name = command.short() if command else "AT"
        return table[name] if name in table else table.get("*", 0)

    def count(self, commands):
        """Keep the count of a line's commands; a bare AT counts as "AT"."""
        for name in [c.short() for c in commands] or ["AT"]:
            self.commands[name] = self.commands.get(name, 0) + 1
            self.total += 1

    def note(self, kind, port, what):
        """Tell the log: "command", "prompt", "payload", "answer", "data", "urc"; text, or bytes of payload and data."""
        if self.log:
            self.log(kind, port, what)

    def urc_to(self, port, text):
        """A URC for one port."""
        if self.running:
            self._channels[port].urc(text)

    def urc(self, text):
        """An ordinary URC: where AT+QURCCFG sends it."""
        chosen = self.saved["urcport"]
        for port in PORTS:
            if chosen in (port, "all"):
                self.urc_to(port, text)

    # --- booting -----------------------------------------------------------------------------------

    def _boot(self, now):
        self.agenda.add(now + self._reboot_us, self._ready)

    def _ready(self, now):
        self.running = True
        self.urc("RDY")
        if self.saved["urcport"] not in ("uart1", "all"):
            self.urc_to("uart1", "RDY")  # seen on the main UART whatever AT+QURCCFG says
        for bit, text in info.APIND:
            if self.saved["QAPRDYIND"] & bit:
                self.urc(text)
        self.agenda.add(now + _CFUN_US, lambda at: self.urc("+CFUN: 1"))
        self.agenda.add(now + _SIM_US, self.radio.sim_found)
        if self.radio.has_sim():
            self.agenda.add(now + _QUSIM_US, lambda at: self.urc("+QUSIM: 1"))
            self.agenda.add(now + _SMS_US, lambda at: self._done(2, "+QIND: SMS DONE"))
            self.agenda.add(now + _PB_US, lambda at: self._done(4, "+QIND: PB DONE"))

    def _done(self, bit, text):
        # Neither is initialised while the PIN is missing.
        if self.radio.sim == "READY":
            self.radio.initialised |= bit
            self.urc(text)

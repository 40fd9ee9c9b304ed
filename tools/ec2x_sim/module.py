"""The simulated module: three AT channels on one state, with time as an argument."""

from . import basic, info, network, packet, qfwd
from .agenda import Agenda
from .channel import Channel
from .quirks import check
from .radio import Radio
from .sleep import Sleep
from .sockets import Sockets
from .spelling import Spelling

PORTS = ("uart1", "usbat", "usbmodem")

# assumed: how long after RDY the other boot URCs come (their order was observed).
_CFUN_US = 100000
_SIM_US = 500000
_QUSIM_US = 600000
_SMS_US = 2500000
_PB_US = 3000000
_AP_US = 5000000  # assumed: how long its Linux side takes at least to begin anew

_TORN_US = 2000000  # assumed (E25): how late a URC is that comes long after its cause

# Where URCs come out: (the line boundaries that let them through, how late those of QFWD are).
_URC_PLACES = {
    "between": (("idle", "after"), 0),  # never inside a response
    "any_line": (("idle", "running", "line", "prompt", "final", "after"), 0),
    "torn": (("idle", "after"), _TORN_US),
}


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
        sendmax=None,
        recvmax=None,
        reboot_us=3000000,
        register_us=2000000,
        utc_s=820540800,
        faults=None,
    ):
        self.net = net
        self.quirks = quirks = check(quirks)
        self.spelling = Spelling(quirks)
        self.latency_us = latency_us  # a number, or {"QFWDRECV": us, ...} with "*" for all others
        self.now = 0
        self.agenda = Agenda()
        self.commands = {}  # how often each command came: {"QFWDRECV": 12}
        self.total = 0
        self.log = None  # called with (kind, port, what): see note()
        self.utc_s = utc_s  # seconds since 2000-01-01 at now = 0; the default is 2026-01-01
        self.zone = 0  # of the network, in quarters of an hour
        # Self-saved settings: they outlive a reset.
        self.saved = dict(info.SAVED)
        self.stored = dict(info.PROFILE)  # by AT&W
        self.profile = dict(info.PROFILE)
        self.baud = self.stored["IPR"]  # of uart1
        self.running = boot_us is None  # it has said RDY
        self.powered = True  # STATUS
        self.hung = False  # it takes what comes and says nothing, until it is reset
        self._reboot_us = reboot_us if boot_us is None else boot_us
        self.sleep = Sleep(self)
        self.radio = Radio(self, sim, pin, puk, register_us)
        # assumed: both queues 10240 bytes, the receive buffer of the module's other stack (E22).
        self.sockets = Sockets(self, net, quirks, (sendmax or quirks["sendmax"], recvmax or quirks["recvmax"]))
        self._urc_places, self._urc_late_us = _URC_PLACES[quirks["urc_place"]]
        self._ap_boot_us = quirks["ap_boot_delay"] * 1000000
        self._ap_at = self._ap_boot_us  # E37: from when on there are QFWD commands
        self._ap_runs = 0  # how often the AP was started
        handlers = {}
        for table in (basic, info, network, packet, qfwd):
            handlers.update(table.COMMANDS)
        self._channels = {}
        for name in PORTS:
            self._channels[name] = Channel(self, name, handlers)
        self.faults = faults
        if faults:
            faults.attach(self)
        self._seen = None  # net.changes as of the last look
        self._soon = []  # calls that `settle` makes
        if self.running:
            self.radio.already_up()
        else:
            self._boot(0)

    # --- for the line and the tests --------------------------------------------------------------

    def feed(self, port, data, now):
        """Bytes from the host on "uart1", "usbat" or "usbmodem"."""
        self.poll(now)
        if self.running and not self.hung and not self.sleep.drops(port, data, self.now):  # before RDY they are lost
            to = self.faults.up.put if self._fails(port) else self._channels[port].feed
            to(bytes(data), self.now)
        self.settle(self.now)

    def poll(self, now):
        """Let time pass until `now`: latencies, timers, what the network has."""
        if self.faults:
            self.faults.poll(now)
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
        if self._fails(port):
            return self.faults.take(self.now)
        if not channel.out:
            return b""
        data = bytes(channel.out if limit is None else channel.out[:limit])
        channel.out = channel.out[len(data) :]
        return data

    def stirred(self, port):
        """Has the network done something since the last look, or is there something to take?"""
        return self._seen != self.net.changes or self._channels[port].out

    def wake_at(self):
        """When `poll` has something to do, or None: nothing unless bytes or the network come."""
        if self._seen != self.net.changes:
            return self.now
        at = self.agenda.next_at()
        if self.faults:
            other = self.faults.wake_at()
            at = other if at is None or other is not None and other < at else at
        return at

    def channel(self, port):
        """The AT interpreter of a port."""
        return self._channels[port]

    def _fails(self, port):
        return self.faults and self.faults.channel.name == port

    def burst(self, port, data):
        """How many of these bytes, not fed yet, take effect together with the last of them; None: not yet."""
        return self._channels[port].burst(data) if self.running else None

    def reset(self, now):
        """RESET_N, or the end of AT+CFUN=1,1: everything is forgotten that is not stored, and it boots."""
        self.poll(now)
        self.power_off()
        self._boot(self.now)

    def power_off(self):
        """The supply is cut, or it is off; `reset` and `power_on` start it again."""
        self.running = self.powered = False
        self.agenda.clear()
        self.sockets.vanish()
        self.radio.restart()
        self.profile = dict(self.stored)
        self.baud = self.stored["IPR"]
        for name in PORTS:
            self._channels[name].restart()
        if self.faults:
            self.faults.lost()
        self._soon = []

    def power_on(self, now):
        """From off."""
        self.poll(now)
        self._boot(self.now)

    def power_down(self, now):
        """It says so, and is off."""
        self.urc("POWERED DOWN")
        self.power_off()

    def ap_restart(self, now):
        """The Linux side restarts by itself: its sockets vanish, no RDY tells of it, and it takes seconds (E37, assumed)."""
        self.poll(now)
        self.sockets.vanish()
        self._start_ap(self.now, max(self._ap_boot_us, _AP_US))
        self.settle(self.now)

    def inject(self, port, data, now):
        """Put raw bytes on a port at once, wherever that is in its dialogue."""
        self.poll(now)
        self._channels[port].emit(data)

    def urc_gap(self, port, place):
        """May URCs come out at this line boundary?"""
        return place in self._urc_places

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
            calls, self._soon = self._soon, []
            for call in calls:
                call(now)
            if self._seen == self.net.changes and not calls:
                return

    def soon(self, call):
        """Have `call(now)` made when everything has settled."""
        self._soon.append(call)

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

    def fwd_urc(self, port, text):
        """A URC of the AP side's sockets for one port."""
        if not self._urc_late_us:
            self.urc_to(port, text)
            return
        run = self._ap_runs
        self.agenda.add(self.now + self._urc_late_us, lambda now: self.urc_to(port, text) if run == self._ap_runs else None)

    def ap_ready(self):
        """Does the Linux side take commands?"""
        return self.now >= self._ap_at

    def urc(self, text):
        """An ordinary URC: where AT+QURCCFG sends it."""
        chosen = self.saved["urcport"]
        for port in PORTS:
            if chosen in (port, "all"):
                self.urc_to(port, text)

    # --- booting -----------------------------------------------------------------------------------

    def _boot(self, now):
        self.powered = True
        self.hung = False
        self.agenda.add(now + self._reboot_us, self._ready)

    def _ready(self, now):
        self.running = True
        self.urc("RDY")
        if self.saved["urcport"] not in ("uart1", "all"):
            self.urc_to("uart1", "RDY")  # seen on the main UART whatever AT+QURCCFG says
        self._start_ap(now, self._ap_boot_us)
        self.agenda.add(now + _CFUN_US, lambda at: self.urc("+CFUN: 1"))
        self.agenda.add(now + _SIM_US, self.radio.sim_found)
        if self.radio.has_sim():
            self.agenda.add(now + _QUSIM_US, lambda at: self.urc("+QUSIM: 1"))
            self.agenda.add(now + _SMS_US, lambda at: self._done(2, "+QIND: SMS DONE"))
            self.agenda.add(now + _PB_US, lambda at: self._done(4, "+QIND: PB DONE"))

    def _start_ap(self, now, us):
        self._ap_runs += 1
        self._ap_at = now + us
        if us:
            self.agenda.add(self._ap_at, self._ap_started)
        else:
            self._ap_started(now)

    def _ap_started(self, now):
        for bit, text in info.APIND:
            if self.saved["QAPRDYIND"] & bit:
                self.urc(text)

    def _done(self, bit, text):
        # Neither is initialised while the PIN is missing.
        if self.radio.sim == "READY":
            self.radio.initialised |= bit
            self.urc(text)

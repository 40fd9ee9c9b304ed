"""The sockets between which conformance.py asks: set up as its lines with @ say, and closed. Runs on the board."""

from ec2x import ModemError
from ec2x.loopback import Loopback, Untold

ANSWER_MS = 12000  # assumed: more than any answer takes, and a URC that is to come
URC_MS = 8000
_PAUSE_MS = 100
_IDLE_S = 4  # the idle timeout that is tried
_PORT = 41000  # and on: the ports of checks, which nobody else has
_READS = 128  # to empty a queue
_TEXT = "JKLMNOZjklmnozJK"  # without long rows of digits, also in hex, which are taken for secrets


class Stage(Loopback):
    """near and far are {c} and {a} of conformance_asks.py."""

    def __init__(self, modem):
        super().__init__(modem)
        self._why = ""  # nothing can be asked, until something is set up anew
        self._known = {}  # of the module, for later lines
        self._child = 0  # what was accepted last, as its URC says
        port = modem.sockets.urc_port
        self._names = {"u": port, "U": port.upper(), "v": "uart1" if port == "usbat" else "usbat", "q": _PORT, "comma": ""}
        self._names.update({"t": _TEXT, "b": _TEXT * 64, "d": "5A" * 513})
        self._forget("s", "c", "a", "k", "n", "p", "r")

    def end(self):
        """Close whatever is open that was not when it began."""
        try:
            self._ids |= self.taken()
            self._ids -= set(self.others)
        finally:
            super().end()

    def taken(self):
        """The ids in use, as far as the module tells."""
        return {row[0] for call in (self.servers, self.clients) for row in self._asked(call) or ()}

    def _sweep(self):
        """Close all but the sockets of the scene."""
        names = self._names
        keep = set(self.others) | {names[key] for key in "scak"}
        for id in (self.taken() | self._came | {names["n"]}) - keep:
            if id:
                self.shut(id)
        self._settle()

    def _settle(self):
        """What was caused is told late, too, and is no matter of the next check."""
        if self._known.get("late"):
            self.pause(self._known["late"] + 500)

    def _set_up(self, line):
        words = line.format(**self._names)[1:].split(" ")
        if self._why and words[0] not in ("listen", "both", "part"):
            return
        try:
            getattr(self, "_do_" + words[0])(*words[1:])
            self._why = ""
        except (ModemError, Untold, ValueError) as error:
            self.alive()
            self._why = str(error.args[-1])
        if words[0] not in ("idle", "tick"):  # whose time is running
            self._settle()

    def _forget(self, *keys):
        for key in keys:
            self._names[key] = 0

    def _ends(self):
        self._names["c"], self._names["a"] = self.near, self.far

    def _do_listen(self, proto):
        self._forget("s", "c", "a")
        self._drop()
        self.listen(proto)
        self._names["s"], self._names["p"] = self.server_id, self._port
        self._asked(self.urc_port, self.server_id, self._names["u"])  # one of six arguments has another

    def _do_fresh(self):
        self.near, self.far, self._child = self.fresh_id(), 0, 0
        self._unseen = True
        self._ends()

    def _do_accepted(self, server="s"):
        id, end = self._names[server], self._modem.after(URC_MS)
        while True:
            rows = self._asked(self.sstate, id)
            counters = self._asked(self.ack, id) if self._proto == "udp" else None
            if rows or self._child or counters and counters.recvused:
                break
            if self._modem.over(end):
                raise Untold("nothing comes in at the server")
            self.pause(20)
        self.far = rows[-1][1] if rows else self._child or id
        self._ids.add(self.far)
        self._asked(self.urc_port, self.far, self._names["u"])
        self._unseen = False
        self._ends()

    def _do_both(self):
        self.both()
        self._ends()

    def _do_join(self):
        self.join()
        self._ends()

    def _do_part(self):
        self.part()
        self._forget("c", "a")

    def _do_put(self, side, data, hex=False):
        source, target = (self.near, self.far) if side == "near" else (self.far, self.near)
        self.put(source, data.encode(), hex)
        self.arrived(target, len(data))
        self.pause(_PAUSE_MS)

    def _do_hex(self, side, data):
        self._do_put(side, data, True)

    def _do_drain(self):
        self._empty()

    def _empty(self):
        """By lines, whatever is around the data."""
        for id in (self.near, self.far):
            for _ in range(_READS):
                if not self.ack(id).recvused:
                    break
                self.rows(id, 1024)

    def _do_keep(self):
        self._drop()
        self._names["k"] = self.fresh_id()
        self._servers.add(self._names["k"])
        self._names["q"] += 1
        self._names["r"] = self._names["q"]

    def _drop(self):
        if self._names["k"]:
            self.shut(self._names["k"])
            self._names["k"] = 0

    def _do_idle(self, client=None):
        """A server whose connections may be idle for a short time, and one."""
        self._do_part()
        self._do_keep()
        self._proto = "tcp"
        self.server(self._names["k"], self._names["r"], "tcp", "IP", 0, 5, _IDLE_S)
        self._settle()
        if client:
            self._do_fresh()
            self._modem.command('AT+QFWDCLIENT=0,{c},"IP","tcp","127.0.0.1",{r},"{u}"'.format(**self._names), ANSWER_MS)
            self._do_accepted("k")

    def _do_tick(self, side):
        end = self._modem.after(1500 * _IDLE_S)
        while not self._modem.over(end):
            self.pause(500)
            self._asked(self.send, self.near if side == "near" else self.far, b".")

"""The parts of a Modem that not every application needs. Loaded when first used."""

from . import errors, fields, strings
from .compat import const, print_exception
from .errors import ModemError
from .link import SETTING

_BEAT_MS = const(5)
_EVENTS = 8  # URCs that wait for the application's callbacks
_ANSWERS = 16  # lines of an answer to resolve() that are kept


class Events:
    """The application's callbacks: each is called after the step that brought its line."""

    def __init__(self, modem):
        self._modem = modem
        self._waiting = []  # (callback, line)
        self.unheard = 0  # lines that there was no room for
        self.raised = 0  # callbacks that did

    def add(self, prefix, callback):
        if not isinstance(prefix, str):
            raise TypeError("the prefix: str")
        raw = prefix.encode()
        if not raw or min(raw) < 32 or max(raw) > 126:
            raise ValueError("a prefix is printable ASCII: no line bears another")

        def heard(buf, start, end):
            try:
                if len(self._waiting) < _EVENTS:
                    self._waiting.append((callback, strings.decode(buf, start, end)))
                    return
            except MemoryError:
                pass
            self.unheard += 1

        self._modem.chat.urcs.append((raw, heard))

    def soon(self, callback, what):
        """callback(what) after the step."""
        self._waiting.append((callback, what))

    def tell(self):
        modem = self._modem
        modem.nested = True
        try:
            while self._waiting:
                callback, line = self._waiting.pop(0)
                try:
                    callback(line)
                except Exception as error:  # whoever polls is not to blame
                    self.raised += 1
                    print_exception(error)
        finally:
            modem.nested = False


class Extras:
    """Reached through the modem: modem.command is Extras(modem).command."""

    def __init__(self, modem):
        self._modem = modem
        self._fwd = None

    async def run(self):
        """poll() as a task, with a heartbeat of its own."""
        import asyncio

        rest = getattr(asyncio, "sleep_ms", None)  # of MicroPython: it allocates nothing
        failing = False
        while True:
            try:
                self._modem.poll()
                failing = False
            except Exception as error:  # of the UART, which may come back; whoever waits gets it, too
                if not failing:
                    print_exception(error)
                failing = True
            await (rest(_BEAT_MS) if rest else asyncio.sleep(_BEAT_MS / 1000))

    def on_urc(self, prefix, callback):
        """callback(line) for each line that begins with prefix."""
        self._heard().add(prefix, callback)

    def _heard(self):
        modem = self._modem
        modem.events = modem.events or Events(modem)
        return modem.events

    def trace(self, sink, payload=False):
        """sink(ms, ">" or "<", bytes) gets the dialogue, secrets masked, and payload only if asked for; None ends it."""
        from .trace import trace

        trace(self._modem, sink, payload)

    def record(self, size=4096, dump=None):
        """Keep the last size bytes of the trace; after a fault dump(lines), or stand still until recorded(). None ends it."""
        from .trace import record

        if dump:
            self._heard()
        record(self._modem, size, dump)

    def recorded(self):
        """The record: a list of str, `ms > line`."""
        from .trace import recorded

        return recorded(self._modem)

    def disconnect(self):
        """Close the sockets; the module stays as it is."""
        from .off import disconnect

        disconnect(self._modem)

    # Commands

    def ask(self, request):
        """Have a Command answered; how it ended."""
        modem = self._modem
        modem.may_block()
        if modem.link.state < SETTING:
            raise ModemError(errors.ENODEV, modem.link)
        request.how = None
        modem.request = request
        while request.how is None:
            modem.poll()
            modem.idle()
            if modem.request and modem.link.state < SETTING:  # its turn will not come
                modem.request = None
                raise ModemError(errors.ENODEV, modem.link)
        return request.how

    def command(self, line, timeout_ms=300, data=None):
        """Any other command: its lines, without OK; data goes behind its prompt. ModemError if refused or unanswered."""
        from .fwd import command

        return command(self._modem, line, timeout_ms, data)

    @property
    def fwd(self):
        """The eight commands one to one."""
        if not self._fwd:
            from .fwd import Fwd

            self._fwd = Fwd(self._modem)
        return self._fwd

    def probe(self, timeout_ms=300000):
        """How the module reads the manual: a dict that is a profile, found between two sockets inside it."""
        from .probe import probe

        return probe(self._modem, timeout_ms)

    # What a network interface tells: see nic.py

    PM_NONE = 0
    PM_PERFORMANCE = 1
    PM_POWERSAVE = 2

    def status(self, what=None):
        """Without what: (state, reason) in words. "rssi": dBm, or None when it is not known."""
        from .nic import status

        return status(self._modem, what)

    def ifconfig(self, values=None):
        """(address, mask, gateway, DNS), as a point-to-point link has them."""
        from .nic import ifconfig

        return ifconfig(self._modem, values)

    def ipconfig(self, what=None, **values):
        """One of the addresses; values can only be what is so anyway."""
        from .nic import ipconfig

        return ipconfig(self._modem, what, values)

    def config(self, what=None, **values):
        """What the module says of itself; pm=PM_POWERSAVE lets it sleep."""
        from .nic import config

        return config(self._modem, what, values)

    def time(self):
        """UTC by the network, as time.gmtime() has it."""
        from .clock import utc

        return utc(self._modem)

    def doctor(self, out=print):
        """What is well and what is not, line by line, and what to do; whether all is well."""
        from .doctor import examine

        return examine(self._modem, out)

    def resolve(self, host, timeout_ms=60000):
        """The first address of host, by AT+QIDNSGIP. EHOSTUNREACH when there is none."""
        modem = self._modem
        modem.dialect.check_peer(host, 1)
        found = []

        def heard(buf, start, end):
            if len(found) < _ANSWERS:
                found.append(strings.decode(buf, start, end))

        listener = (b'+QIURC: "dnsgip"', heard)
        modem.chat.urcs.append(listener)
        try:
            self.command('AT+QIDNSGIP=%d,"%s"' % (modem.cid or 1, host), timeout_ms)
            end = modem.after(timeout_ms)
            while not modem.over(end):
                # err, count, ttl; then count lines with an address each, of which the last must not be left for the next call.
                while found and _int(found[0], 1) is None:
                    found.pop(0)
                if found:
                    error, count = _int(found[0], 1), _int(found[0], 2) or 0
                    if error or count < 1:
                        raise ModemError(errors.EHOSTUNREACH, host, None, error or None)
                    if len(found) > min(count, _ANSWERS - 1):
                        address = _text(found[1], 1)
                        if not address:
                            raise ModemError(errors.EHOSTUNREACH, host)
                        return address
                modem.poll()
                modem.idle()
        finally:
            modem.chat.urcs.remove(listener)
        raise ModemError(errors.ETIMEDOUT, host)

    def stats(self):
        """What was counted since the modem object was made: see counters.py."""
        from .counters import stats

        return stats(self._modem)


def _int(line, k):
    return fields.integer(line.encode(), line.find(":") + 1, len(line), k)


def _text(line, k):
    return strings.text(line.encode(), line.find(":") + 1, len(line), k)

"""modem.doctor(): what is well, what is not, and what to do about it. Loaded when first used.

A check gives (good, text); good None: there is nothing to be said for or against it. It only asks: no socket is disturbed.
"""

from . import errors, strings
from .compat import const
from .errors import ModemError
from .link import OFF, SETTING
from .nic import answer, integer, status, text

_PATIENCE_MS = const(6000)  # for a module that does not answer
_BOOT_MS = const(30000)  # or may just have been switched on
_WEAK = const(-105)  # dBm, assumed
_FAST = const(115200)  # beyond it bytes may be lost without flow control
_SIGNS = {False: "BAD ", True: "ok  ", None: "--  "}
_NOT_NEEDED = ", which connect(None) does not need"


class Ear:
    """The UART, and what comes and goes while it is listened to."""

    def __init__(self, uart):
        self.uart = uart
        self.any = uart.any
        self.written = 0
        self.heard = b""

    def readinto(self, buf, n):
        n = self.uart.readinto(buf, n)
        self.heard = (self.heard + bytes(buf[: n or 0]))[:200]
        return n

    def write(self, buf, off, n):
        n = self.uart.write(buf, off, n)
        self.written += n or 0
        return n

    def verdict(self, modem):
        """Why nothing that makes sense has come."""
        if not self.written:
            return "the UART takes no byte: with flow control, is the module's CTS wired and low?"
        if not self.heard:
            if modem.power and modem.power.status and not modem.power.status():
                return "STATUS says that the module is off: check its supply and PWRKEY"
            return (
                "nothing comes back: is the module on (supply, PWRKEY; it boots for 15 s), TX to its RX and RX to its TX, ground to"
                " ground, 1.8 V at its pins, and its rate %d?" % modem.baud
            )
        if min(self.heard) < 10 or max(self.heard) > 126:
            return "what comes is no text: it speaks at another rate than %d, or ground is missing: try Modem(baud=...)" % modem.baud
        if b"ATE0Q0V1" in self.heard and b"\n" not in self.heard:
            return "only what is sent comes back: TX and RX are connected with each other"
        return "what comes is no answer to AT: is something else on this UART? %r" % self.heard[:40]


class Doctor:
    def __init__(self, modem, out):
        self._modem = modem
        self._out = out
        self._mute = False  # it does not answer (any more)
        self.well = True

    def say(self, name, good, text):
        self._out("%s%s: %s" % (_SIGNS[good], name, text))
        self.well = self.well and good is not False

    def look(self, name, check):
        if self._mute:
            self.say(name, None, "not looked at, since the module does not answer")
            return
        try:
            good, text = check()
        except ModemError as error:
            good, text = False, error.args[1]
            self._mute = error.errno != errors.EIO
        self.say(name, good, text)

    def _ask(self, command, prefix, timeout_ms=300):
        """As answer(), but "" when it is refused."""
        try:
            return answer(self._modem, command, prefix, timeout_ms)
        except ModemError as error:
            if error.errno != errors.EIO:
                raise
            return ""

    def _lan(self):
        link = self._modem.link
        return link.wanted is not None and link.call is None

    def _needed(self, good, text):
        """What only a data call needs."""
        return (None, text + _NOT_NEEDED) if self._lan() and not good else (good, text)

    # The wire

    def wiring(self):
        modem = self._modem
        if modem.link.state == OFF:
            modem.active(True)
            self.say("active", None, "it was not: active(True) is called now")
        chat = modem.chat
        ear = chat.uart = Ear(chat.uart)
        try:
            end = modem.after(_BOOT_MS if modem.power else _PATIENCE_MS)
            while modem.link.state < SETTING and not modem.over(end):
                modem.poll()
                modem.idle()
        finally:
            chat.uart = ear.uart
        if modem.link.state < SETTING:
            self._mute = True
            return False, ear.verdict(modem)
        modem.command("AT", 1000)
        return True, "the module answers"

    def baud(self):
        modem = self._modem
        rate = integer(self._ask("AT+IPR?", "+IPR:"), 0)
        if rate and rate != modem.baud:
            return False, "the module is at %d, the modem was told %d: say Modem(baud=...) as the UART is opened" % (rate, modem.baud)
        best = modem.rates[1]
        if best and best != modem.baud:
            return False, "%d, and not best_baud=%d: is set_baud given?" % (modem.baud, best)
        return True, "%d" % modem.baud

    def echo(self):
        if self._modem.link.echoes:
            return False, "the module echoes although ATE0 was sent: it works, but more slowly"
        return True, "off"

    def flow_control(self):
        modem = self._modem
        line = self._ask("AT+IFC?", "+IFC:")
        if not line:
            return None, "the module does not tell"
        wired = any([step[0] == b"AT+IFC=2,2" for step in modem.link.setup])
        on = integer(line, 0) == integer(line, 1) == 2
        if wired and not on:
            return False, "Modem(flow=True), but the module does not use RTS and CTS: see whether it takes AT+IFC=2,2"
        if not wired and (integer(line, 0) or integer(line, 1)):
            return False, "the module waits for RTS or CTS: wire them and say Modem(flow=True), or send AT+IFC=0,0"
        if not wired and modem.baud > _FAST:
            return False, "none at %d: wire RTS and CTS and say Modem(flow=True), or bytes may be lost" % modem.baud
        return True, "RTS and CTS" if on else "none, and none is needed at this rate"

    def urc_port(self):
        port = text(self._ask('AT+QURCCFG="urcport"', "+QURCCFG:"), 1)
        if not port:
            return None, "the module does not tell"
        ours = self._modem.sockets.urc_port
        if port not in ("uart1", "all"):
            return False, 'the module reports to %s: send AT+QURCCFG="urcport","uart1"' % port
        if ours != "uart1":
            return False, "the sockets report to %s, which nobody reads here: Modem(urc_port=...)" % ours
        return True, "uart1"

    # The network

    def sim(self):
        card = text(self._ask("AT+CPIN?", "+CPIN:", 5000), 0)
        if card == "READY":
            return True, "ready"
        if card == "SIM PIN":
            return self._needed(False, "it asks for its PIN: connect(..., pin=...)")
        if card == "SIM PUK":
            return self._needed(False, "it asks for its PUK: unlock it in a telephone")
        return self._needed(False, "no SIM, or none that can be read (%s): is it in, the right way round?" % (card or "refused"))

    def pin(self):
        left = integer(self._ask('AT+QPINC="SC"', "+QPINC:"), 1)
        if left is None:
            return None, "the module does not tell"
        if left < 3:
            return self._needed(False, "%d left: a wrong PIN was given" % left)
        return True, "%d left" % left

    def signal(self):
        dbm = status(self._modem, "rssi")
        if dbm is None:
            return self._needed(False, "none: is an antenna at MAIN, and CFUN 1?")
        if dbm < _WEAK:
            return self._needed(False, "%d dBm, which is weak: move the antenna" % dbm)
        return True, "%d dBm" % dbm

    def registration(self):
        stats = []
        for line in self._modem.command("AT+CEREG?;+CGREG?"):
            if "EREG:" in line or "GREG:" in line:
                stats.append(integer(line, 1) if integer(line, 1) is not None else integer(line, 0))
        if 1 in stats or 5 in stats:
            operator = text(self._ask("AT+COPS?", "+COPS:", 180000), 2) or "an unnamed network"
            return True, operator + ("" if 1 in stats else ", roaming")
        if 3 in stats:
            return self._needed(False, "denied: is the SIM activated, for data, and allowed to roam here?")
        if 2 in stats:
            return self._needed(False, "it searches: wait 90 s; check antenna and coverage")
        fun = integer(self._ask("AT+CFUN?", "+CFUN:", 15000), 0)
        return self._needed(False, "none, and it does not search" + (": send AT+CFUN=1" if fun != 1 else ": is the SIM well?"))

    def apn(self):
        link = self._modem.link
        if not link.call:
            return (None, "none" + _NOT_NEEDED) if self._lan() else (False, "connect() was not called")
        context = link.call.context
        wanted = strings.text(context, context.find(b"=") + 1, len(context), 2)
        line = self._ask("AT+QICSGP=%d" % link.call.cid, "+QICSGP:")  # its password is not shown
        if line and text(line, 1) != wanted:
            return False, "context %d has %s, not %s: connect() again" % (link.call.cid, text(line, 1) or "none", wanted)
        return True, wanted or "left to the network"

    def data_call(self):
        modem = self._modem
        call = modem.link.call
        if not call or not call.check:
            return None, "none" + (" is asked for" if call else _NOT_NEEDED if self._lan() else ": see above")
        for line in modem.command(call.check[0].decode(), 5000):
            if line.startswith(call.check[1].decode()) and integer(line, 0) == call.cid and integer(line, 1) == 1:
                return True, "context %d is active, address %s" % (call.cid, text(line, 3) or "unknown")
        cme = modem.link.cme
        return False, "none%s: once registered, see whether the APN is right and the contract has data" % (
            "" if cme is None else ", last refusal +CME ERROR: %s" % cme
        )

    def qfwd(self):
        probe = self._modem.dialect.PROBE.decode()
        try:
            self._modem.command(probe, 5000)
        except ModemError as error:
            if error.errno != errors.EIO:
                raise
            return False, "%s is refused: it boots still (wait a minute), or its firmware has no AT+QFWD commands: ask Quectel" % probe
        return True, "there"

    def link(self):
        state, reason = status(self._modem, None)
        return state == "ready", state + (": " + reason if reason else "")

    def sockets(self):
        sockets = self._modem.sockets
        taken = len([flow for flow in sockets.flows if flow])
        full = taken == len(sockets.flows)
        return not full, "%d of %d in use%s" % (taken, len(sockets.flows), ": close() those that are not needed" if full else "")


def examine(modem, out):
    modem.may_block()
    doctor = Doctor(modem, out)
    for name, check in (
        ("wiring", doctor.wiring),
        ("baud", doctor.baud),
        ("echo", doctor.echo),
        ("flow control", doctor.flow_control),
        ("URC port", doctor.urc_port),
        ("SIM", doctor.sim),
        ("PIN tries", doctor.pin),
        ("signal", doctor.signal),
        ("registration", doctor.registration),
        ("APN", doctor.apn),
        ("data call", doctor.data_call),
        ("QFWD commands", doctor.qfwd),
    ):
        doctor.look(name, check)
    doctor.say("sockets", *doctor.sockets())
    doctor.say("link", *doctor.link())
    return doctor.well

"""SIM, registration and PDP contexts: the state behind the network commands."""

from .atline import AtError

_TRIES = 3
_PUK_TRIES = 10

LAC = "1A2B"
CELL = "01A2B3C4"
LTE = 7


class Context:
    """One PDP context."""

    def __init__(self, cid):
        self.cid = cid
        self.kind = "IPV4V6"
        self.apn = ""
        self.user = ""
        self.password = ""
        self.auth = 0
        self.active = False
        self.dns = ("8.8.8.8", "8.8.4.4")

    def address(self):
        """Its IPv4 address; a constant of the simulation."""
        return "10.64.0.%d" % self.cid


class Radio:
    """What the modem side knows. `sim` is what AT+CPIN? answers, or "NONE" where there is no card."""

    def __init__(self, module, sim, pin, puk, register_us):
        self.module = module
        self._card = "SIM PIN" if pin is not None and sim == "READY" else sim
        self.pin = "1234" if pin is None else str(pin)
        self.puk = puk
        self.tries = _TRIES
        self.puk_tries = _PUK_TRIES
        self._register_us = register_us
        self.found = 1  # <stat> that a search ends with; 3: denied
        self.apns = None  # those that a data call may have; None: any
        self._jobs = []  # name lookups: (lookup, callback(errno, addresses))
        self.contexts = {1: Context(1)}
        self.restart()

    def restart(self):
        """As after power-up: the card locked again, nothing registered, no context active."""
        self.sim = self._card
        self.stat = 0
        self.fun = 1
        self.initialised = 0  # AT+QINISTAT
        self._jobs = []
        for context in self.contexts.values():
            context.active = False

    def already_up(self):
        """The module was on long before time began."""
        if self.sim == "READY":
            self.initialised = 7
            self.stat = 1

    def has_sim(self):
        """Is there a card?"""
        return self.sim != "NONE"

    def need_sim(self):
        """AtError unless the card is there and open."""
        if self.sim == "NONE":
            raise AtError(10)
        if self.sim != "READY":
            raise AtError(12 if self.sim == "SIM PUK" else 11)

    def registered(self):
        """At home or roaming?"""
        return self.stat in (1, 5)

    def sim_found(self, at):
        """The card was looked for: the +CPIN URC, and from there to the network."""
        state = "NOT READY" if self.sim == "NONE" else self.sim
        self.module.urc("+CPIN: " + state)
        if self.sim == "READY":
            self.initialised |= 1
            self._search(at)

    def _search(self, now):
        self.set_registration(2)
        self.module.agenda.add(now + self._register_us, self._found)

    def _found(self, at):
        if self.stat == 2 and self.fun == 1 and self.sim == "READY":
            self.set_registration(self.found)

    def set_registration(self, stat):
        """Change <stat>, and report it where AT+CREG and its kin ask for it."""
        if stat == self.stat:
            return
        self.stat = stat
        for name in ("CREG", "CGREG", "CEREG"):
            mode = self.module.profile[name]
            if mode:
                self.module.urc("+%s: %s" % (name, self.where(mode)))

    def where(self, mode):
        """<stat>, and from mode 2 on where that is."""
        if mode >= 2 and self.registered():
            return '%d,"%s","%s",%d' % (self.stat, LAC, CELL, LTE)
        return str(self.stat)

    def unlock(self, code, now):
        """AT+CPIN with one code: AtError tells what is wrong with it."""
        if self.sim == "NONE":
            raise AtError(10)
        if self.sim == "SIM PUK":
            raise AtError(12)
        if self.sim != "SIM PIN":
            raise AtError(3)
        if code != self.pin:
            self.tries -= 1
            if self.tries == 0:
                self.sim = self._card = "SIM PUK"
                raise AtError(12)
            raise AtError(16)
        self._opened(now)

    def unblock(self, puk, code, now):
        """AT+CPIN with the PUK and a new PIN."""
        if self.sim != "SIM PUK":
            raise AtError(10 if self.sim == "NONE" else 3)
        if puk != self.puk:
            self.puk_tries -= 1
            raise AtError(16)
        self.pin = code
        self._card = "SIM PIN"
        self.puk_tries = _PUK_TRIES
        self._opened(now)

    def _opened(self, now):
        self.tries = _TRIES
        self.sim = "READY"
        self.initialised = 7
        self.module.urc("+CPIN: READY")
        self._search(now)

    def functionality(self, fun, now):
        """AT+CFUN: 0 and 4 leave the network (assumed: sockets of no context stay), 1 comes back."""
        before, self.fun = self.fun, fun
        if fun == 1 and before != 1:
            self.sim_found(now)
        elif fun != 1:
            self.set_registration(0)
            for cid in sorted(self.contexts):
                self.activate(cid, False)

    def activate(self, cid, active):
        """Activate a context or end it, with the sockets that use it."""
        context = self.contexts[cid]
        if context.active and not active:
            context.active = False
            self.module.sockets.drop_context(cid)
        context.active = active

    def reachable(self, cid):
        """May a socket of this <pdp_cid> be opened? E32, assumed: 0 always, others when active."""
        return cid == 0 or (cid in self.contexts and self.contexts[cid].active)

    def look_up(self, name, callback):
        """Resolve a name; `callback(errno, addresses)` when it is known."""
        self._jobs.append((self.module.net.resolve(name, None), callback))

    def pump(self, now):
        """See whether lookups have ended."""
        for job in list(self._jobs):
            answer = job[0].poll()
            if answer is not None:
                self._jobs.remove(job)
                job[1](answer[0], answer[1])

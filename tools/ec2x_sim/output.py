"""What one AT channel says: lines, counted data, the prompt, final results, URCs in the gaps."""

from .text import CME, encode, numeric

# E14: what stands before and behind the `>`.
_PROMPTS = {"crlf_gt_sp": (True, b" "), "gt_sp": (False, b" "), "gt": (False, b""), "crlf_gt_crlf": (True, None)}


class Output:
    """The half of a channel that speaks. `set` are the channel's settings."""

    def __init__(self, module, name):
        self.module = module
        self.name = name
        self.out = bytearray()
        self.set = {}
        self.held = []  # URCs that wait for a gap
        self._prompt_form = _PROMPTS[module.quirks["prompt"]]

    def emit(self, data):
        """Raw bytes to the host."""
        self.out.extend(data)

    def faults(self):
        """What has this port fail, or None."""
        faults = self.module.faults
        return faults if faults and faults.channel is self else None

    def _eol(self):
        return bytes([self.set["S3"], self.set["S4"]])

    def info(self, text):
        """One line (or several, joined by CR LF) of information text."""
        self.gap("line")
        eol = self._eol()
        data = (eol if self.set["V"] else b"") + encode(text)
        faults = self.faults()
        if faults and text.startswith("+QFWDSEND:"):
            digits = len(text) - text.rfind(",") - 1
            faults.mark(len(data) - digits, digits, "count")
        self.emit(data + eol)
        self.module.note("answer", self.name, text)

    def counted(self, header, data, on_own_line=True):
        """A line that says how many bytes follow, and the bytes: on a line of their own, or on this one."""
        self.gap("line")
        eol = self._eol()
        ends = on_own_line or not data
        line = (eol if self.set["V"] else b"") + encode(header)
        digits = str(len(data))
        if self.faults() and header.endswith(digits):
            self.faults().mark(len(line) - len(digits), len(digits), "announced", data)
        self.emit(line + (eol if ends else b""))
        self.module.note("answer", self.name, header.replace("\r", "").replace("\n", ""))
        if data:
            if self.faults():
                self.faults().mark(0, len(data), "data")
            self.emit(data + eol)
            self.module.note("data", self.name, data)

    def prompt(self):
        """The prompt for a payload."""
        self.gap("prompt")
        before, behind = self._prompt_form
        eol = self._eol()
        self.emit((eol if before else b"") + b">" + (eol if behind is None else behind))
        self.module.note("prompt", self.name, ">")

    def failure(self, error):
        """The final result for an AtError."""
        if error.final:
            return error.final
        mode = self.set["CMEE"]
        if error.cme is None or mode == 0:
            return "ERROR"
        return "+CME ERROR: %s" % (CME[error.cme] if mode == 2 else error.cme)

    def result(self, final):
        """A final result."""
        self.module.note("answer", self.name, final)
        if self.set["Q"]:
            return
        eol = self._eol()
        if self.set["V"]:
            self.emit(eol + encode(final) + eol)
        elif numeric(final):
            self.emit(encode(numeric(final)) + eol[:1])
        else:
            self.emit(encode(final) + eol)  # assumed: +CME ERROR keeps its text under ATV0

    def urc_before(self, text):
        """A URC that comes before the final result of the command that runs here."""
        self.held.append(text)
        self._say_urcs()

    def gap(self, place):
        """A line boundary: "idle", "running", "line", "prompt", "final" (before it), "after" (it)."""
        if self.held and self.module.urc_gap(self.name, place):
            self._say_urcs()

    def _say_urcs(self):
        held, self.held = self.held, []
        for text in held:
            faults = self.faults()
            fault = faults and faults.event("urc", self.module.now)
            if fault:
                self._fail(fault, text)
            else:
                self._say(text)

    def _say(self, text):
        self.module.note("urc", self.name, text)
        self.emit(self._eol() + encode(text) + self._eol())

    def _fail(self, fault, text):
        """A URC that is lost, doubled, late, or of which one half comes later than the other."""
        later = self.module.now + fault.n * 1000
        fault.about = text
        if fault.what == "late":
            self.module.agenda.add(later, lambda now: self.urc(text))
        elif fault.what == "double":
            for _ in range(fault.n):
                self._say(text)
        elif fault.what == "torn":
            data = self._eol() + encode(text) + self._eol()
            half = len(data) // 2
            self.emit(data[:half])
            self.module.agenda.add(later, lambda now: self.emit(data[half:]))

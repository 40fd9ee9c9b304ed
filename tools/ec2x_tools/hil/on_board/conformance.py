"""Asks the module each command of the manual in each form, between two sockets inside it, and tells what came. Runs on the board."""

import conformance_asks as asks
import conformance_compare as compare
from conformance_stage import ANSWER_MS, URC_MS, Stage
from ec2x import ModemError, errors, trace
from ec2x.compat import ticks_diff
from ec2x.link import READY

# assumed: more than it takes until a URC comes that is not to come, and one that nobody expects.
_NONE_MS = 3000
_QUIET_MS = 100
_MANY = 13  # sockets at a time: one more than the module's other stack has
_MOST = 8192  # bytes kept of an answer
_MANY_LINE = '%d sockets at a time; CLIENT=0,{k},"IP","udp","127.0.0.1",{r},"{u}"; OK | $client,{k},0; E34 max_sockets=%d: ERROR'


def run(modem, tell):
    """tell() gets a row for whatever is found, as schema.py has them. The module is left as it was."""
    readings(modem, tell)
    talk = Talk(modem, tell)
    try:
        talk.all()
    finally:
        talk.end()


def readings(modem, tell):
    """What modem.probe() finds."""
    try:
        found = modem.probe()
    except ModemError as error:
        if modem.link.state != READY or error.errno == errors.EBUSY:
            raise
        found = {"why": str(error.args[-1])}
    why = found.get("why", "")
    reasons = {}
    for part in why.split("; "):
        names, _, reason = part.partition(": ")
        reasons.update([(name, reason) for name in names.split(", ")])
    for line in asks.READINGS.split("\n"):
        field, row, plain = line.split(" ")
        value = found.get(field)
        reason = "" if value is not None else reasons.get(field) or why
        tell({"reading": {"row": row, "field": field, "value": value, "plain": int(plain) if plain.isdigit() else plain, "why": reason}})
    for field in sorted(found):
        if field.startswith("ms_"):  # the manual has no times, so that any is plain
            tell({"reading": {"row": "E35", "field": field, "value": found[field], "plain": found[field], "why": ""}})


class Ear:
    """What is on the wire behind a command of ours, and behind those of others."""

    role = "conformance"

    def __init__(self, stage):
        self._stage = stage  # where payload is written from
        self.begin("")

    def begin(self, line):
        self._awaited = line.encode() + b"\r"
        self._ours = False
        self.raw = bytearray()
        self.aside = bytearray()

    def urcs(self):
        return bytes(self.raw + self.aside).upper().count(b"+QFWDURC:")

    def read(self, buf, n):
        to = self.raw if self._ours else self.aside
        if len(to) < _MOST:
            to.extend(memoryview(buf)[:n])

    def wrote(self, buf, off, k, n):
        if off == 0 and buf is not self._stage:
            self._ours = bytes(buf[:n]) == self._awaited
            if self._ours:
                self._awaited = None


class Talk(Stage):
    """Asks line by line."""

    def __init__(self, modem, tell):
        super().__init__(modem)
        self._tell = tell
        self._ear = Ear(modem.chat.stage)
        self._done = self._total = 0

    def all(self):
        trace._put(self._modem, "conformance", self._ear)
        self.begin()
        self.pause(_NONE_MS)  # what probe() has caused may be told late
        self._total = sum([1 for scene in asks.SCENES for line in _lines(scene) if line[0] != "@"]) + 1
        for scene in asks.SCENES:
            self._why = ""
            for line in _lines(scene):
                if line[0] == "@":
                    self._set_up(line)
                else:
                    self._told(self._ask(line))

    def end(self):
        try:
            super().end()
        finally:
            trace._put(self._modem, "conformance", None)

    # One line

    def _ask(self, line):
        """The row of a check."""
        names = self._names
        needs = [key for key in "scak" if "{%s}" % key in line and not names[key]]
        if "{n}" in line:
            names["n"] = self.fresh_id()
        if "{q}" in line:
            names["q"] += 1
        fields = line.format(**names).split("; ")
        command, _, payload = fields[1].partition(" > ")
        sent = command if command.startswith("AT") else "AT+QFWD" + command
        name = "QFWD" + fields[0] if fields[0][0].isupper() else fields[0]
        row = {"name": name, "sent": "", "got": [], "verdict": "skipped", "note": self._why or "what it needs could not be opened"}
        if self._why or needs:
            return row
        row["sent"] = sent + (" > " + compare.shown(payload) if payload else "")
        want = fields[2].split(" | ")
        heard, took, late = self._say(sent, payload, want, "+QFWDURC" in line)
        heard.forget(self.others)
        row["got"] = [compare.shown(line) for line in heard.all]
        row["verdict"], notes = self._judge(want, fields[3:], heard, sent)
        if row["verdict"] in ("plain", "reading"):
            notes = notes + compare.lateness(want, payload, took, late, self._known) + self._allocated(heard)
            row["verdict"] = "reading" if notes else "plain"
        row["note"] = "; ".join([notes[i] for i in range(len(notes)) if notes[i] not in notes[:i]])
        self._tidy(line, payload, heard, row["verdict"])
        return row

    def _say(self, sent, payload, want, any_urcs):
        """What came, how many ms it took, and how many more until all URCs had come that were to come."""
        modem, chat, ear = self._modem, self._modem.chat, self._ear
        echo = chat._echo  # what is special need not be echoed as other payload is
        ear.begin(sent)
        began = modem.now()
        refused = False
        try:
            modem.command(sent, ANSWER_MS, bytes([ord(c) for c in payload]) if payload else None)
        except ModemError:
            refused = True
            self.alive()
        finally:
            chat._echo = echo
        ended = modem.now()
        urcs = len([line for line in want if compare.is_urc(line)])
        ms = 0 if refused else URC_MS if urcs and not self._known.get("never") else _NONE_MS if any_urcs or "-" in want else 0
        end = modem.after(ms and ms + compare.about(want) + self._known.get("late", 0))
        while not refused and not modem.over(end) and not 0 < urcs <= ear.urcs():
            self.pause(10)
        late = ticks_diff(modem.now(), ended) if 0 < urcs <= ear.urcs() else 0
        self.pause(_QUIET_MS)
        return compare.Heard(ear.raw, ear.aside, sent, payload), ticks_diff(ended, began), late

    def _judge(self, want, others, heard, sent):
        """(verdict, notes)."""
        known = self._known
        plain = compare.explain(want, heard, known)
        if plain:
            notes, missing = plain
            reasons = [self._missed(urc) for urc in missing]
            if None not in reasons:
                return "plain", notes + reasons
        if known.get("legacy") and heard.refused and "SERVER=" in sent:
            return "plain", ["E1 server_syntax=legacy"]
        for other in others:
            label, _, wanted = other.partition(": ")
            wanted = wanted.split(" | ")
            found = compare.explain(want[: -1 if want[-1] == "-" else None] + wanted[1:] if wanted[0] == "*" else wanted, heard, known)
            if found and None not in [self._missed(urc) for urc in found[1]]:
                self._learn(label)
                return "plain", [label] + found[0]
        if plain:
            return "failed", ["there is no " + urc for urc in missing]
        if not heard.all:
            return "failed", ["no answer"]
        for line in heard.all:
            if not compare.expected(line, want, known):
                self._tell({"unforeseen": compare.shown(line)})
        return "unforeseen", []

    def _learn(self, label):
        if label == "E1 server_syntax=legacy":
            self._known["legacy"] = True
        elif label.startswith("E13"):
            self._names["comma"] = ","

    def _missed(self, urc):
        """The reading by which that URC does not come, or None: what it tells of has happened all the same."""
        known = self._known
        kind, id = urc.split(",")[:2]
        if "/open" in kind:
            if known.get("never") or urc.endswith(",0") and int(id) in self.taken():
                known["never"] = True
                return "E25 open_urc=never"
        elif "incoming" in kind:
            if known.get("child"):
                return "E3 child_urc=default"
            rows = self._asked(self.sstate, int(id))
            if rows and self._asked(self.urc_port, rows[-1][1]) not in (None, self._names["u"]):
                known["child"] = True
                return "E3 child_urc=default"
        elif "close" in kind:
            return "E3 child_urc=default" if known.get("child") and id == "#" else None
        elif known.get("lost"):
            return "E20 read_urc=lost"
        else:
            counters = self._asked(self.ack, int(id))
            if counters and counters.recvused:
                known["lost"] = lost = int(id) == self.far
                return "E20 read_urc=lost" if lost else "E20 read_urc_active=no"
        return None

    def _allocated(self, heard):
        """E23: an accepted connection whose id is not the lowest that is free."""
        for urc in heard.urcs:
            if "client/incoming" in urc.lower():
                self._child = id = int(urc.split(",")[2])
                lowest = 1
                while lowest in self.others or lowest == self._names["a"]:
                    lowest += 1
                if id != lowest:
                    return ["E23 accept_alloc, reuse: %d" % id]
        return []

    def _tidy(self, line, payload, heard, verdict):
        """Close what a check has opened, and end what it may have left half said."""
        if payload and verdict != "plain":
            self._modem.alone(self._modem.chat.resync, True)
        if "{n}" in line:
            if not heard.refused:
                self._sweep()
            self._ids.discard(self._names["n"])
        if heard.refused and "SERVER=0,{k}" in line:
            self._names["k"] = 0

    def _told(self, row):
        self._done += 1
        self._tell({"check": row})
        self._tell({"progress": [self._done, self._total]})

    def _do_many(self):
        self._forget("s", "c", "a", "k")
        self._sweep()
        there = len(self.others)
        for i in range(there, _MANY):
            self._do_more()
            row = self._ask(asks.expanded(_MANY_LINE % (_MANY, i)))
            if row["verdict"] != "plain":
                break
        self._told(row)
        self._forget("k")
        self._sweep()

    def _do_more(self):
        self._forget("k")
        self._do_keep()


def _lines(scene):
    """The lines of a scene, one with ! as many."""
    for line in getattr(asks, scene).split("\n"):
        if line[:1] != "!":
            if line:
                yield asks.expanded(line)
            continue
        name, arguments, bad = asks.expanded(line[1:]).split("; ")
        for one in bad.split(","):
            place, value = one.split(" ")
            given = arguments.split(",")
            given[int(place)] = value
            payload = " > \x1b\x1a" if name == "SEND" else ""
            yield "%s, argument %d is %s; %s=%s%s; ERROR" % (name, int(place) + 1, value, name, ",".join(given), payload)

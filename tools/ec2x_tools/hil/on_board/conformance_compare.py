"""What came against what the manual prints: the same, by a reading of it that is foreseen, or neither. Strings alone, no modem."""

# What a module may say at any time, and no check is about.
_SYSTEM = "+CPIN: +CFUN: +CREG: +CGREG: +CEREG: +CGEV: +CTZ +QIND: +QIURC: +QUSIM: +QSIMSTAT: +APIND: RDY".split()
_RESULTS = (
    ("errno", ("98", "110", "111", "101", "113", "17", "2")),
    ("55x", ("556", "569", "566", "561", "565", "563", "574")),
    ("neg", ("-98", "-110", "-111", "-101", "-113", "-17", "-2")),
)  # other than 1
_REAL = (("0.0.0.0", "127.0.0.1"), ('"::"', '"::1"'))
_LATE_MS = 1000
_SHORT = 64  # of a longer payload the wire may take that long


def text(raw):
    return "".join([chr(byte) for byte in raw])


def shown(line):
    """As a report has it: printable, and not too long."""
    line = "".join([c if " " <= c <= "~" else "\\x%02x" % ord(c) for c in line])
    return line if len(line) <= 100 else "%s… (%d characters)" % (line[:80], len(line))


def _begins(line, words):
    return any([line.startswith(word) for word in words])  # not all versions take a tuple of them


def is_urc(line):
    return line[:9].upper() == "+QFWDURC:"


def final(line):
    return line == "OK" or line == "ERROR" or _begins(line, ("+CME ERROR:", "+CMS ERROR:"))


class Heard:
    """What was on the wire behind a command: the lines of its answer, the URCs, and what of it a reading explains already."""

    def __init__(self, raw, aside, sent, payload):
        self.notes = []
        raw = text(raw)
        if raw.startswith("\n"):
            raw = raw[1:]  # of the line before, which has ended with its CR for the driver
        if sent and raw.startswith(sent + "\r"):
            self.notes.append("E19 echo=stuck")
            raw = raw[len(sent) + 1 :]
        if payload and ">" in raw:
            raw = self._prompt(raw, payload)
        lines = [line for line in raw.split("\r\n") if line and not _begins(line, _SYSTEM)]
        if self.notes[:1] == ["E19 echo=stuck"] and "\x1a" in lines:
            lines.remove("\x1a")  # one that had no payload to end
        self.all = lines + [line for line in text(aside).split("\r\n") if is_urc(line)]
        self.answer = [line for line in lines if not is_urc(line)]
        self.urcs = [line for line in self.all if is_urc(line)]
        ends = [i for i in range(len(lines)) if final(lines[i])]
        self.early = [line for line in lines[: ends[0] if ends else 0] if is_urc(line)]  # before the final result
        self.refused = bool(ends) and lines[ends[0]] != "OK"

    def forget(self, others):
        """The lines of lists that are about the sockets of others."""
        for line in list(self.answer):
            if _begins(line, ("+QFWDSERVER: ", "+QFWDCLIENT: ")) and line.split(",")[0][13:] in [str(id) for id in others]:
                self.answer.remove(line)

    def _prompt(self, raw, payload):
        """E14 and E19; the prompt as a line of its own."""
        lead, _, rest = raw.partition(">")
        body = payload.rstrip("\x1a")
        form = "crlf_gt_sp" if lead.endswith("\r\n") else "gt"
        if rest.startswith(" "):
            rest = rest[1:]
            form = form if form != "gt" else "gt_sp"
        elif form == "gt":
            pass
        elif _begins(rest, ("\r\n\r\n", "\r\n" + body)):
            rest = rest[2:]
            form = "crlf_gt_crlf"
        else:
            return raw  # no prompt that anybody foresees
        if form != "crlf_gt_sp":
            self.notes.append("E14 prompt=" + form)
        if body and rest.startswith(body):
            rest = rest[len(body) :]
            if "E19 echo=stuck" not in self.notes:
                self.notes.append("E19 payload_echo=always")
        return lead + "\r\n>\r\n" + rest


def fits(want, got):
    """Whether it is that, a # being a number."""
    parts = want.split("#")
    if not got.startswith(parts[0]):
        return False
    at = len(parts[0])
    for part in parts[1:]:
        start = at
        while "0" <= got[at : at + 1] <= "9":
            at += 1
        if at == start or got[at : at + len(part)] != part:
            return False
        at += len(part)
    return at == len(got)


def _title(word):
    return "/".join([part[:1].upper() + part[1:].lower() for part in word.split("/")])


_CASES = (("", str), ("lower", str.lower), ("upper", str.upper), ("title", _title))


def _spellings(want):
    """E4, E30, E31: (a line as it may be spelt, the notes)."""
    for bare in (False, True):
        if bare and (is_urc(want) or '"' not in want):
            return
        for name, case in _CASES:
            parts = want.split('"')
            for i in range(1, len(parts), 2):
                if parts[i] != "urc":
                    parts[i] = case(parts[i])
            notes = ["E4 reply_case=" + name] if name else []
            line = '"'.join(parts)
            if bare:
                notes.append("E30 list_quoting=bare")
                line = line.replace('"urc"', "\0").replace('"', "").replace("\0", '"urc"')
            yield line, notes
            for address, real in _REAL:
                if address in line:
                    yield line.replace(address, real), notes + ["E31 local_ip=real"]


def _same(want, got, known):
    """The notes with which a line is what was wanted; None if it is not."""
    if fits(want, got):
        return []
    if want == "ERROR":
        code = got[12:]
        if not got.startswith("+CME ERROR: ") or not code:
            return None
        if code.isdigit():
            return ["E36 cme=num"]
        return ["E36 cme=text"] if code.replace(" ", "").replace("-", "").isalpha() else None
    if want.startswith("+QFWDACK:") and want.count(",") == 6:
        return _queues(want, got, known)
    if got.upper() == "".join(["%02X" % ord(c) for c in want]):
        return ["E44 recv_hex=yes"]
    for line, notes in _spellings(want):
        if fits(line, got):
            return notes
        if "read" in want and is_urc(want) and fits(line + ",#", got):
            return notes + ["E21 read_urc_len=yes"]
        if "open" in want and is_urc(want) and line.endswith(",1") and got.startswith(line[:-1]):
            for style, results in _RESULTS:
                if got[len(line) - 1 :] in results:
                    return notes + ["E25 result_style=" + style]
    return None


def numbers(line):
    """Those behind the name; None if there is anything else."""
    found = [field.strip() for field in line[line.find(":") + 1 :].split(",")]
    return [int(field) for field in found] if all([field.isdigit() for field in found]) else None


def _queues(want, got, known):
    """E22: queues that are empty, of other sizes."""
    counters = numbers(got)
    if not got.startswith("+QFWDACK: ") or not counters or len(counters) != 7 or counters[0] != numbers(want)[0]:
        return None
    notes = []
    for name, (used, unused, most) in (("sendmax", counters[1:4]), ("recvmax", counters[4:])):
        if used or unused > most:
            return None
        if most != 10240:
            known[name] = most
            notes.append("E22 %s=%d" % (name, most))
        if unused < most and "E22 ack_sum=less" not in notes:
            notes.append("E22 ack_sum=less")
    return notes


def _fewer(want, got, known):
    """E18, E22, E38: (the notes, how many) where fewer bytes were taken, or brought, than asked for; else None."""
    head, _, count = want.rpartition(",")
    sent = want.startswith("+QFWDSEND: ")
    if not (sent or want.startswith("+QFWDRECV: ")) or not count.isdigit() or not got.startswith(head + ","):
        return None
    most, few = int(count), got[len(head) + 1 :]
    few = int(few) if few.isdigit() else 0
    if not 0 < few < most or most < (16 if sent else 1024) and few != known.get("short_write"):
        return None
    queue, limit, row = ("sendmax", "short_write", "E18") if sent else ("recvmax", "recv_cap", "E38")
    if known.get(queue) == few:
        return ["E22 %s=%d" % (queue, few)], few
    if known.get(limit, few) != few:
        return None
    known[limit] = few
    return ["%s %s=%d" % (row, limit, few)], few


def _unfold(answer, notes):
    """E8, E10: the answer to a read with its data on a line of its own."""
    for i in range(len(answer)):
        line = answer[i]
        if not _begins(line, ("+QFWDRECV: ", "+QFWDPRECV: ", "+QFWDACK: ")):
            continue
        name, _, rest = line.partition(": ")
        fields = rest.split(",", 2)
        if len(fields) < 2 or not (fields[0].isdigit() and fields[1].isdigit()):
            return answer
        if name == "+QFWDPRECV":
            notes.append("E8 recv_prefix=QFWDPRECV")
            name = "+QFWDRECV"
        lines = ["%s: %s,%s" % (name, fields[0], fields[1])]
        if len(fields) > 2:
            tail = fields[2]
            sep = "commas_all" if tail.startswith("\r,\n,") else "comma" if tail else "comma_crlf"
            notes.append("E10 recv_sep=" + (sep if tail or fields[1] != "0" else "comma_crlf or comma"))
            tail = tail[4:] if sep == "commas_all" else tail
            lines += [tail] if tail else []
        return answer[:i] + lines + answer[i + 1 :]
    return answer


def _lines(want, got, known, notes):
    """Whether each line is the one that was wanted."""
    if len(want) != len(got):
        return False
    cut = None
    for wanted, line in zip(want, got):
        if cut is not None:
            wanted, cut = wanted[:cut], None
        found = _same(wanted, line, known)
        if found is None:
            fewer = _fewer(wanted, line, known)
            if not fewer:
                return False
            found, few = fewer
            cut = few if wanted.startswith("+QFWDRECV") else None
        notes += found
    return True


def explain(want, heard, known):
    """(notes, the URCs that are missing) where what came is what was wanted; None where it is not."""
    notes = list(heard.notes)
    urcs = [line for line in want if is_urc(line)]
    answer = [line for line in want if not is_urc(line) and line[0] not in "-~"]
    got = heard.answer
    if answer and answer[0].startswith("+QFWDRECV:") and "<" not in answer[0] or len(answer) > 2 and answer[0].startswith("+QFWDACK:"):
        got = _unfold(got, notes)
    if answer and answer[0].startswith("+QFWDCLIENT: ") and len(answer) > 2 and got and _same(answer[0], got[0], known) is None:
        answer[0], answer[1] = answer[1], answer[0]  # the manual does not tell in which order a list is
    if not _lines(answer, got, known, notes):
        return None
    missing = list(urcs)
    for line in heard.urcs:
        for wanted in missing:
            found = _same(wanted, line, known)
            if found is not None:
                missing.remove(wanted)
                notes += found
                if line in heard.early:
                    notes.append("E25 open_urc=before, or urc_place=any_line" if "open" in line.lower() else "E40 urc_place=any_line")
                break
        else:
            if "-" in want or [1 for wanted in urcs if "read" in wanted] or _same('+QFWDURC: "client/read",#', line, known) is None:
                return None  # that data can be read is told now and then
    return notes, missing


def about(want):
    """The ms that its URCs are said to take."""
    return sum([int(line[1:]) for line in want if line[0] == "~"])


def lateness(want, payload, took, late, known):
    """E14, E25, E33, E40: what it tells that the answer took so many ms, and the URCs so many more."""
    short = about(want)
    if 0 < late < short * 3 // 4:
        return ["E33 idle_scale=%d" % (late * 1000 // short)]
    notes = []
    if payload and len(payload) < _SHORT and took >= _LATE_MS:
        notes.append("E14 prompt_delay=%d" % took)
    if late - short >= _LATE_MS:
        known["late"] = late - short
        opening = [line for line in want if "/open" in line or "incoming" in line]
        notes.append(("E25 open_delay=%d, or urc_place=torn" if opening else "E40 urc_place=torn, by %d ms") % (late - short))
    return notes


def expected(line, want, known):
    """Whether it is one of those that were wanted."""
    return any([_same(one, line, known) is not None for one in want])

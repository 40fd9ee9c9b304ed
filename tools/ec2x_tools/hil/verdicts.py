"""What a result says, row by row and part by part; and what it does not say."""

from .schema import Result

PARTS = ("doctor", "conformance", "integrity", "rates", "recovery", "soak")
SEVERITY = ("plain", "ok", "not known", "no verdict", "skipped", "reading", "unforeseen", "failed")  # the worst last
MISSING = ("cut short", "not reached", "no result", "no verdict")


def mark(ok: bool | None, error: str = "") -> str:
    return "failed" if error or ok is False else "ok" if ok else "no verdict"


def reading(one) -> str:
    if one.value in (None, ""):
        return "not known"
    return "plain" if str(one.value) == str(one.plain) else "reading"


def rate(one) -> str:
    return mark(None not in (one.down_bps, one.up_bps) or None, one.error)


def worst_first(rows, verdict):
    return sorted(rows, key=lambda row: -SEVERITY.index(verdict(row)))


def rows(result: Result) -> list[tuple[str, str, str]]:
    """(part, what, verdict) of everything that was looked at."""
    found = [("doctor", one.what, mark(one.ok)) for one in result.doctor]
    found += [("conformance", f"{one.row} {one.field}", reading(one)) for one in result.conformance.readings]
    found += [("conformance", one.name, one.verdict) for one in result.conformance.checks]
    if result.conformance.checks or result.conformance.unforeseen:
        found.append(("conformance", "lines nobody expected", "unforeseen" if result.conformance.unforeseen else "plain"))
    found += [("integrity", transfer(one), mark(one.ok, one.error)) for one in result.integrity]
    found += [("rates", f"{one.baud} baud", rate(one)) for one in result.rates]
    found += [("recovery", one.cause, mark(one.ok, one.error)) for one in result.recovery]
    return found + ([("soak", f"{result.soak.sockets} sockets", mark(result.soak.ok, result.soak.error))] if result.soak else [])


def transfer(one) -> str:
    return f"{one.what}, {one.path}, {one.sockets} socket{'s' * (one.sockets != 1)}"


def parts(result: Result) -> dict[str, tuple[str, str]]:
    """The state of each part, and what its rows say."""
    by_part = {name: [] for name in (*result.parts, *PARTS)}  # as they ran
    for part, _, verdict in rows(result):
        by_part[part].append(verdict)
    begun = [name for name, verdicts in by_part.items() if verdicts]
    states = {}
    for name, verdicts in by_part.items():
        count = ", ".join(f"{verdicts.count(kind)} {kind}" for kind in reversed(SEVERITY) if kind in verdicts)
        if "failed" in verdicts:
            state = "failed"
        elif not verdicts:
            state = "not asked for" if name not in result.parts else "not reached" if result.ended else "no result"
        elif result.ended and name == begun[-1]:
            state = "cut short"  # perhaps: nothing tells whether all of it was done
        elif "unforeseen" in verdicts:
            state = "unforeseen"
        elif "no verdict" in verdicts and name != "doctor" or not {"ok", "plain", "reading"} & set(verdicts):
            state = "no verdict"
        else:
            state = "ok"
        states[name] = (state, count)
    return states


def headline(result: Result) -> tuple[str, list[str]]:
    """The verdict of all, and its sentences."""
    states = {name: state for name, (state, _) in parts(result).items()}
    wanted = result.parts or [name for name in states if states[name] != "not asked for"]

    def which(*kinds):
        return [name for name in states if states[name] in kinds]

    done = [name for name in wanted if name not in which(*MISSING)]
    said = [f"Cut short: {result.ended}"] if result.ended else []
    said.append(f"{len(done)} of {len(wanted)} parts done." if wanted else "Nothing was asked for.")
    if failed := which("failed"):
        said.append(f"Failed: {', '.join(failed)}.")
    if missing := which(*MISSING):
        said.append(f"Without a whole result: {', '.join(missing)}.")
    odd = len(result.conformance.unforeseen) + sum(one.verdict == "unforeseen" for one in result.conformance.checks)
    if odd:
        said.append(f"The module did {odd} thing{'s' * (odd != 1)} that no reading of the manual foresees.")
    if failed:
        return "failed", said
    if missing or result.ended or not wanted:
        return "cut short" if result.ended else "no result", said
    return ("unforeseen", said) if odd else ("ok", [*said, "Nothing failed."])


def gaps(result: Result) -> list[str]:
    """What was not measured."""
    said = []
    if result.setup != "real module":
        said.append("Nothing here was measured on a real module." if result.setup else "It is not said whether this was a real module.")
    said += [f"{name}: {state}" for name, (state, _) in parts(result).items() if state in ("not asked for", "not reached", "no result")]
    if result.integrity:
        paths = {one.path for one in result.integrity}
        said += [f"integrity by the path {path}" for path in ("loopback", "host") if path not in paths]
    said += [f"latency at {one.baud} baud" for one in result.rates if not one.latency_ms.n]
    fields = {"heap": result.heap, "the driver's counters": result.stats, "the module's firmware": result.module.firmware}
    return said + [name for name, value in fields.items() if not value]

"""What a board tells, put into the result, row by row."""

import json
import math
import time

from .. import bench

MARK = "\x1e"
MOST_NOTES = 200
DOCTORS = 14  # lines of modem.doctor()
SIGNS = {"ok  ": True, "BAD ": False}


def percentiles(values: list[float]) -> dict:
    """Of those so many are the half, 90 % and 99 % that take no longer."""
    if not values:
        return {"n": 0}
    values = sorted(values)
    return {**{f"p{p}": values[max(0, math.ceil(len(values) * p / 100) - 1)] for p in (50, 90, 99)}, "n": len(values)}


def rate(row: dict) -> dict:
    ms = row.pop("ms", [])
    limits = {f"limit_{way}_bps": bench.limit(way, row["baud"], 0) for way in bench.WIRE}
    return {**row, **limits, "latency_ms": percentiles(ms)}


class Collector:
    """Takes lines; result is what schema.py has. show(done, total, text): how far a part is."""

    def __init__(self, result: dict, show):
        self.result = result
        self._show = show
        self._began = time.monotonic()
        self.part = ""
        self.baud = 0  # of the rates
        self.not_ready = ""  # why, if it was not

    def seconds(self) -> float:
        return round(time.monotonic() - self._began, 1)

    def begin(self, part: str, baud: int = 0):
        """What comes is of this part; its modem begins to count anew."""
        self.part, self.baud = part, baud
        self._before = dict(self.result["stats"])

    def line(self, line: str):
        if not line.startswith(MARK):
            return self.note(line)
        try:
            rows = [(getattr(self, "on_" + kind), value) for kind, value in json.loads(line[1:]).items()]
        except (ValueError, AttributeError):
            return self.note(line[1:])  # it was torn
        for take, value in rows:
            take(value)
        return None

    def note(self, line: str):
        if line.strip() and len(self.result["notes"]) < MOST_NOTES:
            self.result["notes"].append(f"{self.part}: {line}")

    # Rows, by their kinds

    def on_alive(self, _):
        pass

    def on_error(self, text: str):
        """The part did not come to its end."""
        whole, bad = "the part as a whole", {"ok": False, "error": text}
        result = self.result
        if self.part == "doctor":
            result["doctor"].append({"what": whole, "ok": False, "say": text})
        elif self.part == "conformance":
            result["conformance"]["checks"].append({"name": whole, "verdict": "failed", "note": text})
        elif self.part == "rates":
            result["rates"].append({"baud": self.baud, "error": text})
        elif self.part == "soak":
            result["soak"] = {"sockets": 0, **(result["soak"] or {}), **bad}
        else:
            result[self.part].append({"what": whole, "cause": whole, **bad})

    def on_progress(self, value):
        self._show(*value)

    def on_heap(self, value):
        self.result["heap"].append({"s": self.seconds(), "used": value[0], "free": value[1], "during": self.part})

    def on_stats(self, value: dict):
        self.result["stats"] = {name: self._before.get(name, 0) + n for name, n in value.items()}

    def on_not_ready(self, text: str):
        self.not_ready = text

    def on_module(self, value):
        self.result["module"][value[0]] = value[1]

    def on_simulated(self, yes: bool):
        self.result["setup"] = "simulator" if yes else "real module"

    def on_doctor(self, value):
        what, _, say = value[1].partition(": ")
        self.result["doctor"].append({"ok": SIGNS.get(value[0]), "what": what, "say": say})
        self._show(len(self.result["doctor"]), DOCTORS, what)

    def on_reading(self, row):
        self.result["conformance"]["readings"].append(row)

    def on_check(self, row):
        self.result["conformance"]["checks"].append(row)

    def on_unforeseen(self, line: str):
        self.result["conformance"]["unforeseen"].append(line)

    def on_integrity(self, row):
        self.result["integrity"].append(row)

    def on_rates(self, row):
        self.result["rates"].append(rate(row))

    def on_recovery(self, row):
        self.result["recovery"].append(row)

    def _soak(self) -> dict:
        self.result["soak"] = self.result["soak"] or {"ok": None, "errors": [], "samples": []}
        return self.result["soak"]

    def on_soak(self, value):
        seconds, sockets, count = value
        soak = self._soak()
        soak.update(seconds=seconds, sockets=sockets, bytes=count)
        soak["samples"].append({"s": seconds, "bytes": count})
        self._show(seconds, self.result["minutes"] * 60, f"{count / 1000:,.0f} kB, {len(soak['errors'])} errors")

    def on_loss(self, value):
        self._soak()["errors"].append(value)

    def on_soaked(self, _):
        self._soak()["ok"] = not self._soak()["errors"]

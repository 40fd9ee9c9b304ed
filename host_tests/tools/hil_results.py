"""Results of the bench kit as it writes them: of a module that is well, of a simulated one, of a run cut short, of one that fails."""

import hashlib

WHEN = {"doctor": (0, 6), "conformance": (6, 41), "integrity": (41, 120), "rates": (120, 260), "recovery": (260, 420), "soak": (420, 1020)}
COMMANDS = ("QFWDSERVER test", "QFWDSERVER read", "QFWDCLIENT read", "QFWDSEND fixed", "QFWDRECV empty", "QFWDCLOSE")
READINGS = (  # row, field, value, plain
    ("E1", "server", "modern", "modern"),
    ("E10", "recv_sep", "comma_crlf", "crlf"),
    ("E18", "short_udp", None, "no"),
    ("E23", "accept_alloc", "next", "lowest"),
    ("E38", "recv_max", 1024, 1024),
)


def check(name: str, sent: str, got: list[str], verdict: str = "plain", note: str = "") -> dict:
    return {"name": name, "sent": sent, "got": got, "verdict": verdict, "note": note}


def transfer(path: str, what: str, sockets: int) -> dict:
    digest = hashlib.sha256(what.encode()).hexdigest()
    same = {"sha256_sent": digest, "sha256_got": digest, "ok": True, "error": ""}
    return {"path": path, "what": what, "sockets": sockets, "bytes": 65536 * sockets, **same}


def rate(baud: int, turnaround_ms: float) -> dict:
    limits = [1024 / (wire * 10 / baud) for wire in (1072, 1076)]
    down, up = (1024 / (1024 / limit + answers * turnaround_ms / 1000) for answers, limit in enumerate(limits, 1))
    quick = 600_000 / baud + turnaround_ms
    latency = {"p50": quick, "p90": quick * 1.4, "p99": quick * 2.6, "n": 200}
    rates = {"down_bps": down, "up_bps": up, "limit_down_bps": limits[0], "limit_up_bps": limits[1]}
    return {"baud": baud, **rates, "latency_ms": latency, "error": ""}


def recovery(cause: str, *times_ms: int, names=("reset", "noticed", "READY", "a fresh connection works")) -> dict:
    return {"cause": cause, "events": [{"ms": ms, "what": name} for ms, name in zip(times_ms, names)], "ok": True, "error": ""}


def soak(full_until: int = 60) -> dict:
    samples = [{"s": 10.0 * n, "bytes": 200_000 * min(n, full_until)} for n in range(61)]
    return {"seconds": 600.0, "sockets": 4, "bytes": samples[-1]["bytes"], "ok": True, "error": "", "errors": [], "samples": samples}


def heap(during: str, second: int) -> dict:
    used = 60_000 + 9_000 * len(during) % 40_000 + second * 7919 % 6_000
    return {"s": second + 0.2, "used": used, "free": 205_000 - used, "during": during}


def good() -> dict:
    """All of it, on a module of which two readings are not the plain ones."""
    why = {"short_udp": "no answer in 2 s"}
    return {
        "schema": 1,
        "ec2x": "0.1.0",
        "when": "2026-11-28T05:20:00Z",
        "seconds": 1020.4,
        "ended": "",
        "parts": list(WHEN),
        "setup": "real module",
        "board": {
            "name": "RPI_PICO",
            "machine": "Raspberry Pi Pico with RP2040",
            "version": "1.29.0",
            "mpy": "6.3",
            "freq_mhz": 125,
            "heap": 210_000,
        },
        "module": {"model": "EC25", "firmware": "EC25EFAR06A06M4G"},
        "doctor": [
            {"ok": True, "what": "wiring", "say": "the module answers"},
            {"ok": True, "what": "flow control", "say": "RTS and CTS"},
            {"ok": None, "what": "SIM", "say": "no SIM, which connect(None) does not need"},
        ],
        "conformance": {
            "readings": [{"row": r, "field": f, "value": v, "plain": p, "why": why.get(f, "")} for r, f, v, p in READINGS],
            "checks": [
                *(check(name, f"AT+{name.split()[0]}?", ['+QFWDSERVER: 1,"TCP",2020,1,0', "OK"]) for name in COMMANDS),
                check("QFWDRECV by another", "AT+QFWDRECV=1,1024", ["+QFWDPRECV: 1,0", "OK"], "reading", "E8: QFWDPRECV"),
            ],
            "unforeseen": [],
        },
        "integrity": [
            transfer(path, *kind) for path in ("loopback", "host") for kind in (("all byte values", 1), ("random", 4))
        ],
        "rates": [rate(baud, 4.0) for baud in (9600, 115200, 230400, 460800, 921600)],
        "recovery": [
            recovery("AT+CFUN=1,1 in mid transfer", 0, 7800, 16600, 17100),
            recovery("RESET_N", 0, 300, 15100, 15400),
            recovery("the data call ends", 0, 20, 60, 450),
        ],
        "soak": soak(),
        "heap": [heap(name, second) for name, (start, end) in WHEN.items() for second in range(start, end, 3)],
        "stats": {"commands": 32768, "refusals": 3, "timeouts": 0, "resyncs": 1, "received": 14_000_000, "broken": 0},
    }


def simulated() -> dict:
    """A short run on the simulator, of three parts."""
    result = good()
    result.update(setup="simulator", seconds=120.0, parts=["doctor", "conformance", "integrity"], rates=[], recovery=None, soak=None)
    result["board"] = {"name": "unix", "machine": "linux", "version": "1.28.0", "mpy": "6.3"}
    result["module"] = {"model": "EC25", "firmware": "simulated"}
    result["heap"] = [one for one in result["heap"] if one["s"] < 120]
    return result


def cut() -> dict:
    """Ctrl+C while the rates were measured."""
    result = good()
    for name in ("recovery", "soak", "stats"):
        del result[name]
    result.update(ended="Ctrl+C", seconds=188.0, heap=[one for one in result["heap"] if one["s"] < 188], module=None)
    result["rates"] = result["rates"][:2]
    result["rates"][1].update(up_bps=None, limit_up_bps=None, latency_ms=None)
    return result


def bad() -> dict:
    """Much that fails, and long texts."""
    result = good()
    result["parts"].append("wifi")
    result["doctor"][1].update(ok=False, say="none at 921600: wire RTS and CTS and say Modem(flow=True), or bytes may be lost")
    conformance = result["conformance"]
    conformance["checks"][0].update(verdict="failed", note=f"The prompt came, and no digit of {90 * 'x'} was taken.")
    conformance["checks"][1].update(verdict="unforeseen", got=['+QFWDSSTATE: 1,2,3,"\x1b[31m<b>?</b>"'])
    conformance["checks"].append(check("UDP", "", [], "skipped", "no UDP in this firmware"))
    conformance["unforeseen"] = ['+QFWDWHAT: 1,"<script>alert(1)</script>"', "garbage \x00\xff " * 12]
    result["integrity"][1].update(ok=False, sha256_got="0" * 64, error="ECONNRESET after 12,288 bytes of 262,144, in the 3rd socket")
    result["rates"] = [rate(baud, 35.0) for baud in (4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)]
    result["rates"][-1].update(down_bps=None, up_bps=None, latency_ms={}, error="no answer at 921600, and none at 115200 afterwards")
    times = (0, 10, 30, 4000, 30000, 31000, 32000, 33000, 120000)
    cause = "AT+CFUN=1,1 in mid transfer of a megabyte, while three more sockets wait for $x_1$"
    result["recovery"][0] = {**recovery(cause, *times, names=[f"step {ms}" for ms in times]), "ok": False, "error": "no READY in 120 s"}
    errors = [{"s": 11.0 * n, "what": "ECONNRESET"} for n in range(1, 55)]
    result["soak"] = {**soak(20), "ok": False, "error": "Two of four sockets ended early.", "errors": errors}
    result["stats"].update(broken=4, timeouts=17, brand_new=3)
    return result


RUNS = {"good": good, "simulated": simulated, "cut": cut, "bad": bad}

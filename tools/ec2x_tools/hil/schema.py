"""The result of a run of the bench kit: what its JSON has, part by part, and what of that nobody may see.

Every part and field may be missing or null, for a run may be cut short anywhere. What is not known here is kept.
"""

import json
import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from .. import interpreter
from ..problem import Problem

NUMBER = 1  # of the schema


class Part(BaseModel):
    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def null_is_missing(cls, data):
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class Board(Part):
    name: str = ""
    machine: str = ""
    version: str = ""  # of MicroPython
    mpy: str = ""
    freq_mhz: float | None = None
    heap: float | None = None


class Module(Part):
    model: str = ""
    firmware: str = ""


class Check(Part):  # of modem.doctor()
    ok: bool | None = None
    what: str = ""
    say: str = ""


class Reading(Part):  # of modem.probe(); value None: it cannot be told, why says the reason
    row: str = ""
    field: str = ""
    value: Any = None
    plain: Any = None
    why: str = ""


class Exchange(Part):
    name: str = ""
    sent: str = ""
    got: list[str] = []
    verdict: Literal["plain", "reading", "unforeseen", "failed", "skipped"] = "skipped"
    note: str = ""


class Conformance(Part):
    readings: list[Reading] = []
    checks: list[Exchange] = []
    unforeseen: list[str] = []


class Transfer(Part):
    path: str = ""
    what: str = ""
    sockets: int = 1
    bytes: float | None = None
    sha256_sent: str = ""
    sha256_got: str = ""
    ok: bool | None = None
    error: str = ""


class Latency(Part):
    p50: float | None = None
    p90: float | None = None
    p99: float | None = None
    n: int = 0


class Rate(Part):
    baud: int = 0
    path: str = ""
    down_bps: float | None = None  # bytes of payload a second
    up_bps: float | None = None
    limit_down_bps: float | None = None
    limit_up_bps: float | None = None
    latency_ms: Latency = Latency()
    error: str = ""


class Event(Part):
    ms: float = 0
    what: str = ""


class Recovery(Part):
    cause: str = ""
    events: list[Event] = []
    ok: bool | None = None
    error: str = ""


class Moment(Part):
    s: float = 0


class Loss(Moment):
    what: str = ""


class Sample(Moment):
    bytes: float = 0  # so far


class Soak(Part):
    seconds: float | None = None
    sockets: int = 1
    bytes: float | None = None
    ok: bool | None = None
    error: str = ""
    errors: list[Loss] = []
    samples: list[Sample] = []


class Heap(Moment):
    used: float | None = None
    free: float | None = None
    during: str = ""


class Result(Part):
    number: int = Field(alias="schema")
    ec2x: str = ""
    when: str = ""
    seconds: float | None = None
    ended: str = ""  # early, and why
    parts: list[str] = []  # that were asked for
    setup: str = ""
    board: Board = Board()
    module: Module = Module()
    doctor: list[Check] = []
    conformance: Conformance = Conformance()
    integrity: list[Transfer] = []
    rates: list[Rate] = []
    recovery: list[Recovery] = []
    soak: Soak | None = None
    heap: list[Heap] = []
    stats: dict[str, float | None] = {}
    notes: list[str] = []  # what the board printed that is no row


# What nobody may see: by the driver's own mask, which knows commands, and by what else a sentence or a key may tell.
_WORDS = r"(?:pass(?:word|wd|phrase)?|pwd|secret|imei|imsi|iccid|msisdn|phone)"
_KEY = re.compile(rf"(?i)(?:^|[\W_])(?:(?:pin|puk)\d?|{_WORDS})$")
_SECRETS = (
    re.compile(r"(?i)(\bc?(?:pin|puk)\d?\b(?:\W{1,3}[a-z]+)?\W{0,4})\d{4,8}\b"),  # PIN 1234, pin="1234", PIN code: 1234
    re.compile(rf"""(?i)(\b\w*{_WORDS}["']?\s*[=:]).+"""),  # to the line's end: who knows what a password has
    re.compile(r"()\d(?:[ .-]?\d){13,}"),  # an IMEI may be written in groups
)
_DIGEST = re.compile("[0-9a-fA-F]{64}")
_MOST = 1e13  # no figure of a run has 14 digits; an IMEI and an IMSI have


@cache
def _mask():
    sys.path.insert(0, str(interpreter.ROOT / "firmware"))
    from ec2x.mask import Mask
    from ec2x.trace import Pen

    shown = []
    return Mask(None, Pen(lambda _, way, text: shown.append(text), int)), shown


def _line(text: str) -> str:
    mask, shown = _mask()
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text).encode()
    mask._text("<", line, 0, len(line))
    text = shown.pop().decode()
    for secret in _SECRETS:
        text = secret.sub(r"\1***", text)
    return text


def masked(value, key: str = ""):
    """A value of JSON without secrets, control characters and what is no number."""
    if isinstance(value, dict):
        return {masked(str(name)): masked(item, str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item, key) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if _KEY.search(key):
        return "***"
    if isinstance(value, (int, float)):
        return value if abs(value) < _MOST else None
    text = str(value)
    return text if key.startswith("sha256") and _DIGEST.fullmatch(text) else "\n".join(map(_line, text.splitlines()))


def check(result, name: str = "The result") -> Result:
    """A result, masked, from what JSON has or from another; Problem if it is none."""
    data = masked(result.model_dump(by_alias=True) if isinstance(result, Result) else result)
    if not isinstance(data, dict) or "schema" not in data:
        raise Problem(f"{name} is no report of the bench kit: give the JSON that make hil has written.")
    if data["schema"] != NUMBER:
        raise Problem(f"{name} is of schema {data['schema']}, this version reads {NUMBER}: use the version of ec2x that wrote it.")
    try:
        return Result.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Problem(f"{name} is no report of the bench kit, {where}: {first['msg']}. Was it changed by hand?") from None


def load(path) -> Result:
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}. Give the JSON that make hil has written.") from None
    except (ValueError, RecursionError):
        raise Problem(f"{path} is no JSON: give the JSON that make hil has written.") from None
    return check(data, str(path))


def save(path, result: dict):
    """The masked result, in place of the one before; written first and checked then, for a run is not to be lost."""
    write(path, json.dumps(masked(result), indent=1) + "\n")
    check(result)


def write(path, text: str):
    """A file that is whole, or as it was."""
    part = Path(f"{path}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}. Choose another place for it.") from None

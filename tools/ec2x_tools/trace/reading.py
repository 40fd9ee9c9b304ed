"""The text of a trace to events: three ways to print one, with an application's own lines between."""

import ast
import re
from dataclasses import dataclass

# "1234 > b'AT'" by modem.trace(print); "1234 > AT" by recorded(), where ! is a fault; "    1.234 uart1 > AT" by the simulator.
_LINE = re.compile(r"\s*(\d+)(?:\.(\d{3}) uart1)? ([<>!]) (.+)")
_HIDDEN = re.compile(rb"<(\d+) bytes>")
_SHORTENED = re.compile(r"\[(\d+) bytes\] (.*)")
_SHOWN = 48  # bytes of a payload, as ec2x_sim/trace.py shortens it
_WRAP = 1 << 30  # of ticks_ms


@dataclass(slots=True)
class Event:
    """Something that went over the wire, or a fault."""

    ms: int
    way: str  # ">" to the module, "<" from it, "!" a fault
    data: bytes  # what is shown of it
    size: int  # how much it is
    payload: bool | None = None  # None: nobody knows
    simulated: bool = False


def read(lines) -> tuple[list[Event], int]:
    """The events, and how many other lines there are."""
    events, others, start = [], 0, 0
    for line in lines:
        found = [event for text in _texts(line.strip("\r\n")) if (event := _event(text))]
        others += not found and not line.isspace()
        for event in found:
            event.ms += start
            if events and events[-1].ms - event.ms > _WRAP // 2:
                event.ms += _WRAP
                start += _WRAP
            events.append(event)
    return events, others


def _literal(text: str):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):  # cut off, or no trace
        return None


def _texts(line: str) -> list[str]:
    """A record that was printed as a list is many lines."""
    if line.startswith(("['", '["')):
        return [text for text in _literal(line) or [] if isinstance(text, str)]
    return [line]


def _event(text: str) -> Event | None:
    match = _LINE.fullmatch(text)
    if not match:
        return None
    whole, part, way, what = match.groups()
    simulated = part is not None
    ms = int(whole + (part or ""))
    data, payload = what.encode(), False
    if shortened := simulated and _SHORTENED.fullmatch(what):
        return _shortened(ms, way, int(shortened[1]), shortened[2])
    if not simulated and what.startswith(("b'", 'b"')):
        data, payload = _literal(what), None
        if not isinstance(data, bytes):
            return None
    if hidden := _HIDDEN.fullmatch(data):
        return Event(ms, way, b"", int(hidden[1]), True)
    return Event(ms, way, data, len(data), payload, simulated)


def _shortened(ms: int, way: str, size: int, text: str) -> Event | None:
    text = text.removesuffix(f"... and {size - _SHOWN} more")
    try:
        data = text.encode("ascii").decode("unicode_escape").encode("latin-1")
    except UnicodeError:
        return None
    return Event(ms, way, data, size, True, True)

"""The AT dialogue as text, for people: one line an event. Secrets are masked; the first bytes of each payload are shown."""

import re

_SHOWN = 48
_MARKS = {"command": ">", "payload": ">", "answer": "<", "data": "<", "prompt": "<", "urc": "<"}
# PIN, PUK and passwords to the end of their command or line; IMEI, IMSI, ICCID and telephone numbers by their length.
_SECRET = re.compile(r'(\+(?:CPIN|CLCK|CPWD|CGAUTH)=|\+QICSGP[=:][^;\r\n]*?"[^"]*",)[^;\r\n]+|\d{10,}[\dA-F]*', re.IGNORECASE)


def shorten(data):
    """Bytes as text with escapes, the middle left out."""
    text = repr(bytes(data[:_SHOWN]))[2:-1]
    more = len(data) - _SHOWN
    return f"[{len(data)} bytes] {text}" + (f"... and {more} more" if more > 0 else "")


def describe(kind, port, what, us):
    """The line for one event of Module.log at a time of the module's clock."""
    if isinstance(what, str):
        text = _SECRET.sub(lambda found: (found[1] or "") + "***", what).replace("\r\n", " | ")
        if kind == "command":
            text = "AT" + text
        text = text.encode("ascii", "backslashreplace").decode()
    else:
        text = shorten(what)
    return f"{us // 1000000:5d}.{us // 1000 % 1000:03d} {port} {_MARKS[kind]} {text}"

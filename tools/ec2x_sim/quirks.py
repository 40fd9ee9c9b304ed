"""Where the manual can be read in two ways: the choices made, checked."""

from .readings import NUMBERS, SWITCHES

# name: the readings, the plain one first
READINGS = {}
for _rows, _name, _readings, _ in SWITCHES:
    READINGS[_name] = tuple(_readings.split("|"))


def range_of(name):
    """How the readings are written where they are listed: "ok|error", "0|1|7 or a number up to 1024"."""
    text = "|".join(READINGS[name])
    return text + " or a number from %d to %d" % NUMBERS[name] if name in NUMBERS else text


def _value(name, value):
    value = str(value)
    if name not in NUMBERS:
        return value if value in READINGS[name] else None
    least, most = NUMBERS[name]
    # Not isdigit(), which other scripts' digits pass.
    if not value or len(value) > 9 or [c for c in value if c not in "0123456789"]:
        return None
    return int(value) if least <= int(value) <= most else None


def check(quirks):
    """The full set of choices, from the few that were given; ValueError names what is unknown."""
    chosen = {}
    for name in READINGS:
        chosen[name] = _value(name, READINGS[name][0])
    for name in quirks or {}:
        if name not in READINGS:
            raise ValueError("unknown quirk %r; known are %s" % (name, ", ".join(sorted(READINGS))))
        chosen[name] = _value(name, quirks[name])
        if chosen[name] is None:
            raise ValueError("quirk %s takes %s, not %r" % (name, range_of(name), quirks[name]))
    return chosen


# assumed: 55x as in the module's own TCP/IP stack; nothing says that QFWD shares them.
_CODES = {"connect": 566, "dns": 565, "bind": 556, "busy": 574, "timeout": 569, "pdp": 561, "id": 563}


def result(style, kind, errno):
    """<result> of server/open or client/open for a failure of this kind."""
    if style == "1":
        return 1
    if style == "errno":
        return errno
    if style == "neg":
        return -errno
    return _CODES[kind]

"""What is to go wrong, as text: a fault reads `[ms:TIME] [STREAM:COUNT] WHAT [N]`, a plan has several with `;` between.

`ms:TIME`: from that time on, else from the start. `STREAM:COUNT`: there, after so many of its events, else at once. So
`down:130 drop` loses the byte of the module's behind its first 130, `ms:60000 urc:0 late 5000` has the first URC after a
minute come 5 s late, `ms:60000 reset` resets the module.
"""

# The streams, and what can happen to one of their events; N is behind the colon, with its default.
BYTES = ("drop:1", "flip:1", "double:1", "insert:13", "stall:2000")
EVENTS = {
    "down": BYTES,  # bytes from the module
    "up": BYTES,
    "command": ("lose:0", "late:2000"),
    "prompt": ("lose:0", "late:2000"),
    "final": ("lose:0", "late:2000"),
    "urc": ("lose:0", "late:2000", "double:2", "torn:1000"),
}
# What can happen to the module anywhere.
ANYWHERE = ("reset:0", "ap:0", "pdp:1", "hang:20000", "full:120000", "mcu:0")


class PlanError(ValueError):
    """A plan that cannot be read; the text says what a fault looks like."""


def kinds(stream):
    """What can happen to an event of the stream (None: anywhere), with its N: {"late": 2000}."""
    if stream and stream not in EVENTS:
        raise PlanError("%s is no stream; there are: %s" % (stream, ", ".join(sorted(EVENTS))))
    found = [entry.split(":") for entry in (EVENTS[stream] if stream else ANYWHERE)]
    return dict([(what, int(n)) for what, n in found])


class Fault:
    """One of them."""

    def __init__(self, what, n=None, stream=None, count=0, ms=0):
        known = kinds(stream)
        known.update(kinds(None))
        if what not in known:
            raise PlanError("%s is no fault%s; there are: %s" % (what, " of " + stream if stream else "", ", ".join(sorted(known))))
        if min(count, ms, n or 0) < 0:
            raise PlanError("%s has a number below 0" % what)
        self.what = what
        self.n = known[what] if n is None else n
        self.stream = stream
        self.count = count
        self.ms = ms
        self.hit = None  # when it happened, in ms
        self.about = ""  # the URC that it hit
        self.harm = ""  # once it has happened: why nobody could notice it

    def __str__(self):
        text = "ms:%d " % self.ms if self.ms else ""
        if self.stream:
            text += "%s:%d " % (self.stream, self.count)
        return text + "%s %d" % (self.what, self.n)


def parse(text):
    """The faults of a plan."""
    return [_fault(part) for part in text.split(";") if part.strip()]


def _fault(text):
    ms = count = 0
    stream = n = None
    words = text.split()
    try:
        if words[0].startswith("ms:"):
            ms = int(words.pop(0)[3:])
        if ":" in words[0]:
            stream, _, count = words.pop(0).partition(":")
            count = int(count)
        if len(words) == 2:
            n = int(words.pop())
        (what,) = words
    except (ValueError, IndexError):
        raise PlanError("%s is no fault: write [ms:TIME] [STREAM:COUNT] WHAT [N]" % text.strip()) from None
    return Fault(what, n, stream, count, ms)


def text(plan):
    """What parse() makes it of again."""
    return "; ".join([str(fault) for fault in plan])


class Random:
    """The same numbers from the same seed under every interpreter."""

    def __init__(self, seed):
        self._state = (seed * 2654435761 + 12345) & 0x7FFFFFFF

    def __call__(self, n):
        """From 0 to n - 1."""
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 8) % n


# How often each is drawn: what a line does is common, a module that hangs is not.
_DRAWN = (
    (20, "down", ("drop", "flip", "double", "insert")),
    (4, "down", ("stall",)),
    (3, "up", ("stall",)),
    (6, "command", ("lose", "late")),
    (4, "prompt", ("lose", "late")),
    (8, "final", ("lose", "late")),
    (16, "urc", ("lose", "late", "double", "torn")),
    (1, None, ("reset", "ap", "pdp", "hang", "full")),
)
_STALLS_MS = (5, 50, 500, 6000, 40_000)
# How many of these: a prompt that is too late and then lost is more than a driver can tell from one that was lost alone, and
# what the host says to a line that stands still piles up behind it.
_LONGEST = {"up": 3, "command": 4, "prompt": 4}
_SPREAD = 300  # bytes behind the time, so that it is anywhere in a line or a payload


def draw(seed, end_ms, each_ms, host=False):
    """A plan for so long with a fault each so many ms, more or less; host: its resets, too."""
    random = Random(seed)
    rows = [row for row in _DRAWN + (((1, None, ("mcu",)),) if host else ()) for _ in range(row[0])]
    plan = []
    ms = 0
    while True:
        ms += 1 + random(2 * each_ms)
        if ms >= end_ms:
            return plan
        _, stream, whats = rows[random(len(rows))]
        what = whats[random(len(whats))]
        n = None
        if what in ("late", "stall", "torn"):
            n = _STALLS_MS[random(_LONGEST.get(stream, len(_STALLS_MS)))]
        elif what in ("flip", "insert"):
            n = random(256) or 1 if what == "insert" else 1 << random(8)
        plan.append(Fault(what, n, stream, random(_SPREAD) if stream in ("up", "down") else 0, ms))

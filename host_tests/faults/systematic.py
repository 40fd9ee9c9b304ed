"""Each scene with each fault at every position: every byte either way, every command, prompt, result and URC. And drawn ones together."""

from itertools import product
from random import Random

from scenes import SCENES
from world import McuReset, World

# For every byte; the rest once at each event.
BYTE = {
    "down": ("drop", "flip 1", "flip 16", "double", "insert 13", "insert 48", "stall 400", "stall 40000", "reset"),
    "up": ("drop", "flip 1", "double", "insert 13", "stall 400", "stall 40000", "reset", "mcu"),
}
MODULE = ("reset", "ap", "pdp", "hang 20000", "full 60000")
EVENT = {
    "command": ("lose", "late 400", "late 40000") + MODULE,
    "prompt": ("lose", "late 400", "late 40000") + MODULE,
    "final": ("lose", "late 400", "late 40000") + MODULE,
    "urc": ("lose", "double", "double 50", "late 400", "late 40000", "torn 0", "torn 3000") + MODULE,
}

LATE = (2000, 6000)  # longer than the quarantine waits for its first probes, and for its later ones

# What is drawn: that which makes one thing meet another.
DRAWN = {
    "command": ("lose", "late"),
    "prompt": ("lose", "late"),
    "final": ("lose", "late"),
    "urc": ("lose", "late"),
    "up": ("stall",),
    "down": ("stall", "drop"),
}
HOW_LONG = (400, 1200, 3000, 6000, 9000)  # ms
BEHIND = 6  # the last place without faults: they cause more


def play(name, plan):
    """The scene with this plan; Wrong if something does not hold. The world, as it was left."""
    world = World("internet")
    if name != "nothing":
        world.begin()
    world.fail(plan)
    try:
        if name == "nothing":
            world.begin()
        SCENES[name](world)
        world.reasons()
    except McuReset:
        world.reboot()
    world.positions = dict(world.plan.counts, up=world.plan.up.count, down=world.plan.down.count)
    world.comes_back()
    if not [fault for fault in world.plan.harmed() if fault.harm != "host"]:
        world.check()
    return world


def broken(name, plan):
    """What of the promises does not hold, in words; "" when all do."""
    try:
        play(name, plan)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)
    return ""


def plans(name):
    """All of them for a scene: what it takes without a fault tells how many positions there are."""
    positions = play(name, "").positions
    for whats in (BYTE, EVENT):
        for stream in sorted(whats):
            for what in whats[stream]:
                for at in range(positions[stream]):
                    yield "%s:%d %s" % (stream, at, what)
    for at in range(positions["command"]):  # what follows an answer that is lost comes late, and so does what follows that
        for stream in ("command", "final"):
            for lates in product(LATE, repeat=3):
                row = ["command:%d late %d" % (at + 1 + i, ms) for i, ms in enumerate(lates)]
                yield "; ".join(["%s:%d lose" % (stream, at)] + row)


def drawn(name, seed):
    """Plans of two to four faults, without end."""
    random = Random("%s %d" % (name, seed))
    positions = play(name, "").positions
    whats = dict(DRAWN)
    if name == "server":  # the late close of a connection ends the next one, and nobody can tell
        whats["urc"] = ("lose",)
    while True:
        faults = []
        for _ in range(random.randint(2, 4)):
            stream = random.choice(sorted(whats))
            what = random.choice(whats[stream] * 3 + MODULE)
            if what in ("late", "stall"):
                what += " %d" % random.choice(HOW_LONG)
            faults.append("%s:%d %s" % (stream, random.randrange(positions[stream] + BEHIND), what))
        yield "; ".join(faults)


def spoilt(world):
    """What came out wrong where nobody could notice: why, or None."""
    harms = [fault.harm for fault in world.plan.harmed() if fault.harm != "host"]
    if harms:
        try:
            world.check()
        except AssertionError:
            return harms[0]
    return None

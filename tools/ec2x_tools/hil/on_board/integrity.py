"""Does each byte arrive, once and in order? By an echo, at a host or inside the module."""

import gc
import hashlib

from kit import Clock, Ends, hexadecimal, move, text

MARKS = (128, 256, 512, 1024, 1460, 2048, 4096)  # sizes around which something may break
SIZES = list(range(1, 71)) + [size + k for size in MARKS for k in (-1, 0, 1)][:-1]


def result(lanes):
    """The fields that tell how it went; of several connections one hash of theirs."""
    out, came = lanes[0].out, lanes[0].came
    if len(lanes) > 1:
        out, came = hashlib.sha256(), hashlib.sha256()
        for lane in lanes:
            out.update(lane.out.digest())
            came.update(lane.came.digest())
    row = {"bytes": sum([lane.got for lane in lanes]), "sha256_sent": hexadecimal(out), "sha256_got": hexadecimal(came)}
    wrong = [lane.wrong for lane in lanes if lane.wrong]
    row["ok"] = row["sha256_sent"] == row["sha256_got"] and not wrong
    if wrong:
        row["error"] = wrong[0]
    return row


def run(modem, tell, host, size, budget_s):
    """size: bytes of each of four sockets; budget_s: when the sizes take longer, those that were left are not tried."""
    for at in [None, host] if host else [None]:
        ends = Ends(modem, at)
        whole = "sizes 1 to 70, and around " + ", ".join([str(mark) for mark in MARKS])
        try:
            for what, count, check in (
                ("all 256 byte values", 1, lambda lanes: send(modem, lanes, 2048, tell)),
                (whole, 1, lambda lanes: sizes(modem, lanes[0], budget_s, tell)),
                ("four sockets at once", 4, lambda lanes: send(modem, lanes, size, tell)),
            ):
                tell({"progress": [0, 1, "%s, %s" % (what.split(",")[0], ends.path)]})
                row = {"path": ends.path, "what": what, "sockets": count}
                attempt(ends, row, count, check)
                tell({"integrity": row})
        finally:
            ends.close()


def attempt(ends, row, count, check):
    lanes = []
    try:
        for i in range(count):
            lanes.append(ends.lane(11 * i, 4097 if count == 1 else 256))
        row["what"] += check(lanes) or ""
        row.update(result(lanes))
    except (OSError, MemoryError) as error:
        row["ok"] = False
        row["error"] = "%s, after %d bytes of %d" % (text(error), sum([lane.got for lane in lanes]), sum([lane.size for lane in lanes]))
    finally:
        for lane in lanes:
            lane.close()
        lanes = None
        gc.collect()


def send(modem, lanes, size, tell):
    for lane in lanes:
        lane.size = size
    clock = Clock()

    def show():
        if clock.ms() > 500:
            clock.start()
            tell({"progress": [sum([lane.got for lane in lanes]), size * len(lanes)]})

    move(modem, lanes, lambda: min([lane.got for lane in lanes]) >= size, show)


def sizes(modem, lane, budget_s, tell):
    """A write of each size, whose echo is waited for. What is to be said of it."""
    clock = Clock()
    for k, size in enumerate(SIZES):
        if clock.ms() > budget_s * 1000:
            return ": %d of %d, in %d s" % (k, len(SIZES), budget_s)
        lane.chunk = size
        lane.size += size
        move(modem, [lane], lambda: lane.got >= lane.size)
        tell({"progress": [k + 1, len(SIZES), "%d bytes" % size]})
    return None

"""What was counted since the modem was made: why something was dropped, repeated or has failed. Loaded by stats().

The README has what each means. link.counts and table.counts have the numbers in the order of these names; who counts
knows the place as a constant _N_..., for a name would cost a board more.
"""

LINK = ("restarts", "retries", "skipped", "rungs", "calls_lost")

SOCKETS = (
    "received",
    "sent",
    "dropped",
    "refused",
    "rolled_back",
    "stalls",
    "strange",
    "stale",
    "found",
    "failed",
    "unopened",
    "reset",
    "failed_reads",
    "failed_sends",
    "offline",
    "crossed",
    "unwanted",
    "full",
    "short",
    "cut",
    "truncated",
    "retired",
    "no_memory",
)


def stats(modem):
    chat = modem.chat
    events = modem.events
    counts = {
        "commands": chat.commands,
        "refusals": chat.refusals,
        "timeouts": chat.timeouts,
        "broken": chat.broken,
        "interrupted": chat.interrupted,
        "resyncs": chat.resyncs,
        "ignored": chat.quarantine.ignored,
        "lost": chat.lost,
        "unknown": chat.unknown,
        "too_long": chat.framer.too_long,
        "echoes": chat.echoes,
        "unheard": events.unheard if events else 0,
        "raised": events.raised if events else 0,
    }
    counts.update(zip(LINK, modem.link.counts))
    counts.update(zip(SOCKETS, modem.sockets.counts))
    counts["failed"] += counts["reset"]
    return counts

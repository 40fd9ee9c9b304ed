"""What modem.probe() should say of a module that reads the manual in a given way, where it may not know, and a run of it."""

import sys

from ec2x_sim.quirks import check as chosen
from rig import Rig
from test_readings import profile_of

ON_CPYTHON = sys.implementation.name == "cpython"
MOST_MS = 400_000  # of virtual time for one run: the limit, and the step in hand when it is reached
FIELDS = {
    "server": lambda q: "legacy" if q["server_syntax"] == "legacy" else "modern",
    "recv": lambda q: "hex" if q["recv_hex"] == "yes" else "raw",
    "recv_max": lambda q: q["recv_cap"],
    "nul": lambda q: "cut" if q["nul"] == "truncate" and q["recv_hex"] == "no" else "ok",
    "send": lambda q: profile_of(q).get("send", "literal"),
    "udp": lambda q: "joined" if q["udp_merge"] == "yes" else "whole",
    "short_udp": lambda q: "yes" if q["short_udp"] == "yes" and q["short_write"] else "no",
}
SWITCHES = ("recv_sep", "empty", "need_trailing_comma", "hex_len", "hex_limit", "fixed_literal", "short_write", "sendmax", "recvmax")
SWITCHES += ("read_urc", "read_urc_len", "accept_alloc", "reuse", "on_close", "udp_tail", "udp_server")
for _name in SWITCHES:
    FIELDS[_name] = lambda q, name=_name: q[name]
# The rows of the appendix that a field is about.
COVERED = SWITCHES + ("server_syntax", "recv_hex", "recv_cap", "nul", "udp_merge", "short_udp")


def brief(q):
    """Connections that are over within seconds: 60 of the module's, and those are shorter."""
    return (q["server_syntax"] == "legacy" or q["client_idle_arg"] == "yes") and q["idle_scale"] < 1000


def slow(q):
    """Seconds for each of hundreds of sends."""
    return q["prompt_delay"] >= 2000 and 0 < q["short_write"] < 100


# (fields, when they cannot be told, why). The first two are no modules that there will be, but any field may be untold there.
UNTOLD = (
    (tuple(FIELDS), brief, "the connections are closed for idleness before they are looked at"),
    (tuple(FIELDS), slow, "there is no time"),
    (("read_urc_len",), lambda q: q["read_urc"] == "lost", "there is no URC that could have a length"),
    (("accept_alloc",), lambda q: q["reuse"] == "never" and q["accept_alloc"] != "top", "no id comes again: lowest and next are the same"),
    (("short_write",), lambda q: q["sendmax"] < 1024 and not 0 < q["short_write"] < q["sendmax"], "the send queue is the limit"),
    (("udp_tail",), lambda q: q["short_udp"] == "yes" and q["short_write"] == 1, "no datagram has a tail"),
)
# recv_max: where not so much can be put there to be read it is what a read has brought: less than the limit, and as safe.
FEWER = (
    (lambda q: q["short_udp"] == "yes" and 0 < q["short_write"], "a datagram is cut before it is sent"),
    (slow, "there is no time"),
)


def rig_of(quirks, online=True, **options):
    rig = Rig(online=False, rxbuf=4096, module={"quirks": quirks}, **options)
    if online:
        rig.modem.active(True)
        rig.modem.connect(None)
        rig.modem.wait(120_000)
    return rig


def nothing_is_left(rig, framer, urcs):
    """In the module, and in the driver; and they are in step. What a brief connection left unseen nobody can close."""
    sockets = rig.module.sockets
    rest = [c for c in sockets.connections.values() if c.state != "closed" or not brief(rig.module.quirks)]
    assert not rig.net.listeners and not rig.net.udp_clients and not sockets.servers and not rest
    watched = [urc for urc in rig.modem.chat.urcs if urc not in urcs]  # watch.py may have come meanwhile
    assert rig.modem.chat.framer is framer and not [urc for urc in watched if urc[0] == rig.modem.dialect.URC]
    broken = rig.modem.stats()["resyncs"]
    assert rig.modem.command("AT+QFWDCLOSE=?", 5000) == [] and rig.modem.stats()["resyncs"] == broken


def found(quirks, **options):
    """What probe() says of such a module."""
    rig = rig_of(quirks, **options)
    framer, urcs, began = rig.modem.chat.framer, list(rig.modem.chat.urcs), rig.now()
    result = rig.modem.probe()
    assert rig.now() - began < MOST_MS
    nothing_is_left(rig, framer, urcs)
    return result


def judge(quirks, result):
    """Each field is right; or None, where the table has a reason for that."""
    q = chosen(quirks)
    for field, wanted in FIELDS.items():
        got = result[field]
        if got is None:
            assert [why for fields, when, why in UNTOLD if field in fields and when(q)], (field, quirks, result)
            assert field in result["why"], (field, result)
        elif got != wanted(q):
            less = field == "recv_max" and got < wanted(q)
            assert less and [why for when, why in FEWER if when(q)], (field, got, quirks, result)

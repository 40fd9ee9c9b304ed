"""modem.fwd on modules that read the manual in every way: what each method gives in each of its forms, as a table."""

from ec2x_sim.quirks import READINGS
from fwd_scene import STEPS, play

# The table. A step that is not in a row, and a reading that has no row, is as on a plain module

_SENDS = ("send", "send: 1024", "send: variable", "send: hex", "send: hex, variable", "send: hex, 1024")
_NEED_SERVER = ("server: id in use", "server: port in use", "servers", "sstate: no child", "sstate", "recv, send: child")
_NEED_SERVER += ("recv: peer gone", "sstate: last child", "close: child", "close: server", "udp: close server")
_RECVS = ("recv", "recv: like answers", "recv, send: child", "recv: peer gone")
_RECVS += ("udp: recv", "udp: recv a NUL", "udp: datagrams", "udp: a short recv", "udp: server")
_LAST = ("recv: peer gone", "udp: server")
_RECVS_BUT_LAST = tuple(step for step in _RECVS if step not in _LAST)
_SAY_OK = ("send: like answers", "send: like its answer", "send: OK")
_WRONG_DATA = "what comes is not where it is looked for: the trailer does not fit, the data is lost and never handed out"

# How a step may end, besides exact, errno NAME and not reached. What is silent the driver cannot know.
ENDS = {
    "a part": "the count is true, and less than what was given",
    "as told": "the counters are what the module says",
    "empty": "nothing, where a plain module refuses",
    "the rest follows": "the next recv has the rest of the datagram",
    "its children stay": "the connections of a UDP server outlive it, as those of a TCP server do",
    "under the server's id": "there are no children: recv and send take the id of the server",
    "silently cut": "recv gives less than what came, and nothing tells",
    "silently joined": "recv gives two datagrams as one, and nothing tells",
    "silently lost": "close() drops what the module has not sent yet: ask ack() first",
}

# (switch, value): ({end: steps}, why).
EXPECTED = {
    ("server_syntax", "legacy"): (
        {"errno EIO": ("server", "udp: server"), "not reached": _NEED_SERVER},
        "the eight arguments are refused",
    ),
    ("recv_sep", "comma"): ({"errno EIO": _RECVS_BUT_LAST, "errno ETIMEDOUT": _LAST}, _WRONG_DATA),
    ("recv_hex", "yes"): ({"errno EIO": _RECVS}, _WRONG_DATA),
    ("empty", "error"): ({"errno EIO": ("recv: peer gone",)}, "a refusal is the end at once: the id is gone with the last data"),
    ("udp_tail", "keep"): ({"the rest follows": ("udp: a short recv",)}, "the rest of a longer datagram stays"),
    ("udp_merge", "yes"): ({"silently joined": ("udp: datagrams",)}, "one read brings several datagrams, and nothing tells where one ends"),
    ("hex_len", "chars"): ({"a part": ("send: hex",)}, "the length that is sent counts bytes: half of the digits is taken"),
    ("hex_limit", "chars"): ({"errno EIO": ("send: hex, 1024",)}, "more than 512 bytes in hex are refused; nothing is sent"),
    ("fixed_literal", "no"): ({"a part": ("send", "send: 1024")}, "the data ends at its first 1A; the module takes the rest for commands"),
    ("short_write", "1"): ({"a part": _SENDS + _SAY_OK + ("recv, send: child",)}, "so the module says"),
    ("short_write", "7"): ({"a part": _SENDS + ("send: like answers", "send: like its answer")}, "so the module says"),
    ("short_write", "100"): ({"a part": _SENDS}, "so the module says"),
    ("sendmax", "64"): ({"a part": _SENDS + ("send: like answers",)}, "the queue is full; so the module says"),
    ("ack_sum", "less"): ({"as told": ("ack",)}, "used and unused do not make up the maximum"),
    ("dup", "urc"): (
        {"errno EADDRINUSE": ("server: id in use",), "errno ECONNREFUSED": ("client: id in use",)},
        "a result, which does not say more, instead of a refusal",
    ),
    ("dup_port", "error"): ({"errno EIO": ("server: port in use",)}, "a refusal, which does not say why, instead of a result"),
    ("open_urc", "never"): (
        {"errno ETIMEDOUT": ("server: port in use", "client: refused")},
        "what is open is in the module's list; of a failure nothing tells",
    ),
    ("open_urc", "error"): (
        {"errno EIO": ("server: port in use", "client: refused")},
        "a refusal, which does not say why, instead of a result",
    ),
    ("on_close", "discard"): ({"errno EIO": ("recv: peer gone",)}, "the module drops what was not read when the peer closed"),
    ("slot", "held"): ({"empty": ("recv: peer gone",)}, "the id stays in use until it is closed"),
    ("close_flush", "no"): ({"silently lost": ("close: client",)}, "the send queue is dropped"),
    ("udp_close_children", "no"): ({"its children stay": ("udp: close server",)}, "the manual is silent"),
    ("udp_server", "single_last_peer"): ({"under the server's id": ("udp: server",)}, "all peers are one; a send goes to the last"),
    ("udp_server", "single_noreply"): ({"errno EIO": ("udp: server",)}, "the send is refused: it has no peer"),
    ("sstate_unknown", "ok"): ({"empty": ("sstate: unknown",)}, "a server that there is not has no connections either"),
    ("nul", "truncate"): (
        {"a part": ("send", "send: 1024", "send: variable"), "silently cut": ("recv", "udp: recv a NUL")},
        "raw data ends at its first NUL: the count of a send says so, that of a recv does not",
    ),
    ("recv_cap", "700"): ({"silently cut": ("udp: recv",)}, "the rest of a datagram longer than the cap is lost"),
    ("recv_cap", "100"): ({"silently cut": ("udp: recv",)}, "the rest of a datagram longer than the cap is lost"),
    ("dns", "fail"): ({"errno ECONNREFUSED": ("client: a name",)}, "no name is found; the plain result 1 does not say so"),
}

# The same with a profile, where that mends something: (profile, {end: steps}, why).
HEX = {"send": "hex"}
_HALF = {"a part": ("send: 1024",)}  # 512 bytes at a time
CUT = {"silently cut": ("recv", "udp: recv a NUL")}
PROFILED = {
    ("server_syntax", "legacy"): (
        {"server": "legacy"},
        {"errno ETIMEDOUT": ("server: port in use",)},
        "what is open is in the module's list; a failure is told on the default port",
    ),
    ("recv_sep", "comma"): ({"recv_sep": "comma"}, {}, "the data follows the second comma"),
    ("recv_hex", "yes"): ({"recv": "hex"}, {}, "two digits a byte"),
    ("fixed_literal", "no"): (HEX, _HALF, "no byte of the data is on the wire"),
    ("nul", "truncate"): (HEX, dict(CUT, **_HALF), "only what is sent goes as digits"),
}


def by_step(ends):
    return {step: end for end in ends for step in ends[end]}


def test_the_table_has_no_unknown_and_no_empty_entry():
    plain = {title: end for title, end, _ in STEPS}
    assert len(plain) == len(STEPS)
    every = {(name, value) for name in READINGS for value in READINGS[name][1:]}
    assert set(EXPECTED) <= every and set(PROFILED) <= set(EXPECTED)
    assert all([EXPECTED[key][0] for key in EXPECTED])
    rows = [EXPECTED[key] for key in EXPECTED] + [PROFILED[key][1:] for key in PROFILED]
    for ends, why in rows:
        assert why
        for end in ends:
            assert end in ENDS or end in ("exact", "not reached") or end.startswith("errno E"), end
            for step in ends[end]:
                assert plain[step] != end
        assert len(by_step(ends)) == sum([len(ends[end]) for end in ends]), "a step that ends in two ways"
    used = {end for ends, _ in rows for end in ends}
    assert set(ENDS) <= used
    for key in PROFILED:
        assert by_step(PROFILED[key][1]) != by_step(EXPECTED[key][0]), key


def test_a_plain_module_gives_what_the_manual_says():
    assert play({}) == {}


def test_each_other_reading_gives_what_the_table_says_and_is_exact_where_it_says_nothing():
    for name in READINGS:
        for value in READINGS[name][1:]:  # the first is the plain one
            expected = by_step(EXPECTED[name, value][0]) if (name, value) in EXPECTED else {}
            got = play({name: value})
            assert got == expected, (name, value, got)


def test_a_profile_mends_what_the_table_says():
    for key in PROFILED:
        profile, ends, _ = PROFILED[key]
        got = play(dict((key,)), profile)
        assert got == by_step(ends), (key, profile, got)


def test_a_profile_does_no_harm_on_a_plain_module():
    assert play({}, HEX) == by_step(_HALF)

"""What the driver does with each reading of the manual: the table, and the simulator's proof of it."""

import sys

from ec2x_sim.quirks import READINGS
from ec2x_sim.readings import SWITCHES
from readings import EDGES, SCENES, attempt, draw, edges

EXACT = ("exact", "exact", "exact")
COMBINATIONS = 200
HERE = COMBINATIONS if sys.implementation.name == "cpython" else COMBINATIONS // 4  # for there each takes twice the time

# (switch, value): what comes of TCP client, TCP server and UDP, where that is not exact. wrong: bytes are lost, and nothing
# tells.
EXPECTED = {
    ("server_syntax", "legacy"): ("exact", "EADDRINUSE", "EADDRINUSE"),
    ("recv_sep", "comma"): ("ECONNRESET", "ECONNRESET", "ECONNRESET"),
    ("fixed_literal", "no"): ("ENOBUFS", "ENOBUFS", "EMSGSIZE"),
    ("udp_server", "single_noreply"): ("exact", "exact", "EOPNOTSUPP"),
    ("nul", "truncate"): ("ENOBUFS", "ENOBUFS", "ENOBUFS"),
    ("recv_cap", "100"): ("exact", "exact", "wrong"),
    ("recv_hex", "yes"): ("ECONNRESET", "ECONNRESET", "ECONNRESET"),
}

# (switch, value): the profile, and what comes of it.
WITH_PROFILE = {
    ("server_syntax", "legacy"): ({"server": "legacy"}, EXACT),
    ("recv_sep", "comma"): ({"recv_sep": "comma"}, EXACT),
    ("fixed_literal", "no"): ({"send": "hex"}, EXACT),
    ("nul", "truncate"): ({"send": "hex", "nul": "cut"}, ("ECONNRESET", "ECONNRESET", "EOPNOTSUPP")),
    ("recv_cap", "100"): ({"recv_max": 100}, ("exact", "exact", "EMSGSIZE")),
    ("recv_hex", "yes"): ({"recv": "hex"}, EXACT),
}

# (switch, value): what comes of EDGES, where that is not as on a plain module. Of those that need a profile: with it.
PLAIN_EDGES = ("ECONNREFUSED", "EADDRINUSE", "ECONNREFUSED", "exact", "exact")
OTHER_EDGES = {
    ("result_style", "55x"): ("ECONNREFUSED", "EADDRINUSE", "EHOSTUNREACH", "exact", "exact"),
    ("open_urc", "never"): ("ETIMEDOUT", "ETIMEDOUT", "ETIMEDOUT", "exact", "exact"),
    ("open_urc", "error"): ("EHOSTUNREACH", "EADDRINUSE", "EHOSTUNREACH", "exact", "exact"),
    ("server_syntax", "legacy"): ("ECONNREFUSED", "ETIMEDOUT", "ECONNREFUSED", "exact", "exact"),
    ("on_close", "discard"): ("ECONNREFUSED", "EADDRINUSE", "ECONNREFUSED", "lost", "exact"),
    ("udp_merge", "yes"): ("ECONNREFUSED", "EADDRINUSE", "ECONNREFUSED", "exact", "joined"),
    ("nul", "truncate"): ("ECONNREFUSED", "EADDRINUSE", "ECONNREFUSED", "exact", "EOPNOTSUPP"),
}

# What the columns do not say.
NOTES = {
    ("server_syntax", "legacy"): "with the profile a connection without data for 60 s is closed by the module",
    ("fixed_literal", "no"): "with the profile a datagram has 512 bytes at most, for nothing tells whether the limit counts digits",
    ("on_close", "discard"): "the module loses it, and nothing tells: rely on lengths, or on the end that TLS has",
    ("udp_server", "single_last_peer"): "a bound socket's peer is the unspecified address, and an answer to it goes to the last one heard",
    ("udp_server", "single_noreply"): "a bound socket receives, from the unspecified address; to answer is the errno",
    ("nul", "truncate"): "without the profile what is read loses, unseen, what follows a NUL; with it and data that has none: exact",
    ("recv_cap", "700"): 'a longer datagram is cut, unseen; with `{"recv_max": 700}` that is EMSGSIZE',
    ("recv_cap", "100"): "without the profile a longer datagram is cut, unseen; with it that is an errno, and others are exact",
    ("udp_merge", "yes"): 'nothing tells; with `{"udp": "joined"}` UDP is EOPNOTSUPP',
    ("udp_tail", "keep"): "the rest of a datagram of more than 1024 bytes comes as another; else it is lost",
    ("short_udp", "yes"): "together with short_write a datagram that is cut is EMSGSIZE",
    ("need_trailing_comma", "yes"): 'together with fixed_literal=no the profile is {"send": "hex_comma"}',
}


def plain(key):
    return EXPECTED.get(key, EXACT)


def best(key):
    """With the profile, where there is one."""
    return WITH_PROFILE[key][1] if key in WITH_PROFILE else plain(key)


def others():
    """Every reading but the plain ones, in the order of the rows."""
    return [(name, value) for _, name, readings, _ in SWITCHES for value in readings.split("|")[1:]]


def test_the_table_speaks_of_readings_that_there_are():
    every = set(others())
    for table in (EXPECTED, WITH_PROFILE, OTHER_EDGES, NOTES):
        assert set(table) <= every, set(table) - every
    for key, (_, row) in WITH_PROFILE.items():
        assert row != plain(key) and "wrong" not in row, key


def test_the_plain_reading_is_exact():
    for scene in SCENES:
        assert attempt(scene, {}) == "exact"


def test_each_reading_alone():
    for name, value in others():
        for scene, expected in zip(SCENES, plain((name, value))):
            got = attempt(scene, {name: value})
            assert got == expected, (name, value, scene.__name__, got)


def test_each_reading_that_has_a_profile_with_it():
    for (name, value), (profile, row) in WITH_PROFILE.items():
        for scene, expected in zip(SCENES, row):
            got = attempt(scene, {name: value}, profile)
            assert got == expected, (name, value, profile, scene.__name__, got)


def test_each_reading_at_the_edges_of_a_connection():
    assert edges({}) == PLAIN_EDGES
    for key in others():
        profile = WITH_PROFILE[key][0] if key in WITH_PROFILE else None
        got = edges(dict((key,)), profile)
        assert got == OTHER_EDGES.get(key, PLAIN_EDGES), (key, got)


def test_hexadecimal_both_ways_is_exact_whatever_its_lengths_count_and_whatever_a_nul_does():
    for more in ({}, {"hex_len": "chars"}, {"hex_limit": "chars"}, {"hex_len": "chars", "hex_limit": "chars"}):
        quirks = {"fixed_literal": "no", "nul": "truncate", "recv_hex": "yes"}
        quirks.update(more)
        for scene in SCENES:
            assert attempt(scene, quirks, {"send": "hex", "recv": "hex"}) == "exact", (more, scene.__name__)


def profile_of(quirks):
    """What a user who knows the module would write."""
    profile = {}
    for name, value in quirks.items():
        profile.update(WITH_PROFILE.get((name, value), ({},))[0])
    if profile.get("recv") == "hex":
        profile.pop("nul", None)  # digits have none
    if profile.get("send") == "hex" and quirks.get("need_trailing_comma") == "yes":
        profile["send"] = "hex_comma"
    return profile


def allowed(quirks, profile, column):
    """What may come of a combination: exact; or the errno of one of its readings, where that has one."""
    errnos = set()
    for key in quirks.items():
        if key != ("nul", "truncate") or "nul" in profile:
            errnos.add(best(key)[column])
    if column == 2 and quirks.get("short_udp") == "yes" and quirks.get("short_write", "0") != "0":
        errnos.add("EMSGSIZE")
    errnos.discard("exact")
    return errnos or {"exact"}


def test_combinations_move_the_same_bytes_or_end_with_the_errno_of_one_of_their_readings():
    exact = 0
    for seed in range(HERE):
        quirks = draw(seed)
        profile = profile_of(quirks)
        for column, scene in enumerate(SCENES):
            got = attempt(scene, quirks, profile)
            assert got in allowed(quirks, profile, column), (seed, quirks, profile, scene.__name__, got)
            exact += got == "exact"
    assert exact > HERE * 3 * 3 // 4, exact


def test_a_draw_has_every_switch_and_every_value_somewhere():
    drawn = set()
    for seed in range(COMBINATIONS):
        drawn.update(draw(seed).items())
    missing = {(name, value) for name in READINGS for value in READINGS[name]} - drawn
    assert len(missing) < 8, missing


# The README's appendix

COLUMNS = ("TCP client", "TCP server", "UDP")


def outcome(row):
    """A row of the table in words."""
    if row == EXACT:
        return "exact"
    if len(set(row)) == 1:
        return row[0]
    return ", ".join(["%s %s" % (column, result) for column, result in zip(COLUMNS, row)])


def written(profile):
    items = ['"%s": %s' % (key, value if isinstance(value, int) else '"%s"' % value) for key, value in sorted(profile.items())]
    return "{%s}" % ", ".join(items)


def sentence(key):
    """What the driver does with one value."""
    parts = [outcome(plain(key))]
    if key in WITH_PROFILE:
        profile, row = WITH_PROFILE[key]
        parts.append("with `%s` %s" % (written(profile), outcome(row)))
    for edge, plainly, got in zip(EDGES, PLAIN_EDGES, OTHER_EDGES.get(key, PLAIN_EDGES)):
        if got != plainly:
            parts.append("%s: %s" % (edge, got))
    return "`%s`: %s%s." % (key[1], "; ".join(parts), " (%s)" % NOTES[key] if key in NOTES else "")


def markdown():
    lines = ["| row | switch | readings | what the driver does |", "|---|---|---|---|"]
    for rows, name, readings, _ in SWITCHES:
        values = readings.split("|")
        special = [value for value in values if [table for table in (EXPECTED, OTHER_EDGES, NOTES) if (name, value) in table]]
        said = [sentence((name, value)) for value in special]
        if len(special) < len(values):
            said.insert(0, "exact" + (", but for:" if special else ""))
        cells = (", ".join(["E%d" % row for row in rows]), "`%s`" % name, ", ".join(["`%s`" % v for v in values]), " ".join(said))
        lines.append("| %s |" % " | ".join(cells))
    return "\n".join(lines)


def test_the_readme_has_this_table():
    with open(__file__.rpartition("/")[0] + "/../README.md") as readme:
        assert markdown() in readme.read(), "put what `python host_tests/test_readings.py` prints into the README's appendix"


if __name__ == "__main__":
    print(markdown())

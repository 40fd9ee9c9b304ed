"""modem.probe(): each field is the reading that the simulated module has, and the profile that comes of it moves the bytes."""

import json

from ec2x import Modem
from ec2x.fwd import Command
from ec2x.profile import Profiled
from ec2x.stopwatch import Stopwatch
from ec2x_sim.quirks import READINGS
from ec2x_sim.quirks import check as chosen
from probing import COVERED, FEWER, FIELDS, ON_CPYTHON, UNTOLD, brief, found, judge, rig_of
from readings import SCENES, Lcg, attempt, draw
from rig import Rig
from test_readings import allowed, profile_of

COMBINATIONS = 100 if ON_CPYTHON else 20


def full(seed):
    """Every switch, half of them plain."""
    lcg = Lcg(seed)
    lcg.below(2)
    return {name: READINGS[name][lcg.below(len(READINGS[name])) * lcg.below(2)] for name in sorted(READINGS)}


# What it finds


def test_a_plain_module_is_told_in_full():
    result = found({})
    judge({}, result)
    assert "why" not in result and None not in result.values()
    assert {key for key in result if not key.startswith("ms_")} == set(FIELDS)


def test_each_reading_alone():
    for name in COVERED:
        for value in READINGS[name][1 : None if ON_CPYTHON else 2]:
            result = found({name: value})
            judge({name: value}, result)
            untold = [field for field in FIELDS if result[field] is None]
            known = [field for fields, when, _ in UNTOLD for field in fields if when(chosen({name: value}))]
            assert sorted(untold) == sorted(known), (name, value, untold)


def test_other_readings_change_nothing():
    plain = found({})
    for name in READINGS:
        if name not in COVERED and ON_CPYTHON:
            for value in READINGS[name][1:]:
                result = found({name: value})
                assert [result[field] for field in FIELDS] == [plain[field] for field in FIELDS], (name, value, result)


def test_each_order_of_ids_is_told_from_the_others_also_behind_others_connections():
    for alloc in READINGS["accept_alloc"]:
        for reuse in READINGS["reuse"]:
            rig = rig_of({"accept_alloc": alloc, "reuse": reuse})
            fwd = rig.modem.fwd
            fwd.server(3, 2020)
            fwd.server(39001, 2021)
            for i in range(3):
                rig.dial(2020, 5000 + i)
            rig.pump(10)
            fwd.close(fwd.sstate(3)[1][1])
            before = fwd.servers(), fwd.clients()
            judge({"accept_alloc": alloc, "reuse": reuse}, rig.modem.probe())
            assert (fwd.servers(), fwd.clients()) == before


def test_combinations():
    for seed in range(COMBINATIONS):
        quirks = full(seed) if seed % 10 == 9 else draw(seed)
        judge(quirks, found(quirks))


def test_the_table_is_needed():
    met = set()
    for seed in range(100):
        q = chosen(full(seed))
        met.update([why for _, when, why in UNTOLD if when(q)] + [why for when, why in FEWER if when(q)])
    assert met == {row[-1] for row in UNTOLD + FEWER}


# What becomes of it


def test_the_driver_moves_the_bytes_with_what_was_found():
    for seed in range(0, 96, 8 if ON_CPYTHON else 48):
        quirks = draw(seed)
        if brief(chosen(quirks)):
            continue
        result = json.loads(json.dumps(found(quirks)))
        for column, scene in enumerate(SCENES):
            got = attempt(scene, quirks, result)
            may = set(allowed(quirks, profile_of(quirks), column))
            if column == 2 and result["udp"] == "joined":
                may = {"EOPNOTSUPP"}
            if column == 2 and result["recv_max"] < 640:
                may.add("EMSGSIZE")
            assert got in may, (seed, quirks, result, scene.__name__, got)


def test_the_driver_moves_the_bytes_where_a_profile_is_needed():
    for name, value in (("server_syntax", "legacy"), ("recv_sep", "comma"), ("fixed_literal", "no"), ("recv_hex", "yes")):
        result = found({name: value})
        for scene in SCENES:
            assert attempt(scene, {name: value}, result) == "exact", (name, value, scene.__name__)


def test_json_keeps_it():
    for quirks in ({}, {"read_urc": "lost", "reuse": "never"}):
        result = found(quirks)
        assert json.loads(json.dumps(result)) == result
        assert {type(value) for value in result.values()} <= {int, str, type(None)}
        Modem(None, profile=result)


def test_a_send_in_hex_is_as_long_as_its_limit_allows():
    for limit, most in (("bytes", 1024), ("chars", 512)):
        quirks = {"fixed_literal": "no", "hex_limit": limit}
        result = found(quirks)
        rig = Rig(module={"quirks": quirks}, profile=result)
        sizes = []
        rig.module.log = lambda kind, port, what: sizes.append(len(what)) if kind == "payload" else None
        sock, peer = rig.client()
        sock.sendall(b"x" * 1024)
        rig.until(lambda: peer.unread() == 1024)
        assert sizes == [2 * most] * (1024 // most)
        assert Profiled(result).MAX_DATAGRAM == most


def test_the_turnaround_of_each_command_is_measured():
    latencies = {"QFWDSEND": 20_000, "QFWDRECV": 30_000, "QFWDACK": 40_000, "QFWDCLOSE": 50_000, "*": 10_000}
    result = found({}, latency_us=latencies)
    judge({}, result)
    for name in ("send", "recv", "ack", "close", "server", "client", "sstate", "cfg"):
        wanted = latencies.get("QFWD" + name.upper(), 10_000) // 1000 * (2 if name == "send" else 1)
        assert wanted <= result["ms_" + name] <= wanted + 5, (name, result)


def test_the_turnaround_is_the_shortest_of_a_good_answer():
    rig = rig_of({})
    watch = Stopwatch(rig.modem)
    for ms, name in ((30, "QFWDACK=1"), (50, "QFWDCLOSE=?"), (20, "QFWDCLOSE=?"), (40, "QFWDCLOSE=?")):
        rig.module.latency_us = ms * 1000
        request = Command()
        request.line.start(b"AT+" + name.encode()).end()
        watch.ask(request)
    assert list(watch.took) == ["CLOSE"] and 20 <= watch.took["CLOSE"] <= 25, watch.took


def test_a_modem_with_a_profile_may_be_probed_and_keeps_it():
    quirks = {"recv_hex": "yes", "recv_sep": "comma", "server_syntax": "legacy"}
    rig = rig_of(quirks, profile={"recv": "hex", "recv_sep": "comma", "server": "legacy"})
    framer = rig.modem.chat.framer
    judge(quirks, rig.modem.probe())
    assert rig.modem.chat.framer is framer
    sock, peer = rig.client()
    peer.send(bytes(range(256)))
    assert sock.recv(256) == bytes(range(256))

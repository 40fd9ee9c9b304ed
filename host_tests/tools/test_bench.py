"""make bench: what is exact about it, virtual time and counts, holds in every run."""

import pytest

from ec2x_tools import bench, interpreter


@pytest.mark.parametrize("ms", bench.TURNAROUNDS_MS)
@pytest.mark.parametrize("baud", bench.BAUDS)
@pytest.mark.parametrize("direction", bench.WIRE)
def test_the_wire_is_used_to_97_percent_of_what_the_manual_allows(direction, baud, ms):
    row = bench.throughput(direction, baud, ms)
    assert bench.SHARE <= row["share_of_limit"] <= 1
    assert row["commands_per_kib"] <= bench.COMMANDS


def test_the_limit_is_the_manuals():
    assert bench.limit("down", 10720, 0) == pytest.approx(1024)
    assert bench.limit("up", 1_000_000_000, 10) == pytest.approx(1024 / 0.02, rel=0.01)


def test_recv_into_and_send_allocate_nothing_on_micropython():
    report = bench.steady(interpreter.find())
    assert report["recv_into"]["allocated"] == report["send"]["allocated"] == 0
    assert report["recv_into"]["cpu_ratio"] > 1 and report["send"]["cpu_ratio"] > 1

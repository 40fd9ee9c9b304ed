"""make bench's faults: each is noticed, and the link READY again, within the bounds that the README names."""

import pytest

from ec2x_tools.bench_faults import FAULTS, measure

QUICK = {"it restarts, and says RDY", "it powers down", "the data call ends, and it says so"}


@pytest.mark.parametrize("name, fault", FAULTS, ids=[name for name, _ in FAULTS])
def test_each_is_noticed_and_mended(name, fault):
    for used in (True, False):
        row = measure(fault, used)
        assert row["noticed_ms"] <= (13_000 if name in QUICK else 60_000), row
        assert row["ready_ms"] <= row["noticed_ms"] + 65_000, row


def test_what_is_never_mended_is_said_so():
    def fault(board):
        board.module.power_down(board.clock.us)
        board.module.power_on = lambda now: None

    from ec2x_tools import bench_faults

    row = bench_faults.measure(fault, False)
    assert row["noticed_ms"] is not None and row["ready_ms"] is None

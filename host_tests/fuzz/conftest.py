"""Time for long runs, and what was covered."""

import pytest

from fuzz.targets import SECONDS, SEED, played


def pytest_collection_modifyitems(items):
    for item in items:
        if SECONDS and "fuzz" in item.path.parts:
            item.add_marker(pytest.mark.timeout(SECONDS + 600))


def pytest_terminal_summary(terminalreporter):
    for name, (rounds, examples) in played.items():
        seeds = str(SEED) if rounds == 1 else "%d to %d" % (SEED, SEED + rounds - 1)
        terminalreporter.write_line("%6d examples, seed %s: %s" % (examples, seeds, name))

"""How long is fuzzed, and from which seed.

FUZZ_SEED=k repeats what was drawn from k; FUZZ_SECONDS=n goes on with the seeds that follow until the time is over. Without
either it is a fixed seed and a fixed number of examples: what `make test` can afford.
"""

import functools
import os
import time

from hypothesis import HealthCheck, Phase, given, seed, settings

_FIXED = 6

SECONDS = float(os.environ.get("FUZZ_SECONDS") or 0)
SEED = int(os.environ.get("FUZZ_SEED") or (int.from_bytes(os.urandom(3), "big") if SECONDS else _FIXED))

_weights = {}  # of each target, which share the time
played = {}  # name: (rounds, examples)


def target(examples, *strategies):
    """A test that gives `check` drawn values, that many times a seed."""

    def wrap(check):
        def test():
            _play(check, examples, strategies)

        _weights[check.__name__] = examples
        return test

    return wrap


def _play(check, examples, strategies):
    name = check.__name__
    share = SECONDS / len(_weights)
    end = time.monotonic() + share
    count = 0

    @functools.wraps(check)
    def counted(*drawn, **named):
        nonlocal count
        count += 1
        check(*drawn, **named)

    settle = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.target, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    rounds = 0
    while not rounds or time.monotonic() < end:
        try:
            seed(SEED + rounds)(settle(given(*strategies)(counted)))()
        except BaseException:
            print("To see it again: make fuzz SEED=%d" % (SEED + rounds))
            raise
        rounds += 1
        played[name] = rounds, count

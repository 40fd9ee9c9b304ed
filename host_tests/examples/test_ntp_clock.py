"""ntp_clock.py sets the clock of the board, whatever becomes of an answer."""

import struct

import udp
from devices import HOST, run
from example import SOON, reset, running, says

SINCE_1900 = 2208988800
RTC = """class RTC:
    def datetime(self, when):
        print("set", *when)
"""


def answer(query, seconds, stratum=2):
    return struct.pack("!BB22x8s8xQ", 0x24, stratum, query[40:], (seconds + SINCE_1900) % (1 << 32) << 32)


def told(tmp_path, replies, count, act=None):
    """What the example prints first when `replies` say, one after another, what becomes of what it asks."""

    def reply(query, number):
        assert len(query) == 48 and query[0] == 0x23
        return replies[min(number, len(replies) - 1)](query)

    async def scenario():
        constants = {"APN": None, "EVERY": SOON, "TIMEOUT": 2, "AGAIN, LONGEST": (SOON, SOON)}
        with udp.server(reply) as (port, failures):
            async with running(tmp_path, "ntp_clock.py", HOST, port, **constants) as app:
                lines = [await app.line() for _ in range(count)]
                if act:
                    await act(app)
        assert not failures
        return lines

    return run(scenario())


def test_the_clock_is_set_in_utc_and_after_2036_too(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "machine.py").write_text(RTC)
    times = [lambda query, at=at: answer(query, at) for at in (1_790_000_000, 2_200_000_000)]
    assert told(tmp_path, times, 4) == [
        "set 2026 9 21 0 14 13 20 0",
        "2026-09-21 14:13:20 UTC",
        "set 2039 9 18 6 23 6 40 0",
        "2039-09-18 23:06:40 UTC",
    ]


def test_what_is_no_answer_is_asked_again(tmp_path):
    replies = [
        lambda query: None,  # lost
        lambda query: answer(query, 1_790_000_000)[:40],
        lambda query: answer(bytes(48), 1_790_000_000),  # to somebody else
        lambda query: query,
        lambda query: answer(query, 1_790_000_000, 0),
        lambda query: answer(query, 1_790_000_000),
    ]
    *failures, time = told(tmp_path, replies, 6)
    assert all(line.startswith("no time:") for line in failures)
    reasons = ["timed out", *3 * ["not an answer"], "does not know"]
    assert all(reason in line for reason, line in zip(reasons, failures))
    assert time == "2026-09-21 14:13:20 UTC"


def test_it_goes_on_after_the_module_was_away(tmp_path):
    async def away(app):
        reset(app)
        assert "set" not in await says(app, "no time:")
        await says(app, "2026-09-21")

    told(tmp_path, [lambda query: answer(query, 1_790_000_000)], 1, away)

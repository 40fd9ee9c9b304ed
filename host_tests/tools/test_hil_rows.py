"""What a board tells becomes the result, whatever else it prints; and the host of make hil does what it is asked."""

import asyncio
import hashlib
import json

import pytest

from ec2x_tools.hil import collect, command, echo, schema, verdicts


@pytest.fixture
def rows():
    found = collect.Collector(command.begun(["soak"], 1), lambda *_: None)
    found.begin("soak")
    return found


def row(**what):
    return collect.MARK + json.dumps(what)


def test_what_is_no_row_is_a_note_and_tells_no_secret(rows):
    for line in (row(soak=[1, 4, 100])[:-3], "Traceback: AT+CPIN=1234", row(new_kind=1), "", row(soak=[2.0, 4, 200])):
        rows.line(line)
    assert rows.result["soak"]["bytes"] == 200 and len(rows.result["notes"]) == 3
    assert schema.check(rows.result).notes[1] == "soak: Traceback: AT+CPIN=***"


def test_the_counters_of_modems_made_anew_are_added(rows):
    rows.line(row(stats={"sent": 5, "lost": 0}))
    rows.begin("recovery")
    for sent in (3, 7):  # so far
        rows.line(row(stats={"sent": sent, "lost": 1}))
    assert rows.result["stats"] == {"sent": 12, "lost": 1}


def test_a_part_that_breaks_is_never_a_good_one(rows):
    rows.line(row(soak=[1, 4, 100], soaked=True))
    for part in ("soak", "doctor", "conformance", "integrity", "rates", "recovery"):
        rows.begin(part, 9600)
        rows.line(row(error="MemoryError"))
    assert {state for state, _ in verdicts.parts(schema.check(rows.result)).values()} == {"failed"}


def test_percentiles_are_of_what_was_measured():
    assert collect.percentiles([]) == {"n": 0}
    assert collect.percentiles(list(range(100, 0, -1))) == {"p50": 50, "p90": 90, "p99": 99, "n": 100}
    assert collect.percentiles([7.5]) == {"p50": 7.5, "p90": 7.5, "p99": 7.5, "n": 1}


class Peer:
    """Reader and writer of a connection on which these segments come."""

    def __init__(self, *segments):
        self._segments = list(segments)
        self.got = b""

    async def read(self, n):
        data = self._segments.pop(0) if self._segments else b""
        if data[n:]:
            self._segments.insert(0, data[n:])
        return data[:n]

    def write(self, data):
        self.got += data

    async def drain(self):
        pass


def said_to(*segments):
    peer = Peer(*segments)
    asyncio.run(echo.talk(peer, peer))
    return peer.got


@pytest.mark.parametrize(
    "segments", [(bytes(range(256)) * 2, b"\r\n"), (b"SO", b"S\n"), (b"SINK x\n", b"0\n"), (b"SINK 9",), (b"S" * 50,), ()]
)
def test_what_comes_goes_back_whatever_it_is(segments):
    assert said_to(*segments) == b"".join(segments)


def test_it_sources_and_sinks_what_the_board_can_check():
    data = (echo.BLOCK * 69)[:70_000]
    assert said_to(b"SOURCE 70000\n") == said_to(b"SOUR", b"CE 70000\r\n") == b"OK\n" + data
    digest = hashlib.sha256(data).hexdigest().encode()
    assert said_to(b"SINK 70000\n", data[:7], data[7:]) == said_to(b"SINK 70000\n" + data) == b"OK\n" + digest + b"\n"
    assert said_to(b"SINK 70000\n", data[:7]) == b"OK\n"  # the rest never came


def test_who_hangs_up_does_not_end_the_host():
    async def talk():
        async with echo.served() as port:
            for _ in range(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"SOURCE 4000000\n")
                assert await reader.readexactly(3) == b"OK\n"
                writer.transport.abort()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            writer.close()

    asyncio.run(asyncio.wait_for(talk(), 10))

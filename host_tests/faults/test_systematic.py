"""A sample of the systematic plans, each time the same; `make soak` plays them all."""

from itertools import islice

import pytest

import systematic
from ec2x import errors
from ec2x.flow import Flow
from ec2x.link import Link
from ec2x.stream import Buffers, StreamSocket
from scenes import SCENES

EACH = 37  # of the plans of a scene: a prime, so that all positions in a line and all faults come by

# Plans that were found to break a promise; each is played whole, always.
FOUND = (
    ("client", "prompt:0 lose"),  # the quarantine's escape and probe went to the peer, for the payload
    ("client", "prompt:0 late 40000"),
    ("client", "down:258 drop"),  # of the prompt, its `>`
    ("client", "command:5 late 40000"),
    ("client", "up:153 stall 40000"),
    ("two", "down:400 stall 40000"),
    ("two", "final:3 lose; command:4 late 2000; command:5 late 2000; command:6 late 2000"),  # an older probe's answer
    ("page", "urc:2 ap"),  # the read is refused, the peer has closed: taken for the end of what was never read
    ("page", "command:3 ap"),
    ("page", "final:3 ap"),
    ("page", "urc:2 ap; down:129 drop"),  # so it was where nothing had told of what was to be read
    ("page", "urc:1 lose; prompt:4 hang 20000; urc:5 lose; urc:2 ap"),
    ("page", "urc:1 lose; final:5 late 6000; down:267 ap; urc:0 lose"),
    ("server", "up:407 stall 9000; up:362 stall 9000; up:372 stall 1200; up:500 stall 6000"),  # drain() took a second more than its time
)


@pytest.mark.parametrize("name", sorted(SCENES))
@pytest.mark.parametrize("part", (0, 1))
def test_each_fault_at_any_place_loses_nothing_unseen(name, part):
    plans = list(systematic.plans(name))
    assert len(plans) > 2000
    wrong = [(plan, found) for plan in plans[part * EACH // 2 :: EACH] if (found := systematic.broken(name, plan))]
    assert not wrong, f"{len(wrong)} plans, the first: {name} {wrong[0][0]}: {wrong[0][1]}"


@pytest.mark.parametrize("name", sorted(SCENES))
def test_faults_that_meet_lose_nothing_unseen(name):
    plans = list(islice(systematic.drawn(name, 1), 20))
    assert len(set(plans)) > 15
    wrong = [(plan, found) for plan in plans if (found := systematic.broken(name, plan))]
    assert not wrong, f"{len(wrong)} plans, the first: {name} {wrong[0][0]}: {wrong[0][1]}"


@pytest.mark.parametrize("name, plan", FOUND)
def test_what_was_found_once_stays_mended(name, plan):
    assert not systematic.broken(name, plan)


def test_the_oracle_sees_a_driver_that_changes_a_byte(monkeypatch):
    peek = Buffers.peek

    def changed(self, skip, buf, n):
        n = peek(self, skip, buf, n)
        buf[n - 1] ^= 1
        return n

    monkeypatch.setattr(Buffers, "peek", changed)
    assert "is not what came" in systematic.broken("client", "")


def test_the_oracle_sees_a_driver_that_skips_a_byte(monkeypatch):
    take = StreamSocket._take

    def skipping(self, buf, n):
        n = take(self, buf, n)
        self._io.rx.ack(1)
        return n

    monkeypatch.setattr(StreamSocket, "_take", skipping)
    assert "is not what came" in systematic.broken("client", "")


def test_the_oracle_sees_a_driver_that_waits_too_long_and_an_error_that_is_no_oserror(monkeypatch):
    monkeypatch.setattr(StreamSocket, "_pump", lambda self, mask: self._modem.idle() or StreamSocket._pump(self, mask))
    assert systematic.broken("client", "down:250 stall 40000")
    monkeypatch.setattr(StreamSocket, "_pump", lambda self, mask: 1 // 0)
    assert "ZeroDivisionError" in systematic.broken("client", "")


def test_the_oracle_sees_a_link_that_does_not_come_back(monkeypatch):
    monkeypatch.setattr(Link, "restarted", lambda self, *line: None)
    monkeypatch.setattr(Link, "lost", lambda self: None)
    assert "no connection works again" in systematic.broken("client", "final:3 reset")


def test_the_oracle_sees_a_loss_that_is_not_counted(monkeypatch):
    def lost(self):
        self.errno = errors.ECONNRESET
        self._gone()

    monkeypatch.setattr(Flow, "lost", lost)
    assert "stats() does not say why" in systematic.broken("client", "down:250 reset")

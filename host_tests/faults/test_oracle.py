"""Each thing that the oracle says can be said: it fails where it should, and only there."""

import pytest

import systematic
from day import Day
from ec2x import errors
from ec2x.flow import Flow
from ec2x.traffic import Receiver
from oracle import Datagrams, Stream, Wrong
from world import BACK_MS, World


def stream(sent, got, ended=False, end_seen=False, filler=False):
    it = Stream("it")
    it.sent.extend(sent)
    it.got.extend(got)
    it.ended = ended
    it.end_seen = end_seen
    it.check(filler)


def wrong(call, *args, **kw):
    with pytest.raises(Wrong) as error:
        call(*args, **kw)
    return str(error.value)


def test_a_stream_is_a_prefix():
    for got in (b"", b"a", b"abcdef"):
        stream(b"abcdef", got)
    for got in (b"b", b"abd", b"aab", b"abcdefg", b"ab\0", b"abcdef\r"):
        assert "is not what came" in wrong(stream, b"abcdef", got)


def test_an_end_is_one_that_was_made_and_comes_last():
    stream(b"abc", b"abc", ended=True, end_seen=True)
    stream(b"abc", b"ab", ended=True)
    assert "an end that nobody made" in wrong(stream, b"abc", b"abc", end_seen=True)
    assert "the end came after 2 of 3" in wrong(stream, b"abc", b"ab", ended=True, end_seen=True)


def test_filler_may_only_follow_and_only_where_a_board_was_reset():
    for filler in (b"\r\r\r", b"\x1b\r\r\r\x1a\r", b"ATE0Q0V1\r", b"ATE0", b"AT+CMEE?\r\r"):
        stream(b"abcdef", b"abc" + filler, filler=True)
        wrong(stream, b"abcdef", b"abc" + filler)
        wrong(stream, b"abcdef", b"abc" + filler + b"def", filler=True)
    wrong(stream, b"abcdef", b"abcAT+QIACT?\r", filler=True)


def test_a_datagram_comes_whole_once_and_in_order_or_not():
    def check(*got):
        it = Datagrams("it")
        it.sent = [b"one", b"two", b"three"]
        it.got = list(got)
        it.check()

    for got in ((), (b"two",), (b"one", b"three"), (b"one", b"two", b"three")):
        check(*got)
    for got in ((b"two", b"one"), (b"one", b"one"), (b"on",), (b"onetwo",), (b"one", b"")):
        wrong(check, *got)


def test_a_call_ends_in_time_and_fails_with_one_of_our_errnos():
    def fails(number):
        raise OSError(number, "")

    world = World()
    assert world.call(1000, fails, errors.ECONNRESET) is None and world.failures[-1][1] == errors.ECONNRESET
    assert world.call(0, fails, errors.EAGAIN) is None and len(world.failures) == 1
    for ms, number in ((1000, errors.EAGAIN), (1000, errors.EINVAL), (1000, errors.ENOMEM), (0, 0)):
        wrong(world.call, ms, fails, number)
    with pytest.raises(ZeroDivisionError):
        world.call(0, lambda: 1 // 0)
    world.call(5000, world.pump, 5000)
    assert "takes" in wrong(world.call, 5000, world.pump, 6000)


def test_a_link_that_comes_back_too_late_has_not_come_back():
    world = World("internet")
    world.begin()
    works = world._works
    world._works = lambda: world.now() > BACK_MS + 60_000 and works()
    assert "no connection works again" in wrong(world.comes_back)


def test_a_stream_that_stands_still_and_does_not_fail_is_seen(monkeypatch):
    monkeypatch.setattr(Receiver, "looks", lambda self, now: False)
    assert "and nothing fails" in systematic.broken("client", "urc:1 lose")


def test_an_end_that_is_told_before_the_last_byte_is_seen(monkeypatch):
    def closed(self):
        self.closed = self.receiver.eof = True

    monkeypatch.setattr(Flow, "peer_closed", closed)
    assert "the end came after" in systematic.broken("page", "")


def test_an_end_that_nobody_made_is_seen_on_an_accepted_connection_too(monkeypatch):
    opened = Receiver.watch

    def ends(self, now, flows=1):
        flow = self._flow
        if flow.kind == 2 and flow.table.counts[0] % 7 == 0:
            flow.peer_closed()
        opened(self, now, flows)

    monkeypatch.setattr(Receiver, "watch", ends)
    assert "served down: an end that nobody made" in wrong(Day(31, hour_ms=600_000).run, 1)

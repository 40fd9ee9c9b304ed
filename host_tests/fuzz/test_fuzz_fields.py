"""Any bytes as a line: what reads it gives a value, None or a ModemError, and the value that a plain reader finds."""

import datetime

from hypothesis import strategies as st

from ec2x import ModemError, clock, fields, strings
from ec2x.forms import Forms
from ec2x.fwd import _field
from ec2x.profile import Profiled
from fuzz import plainly
from fuzz.steps import Steps
from fuzz.targets import target
from fuzz.tokens import lines, noise, urcs

INCOMING = 2  # as qfwd.py has it
_WORDS = (b"client/read", b"client/incoming", b"active", b"uart1", b"ready", b"sim pin", b"tcp")

line = st.one_of(lines, urcs, noise).map(lambda text: text.replace(b"\r", b"")[:511])
k = st.integers(0, 8)
margin = st.binary(max_size=12)


def span(before, line, after):
    """The line in the middle of a buffer, as a framer tells it."""
    buf = bytearray(before + line + b"\r" + after)
    return buf, len(before), len(before) + len(line)


@target(800, margin, line, margin, k)
def test_a_field_is_what_a_plain_reader_finds_whatever_lies_around_the_line(before, line, after, k):
    buf, start, end = span(before, line, after)
    rest = plainly.field(line, k)
    with Steps(40 * (k + 4)):
        number, text, at = fields.integer(buf, start, end, k), strings.text(buf, start, end, k), fields.find(buf, start, end, k)
        same = [fields.same(buf, start, end, k, word) for word in _WORDS]
    assert number == plainly.integer(line, k)
    assert text == plainly.text(line, k)
    assert at == (-1 if rest is None else end - len(rest))
    assert same == [plainly.same(line, k, word) for word in _WORDS]


@target(400, line, st.integers(1, 65535), st.integers(0, 1024), k)
def test_the_dialect_believes_no_line_that_is_not_right(line, id, most, k):
    """Counts, ids, ports and results are in their range, or there are none."""
    buf, start, end = span(b"", line, b'1,2,3"')
    for dialect in (Forms(), Profiled({"recv": "hex", "send": "hex_comma"})):
        event = dialect.event(buf, start, end)
        assert event in (0, 1, INCOMING, 3, 4)
        if event:
            assert 0 < dialect.id < 65536
            assert event != INCOMING or 0 < dialect.child < 65536
        assert -1 <= dialect.counted(buf, start, end, id, most) <= most
        assert -1 <= dialect.queue(buf, start, end, id, k) < 10**9
        for peer in (dialect.peer(buf, start, end), dialect.state(buf, start, end)):
            assert peer is None or isinstance(peer[0], str) and 0 <= peer[1] < 65536
        assert dialect.lists(buf, start, end, id, 80, False) in (True, False)
        if isinstance(plainly.integer(line, k), int):
            assert dialect.errno(plainly.integer(line, k), True) > 0
    for kind in "nsw":
        value = _field(line, 0, k, kind)
        assert value is None or isinstance(value, int if kind == "n" else str)


@target(200, line, st.one_of(st.none(), line.map(lambda line: strings.decode(line, 0, len(line))), st.integers()))
def test_an_error_has_words_for_whatever_the_module_says(line, cme):
    about = strings.decode(line, 0, len(line))
    error = ModemError(5, about, cme, cme if isinstance(cme, int) else None)
    assert about in error.args[1] and error.cme == cme and (cme is None or str(cme) in error.args[1])


clocks = st.text("0123456789/:,+-. a", max_size=30)
moments = st.datetimes(datetime.datetime(2020, 1, 2), datetime.datetime(2079, 12, 30))


@target(300, clocks, moments, st.integers(-96, 96), st.booleans())
def test_a_time_is_a_true_one_or_none(told, moment, quarters, long):
    for text in (told, told + "24/02/29,12:00:00+04", "%s/02/29,12:%s:00+04" % (told[:4], told[4:6])):
        for local in (True, False):
            now = clock.parse(text, local)
            if now:
                true = datetime.datetime(*now[:6])
                assert now[6:] == (true.weekday(), true.timetuple().tm_yday)
    text = moment.strftime("%Y/%m/%d,%H:%M:%S" if long else "%y/%m/%d,%H:%M:%S") + "%+03d" % quarters
    utc = moment - datetime.timedelta(minutes=15 * quarters)
    assert clock.parse(text)[:6] == utc.timetuple()[:6]

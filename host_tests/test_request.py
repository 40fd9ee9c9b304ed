"""request.py: nobody can speak to the module through a name, and a line is what it was meant to be."""

from ec2x.request import BROKEN, OK, REFUSED, TIMEOUT, Line, Request, check
from expect import raises
from heap import locked


def written(line):
    return bytes(line.buf[: line.n])


def nothing(*args):
    pass


def test_a_text_that_could_end_its_quotes_or_its_line_is_refused():
    for code in range(256):
        good = 32 <= code <= 126 and code != 34
        for raw in (bytes([code]), b"host" + bytes([code]), bytes([code]) + b"AT+CFUN=0", b"a" + bytes([code]) + b"b"):
            if good:
                assert check(raw, "the name", 255) == raw
                assert check(raw.decode(), "the name", 255) == raw
            else:
                error = raises(ValueError, check, raw, "the name", 255)
                assert "the name" in str(error)


def test_a_text_with_letters_that_an_at_command_does_not_have_is_refused():
    for text in ("münchen.example", "a\u20acb", "\u0416"):
        raises(ValueError, check, text, "the name", 255)


def test_a_text_too_long_is_refused_not_cut():
    assert check("x" * 255, "the name", 255) == b"x" * 255
    raises(ValueError, check, "x" * 256, "the name", 255)
    raises(ValueError, check, "x", "the name", 0)
    assert check("", "the name", 0) == b""


def test_a_refused_text_leaves_nothing_that_could_be_sent_on():
    line = Line().start(b"AT+X=")
    before = written(line)
    for bad in ('a"b', "a\rb", "a\nb", "a\x1ab", "a\0b", "a" * 5):
        raises(ValueError, line.start(b"AT+X=").quoted, bad, "the name", 4)
        assert written(line)[: len(before)] == before
        assert b"\r" not in written(line) and b"a" not in written(line)[len(before) :]


def test_numbers_are_written_in_full():
    for value in (0, 1, 9, 10, 19, 99, 100, 1024, 65535, 99999, 999999999):
        line = Line().start(b"AT+X=").number(value).end()
        assert written(line) == b"AT+X=%d\r" % value


def test_a_line_is_the_command_and_nothing_of_the_one_before():
    line = Line()
    line.start(b"AT+A=").quoted("a rather long name", "the name", 255).add(b",").number(123456).end()
    assert written(line) == b'AT+A="a rather long name",123456\r'
    line.start(b"AT+B=").number(7).add(b",").number(0).end()
    assert written(line) == b"AT+B=7,0\r"


def test_a_command_too_long_is_refused_and_never_cut():
    line = Line(100)
    line.start(b"x" * 60)
    raises(ValueError, line.add, b"y")
    assert written(line) == b"x" * 60
    line.number(999999999).number(999999999).number(999999999).number(999999999).end()  # what 40 places are spared for
    assert written(line) == b"x" * 60 + b"999999999" * 4 + b"\r"
    assert len(line.buf) == 100
    raises(ValueError, Line().add, b"x" * 400)


def test_the_ways_to_end_are_four_different_ones():
    assert len({OK, REFUSED, TIMEOUT, BROKEN}) == 4
    assert OK < REFUSED < TIMEOUT < BROKEN, "flow.py compares them"


def test_a_new_request_asks_for_nothing_special():
    request = Request(nothing, nothing, nothing)
    assert (request.prefix, request.timeout, request.payload) == (b"", 300, None)
    assert (request.bare, request.careless, request.prompted, request.cme) == (False, False, False, None)
    assert request.line.n == 0


def test_a_request_used_again_keeps_nothing_of_its_last_use():
    request = Request(nothing, nothing, nothing)
    request.carry(request, 1024, 26)
    request.bare = request.careless = True
    assert (request.payload, request.size, request.end) == (request, 1024, 26)
    request.plain(b"+X:", 5000)
    assert (request.prefix, request.timeout) == (b"+X:", 5000)
    assert (request.payload, request.size, request.end, request.bare, request.careless) == (None, 0, 0, False, False)


def test_building_a_command_takes_no_memory():
    request = Request(nothing, nothing, nothing)
    start, comma, prefix = b"AT+QFWDSEND=", b",", b"+QFWDSEND:"

    def build():
        for value in (0, 9, 40000, 65535):
            request.plain(prefix, 5000)
            request.line.start(start).number(value).add(comma).number(1024).end()
            request.carry(request, 1024, 0)

    locked(build)
    assert written(request.line) == b"AT+QFWDSEND=65535,1024\r"

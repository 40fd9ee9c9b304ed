"""framings.py: data behind a comma, and data as digits, however the bytes come."""

from ec2x.framer import Framer
from ec2x.framings import Framing
from heap import locked
from split import PAYLOADS, feed, pieces, ways

HEADERS = (b"+N:", b"+NN:")
ALL = bytes(range(256))
BROKEN = b"<broken>"
PROMPT = b"<prompt>"


class Log:
    """A framing and what it tells. A line `+N: id,n` is followed by n bytes of data."""

    def __init__(self, comma=False, digits=False, prompt=False, size=512):
        self.said = []
        self.firsts = b""  # what followed the prompts
        plain = Framer(self._line, self._prompt, self._first, self._data, self._broken, size)
        self.framer = Framing(plain, HEADERS, comma, digits)
        self.framer.prompt = prompt

    def _line(self, buf, start, end):
        line = bytes(buf[start:end])
        self.said.append(line)
        if line.startswith(b"+N"):
            self.framer.expect(int(line.split(b",")[1]))

    def _prompt(self):
        self.said.append(PROMPT)

    def _first(self, byte):
        self.firsts += bytes((byte,))

    def _data(self, buf, start, end):
        if isinstance(self.said[-1], list):
            self.said[-1][0] += bytes(buf[start:end])
        else:
            self.said.append([bytes(buf[start:end])])

    def _broken(self):
        self.said.append(BROKEN)


def heard(wire, *said, **kw):
    for way in ways(wire):
        log = Log(**kw)
        feed(log.framer.feed, way)
        assert log.said == list(said), (way, log.said)


def digits_of(data):
    return b"".join([b"%02X" % byte for byte in data])


def test_data_behind_the_second_comma_of_its_header_is_exact():
    for data in PAYLOADS + (b",", b",,1,2", b"+N: 1,2,x", b">"):
        for name in HEADERS:
            wire = b"\r\n%s 1,%d,%s\r\n\r\nOK\r\n" % (name, len(data), data)
            heard(wire, b"%s 1,%d," % (name, len(data)), [data], b"OK", comma=True)
            heard(wire, b"%s 1,%d," % (name, len(data)), [data], b"OK", comma=True, prompt=True)


def test_data_behind_a_line_of_its_own_is_exact_as_well():
    for data in PAYLOADS:
        heard(b"\r\n+N: 1,%d\r\n%s\r\n\r\nOK\r\n" % (len(data), data), b"+N: 1,%d" % len(data), [data], b"OK", comma=True)


def test_commas_in_other_lines_begin_no_data():
    for line in (b'+U: "client/open",40000,0', b'+U: "a",1,2,"b",3', b"+X,,,,", b"+,", b"OK,,,", b"1,2,3"):
        heard(b"\r\n" + line + b"\r\n\r\nOK\r\n", line, b"OK", comma=True)


def test_a_line_too_long_is_one_even_where_commas_count():
    log = Log(comma=True, size=512)
    feed(log.framer.feed, pieces(b"\r\n+" + b"x" * 600 + b",,,,\r\n\r\nOK\r\n", 100))
    assert log.said == [b"", b"OK"] and log.framer.too_long == 1


def test_what_follows_a_prompt_is_an_answer_and_no_header():
    wire = b"\r\n> \r\n+S: 1,2,3\r\n\r\n+N: 1,2,ab\r\n\r\nOK\r\n"
    heard(wire, PROMPT, b"+S: 1,2,3", b"+N: 1,2,", [b"ab"], b"OK", comma=True, prompt=True)
    for way in ways(wire):
        log = Log(comma=True, prompt=True)
        feed(log.framer.feed, way)
        assert log.firsts == b"+", way


def test_a_wrong_count_behind_a_comma_is_noticed_at_once():
    for tail in (b"OK\r\n", b"\r\nOK\r\n", b"x\r\n\r\nOK\r\n"):
        log = Log(comma=True)
        feed(log.framer.feed, [b"\r\n+N: 1,3,abc" + tail])
        assert log.said[2] == BROKEN, log.said


def test_digits_are_the_bytes_that_they_mean():
    for data in PAYLOADS + (ALL,):
        for shown in (digits_of(data), digits_of(data).lower()):
            heard(b"\r\n+N: 1,%d\r\n%s\r\n\r\nOK\r\n" % (len(data), shown), b"+N: 1,%d" % len(data), [data], b"OK", digits=True)
    data = ALL * 4
    for size in (1, 7, 255, 4096):
        log = Log(digits=True)
        feed(log.framer.feed, pieces(b"\r\n+N: 1,1024\r\n" + digits_of(data) + b"\r\n\r\nOK\r\n", size))
        assert log.said == [b"+N: 1,1024", [data], b"OK"]


def test_what_is_no_digit_is_noticed_at_once():
    for wrong in b"\x00/:@G`g\xff \r":
        for at in range(6):
            shown = bytearray(b"616263")
            shown[at] = wrong
            log = Log(digits=True)
            feed(log.framer.feed, [b"\r\n+N: 1,3\r\n" + bytes(shown) + b"\r\n\r\nOK\r\n"])
            assert BROKEN in log.said, (wrong, at)


def test_half_a_pair_that_was_given_up_is_no_part_of_the_next():
    log = Log(digits=True)
    feed(log.framer.feed, [b"\r\n+N: 1,3\r\n61626"])
    log.framer.reset()
    feed(log.framer.feed, [b"\r\n+N: 1,2\r\n6364\r\n\r\nOK\r\n"])
    assert log.said[2:] == [b"+N: 1,2", [b"cd"], b"OK"], log.said


def test_digits_behind_a_comma_are_both():
    data = ALL[:40] + b"\r\nOK\r\n"
    heard(b"\r\n+N: 1,%d,%s\r\n\r\nOK\r\n" % (len(data), digits_of(data)), b"+N: 1,%d," % len(data), [data], b"OK", comma=True, digits=True)


def test_a_header_too_long_for_a_line_is_none():
    for way in ways(b'+N: 1,"' + b"9" * 600 + b'",2\r\nOK\r\n'):
        log = Log(comma=True)
        feed(log.framer.feed, way)
        assert log.said == [b"", b"OK"], [len(piece) for piece in way]


def test_neither_takes_memory():
    seen = [0]

    def on_line(buf, start, end):
        if buf.startswith(b"+N: 1,300", start):
            framing.expect(300)

    def on_data(buf, start, end):
        seen[0] += end - start

    wires = (
        (Framing(Framer(on_line, None, None, on_data, None), HEADERS, True, False), b"\r\n+N: 1,300," + bytes(300)),
        (Framing(Framer(on_line, None, None, on_data, None), HEADERS, False, True), b"\r\n+N: 1,300\r\n" + b"00" * 300),
    )
    for framing, wire in wires:
        parts = [[bytearray(part) for part in pieces(wire + b"\r\n\r\nOK\r\n", size)] for size in (1, 3, 64, 256)]

        def run(framing=framing, parts=parts):
            for way in parts:
                for part in way:
                    framing.feed(part, len(part))

        seen[0] = 0
        locked(run)
        assert seen[0] == 1200

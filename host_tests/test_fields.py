"""fields.py: what the driver reads in a line of the module."""

from ec2x import fields
from heap import locked

# line, k, where the field starts, as an integer, as a text
TABLE = (
    (b"1,2,3", 0, 0, 1, "1"),
    (b"1,2,3", 2, 4, 3, "3"),
    (b"1,2,3", 3, -1, None, None),
    (b"", 0, 0, None, ""),
    (b"", 1, -1, None, None),
    (b",", 0, 0, None, ""),
    (b",", 1, 1, None, ""),
    (b" 7", 0, 1, 7, "7"),
    (b" 7 , 8", 0, 1, 7, "7 "),
    (b" 7 ,  8 ", 1, 6, 8, "8 "),
    (b'"a,b",5', 0, 0, None, "a,b"),
    (b'"a,b",5', 1, 6, 5, "5"),
    (b'"a,b" ,5', 1, 7, 5, "5"),
    (b'"",5', 0, 0, None, ""),
    (b'"",5', 1, 3, 5, "5"),
    (b'x,"192.168.225.58",56784', 1, 2, None, "192.168.225.58"),
    (b'x,"192.168.225.58",56784', 2, 19, 56784, "56784"),
    (b'"never closed,5', 0, 0, None, None),
    (b'"never closed,5', 1, -1, None, None),
    (b'"', 0, 0, None, None),
    (b'"', 1, -1, None, None),
    (b'"5"', 0, 0, None, "5"),
    (b"0", 0, 0, 0, "0"),
    (b"007", 0, 0, None, "007"),  # a 1007, say, that has lost its first digit
    (b"00", 0, 0, None, "00"),
    (b"-1", 0, 0, -1, "-1"),
    (b"-0", 0, 0, 0, "-0"),
    (b"-", 0, 0, None, "-"),
    (b"--1", 0, 0, None, "--1"),
    (b"- 1", 0, 0, None, "- 1"),
    (b"+1", 0, 0, None, "+1"),
    (b"1-", 0, 0, None, "1-"),
    (b"12x", 0, 0, None, "12x"),
    (b"0x10", 0, 0, None, "0x10"),
    (b"1 2", 0, 0, None, "1 2"),
    (b"1.5", 0, 0, None, "1.5"),
    (b"999999999", 0, 0, 999999999, "999999999"),
    (b"-999999999", 0, 0, -999999999, "-999999999"),
    (b"1000000000", 0, 0, None, "1000000000"),
    (b"0000000001", 0, 0, None, "0000000001"),
    (b"-,1", 1, 2, 1, "1"),
    (b"\0", 0, 0, None, "\0"),
    (b"caf\xc3\xa9\x7f\xff", 0, 0, None, "caf????"),
)

# What stands around a line in its buffer must not be read.
AROUND = ((b"", b""), (b"9", b"9"), (b"-", b"0,5,6,7"), (b'"', b'"'), (b",", b","), (b" ", b' "x",'), (b"\n", b"\r\n"))


def spans():
    """Each line of the table within each buffer."""
    for line, k, at, number, text in TABLE:
        for before, behind in AROUND:
            start = len(before)
            yield bytearray(before + line + behind), start, start + len(line), k, at, number, text


def test_a_field_is_found_where_it_starts_and_only_inside_its_line():
    for buf, start, end, k, at, _, _ in spans():
        assert fields.find(buf, start, end, k) == (at + start if at >= 0 else -1), (buf, k)


def test_a_number_is_read_exactly_and_nothing_else_is_taken_for_one():
    for buf, start, end, k, _, number, _ in spans():
        assert fields.integer(buf, start, end, k) == number, (buf, k)


def test_a_line_cut_at_any_place_is_read_as_what_is_left_or_not_at_all():
    line = bytearray(b'"client/incoming",1,-2,"192.168.225.58",56784')
    for end in range(len(line) + 1):
        for k in range(6):
            number = fields.integer(line, 0, end, k)
            assert number is None or b"%d" % number in bytes(line[:end])


def test_a_count_of_a_billion_digits_ends_the_reading_at_the_tenth():
    line = bytearray(b"1" * 400)
    for n in range(1, 400):
        number = fields.integer(line, 0, n, 0)
        assert number == (int("1" * n) if n < 10 else None)


def test_a_word_is_known_quoted_or_not_and_in_any_case():
    word = b"client/read"
    for line in (b'"client/read"', b"client/read", b'"CLIENT/Read"', b'"client/read",1', b"client/read,1", b'  "client/read"'):
        for before, behind in AROUND:
            buf = bytearray(before + line + behind)
            start = len(before)
            assert fields.same(buf, start, start + len(line), 0, word), buf
    assert fields.same(bytearray(b'1,"ready"'), 0, 9, 1, b"ready")


def test_another_word_is_not_taken_for_it():
    word = b"client/read"
    for line in (b"", b'"', b'"client/rea"', b"client/rea", b'"client/ready"', b"client/reads", b'"client/rEbd"', b"xclient/read", b"1"):
        for behind in (b"", b"d", b'd"', b",", b'"'):
            buf = bytearray(line + behind)
            assert not fields.same(buf, 0, len(line), 0, word), buf
    assert not fields.same(bytearray(b'"ready"'), 0, 7, 1, b"ready")
    for byte in range(256):  # only letters have a case
        for other in range(33, 127):
            alike = byte == other or 97 <= other <= 122 and byte == other - 32
            if byte not in b' ",' and not 65 <= other <= 90:
                assert fields.same(bytearray([byte]), 0, 1, 0, bytes([other])) == alike, (byte, other)


def test_reading_a_line_takes_no_memory():
    line = bytearray(b'+QFWDURC: "client/incoming",1,2,"192.168.225.58",56784')
    end = len(line)
    word = b"client/incoming"

    def read():
        for k in range(6):
            fields.find(line, 9, end, k)
            fields.integer(line, 9, end, k)
        return fields.same(line, 9, end, 0, word)

    assert locked(read)


def test_a_span_is_equal_only_to_the_very_bytes():
    buf = b"xAT+CSQ\r"
    assert fields.equal(buf, 1, 7, b"AT+CSQ\r", 6)
    for other, n in ((b"AT+CSQ\r", 7), (b"AT+CSQ\r", 5), (b"AT+CSX", 6), (b"at+csq", 6)):
        assert not fields.equal(buf, 1, 7, other, n), other

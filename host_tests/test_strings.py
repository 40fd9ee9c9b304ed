"""strings.py: what becomes a str, and that nothing else does."""

from ec2x import strings
from test_fields import spans


def test_a_name_is_read_without_its_quotes_and_never_beyond_them():
    for buf, start, end, k, _, _, text in spans():
        assert strings.text(buf, start, end, k) == text, (buf, k)


def test_a_line_cut_at_any_place_gives_only_what_is_left():
    line = bytearray(b'"client/incoming",1,-2,"192.168.225.58",56784')
    for end in range(len(line) + 1):
        for k in range(6):
            text = strings.text(line, 0, end, k)
            assert not text or text.encode() in bytes(line[:end])


def test_bytes_that_no_at_line_has_do_not_raise_and_show_as_question_marks():
    line = bytearray(range(256))
    shown = strings.decode(line, 0, 256)
    assert len(shown) == 256
    assert shown[:127] == bytes(line[:127]).decode()
    assert shown[127:] == "?" * 129
    assert strings.decode(line, 65, 68) == "ABC"
    assert strings.decode(line, 9, 9) == ""

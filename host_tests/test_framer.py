"""framer.py: bytes to lines, prompts and counted data, however the bytes come."""

from ec2x.framer import Framer
from heap import locked
from split import PAYLOADS, feed, pieces, ways


class Log:
    """A framer and what it tells. A line `+N: n` is followed by n bytes of data."""

    def __init__(self, prompt=False, size=512):
        self.said = []  # ("line", bytes), "prompt", ("data", bytes), "broken"
        self.firsts = b""  # what followed the prompts
        self.echo = 0  # how much of what follows a prompt is to be ignored
        self.framer = Framer(self._line, self._prompt, self._first, self._data, self._broken, size)
        self.framer.prompt = prompt

    def _line(self, buf, start, end):
        line = bytes(buf[start:end])
        self.said.append(("line", line))
        if line.startswith(b"+N: "):
            self.framer.expect(int(line[4:]))

    def _prompt(self):
        self.said.append("prompt")

    def _first(self, byte):
        self.firsts += bytes((byte,))
        self.framer.ignore = self.echo

    def _data(self, buf, start, end):
        assert end > start, "a span of nothing"
        last = self.said[-1]
        if last[0] == "data":
            self.said[-1] = ("data", last[1] + bytes(buf[start:end]))
        else:
            self.said.append(("data", bytes(buf[start:end])))

    def _broken(self):
        self.said.append("broken")


def heard(wire, *said, prompt=False):
    """However the wire is cut, it says this."""
    for way in ways(wire):
        log = Log(prompt)
        feed(log.framer.feed, way)
        assert log.said == list(said), (way, log.said)


def line(text):
    return ("line", text)


def test_a_line_is_the_same_however_it_comes():
    heard(b"\r\nOK\r\n", line(b"OK"))
    heard(b"\r\n+QFWDURC: 1\r\n\r\n+CSQ: 20,99\r\n\r\nOK\r\n", line(b"+QFWDURC: 1"), line(b"+CSQ: 20,99"), line(b"OK"))


def test_an_answer_without_the_leading_cr_lf_or_with_more_of_them_is_understood():
    heard(b"OK\r\n", line(b"OK"))
    heard(b"OK\r", line(b"OK"))
    heard(b"\r\n\r\n\r\nOK\r\r\n", line(b"OK"))
    heard(b"AT\r\r\nOK\r\n", line(b"AT"), line(b"OK"))
    heard(b"\n \r\n  OK\r\n", line(b"OK"))


def test_an_empty_line_is_nothing():
    heard(b"\r\n\r\n\n\n\r\r \r\n")


def test_a_line_waits_for_its_end():
    heard(b"\r\nOK")
    heard(b"\r\nOK\r\n\r\n+CS", line(b"OK"))


def test_bytes_of_noise_are_a_line_like_any_other():
    noise = bytes([i for i in range(256) if i not in (10, 13, 32, 62)])
    heard(noise + b"\r\nOK\r\n", line(noise), line(b"OK"))
    heard(b"\r\na\nb c>d\r\n", line(b"a\nb c>d"))


def test_the_prompt_is_seen_only_when_it_is_awaited():
    heard(b"\r\n> ", "prompt", prompt=True)
    heard(b">", "prompt", prompt=True)
    heard(b"\r\n> ")
    heard(b"\r\n> \r\nOK\r\n", line(b"> "), line(b"OK"))


def test_a_prompt_right_behind_an_echo_which_has_no_line_feed_is_seen():
    for prompt in (b">", b"> ", b"\r\n> ", b"\r\n>\r\n"):
        heard(b"AT+X\r" + prompt, line(b"AT+X"), "prompt", prompt=True)


def test_what_follows_a_prompt_is_told_by_its_first_byte_that_is_no_blank():
    for way in ways(b"AT+X\r\n> \r\n \r\n+X: 1\r\n\r\nOK\r\n"):
        log = Log(prompt=True)
        feed(log.framer.feed, way)
        assert log.firsts == b"+", way


def test_what_is_to_be_ignored_behind_a_prompt_begins_with_that_byte():
    for payload in (b"OK\r\nERROR\r\n> ", b"x", b"+X: 1\r\n"):
        for prompt in (b">", b"> ", b"\r\n>\r\n"):
            for way in ways(prompt + payload + b"\r\nOK\r\n"):
                log = Log(prompt=True)
                log.echo = len(payload)
                feed(log.framer.feed, way)
                assert log.said == ["prompt", line(b"OK")] and log.firsts == payload[:1], way


def test_the_commas_that_the_manual_prints_before_the_data_may_be_there_or_not():
    for data in PAYLOADS + (b",", b"\n,", b",\n,"):
        for lead in (b"\r\n", b"\r,\n,"):
            wire = b"\r\n+N: %d%s%s\r\n\r\nOK\r\n" % (len(data), lead, data)
            heard(wire, line(b"+N: %d" % len(data)), ("data", data), line(b"OK"))


def test_what_is_neither_before_the_data_is_noticed_at_once():
    for lead in (b"\r", b"\r,", b"\r,\n", b"\r\r\n"):
        for way in ways(b"\r\n+N: 3" + lead + b"abc\r\n\r\nOK\r\n"):
            log = Log()
            feed(log.framer.feed, way)
            assert log.said[1] == "broken", (lead, log.said)


def test_one_prompt_is_one_prompt():
    heard(b"\r\n> \r\n> \r\nOK\r\n", "prompt", line(b"> "), line(b"OK"), prompt=True)


def test_a_sign_within_a_line_is_no_prompt():
    heard(b"\r\n+X: > \r\n> ", line(b"+X: > "), "prompt", prompt=True)


def test_the_prompt_may_be_followed_at_once_by_a_line():
    heard(b"\r\n> \r\n+QFWDURC: 1\r\n", "prompt", line(b"+QFWDURC: 1"), prompt=True)
    heard(b"\r\n+QFWDURC: 1\r\n\r\n> ", line(b"+QFWDURC: 1"), "prompt", prompt=True)


def test_no_byte_of_a_payload_is_taken_for_a_line_or_a_prompt():
    for data in PAYLOADS:
        wire = b"\r\n+N: %d\r\n%s\r\n\r\nOK\r\n" % (len(data), data)
        heard(wire, line(b"+N: %d" % len(data)), ("data", data), line(b"OK"))
        heard(wire, line(b"+N: %d" % len(data)), ("data", data), line(b"OK"), prompt=True)


def test_a_payload_of_the_greatest_size_is_exact():
    data = bytes(range(256)) * 4
    wire = b"\r\n+N: 1024\r\n" + data + b"\r\n\r\nOK\r\n"
    for size in (1, 7, 255, 256, 1024, 4096):
        log = Log()
        feed(log.framer.feed, pieces(wire, size))
        assert log.said == [line(b"+N: 1024"), ("data", data), line(b"OK")]


def test_two_payloads_in_a_row_keep_apart():
    wire = b"\r\n+N: 3\r\nabc\r\n\r\n+N: 2\r\n\r\n\r\n\r\nOK\r\n"
    heard(wire, line(b"+N: 3"), ("data", b"abc"), line(b"+N: 2"), ("data", b"\r\n"), line(b"OK"))


def test_a_payload_whose_count_is_wrong_is_noticed_at_once():
    for tail, rest in (
        (b"OK\r\n", [line(b"K")]),  # no trailer at all
        (b"\r\nOK\r\n", [line(b"K")]),  # half of it
        (b"x\r\n\r\nOK\r\n", [line(b"OK")]),  # one byte added
        (b"\r\n\rxOK\r\n", [line(b"OK")]),
    ):
        heard(b"\r\n+N: 3\r\nabc" + tail, line(b"+N: 3"), ("data", b"abc"), "broken", *rest)


def test_a_byte_lost_from_a_payload_is_noticed_at_once():
    for data in (b"abcd", b"\r\n\r\n", b"\0\0\0\0"):
        wire = b"\r\n+N: 4\r\n%s\r\n\r\nOK\r\n" % data[1:]
        for way in ways(wire):
            log = Log()
            feed(log.framer.feed, way)
            assert log.said[2] == "broken", log.said


def test_a_byte_lost_from_the_trailer_is_noticed_at_once():
    for i in range(4):
        tail = b"\r\n\r\n"[:i] + b"\r\n\r\n"[i + 1 :]
        for way in ways(b"\r\n+N: 1\r\na" + tail + b"OK\r\n"):
            log = Log()
            feed(log.framer.feed, way)
            assert log.said[2] == "broken", (i, log.said)


def test_a_line_too_long_is_skipped_to_its_end_and_harms_no_other():
    for size, fits in ((20, False), (21, True)):
        for step in (1, 2, 3, 7, 20):
            log = Log(size=size)
            feed(log.framer.feed, pieces(b"\r\n" + b"x" * 20 + b"\r\n\r\nOK\r\n", step))
            assert log.said == [line(b"x" * 20 if fits else b""), line(b"OK")]
            assert log.framer.too_long == (0 if fits else 1)


def test_a_line_without_end_takes_no_room_and_the_next_one_is_understood():
    log = Log()
    for _ in range(500):
        feed(log.framer.feed, [b"x" * 200])
    feed(log.framer.feed, [b"> OK\r\n> x\rOK\r", b"\n"])
    assert log.said == [line(b""), line(b"> x"), line(b"OK")]
    assert log.framer.too_long == 1


def test_a_line_that_has_lost_its_end_is_not_completed_by_what_an_older_one_left_behind():
    for way in ways(b"\r\n+QFWDRECV: 1,5\r\n\r\n+QFWD\r"):
        seen = []

        def on_line(buf, start, end, seen=seen):
            seen.append(buf.startswith(b"+QFWDRECV:", start))

        feed(Framer(on_line, None, None, None, None).feed, way)
        assert seen == [True, False], way


def test_nothing_inside_a_line_too_long_is_taken_for_a_prompt():
    log = Log(prompt=True, size=20)
    feed(log.framer.feed, [b"x" * 30, b"> y", b"> y\r\n"])
    assert log.said == [line(b"")]
    feed(log.framer.feed, [b"\r\n> "])
    assert log.said == [line(b""), "prompt"] and log.framer.too_long == 1


def test_after_a_reset_nothing_of_before_is_left():
    for half in (b"\r\n+CS", b"x" * 600, b"\r\n+N: 5\r\nab", b"\r\n+N: 2\r\nab\r\n"):
        log = Log()
        feed(log.framer.feed, pieces(half, 100))
        del log.said[:]
        log.framer.reset()
        feed(log.framer.feed, [b"OK\r\n"])
        assert log.said == [line(b"OK")]


def test_lines_and_data_take_no_memory():
    seen = [0, 0, 0]

    def on_line(buf, start, end):
        seen[0] += 1
        if buf.startswith(b"+N: 300", start):
            framer.expect(300)

    def on_data(buf, start, end):
        seen[1] += end - start

    def on_prompt():
        seen[2] += 1

    def on_first(byte):
        seen[2] += 1

    framer = Framer(on_line, on_prompt, on_first, on_data, None)
    wire = b"\r\n+N: 300\r\n" + bytes(300) + b"\r\n\r\nOK\r\n\r\n> \r\n" + b"x" * 600 + b"\r\n"
    parts = [[bytearray(part) for part in pieces(wire, size)] for size in (1, 3, 64, 256)]

    def run():
        for way in parts:
            framer.prompt = True
            for part in way:
                framer.feed(part, len(part))

    locked(run)
    assert seen == [12, 1200, 8]
    assert framer.too_long == 4


def test_an_echo_that_was_announced_is_passed_over_however_it_looks_and_however_it_comes():
    for payload in PAYLOADS:
        for way in ways(payload + b"\r\nOK\r\n"):
            log = Log()
            log.framer.ignore = len(payload)
            feed(log.framer.feed, way)
            assert log.said == [("line", b"OK")], payload

"""chat.py: one request at a time, whatever the module says in between. What goes wrong is in test_chat_faults.py."""

from ec2x.chat import Chat
from ec2x.request import BROKEN, OK, REFUSED, Request
from expect import raises
from heap import locked
from scripted import PROBE, PROVED, Desk, ScriptedUart, Spans
from split import PAYLOADS, URCS, feed, interrupted, ways

RECV = b"AT+QFWDRECV=40001,%d\r"
SEND = b"AT+QFWDSEND=40001,0,%d\r"
ESC = b"\x1b\r"

# line, prefix, payload, end, count of data, [answer in parts, after each write], lines, data, how it ends
DIALOGUES = (
    (b"AT", b"", None, 0, 0, [[b"\r\nOK\r\n"]], [], b"", OK),
    (b"AT+CSQ", b"+CSQ:", None, 0, 0, [[b"\r\n+CSQ: 20,99\r\n", b"\r\nOK\r\n"]], [b"+CSQ: 20,99"], b"", OK),
    (b"AT+X?", b"+X:", None, 0, 0, [[b"\r\n+X: 1\r\n", b"+X: 2\r\n", b"\r\nOK\r\n"]], [b"+X: 1", b"+X: 2"], b"", OK),
    (b"AT+R", b"+R:", None, 0, 4, [[b"\r\n+R: 4\r\n\r\nOK\r\n", b"\r\nOK\r\n"]], [b"+R: 4"], b"\r\nOK", OK),
    (b"AT+S", b"+S:", b"abc", 0, 0, [[b"\r\n> "], [b"\r\n+S: 3\r\n", b"\r\nOK\r\n"]], [b"+S: 3"], b"", OK),
    (b"AT+S", b"+S:", b"abc", 26, 0, [[b"\r\n> "], [b"\r\n+S: 3\r\n", b"\r\nOK\r\n"]], [b"+S: 3"], b"", OK),
    (b"AT+S", b"+S:", b"", 27, 0, [[b"\r\n> "], [b"\r\nOK\r\n"]], [], b"", OK),
    (b"AT+S", b"+S:", b"abc", 0, 0, [[b"\r\nERROR\r\n"]], [], b"", REFUSED),
    (b"AT+CPIN?", b"+CPIN:", None, 0, 0, [[b"\r\n+CME ERROR: 10\r\n"]], [], b"", REFUSED),
)


def talk(dialogue, answers, way, at):
    """A desk where the dialogue has been held; answer number `at` came in this way, the others whole."""
    line, prefix, payload, end, count = dialogue[:5]
    desk = Desk((line + b"\r", b""), *([((payload + bytes([end] if end else b"")), b"")] if len(answers) > 1 else []))
    desk.count = count
    desk.request(line, prefix, 1000, payload, end)
    desk.step()
    for i in range(len(answers)):
        feed(desk.take, way if i == at else [answers[i]])
    assert desk.uart.left() == b""
    return desk


def answered(line, prefix, *answers):
    """A desk that has sent the line and got these answers."""
    desk = Desk((line + b"\r", b""), (ESC, b""), (PROBE, PROVED))
    desk.request(line, prefix)
    desk.step()
    feed(desk.take, answers)
    return desk


def test_every_dialogue_is_understood_however_it_comes():
    for dialogue in DIALOGUES:
        answers = [b"".join(parts) for parts in dialogue[5]]
        for at in range(len(answers)):
            for way in ways(answers[at]):
                desk = talk(dialogue, answers, way, at)
                assert (desk.lines, bytes(desk.data), desk.done) == (dialogue[6], dialogue[7], [dialogue[8]]), way
                assert (desk.chat.unknown, desk.chat.broken) == (0, 0)


def test_a_urc_at_any_line_boundary_is_heard_once_and_changes_nothing_else():
    for dialogue in DIALOGUES:
        answers = [b"".join(parts) for parts in dialogue[5]]
        for at in range(len(answers)):
            for whole, urc in interrupted(dialogue[5][at]):
                for way in ways(whole):
                    desk = talk(dialogue, answers, way, at)
                    assert (desk.lines, bytes(desk.data), desk.done) == (dialogue[6], dialogue[7], [dialogue[8]]), way
                    assert desk.urcs == [urc]


def test_a_urc_goes_to_everybody_who_asked_for_it_also_when_nothing_is_asked():
    desk = Desk()
    mine = []
    desk.chat.urcs.append((b'+QFWDURC: "client/read"', lambda buf, start, end: mine.append(bytes(buf[start:end]))))
    feed(desk.take, [b"\r\n%s\r\n" % urc for urc in URCS] + [b"\r\n+NEWS: 1\r\n\r\nOK\r\n"])
    assert desk.urcs == list(URCS)
    assert mine == [URCS[3]]
    assert desk.chat.unknown == 2


def test_every_payload_arrives_exactly():
    for data in PAYLOADS + (bytes(range(256)) * 4,):
        for size in (1, 7, 64, 255, 256):
            answer = b"\r\n+QFWDRECV: 40001,%d\r\n%s\r\n\r\nOK\r\n" % (len(data), data)
            desk = Desk((RECV % len(data), answer), gives=size)
            desk.count = len(data)
            desk.request(RECV[:-1] % len(data), b"+QFWDRECV:")
            desk.play()
            assert (bytes(desk.data), desk.done, desk.urcs) == (data, [OK], [])


def test_every_payload_leaves_exactly_however_little_the_uart_takes():
    for data in PAYLOADS + (bytes(range(256)) * 4,):
        for end in (0, 26):
            tail = bytes([end]) if end else b""
            for takes in (1, 3, 64, 100, 4096):
                answer = b"\r\n+QFWDSEND: 40001,%d\r\n\r\nOK\r\n" % len(data)
                desk = Desk((SEND % len(data), b"\r\n> "), (data + tail, answer), takes=takes)
                request = desk.request(SEND[:-1] % len(data), b"+QFWDSEND:", 1000, data, end)
                desk.play()
                assert desk.done == [OK] and desk.uart.left() == b"" and request.prompted


def test_the_second_send_is_as_whole_as_the_first():
    desk = Desk(*[step for data in PAYLOADS for step in ((SEND % len(data), b"\r\n> "), (data, b"\r\nOK\r\n"))])
    for data in PAYLOADS:
        desk.request(SEND[:-1] % len(data), b"", 1000, data)
    desk.play()
    assert desk.done == [OK] * len(PAYLOADS) and desk.uart.left() == b""


def test_a_uart_that_is_full_again_and_again_loses_no_byte():
    data = bytes(range(256)) * 2
    desk = Desk((SEND % 512, b"\r\n> "), (data, b"\r\nOK\r\n"))
    desk.request(SEND[:-1] % 512, b"", 1000, data)
    for room in (0, 1, 2, 3, 5, 7, 63, 64, 65, 256, 300, 0, 90):
        desk.uart.room = room
        desk.play()
    assert desk.uart.left() == b"" and desk.done == [OK]


def test_a_payload_that_is_not_there_yet_is_waited_for():
    class Late(Spans):
        n = 0

        def peek(self, skip, buf, n):
            return super().peek(skip, buf, min(n, max(0, self.n - skip)))

    desk = Desk((b"AT+S\r", b"\r\n> "), (b"abcd", b"\r\nOK\r\n"))
    request = desk.request(b"AT+S", b"", 1000, b"abcd")
    request.payload = late = Late(b"abcd")
    for late.n in (0, 1, 1, 4):
        desk.play()
    assert desk.uart.left() == b"" and desk.done == [OK]


def test_the_modules_reason_for_a_refusal_is_kept():
    for text, cme in (
        (b"ERROR", None),
        (b"+CME ERROR: 14", 14),
        (b"+CME ERROR:50", 50),
        (b"+CME ERROR: SIM busy", "SIM busy"),
        (b"+CME ERROR:", ""),
        (b"+CMS ERROR: 305", 305),
    ):
        for way in ways(b"\r\n" + text + b"\r\n"):
            desk = Desk((b"AT+X\r", b""), (b"AT+Y\r", b"\r\nERROR\r\n"))
            request = desk.request(b"AT+X")
            desk.step()
            feed(desk.take, way)
            assert (desk.done, request.cme) == ([REFUSED], cme)
            request.line.start(b"AT+Y").end()
            desk.waiting.append(request)
            desk.play()
            assert (desk.done, request.cme) == ([REFUSED, REFUSED], None)


def test_a_line_that_only_looks_like_an_end_does_not_end_a_command():
    for text in (b"OKAY", b"O", b"ok", b"KO", b"ERRORS", b"ERROR 5", b"EROR", b"+CME ERROR 5", b"NO CARRIER", b"+CSQX: 1", b"> "):
        desk = answered(b"AT+CSQ", b"+CSQ:", b"\r\n" + text + b"\r\n")
        assert (desk.done, desk.lines, desk.chat.unknown) == ([], [], 1), text
        feed(desk.take, [b"\r\nOK\r\n"])
        assert desk.done == [OK]


def test_the_garbled_announcement_of_counted_data_ends_the_command_before_the_data_is_read_as_lines():
    data = b'\r\nOK\r\n\r\n+QFWDURC: "client/close",1\r\n'
    header = b"+QFWDRECV: 7,%d" % len(data)
    for k in range(10):
        for line in (header[:k] + header[k + 1 :], header[:k] + b"x" + header[k:], header[:k] + b"\xff" + header[k + 1 :]):
            desk = Desk((b"AT+QFWDRECV=7,99\r", b""))
            desk.request(b"AT+QFWDRECV=7,99", b"+QFWDRECV:").counted = True
            desk.step()
            desk.take(b"\r\n" + line + b"\r\n" + data + b"\r\n\r\nOK\r\n", len(line) + len(data) + 14 - 2)
            assert (desk.done, desk.urcs, desk.lines) == ([BROKEN], [], []), line


def test_a_read_whose_announcement_is_lost_altogether_trusts_nothing_that_follows():
    desk = Desk((b"AT+QFWDRECV=7,99\r", b""))
    desk.request(b"AT+QFWDRECV=7,99", b"+QFWDRECV:").counted = True
    desk.step()
    feed(desk.take, [b'of the data\r\nOK\r\n+QFWDURC: "client/close",1\r\n\r\nOK\r\n'])
    assert (desk.done, desk.urcs) == ([BROKEN], [])


def test_an_unknown_line_in_the_middle_of_a_read_is_nobodys():
    desk = Desk((b"AT+QFWDRECV=7,99\r", b""))
    desk.request(b"AT+QFWDRECV=7,99", b"+QFWDRECV:").counted = True
    desk.step()
    feed(desk.take, [b"\r\n+CGEV: 7,2\r\n\r\n+QFWDRECV: 7,0\r\n\r\nRING\r\n\r\nOK\r\n"])
    assert (desk.done, desk.lines, desk.chat.unknown) == ([OK], [b"+QFWDRECV: 7,0"], 2)


def test_an_echo_is_neither_an_answer_nor_unknown():
    for way in ways(b"AT+GSN\r\r\n867962\r\n\r\n+QFWDURC: 1\r\n\r\nOK\r\n"):
        desk = Desk((b"AT+GSN\r", b""))
        desk.request(b"AT+GSN").bare = True
        desk.step()
        feed(desk.take, way)
        assert (desk.lines, desk.urcs, desk.done, desk.chat.unknown) == ([b"867962"], [b"+QFWDURC: 1"], [OK], 0)


def test_the_next_command_waits_for_the_end_of_the_one_before_and_the_first_source_is_asked_first():
    desk = Desk((b"AT+A\r", b""), (b"AT+C\r", b""), (b"AT+B\r", b""))
    other = Desk()
    desk.chat.sources = (desk, other)
    desk.request(b"AT+A")
    other.request(b"AT+B")
    desk.step()
    desk.request(b"AT+C")
    for left in (b"AT+C\rAT+B\r", b"AT+B\r", b""):
        desk.step()
        assert desk.uart.left() == left
        feed(desk.take, [b"\r\nOK\r\n"])
    assert (desk.done, other.done, desk.chat.commands) == ([OK, OK], [OK], 3)


def test_the_uart_of_the_tests_notices_a_wrong_byte():
    uart = ScriptedUart((b"AT\r", b"OK"), takes=2)
    raises(AssertionError, uart.write, b"AX\r")
    assert uart.write(b"xAT\r", 1, 3) == 2 and uart.write(b"\r") == 1
    buf = bytearray(5)
    assert uart.readinto(buf) == 2 and buf[:2] == b"OK" and uart.readinto(buf) is None
    raises(AssertionError, uart.write, b"A")


class Still:
    """A source of one request that notes its end without allocating."""

    def __init__(self, line, prefix, count, payload=None):
        self.request = Request(self._line, self._data, self._done)
        self.request.line.start(line[:-1]).end()
        self.request.plain(prefix, 1000)
        if payload is not None:
            self.request.carry(Spans(payload), len(payload), 0)
        self.count = count
        self.come = 0
        self.how = None
        self.asked = False

    def next(self, now):
        if self.asked:
            return None
        self.asked = True
        return self.request

    def _line(self, buf, start, end):
        return self.count

    def _data(self, buf, start, end):
        self.come += end - start

    def _done(self, how):
        self.how = how


def test_a_read_and_a_send_take_no_memory():
    data = bytes(range(256)) * 4
    urc = b"\r\n%s\r\n" % URCS[3]
    read = urc + b"\r\n+NEWS\r\n\r\n+QFWDRECV: 40001,1024\r\n" + data + b"\r\n\r\nOK\r\n"
    sent = b"\r\n+QFWDSEND: 40001,1024\r\n\r\nOK\r\n"
    cases = (
        (Still(RECV % 1024, b"+QFWDRECV:", 1024), ((RECV % 1024, read),)),
        (Still(SEND % 1024, b"+QFWDSEND:", 0, data), ((SEND % 1024, urc + b"\r\n> "), (data, sent))),
    )
    for source, script in cases:
        for gives in (1, 100, 256):
            uart = ScriptedUart(*script, takes=33, gives=gives)
            chat = Chat(uart, None, None)
            chat.sources = (source,)
            chat.urcs.append((b"+QFWDURC:", source._line))
            buf = bytearray(256)
            source.asked = False
            source.come = 0
            source.how = None

            def run(uart=uart, chat=chat, buf=buf, source=source):
                for now in range(900):
                    while uart.any():
                        chat.feed(buf, uart.readinto(buf, min(uart.any(), 256)), now)
                    chat.step(now)
                    if source.how is not None:
                        break

            locked(run)
            assert (source.how, source.come, uart.left()) == (OK, source.count, b"")

"""chat.py: every command ends, whatever the module and the UART do; the quarantine behind it is in test_resync.py."""

from ec2x.compat import ticks_add
from ec2x.request import BROKEN, OK, REFUSED, TIMEOUT
from rig import Rig
from scripted import PROBE, PROVED, Desk
from split import feed, ways

ESC = b"\x1b\r"


def test_a_command_ends_at_its_deadline_and_not_before_also_when_the_clock_wraps():
    for start in (0, ticks_add(0, -1), ticks_add(0, -700), ticks_add(0, -1001)):
        desk = Desk((b"AT+X\r", b""), start=start)
        desk.request(b"AT+X", b"", 1000)
        desk.step()
        desk.pass_(999, 1)
        assert desk.done == []
        desk.pass_(1, 1)
        assert desk.done == [TIMEOUT] and desk.chat.timeouts == 1


def test_a_careless_command_is_followed_by_the_next_at_once():
    desk = Desk((b"AT\r", b""), (b"AT\r", b"\r\nOK\r\n"))
    for _ in range(2):
        desk.request(b"AT", b"", 300).careless = True
    desk.step()
    desk.pass_(300)
    assert desk.done == [TIMEOUT] and desk.chat.resyncs == 0
    desk.play()
    assert desk.done == [TIMEOUT, OK]


def test_a_uart_that_takes_nothing_for_ever_ends_every_command():
    for payload in (None, b"abc"):
        desk = Desk((b"AT+X\r", b""), takes=0)
        desk.request(b"AT+X", b"", 1000, payload)
        desk.pass_(1010)
        assert desk.done == [TIMEOUT]
        desk.pass_(4000)
        assert desk.lost == 1 and desk.uart.left() == b"AT+X\r"


def test_a_payload_that_is_late_is_still_written_for_the_module_counts_on_it():
    for takes in (2, 4096):
        desk = Desk((b"AT+S\r", b"\r\n> "), (b"abcdefgh", b""), (PROBE, PROVED), takes=takes)
        request = desk.request(b"AT+S", b"", 1000, b"abcdefgh")
        desk.uart.room = 7
        desk.play()
        desk.pass_(1000)
        assert desk.done == [TIMEOUT] and desk.uart.left()[:6] == b"cdefgh" and request.prompted
        feed(desk.take, [b"\r\nOK\r\n+QFWDURC: 1\r\n"])
        desk.uart.room = 99
        desk.step()
        assert desk.uart.left() == PROBE
        desk.pass_(200)
        desk.play()
        desk.chat.reset()
        assert (desk.synced, desk.done, desk.urcs) == (1, [TIMEOUT], [])


def test_a_payload_that_is_never_taken_ends_the_link_and_not_the_driver():
    desk = Desk((b"AT+S\r", b"\r\n> "), (b"abcdefgh", b""), (b"AT\r", b""))
    desk.request(b"AT+S", b"", 1000, b"abcdefgh")
    desk.uart.room = 7
    desk.play()
    desk.pass_(1000)
    desk.pass_(1990)
    assert (desk.done, desk.lost) == ([TIMEOUT], 0)
    desk.pass_(20)
    assert (desk.done, desk.lost) == ([TIMEOUT], 1)


def test_an_end_in_the_middle_of_the_payload_fails_the_command_and_not_the_next():
    for text, how in ((b"OK", BROKEN), (b"ERROR", REFUSED), (b"+CME ERROR: 50", REFUSED)):
        for way in ways(b"\r\n%s\r\n" % text):
            desk = Desk((b"AT+S\r", b"\r\n> "), (b"ab", b""), (ESC, b""), (PROBE, PROVED), (b"AT\r", b"\r\nOK\r\n"))
            request = desk.request(b"AT+S", b"", 1000, b"abcdefgh")
            desk.uart.room = 7
            desk.play()
            feed(desk.take, way)
            assert desk.done == [how] and request.prompted
            desk.uart.room = 99
            desk.pass_(200)
            desk.play()
            assert desk.synced == 1
            desk.request(b"AT")
            desk.play()
            assert desk.done == [how, OK] and desk.uart.left() == b""


def test_a_prompt_out_of_turn_lets_no_payload_out():
    desk = Desk((b"AT+CSQ\r", b""))
    feed(desk.take, [b"\r\n> "])
    desk.request(b"AT+CSQ", b"+CSQ:")
    desk.step()
    feed(desk.take, [b"\r\n> ", b"\r\n+CSQ: 1,2\r\n\r\nOK\r\n", b"\r\n> "])
    assert (desk.done, desk.lines, desk.chat.broken) == ([OK], [b"+CSQ: 1,2"], 0)
    desk = Desk((b"AT+S\r", b"\r\nERROR\r\n"))
    desk.request(b"AT+S", b"+S:", 1000, b"abc")
    desk.play()
    feed(desk.take, [b"\r\n> "])
    assert desk.done == [REFUSED]
    desk = Desk((b"AT+S\r", b"\r\n> "), (b"abc", b""))
    desk.request(b"AT+S", b"+S:", 1000, b"abc")
    desk.play()
    feed(desk.take, [b"\r\n> ", b"\r\n> \r\n+S: 3\r\n\r\nOK\r\n"])
    assert desk.done == [OK] and desk.lines == [b"+S: 3"]
    desk = Desk((b"AT+S\r", b""))
    desk.uart.room = 3
    desk.request(b"AT+S", b"", 1000, b"abc")
    desk.step()
    feed(desk.take, [b"\r\n> "])  # before the command is out
    assert desk.uart.left() == b"S\r"


def test_an_answer_that_came_before_its_command_was_out_is_not_the_answer():
    desk = Desk((b"AT+CSQ\r", b""))
    desk.uart.room = 3
    desk.request(b"AT+CSQ", b"+CSQ:")
    desk.step()
    feed(desk.take, [b"\r\n+CSQ: 9,9\r\n\r\nOK\r\n\r\nERROR\r\n"])
    assert (desk.done, desk.lines, desk.chat.unknown) == ([], [], 3)


def test_an_answer_that_cannot_be_right_is_broken_and_what_follows_is_not_believed():
    for wire in (b"\r\n+R: 9\r\nabcdefghi\r\n\r\nOK\r\n\r\n+QFWDURC: 1\r\n", b"\r\n+R: -1\r\n", b"\r\n+R:\r\n\r\nERROR\r\n"):
        for way in ways(wire):
            desk = Desk((b"AT+R\r", b""), (PROBE, PROVED))
            desk.count = -1
            desk.request(b"AT+R", b"+R:")
            desk.step()
            feed(desk.take, way)
            assert (desk.done, bytes(desk.data), desk.urcs, desk.chat.broken) == ([BROKEN], b"", [], 1)
            desk.pass_(100)
            desk.play()
            assert desk.synced == 1


def test_a_payload_without_its_exact_trailer_is_broken():
    for tail in (b"OK\r\n", b"\r\nOK\r\n", b"\n\r\nOK\r\n", b"\r\n\nOK\r\n", b"\r\n\rOK\r\n", b"x\r\n\r\nOK\r\n", b"\0\0\0\0\0\0"):
        for way in ways(b"\r\n+R: 3\r\nabc" + tail):
            desk = Desk((b"AT+R\r", b""), (PROBE, PROVED))
            desk.count = 3
            desk.request(b"AT+R", b"+R:")
            desk.step()
            feed(desk.take, way)
            assert (desk.done, bytes(desk.data), desk.chat.broken) == ([BROKEN], b"abc", 1)


def test_a_module_that_talks_nonsense_or_without_end_is_waited_for_no_longer_than_it_may():
    noise = bytes([i * 7 & 255 for i in range(256)])
    for junk in (b"x" * 200, noise, b"\r\n" * 100, b"\xff\n\0\n>\n+\n"):
        desk = Desk((b"AT+X\r", b""), takes=5)
        desk.request(b"AT+X", b"+X:", 1000)
        for _ in range(100):
            desk.pass_(10)
            if desk.done:
                break
            feed(desk.take, [junk])
        assert desk.done in ([], [TIMEOUT]) and desk.lines == []
        desk.pass_(10)
        assert desk.done == [TIMEOUT]


def test_a_module_that_begins_anew_fails_the_command_in_flight_only():
    desk = Desk((b"AT+S\r", b""), (b"AT\r", b"\r\nOK\r\n"))
    desk.chat.urcs.append((b"RDY", lambda buf, start, end: desk.chat.reset()))
    feed(desk.take, [b"\r\nRDY\r\n"])
    assert desk.done == []
    desk.request(b"AT+S")
    desk.play()
    feed(desk.take, [b"\r\nRDY\r\n"])
    assert desk.done == [TIMEOUT]
    desk.request(b"AT")
    desk.play()
    assert desk.done == [TIMEOUT, OK] and desk.uart.left() == b""


def test_a_late_word_of_that_breaks_no_payload_off():
    desk = Desk((b"AT+S\r", b"\r\n> "), (b"abcdef", b"\r\nOK\r\n"))
    desk.chat.urcs.append((b"RDY", lambda buf, start, end: desk.chat.reset()))
    desk.request(b"AT+S", b"", 1000, b"abcdef")
    desk.uart.room = 7
    desk.play()
    feed(desk.take, [b"\r\nRDY\r\n"])
    assert desk.done == [BROKEN] and desk.uart.left() == b"cdef"
    desk.uart.room = 99
    desk.play()
    assert desk.uart.left() == b""


def test_a_reset_in_the_middle_of_a_read_waits_for_no_more_of_it():
    for cut in (b"\r\n+R: 9\r\nab", b"\r\n+R: 9\r\nabcdefghi\r", b"\r\n+R"):
        desk = Desk((b"AT+R\r", b""), (b"AT\r", b""))
        desk.count = 9
        desk.request(b"AT+R", b"+R:")
        desk.step()
        feed(desk.take, [cut])
        desk.chat.reset()
        assert desk.done == [TIMEOUT]
        desk.request(b"AT")
        desk.step()
        feed(desk.take, [b"OK\r\n"])
        assert desk.done == [TIMEOUT, OK]


def test_a_refusal_before_the_prompt_is_told_from_one_behind_it_also_the_second_time():
    desk = Desk((b"AT+S\r", b"\r\n> "), (b"abc", b"\r\nERROR\r\n"), (b"AT+S\r", b"\r\nERROR\r\n"))
    request = desk.request(b"AT+S", b"+S:", 1000, b"abc")
    desk.play()
    assert desk.done == [REFUSED] and request.prompted
    desk.waiting.append(request)
    desk.play()
    assert desk.done == [REFUSED, REFUSED] and not request.prompted


def test_a_step_that_is_interrupted_in_a_quarantine_changes_nothing_there():
    rig = Rig()
    before = rig.modem.chat.resyncs
    rig.modem.chat.resync()
    rig.modem.chat.upset()
    rig.pump(1000)
    assert rig.modem.chat.resyncs == before + 1


def test_a_step_that_is_interrupted_between_commands_is_followed_by_a_quarantine():
    rig = Rig()
    rig.pump(10)
    before = rig.modem.chat.resyncs
    rig.modem.chat.upset()
    rig.until(lambda: rig.modem.chat.resyncs == before + 1, 1000)

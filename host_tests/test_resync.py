"""resync.py: after a fault nothing is believed before the module has proved that it is in step."""

from ec2x.compat import ticks_add, ticks_diff
from ec2x.request import BROKEN, OK, TIMEOUT
from ec2x.resync import Resync
from scripted import OTHER, OTHER_PROVED, PROBE, PROVED, Desk
from split import URCS, feed, ways

LOST = b""
STARTS = [ticks_add(0, -ms) for ms in (0, 1, 50, 99, 100, 101, 550, 1000, 2999)]  # the clock begins anew somewhere within


def run(start, escape, until, hear=None, patience=0):
    """What is written when, ms from start, for so long; hear(ms): whether something comes then."""
    resync = Resync()
    resync.begin(start, escape, patience)
    out = []
    for ms in range(until):
        now = ticks_add(start, ms)
        if hear and hear(ms):
            resync.heard(now, 1)
        line = resync.step(now)
        if line is not None:
            out.append((ms, line))
            if line == LOST:
                break
    return out


def proved(lines, resync=None, now=0):
    """Which of the lines ends the quarantine; None: none."""
    if resync is None:
        resync = Resync()
        resync.begin(0, False, 0)
        assert resync.step(100) == PROBE
    for i in range(len(lines)):
        if resync.line(bytearray(b"..." + lines[i] + b"OK"), 3, 3 + len(lines[i]), now):
            return i
    return None


def test_the_module_is_asked_only_after_a_silence():
    for start in STARTS:
        assert run(start, False, 500) == [(100, PROBE)]
        assert run(start, False, 500, lambda ms: ms <= 90 and ms % 30 == 0) == [(190, PROBE)]


def test_a_module_that_may_wait_for_a_payload_is_taken_out_of_it_first():
    for start in STARTS:
        assert run(start, True, 500) == [(100, b"\x1b\r"), (200, PROBE)]


def test_a_module_that_never_falls_silent_is_asked_all_the_same():
    for start in STARTS:
        out = run(start, False, 4000, lambda ms: ms < 3500)
        assert out[0][1] == PROBE and 2900 <= out[0][0] <= 3000


def test_a_module_that_is_gone_is_given_up_after_three_probes():
    for start in STARTS:
        for escape in (False, True):
            out = run(start, escape, 10000)
            assert [line for _, line in out].count(PROBE) == 3
            assert out[-1][1] == LOST and out[-1][0] < 3000
            assert [line for _, line in out][-6:] == [PROBE, b"\x1b\r", PROBE, b"\x1b\r", PROBE, LOST]


def test_a_module_that_may_be_busy_is_asked_now_and_then_for_as_long_as_it_may_be():
    for start in STARTS:
        out = run(start, False, 60_000, patience=30_000)
        assert out[-1][1] == LOST and 30_000 < out[-1][0] < 36_000
        assert 6 < [line for _, line in out].count(PROBE) < 10


def test_only_the_probes_own_answer_proves_it():
    assert proved([b"+CMEE: 1", b"OK"]) == 1
    assert proved([b"AT+CMEE?", b"+QFWDURC: 1", b"+CMEE: 0", b"RDY", b"OK"]) == 4
    assert proved([b"OK", b"OK"]) is None
    assert proved([b"OK", b"+CMEE: 1", b"OKAY", b"O", b" OK"]) is None
    assert proved([b"+CSQ: 20,99", b"OK", b"ERROR", b"+CMEE 1", b"OK"]) is None


def test_what_was_proved_once_proves_nothing_in_the_next_quarantine():
    resync = Resync()
    resync.begin(0, False, 0)
    resync.step(100)
    assert proved([b"+CMEE: 1", b"OK"], resync) == 1
    resync.begin(1000, False, 0)
    assert proved([b"OK", b"+CMEE: 1", b"OK"], resync) is None, "no probe is out yet"
    assert resync.step(1100) == PROBE
    assert proved([b"OK"], resync) is None


def test_half_an_answer_to_a_probe_does_not_help_the_next_probe():
    resync = Resync()
    resync.begin(0, False, 0)
    resync.step(100)
    assert proved([b"+CMEE: 1"], resync) is None
    assert resync.step(600) is None
    assert proved([b"OK"], resync) is None
    assert (resync.step(700), resync.step(800)) == (b"\x1b\r", PROBE)
    assert proved([b"OK"], resync) is None


def asked(resync, now, *probes):
    """The next ones it writes are these, each left without an answer but the last. When that was."""
    lines = []
    while len(lines) < len(probes):
        now += 1
        line = resync.step(now)
        if line is not None and line != b"\x1b\r":
            lines.append(line)
    assert lines == list(probes)
    return now


def test_where_the_answer_may_be_that_of_an_earlier_probe_another_one_proves_it():
    resync = Resync()
    resync.begin(0, False, 0)
    now = asked(resync, 0, PROBE, PROBE)
    assert proved([b"+CMEE: 1", b"OK"], resync, now) is None  # the first one's, perhaps
    assert not resync.listening
    resync.heard(now + 99, 20)
    assert (resync.step(now + 198), resync.step(now + 199)) == (None, OTHER)
    assert proved([b"+CMEE: 1", b"OK", b"+CMEE: 1", b"OK"], resync) is None, "late ones"
    assert proved([b"+CSQ: 20,99", b"OK"], resync) == 1


def test_however_late_and_however_often_it_was_asked_only_the_last_answer_proves_it():
    for each in range(2, 7):
        resync = Resync()
        resync.begin(0, False, 300_000)
        now = 0
        lines = PROBE, OTHER
        answers = [b"+CMEE: 1", b"OK"], [b"+CSQ: 20,99", b"OK"]
        for turn in range(4):
            now = asked(resync, now, *[lines[turn & 1]] * each)
            for _ in range(each):  # the first of these has the other probe sent
                assert proved(answers[turn & 1], resync, now) is None
        now = asked(resync, now, PROBE)
        assert proved(answers[1], resync, now) is None
        assert proved(answers[0], resync, now) == 1


def test_an_answer_that_is_owed_since_an_earlier_quarantine_proves_nothing():
    resync = Resync()
    resync.begin(0, False, 0)
    assert resync.step(asked(resync, 0, PROBE, PROBE, PROBE) + 500) == LOST
    resync.begin(0, False, 0)
    now = asked(resync, 0, PROBE)
    assert proved([b"+CMEE: 1", b"OK"] * 4, resync, now) is None
    asked(resync, now, OTHER)
    assert proved([b"+CSQ: 20,99", b"OK"], resync) == 1


# The same with a chat around it

READ = b"AT+QFWDRECV=40001,5\r"
LATE = b"\r\n+QFWDRECV: 40001,5\r\nhello\r\n\r\nOK\r\n"


def quarantined(*after, start=0):
    """A desk whose request has just timed out."""
    desk = Desk((READ, b""), *after, start=start)
    desk.request(READ[:-1], b"+QFWDRECV:", 1000)
    desk.pass_(1000)
    assert desk.done == [] or desk.done == [TIMEOUT]
    desk.pass_(10)
    assert desk.done == [TIMEOUT]
    return desk


def proves(desk, way):
    """The answer to the probe; then the channel is in step and the next request gets its own answer."""
    feed(desk.take, way)
    assert (desk.synced, desk.chat.resyncs) == (1, 1)
    desk.count = 0
    desk.request(b"AT+CSQ", b"+CSQ:")
    desk.step()
    feed(desk.take, [b"\r\n+CSQ: 20,99\r\n\r\nOK\r\n"])
    assert desk.done[-1] == OK and desk.lines[-1] == b"+CSQ: 20,99"
    assert desk.uart.left() == b""


NEXT = ((PROBE, b""), (b"AT+CSQ\r", b""))


def test_a_late_answer_is_ignored_and_the_next_command_gets_its_own():
    for start in (0, ticks_add(0, -1050)):
        for way in ways(LATE):
            desk = quarantined(*NEXT, start=start)
            desk.count = 5
            feed(desk.take, way)
            desk.pass_(200)
            assert (desk.lines, bytes(desk.data), desk.done) == ([], b"", [TIMEOUT])
            proves(desk, [PROVED])


def test_a_half_of_an_answer_before_the_deadline_and_a_half_after_it_are_ignored():
    for cut in range(1, len(LATE) - 1):
        desk = Desk((READ, b""), *NEXT)
        desk.count = 5
        desk.request(READ[:-1], b"+QFWDRECV:", 1000)
        desk.step()
        feed(desk.take, [LATE[:cut]])
        desk.pass_(1000)
        assert desk.done == [TIMEOUT]
        seen = len(desk.lines), bytes(desk.data)
        feed(desk.take, [LATE[cut:]])
        desk.pass_(200)
        assert (len(desk.lines), bytes(desk.data)) == seen
        proves(desk, [PROVED])


def test_the_proof_is_understood_however_it_comes():
    for way in ways(b"AT+CMEE?\r" + PROVED):
        desk = quarantined(*NEXT)
        desk.pass_(200)
        proves(desk, way)


def test_urcs_around_the_proof_disturb_nothing():
    for urc in URCS:
        desk = quarantined(*NEXT)
        feed(desk.take, [b"\r\n%s\r\n" % urc])
        desk.pass_(200)
        wire = b"\r\n%s\r\n" % urc
        proves(desk, [wire + PROVED[:12] + wire + PROVED[12:]])
        assert desk.urcs == []


def test_a_broken_payload_cannot_itself_end_the_quarantine():
    proof = b"+CMEE: 1\r\n\r\nOK\r\n"
    for rest in (b"x\r\n\r\nOK\r\n", b"\r\n\rx" + proof, proof, b"\r\n" + proof + proof):
        for way in ways(b"\r\n+QFWDRECV: 40001,5\r\nhello" + rest):
            desk = quarantined((PROBE, b""), (READ, b""), (PROBE, b""), (b"AT+CSQ\r", b""))
            desk.pass_(200)
            feed(desk.take, [PROVED])  # so that a proof has been seen before
            assert desk.synced == 1
            desk.chat.resyncs = desk.synced = 0
            desk.count = 5
            desk.request(READ[:-1], b"+QFWDRECV:", 1000)
            desk.step()
            feed(desk.take, way)
            assert desk.done == [TIMEOUT, BROKEN]
            assert desk.synced == 0, way
            desk.pass_(200)
            proves(desk, [PROVED])


def test_answers_to_probes_that_come_after_the_last_but_one_leave_nothing_behind():
    """A day's fault: the answers were off by one from then on, and a probe went to the peer as payload."""
    for late in range(3):
        desk = quarantined((PROBE, b""), (b"\x1b\r", b""), (PROBE, b""), (b"\x1b\r", b""), (PROBE, b""), (OTHER, b""), (b"AT+CSQ\r", b""))
        desk.chat.quarantine.begin(desk.now, False, 60_000)
        desk.pass_(1900)
        feed(desk.take, [PROVED * (3 - late)])
        desk.pass_(500)
        feed(desk.take, [PROVED * late])
        assert desk.synced == 0
        proves(desk, [OTHER_PROVED])


def test_a_late_answer_to_a_command_that_may_read_like_the_probe_proves_nothing():
    desk = Desk((PROBE, b""), (PROBE, b""), (OTHER, b""), (b"AT+CSQ\r", b""))
    desk.request(PROBE[:-1], b"+CMEE:", 1000).bare = True
    desk.pass_(1150)
    feed(desk.take, [PROVED])
    assert desk.synced == 0 and desk.done == [TIMEOUT]
    desk.pass_(200)
    feed(desk.take, [PROVED])
    assert desk.synced == 0
    proves(desk, [OTHER_PROVED])


def test_a_module_that_is_gone_is_reported_lost_and_can_be_asked_again():
    desk = quarantined((PROBE, b""), (b"\x1b\r", b""), (PROBE, b""), (b"\x1b\r", b""), (PROBE, b""), (b"AT\r", b"\r\nOK\r\n"))
    desk.pass_(3000)
    assert (desk.lost, desk.chat.lost, desk.synced) == (1, 1, 0)
    desk.request(b"AT")
    desk.play()
    assert desk.done == [TIMEOUT, OK]
    assert ticks_diff(desk.now, 0) < 5000

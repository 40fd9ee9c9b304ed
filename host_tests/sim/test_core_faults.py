"""The simulator fails when and as its plan says, and only then; and it tells what nobody could have noticed."""

from ec2x_sim import MemoryNet, Module
from ec2x_sim.faultplan import Fault, PlanError, draw, parse, text
from ec2x_sim.faults import Faults


class Line:
    """A module on a plan, and what it has said."""

    def __init__(self, plan, **kw):
        self.faults = Faults(plan, **kw)
        self.net = MemoryNet()
        self.module = Module(self.net, faults=self.faults)
        self.now = 0

    def say(self, data):
        self.module.feed("uart1", data, self.now)
        return self.module.take("uart1")

    def wait(self, ms):
        """What comes meanwhile."""
        end = self.now + ms * 1000
        said = b""
        while self.now < end:
            at = self.module.wake_at()
            self.now = end if at is None else min(end, max(at, self.now + 1))
            self.module.poll(self.now)
            said += self.module.take("uart1")
        return said

    def open(self):
        """Socket 7, connected to the peer that this returns."""
        service = self.net.listen("tcp", "10.0.0.9", 80)
        self.say(b"ATE0\r")
        self.say(b'AT+QFWDCLIENT=0,7,"IP","tcp","10.0.0.9",80,"uart1"\r')
        return service.accept()

    def harms(self):
        return [fault.harm for fault in self.faults.happened]


def refused(plan):
    try:
        parse(plan)
    except PlanError as error:
        return str(error)
    raise AssertionError(plan)


def test_a_plan_is_text_and_back():
    plan = "down:130 drop 1; up:0 stall 300; ms:60000 urc:2 late 5000; ms:61000 reset 0; prompt:0 lose 0"
    assert text(parse(plan)) == plan
    assert text(parse(" down:1 flip;;urc:0 torn ")) == "down:1 flip 1; urc:0 torn 1000"


def test_what_is_no_plan_is_refused_with_a_sentence():
    for plan in ("drop", "down:1 lose", "sideways:1 drop", "down:x drop", "down:1", "down:1 drop 1 2", "ms:5", "prompt:0 drop"):
        assert "no " in refused(plan), plan
    assert "ms:TIME" in refused("down:1")


def test_a_drawn_plan_is_the_same_each_time_and_has_a_fault_every_few_seconds():
    plan = draw(5, 3_600_000, 5000, host=True)
    assert text(plan) == text(draw(5, 3_600_000, 5000, host=True)) != text(draw(6, 3_600_000, 5000, host=True))
    assert 600 < len(plan) < 850
    seen = set([(fault.stream, fault.what) for seed in range(9) for fault in draw(seed, 3_600_000, 5000, host=True)])
    drawn = (("down", "flip"), ("urc", "torn"), ("final", "lose"), ("command", "late"), ("prompt", "late"), (None, "mcu"), (None, "full"))
    for stream, what in drawn:
        assert (stream, what) in seen, (stream, what)
    assert text(parse(text(plan))) == text(plan)


def test_bytes_from_the_module():
    for plan, said in (
        ("", b"AT\r\r\nOK\r\n"),
        ("down:0 drop", b"T\r\r\nOK\r\n"),
        ("down:5 drop 3", b"AT\r\r\n\n"),
        ("down:1 flip 1", b"AU\r\r\nOK\r\n"),
        ("down:5 double", b"AT\r\r\nOOK\r\n"),
        ("down:5 double 3", b"AT\r\r\nOOOOK\r\n"),
        ("down:5 insert 33", b"AT\r\r\n!OK\r\n"),
        ("down:5 insert 33; down:5 drop; down:7 flip 128", b"AT\r\r\n!K\x8d\n"),
        ("down:99 drop", b"AT\r\r\nOK\r\n"),
    ):
        for cut in (1, 3):  # the plan counts bytes, not pieces
            line = Line(plan)
            assert b"".join([line.say(b"AT\r"[i : i + cut]) for i in range(0, 3, cut)]) == said, plan


def test_bytes_to_the_module():
    ok = b"AT\r\r\nOK\r\n"
    for plan, echo in (("up:1 drop", b"A\r"), ("up:1 flip 1", b"AU\r"), ("up:0 double", b"A" + ok), ("up:3 drop", ok)):
        assert Line(plan).say(b"AT\r") == echo, plan
    line = Line("up:1 stall 2000")
    assert line.say(b"AT\r") == b"A" and line.wait(1999) == b"" and line.wait(2) == b"T\r\r\nOK\r\n"
    line = Line("down:5 stall 500")
    assert line.say(b"AT\r") == b"AT\r\r\n" and line.wait(499) == b"" and line.wait(2) == b"OK\r\n"


def test_commands_prompts_and_results():
    assert Line("command:0 lose").say(b"AT\r") == b"AT\r"
    line = Line("command:0 late 70")
    assert line.say(b"AT\r") == b"AT\r" and line.wait(69) == b"" and line.wait(2) == b"\r\nOK\r\n"
    line = Line("final:1 lose")
    assert line.say(b"ATE0\r") == b"ATE0\r\r\nOK\r\n" and line.say(b"AT\r") == b"" and line.say(b"AT\r") == b"\r\nOK\r\n"
    line = Line("final:0 late 300")
    assert line.say(b"AT\r") == b"AT\r" and line.wait(301) == b"\r\nOK\r\n"
    for plan, prompt in (("prompt:0 lose", b""), ("prompt:0 late 100", b"\r\n> ")):
        line = Line(plan)
        peer = line.open()
        assert line.say(b"AT+QFWDSEND=7,0,4\r") == b"" and line.wait(101) == prompt
        assert line.say(b"data") == b"\r\n+QFWDSEND: 7,4\r\n\r\nOK\r\n" and peer.recv() == b"data"


def test_urcs():
    read = b'\r\n+QFWDURC: "client/read",7\r\n'
    for plan, at_once, later in (
        ("", read, b""),
        ("urc:1 lose", b"", b""),
        ("urc:1 double", read * 2, b""),
        ("urc:1 double 9", read * 9, b""),
        ("urc:1 late 400", b"", read),
        ("urc:1 torn 400", read[:14], read[14:]),
    ):
        line = Line(plan)
        line.open().send(b"x")
        assert line.wait(300) == at_once, plan
        assert line.wait(300) == later, plan


def test_the_module_and_what_is_around_it():
    line = Line("down:5 reset")
    assert line.say(b"AT\r") == b"AT\r\r\n" and line.wait(3001).startswith(b"\r\nRDY\r\n")
    line = Line("ms:100 hang 1000; ms:5000 ap")
    assert line.wait(200) == b"" and line.say(b"AT\r") == b"" and b"RDY" in line.wait(6000)
    line = Line("ms:5000 ap")  # the Linux side restarts, and no RDY tells
    line.open()
    assert b"7" in line.say(b"AT+QFWDCLIENT?\r")
    assert line.wait(60_000) == b"" and line.say(b"AT+QFWDCLIENT?\r") == b"\r\nOK\r\n"
    line = Line("ms:50 pdp")
    line.say(b"AT+QIACT=1\r")
    assert line.module.radio.contexts[1].active
    line.wait(60)
    assert not line.module.radio.contexts[1].active
    called = []
    line = Line("final:0 mcu", mcu=called.append)
    line.say(b"AT\r")
    assert called == [0] and line.harms() == ["host"]


def test_the_network_takes_nothing_for_a_while():
    line = Line("ms:10 full 60000")
    peer = line.open()
    line.wait(20)
    line.say(b"AT+QFWDSEND=7,0,4\r")
    line.say(b"data")
    line.wait(59_000)
    assert peer.recv() == b""
    line.wait(1000)
    assert peer.recv() == b"data"


def test_what_nobody_could_notice_is_told():
    for plan, harm in (
        ("down:0 flip", ""),  # of a line
        ("prompt:0 late", ""),
        ("up:0 drop", "command"),
        ("up:0 stall", ""),
    ):
        line = Line(plan)
        line.open()
        line.say(b"AT+QFWDSEND=7,0,1\r")
        line.wait(3000)
        assert line.harms() == [harm], plan
    reads = b"\r\n+QFWDRECV: 7,4\r\n"
    first = Line("")
    first.open().send(b"data")
    first.wait(1)
    start = first.faults.down.count + len(reads)
    # A byte more and a byte less: the second makes up for the first.
    for what, harms in (("flip", ["payload down", ""]), ("drop", ["", "payload down"]), ("insert", ["", "payload down"])):
        for k in range(4):
            line = Line("down:%d %s; down:%d drop" % (start + k, what, start + k))
            line.open().send(b"data")
            line.wait(1)
            line.say(b"AT+QFWDRECV=7,4\r")
            assert line.harms() == harms, (what, k)


def test_a_byte_less_in_a_payload_and_one_more_just_before_or_behind_it_are_what_nobody_could_notice():
    """In front of it: the LF of the line that announces it."""
    for what in ("insert 17", "double"):
        for behind, harm in ((-10, ""), (-9, "payload down"), (0, "payload down"), (3, "payload down"), (4, "")):
            line = Line("")
            peer = line.open()
            peer.send(b"12345678")
            line.wait(10)
            start = line.faults.down.count + len(b"\r\n+QFWDRECV: 7,8\r\n")
            line = Line("down:%d drop; down:%d %s" % (start + 3, start + 8 + behind, what))
            peer = line.open()
            peer.send(b"12345678")
            line.wait(10)
            line.say(b"AT+QFWDRECV=7,8\r")
            line.wait(10)
            assert sorted(line.harms()) == ["", harm], (what, behind, line.harms())


def test_a_digit_less_in_an_announcement_is_what_nobody_could_notice_where_the_data_looks_like_an_end_in_just_that_place():
    said = b"+QFWDRECV: 7,124"
    cases = [(3, "drop", ""), (13, "drop", "announcement"), (14, "drop", ""), (14, "flip 1", "")]
    cases += [(13, "flip %d" % n, "") for n in (3, 64, 131)]  # 131 makes it a digit of another kind
    for at, what, harm in cases:
        data = b"x" * 24 + b"\r\n\r\n" + b"y" * 96
        first = Line("")
        first.open().send(data)
        first.wait(1)
        line = Line("down:%d %s" % (first.faults.down.count + 2 + at, what))
        line.open().send(data)
        line.wait(1)
        assert len(said) > at and line.say(b"AT+QFWDRECV=7,1024\r")
        assert line.harms() == [harm], (at, what, line.harms())


def test_a_changed_digit_of_what_was_taken_is_told_and_a_fair_plan_passes_it_over():
    for fair, said in ((False, b"\r\n+QFWDSEND: 7,\r\n\r\nOK\r\n"), (True, b"\r\n+QFWDSEND: 7,4\r\n\r\nOK\r\n")):
        first = Line("")
        first.open()
        first.say(b"AT+QFWDSEND=7,0,4\r")
        at = first.faults.down.count + len(b"\r\n+QFWDSEND: 7,")
        line = Line("down:%d drop" % at, fair=fair)
        line.open()
        line.say(b"AT+QFWDSEND=7,0,4\r")
        assert line.say(b"data") == said
        assert line.harms() == ["count"]


def test_time_counts_from_the_start_and_events_from_then():
    line = Line("ms:1000 final:1 lose")
    assert b"OK" in line.say(b"AT\r")
    line.wait(1001)
    assert b"OK" in line.say(b"AT\r") and b"OK" not in line.say(b"AT\r") and b"OK" in line.say(b"AT\r")
    assert str(line.faults.happened[0]) == "ms:1000 final:1 lose 0"
    assert Fault("drop", stream="down").n == 1

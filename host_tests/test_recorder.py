"""The flight recorder: what was on the wire before and after a fault, kept for whoever comes to look."""

import confidential
from ec2x import ModemError
from expect import raises
from heap import locked
from quiet import QuietUart
from rig import Rig
from wires import answers, say

SIZE = 1024


def recording(dump=None, size=SIZE, **kw):
    rig = Rig(**kw)
    rig.modem.record(size, dump)
    return rig


def texts(lines):
    """The lines without their times."""
    return [line.split(" ", 1)[1] for line in lines]


def timeout(rig):
    """The fault: a command that is not answered in time, though later."""
    raises(ModemError, rig.modem.command, "AT+CSQ", 100)


def chat(rig, n, line="AT+CSQ"):
    for _ in range(n):
        rig.modem.command(line)


def test_the_last_of_the_dialogue_is_there_with_its_times():
    rig = recording()
    assert rig.modem.recorded() == []
    start = rig.now()
    rig.modem.command("AT+CSQ")
    assert texts(rig.modem.recorded()) == ["> AT+CSQ", "< +CSQ: 24,99", "< OK"]
    for line in rig.modem.recorded():
        assert start <= int(line.split()[0]) <= start + 5
    rig.pump(1000)
    chat(rig, 100)
    lines = rig.modem.recorded()
    assert SIZE - 40 < sum([len(line) + 1 for line in lines]) <= SIZE
    assert set(texts(lines)) == {"> AT+CSQ", "< +CSQ: 24,99", "< OK"} and texts(lines)[-1] == "< OK"
    times = [int(line.split()[0]) for line in lines]
    assert times == sorted(times) and rig.now() - times[-1] < 5


def test_it_begins_with_a_whole_line_wherever_the_block_ends():
    for n in range(40):
        rig = recording(size=256 + n)
        chat(rig, 10)
        told = texts(rig.modem.recorded())
        assert told[-3:] == ["> AT+CSQ", "< +CSQ: 24,99", "< OK"]
        assert set(told) == {"> AT+CSQ", "< +CSQ: 24,99", "< OK"}


def test_no_secret_and_no_payload_is_recorded():
    rig = Rig(online=False, module={"pin": confidential.PIN})
    rig.modem.record(8192)
    rig.modem.active(True)
    rig.modem.connect("apn", "me", confidential.PASSWORD, 1, confidential.PIN)
    rig.modem.wait()
    for what in ("imei", "imsi", "iccid"):
        rig.modem.config(what)
    sock, peer = rig.client()
    sock.send(b"what we say")
    peer.send(b"what they say")
    assert sock.recv(100) == b"what they say" and rig.until(peer.recv) is None
    lines = "\n".join(rig.modem.recorded())
    assert not confidential.told(lines) and "say" not in lines and " < <13 bytes>" in lines and " > AT+CPIN=***" in lines


def test_some_time_after_a_fault_it_stands_still_until_it_is_read():
    rig = recording(latency_us={"CSQ": 150_000})
    rig.modem.command("AT")
    timeout(rig)
    rig.pump(1000)
    before = rig.modem.recorded()
    assert texts(before)[:4] == ["> AT", "< OK", "> AT+CSQ", "! no answer in time"]
    late = ["< +CSQ: 24,99", "< OK"]  # and in a quarantine
    assert texts(before)[4:] == late + ["> AT+CMEE?", "< +CMEE: 1", "< OK", "> AT+CSQ", "< +CSQ: 24,99", "< OK"]
    rig.pump(10_000)
    chat(rig, 100, "AT")
    lines = rig.modem.recorded()
    assert lines[: len(before)] == before and texts(lines).count("> AT") == 1  # and not the hundred
    assert rig.modem.recorded() == []
    rig.modem.command("AT")
    assert texts(rig.modem.recorded()) == ["> AT", "< OK"]


def test_what_comes_before_the_fault_is_not_overwritten_by_what_follows():
    rig = recording(latency_us={"CSQ": 300_000})
    chat(rig, 30, "AT")
    timeout(rig)
    rig.pump(500)
    for _ in range(100):
        rig.modem.command("ATI")
    lines = texts(rig.modem.recorded())
    fault = lines.index("! no answer in time")
    assert lines[fault - 1] == "> AT+CSQ" and lines[fault - 2] == "< OK" and fault > 20 and len(lines) - fault > 15


def test_the_first_fault_is_what_the_others_come_from():
    rig = recording(latency_us={"CSQ": 300_000}, size=4096)
    for _ in range(3):
        timeout(rig)
        rig.pump(7000)
    assert texts(rig.modem.recorded()).count("! no answer in time") == 2


def test_a_fault_of_before_is_none_of_the_record():
    rig = Rig(latency_us={"CSQ": 300_000})
    timeout(rig)
    rig.pump(1000)
    rig.modem.record(SIZE)
    rig.modem.command("AT")
    assert texts(rig.modem.recorded()) == ["> AT", "< OK"]


def test_what_is_under_way_is_in_it():
    rig = Rig(meddle=True)
    rig.modem.record(SIZE)
    rig.uart.answer(b"AT+CMGS", b"", payload=9)
    raises(ModemError, rig.modem.command, "AT+CMGS=1", data=b"letters\r\n")
    assert texts(rig.modem.recorded()) == ["> AT+CMGS=1", "< >", "> <9 bytes>", "! no answer in time"]
    rig = Rig(meddle=True)
    rig.modem.record(SIZE)
    rig.uart.say(b"\r\nwhat is that\r\n")
    rig.modem.poll()
    assert texts(rig.modem.recorded()) == ["< <12 bytes>"]


def test_each_fault_is_dumped_once_outside_the_step_and_the_record_goes_on():
    dumps = []

    def dump(lines):
        dumps.append(texts(lines))
        assert rig.modem.nested

    rig = recording(dump, latency_us={"CSQ": 300_000})
    for n in range(1, 4):
        timeout(rig)
        rig.pump(12_000)
        chat(rig, 2, "AT")
        assert len(dumps) == n and dumps[-1].count("! no answer in time") == 1
    assert dumps[0][:2] == ["> AT+CSQ", "! no answer in time"]
    assert texts(rig.modem.recorded())[-2:] == ["> AT", "< OK"] and "! no answer in time" not in texts(rig.modem.recorded())


def test_a_dump_that_fails_harms_nobody():
    def dump(lines):
        raise OSError("the card is full")

    rig = recording(dump, latency_us={"CSQ": 300_000})
    timeout(rig)
    rig.pump(12_000)
    chat(rig, 2, "AT")
    assert texts(rig.modem.recorded())[-1] == "< OK"


def test_without_memory_the_dump_comes_later():
    dumps = []
    rig = recording(dumps.append, latency_us={"CSQ": 300_000})
    soon, tries = rig.modem.events.soon, []

    def full(*args):
        tries.append(args)
        if len(tries) == 1:
            raise MemoryError
        soon(*args)

    rig.modem.events.soon = full
    timeout(rig)
    rig.pump(12_000)
    chat(rig, 2, "AT")
    assert len(tries) == 2 and len(dumps) == 1


def test_every_kind_of_fault_is_seen():
    rig = Rig(meddle=True)
    rig.modem.record(SIZE)
    rig.uart.answer(b"AT+QFWDRECV=7", b"\r\n+QFWDRECV: 7,5\r\nhello you\r\n\r\nOK\r\n")
    raises(ModemError, rig.modem.fwd.recv, 7, 10)
    rig.pump(100)
    assert texts(rig.modem.recorded()).count("! an answer that cannot be right") == 1
    for act in (lambda rig: say(rig, "RDY"), lambda rig: rig.module.reset(rig.clock.us)):
        rig = recording()
        act(rig)
        rig.until(lambda: not rig.modem.isconnected(), 60_000)
        rig.until(rig.modem.isconnected, 60_000)
        assert "! the link is lost" in texts(rig.modem.recorded())


def test_what_is_meant_is_no_fault():
    rig = Rig(online=False, module={"boot_us": 20_000_000})
    rig.modem.record(SIZE)
    rig.module.reset(rig.clock.us)
    rig.online()  # unanswered, at first
    answers(rig, "+CSQ", ValueError)
    rig.modem.disconnect()
    rig.modem.active(False)
    rig.pump(1000)
    rig.online()
    rig.pump(60_000)
    assert not [line for line in rig.modem.recorded() if " ! " in line]


def test_it_takes_no_memory_while_it_runs():
    rig = Rig()
    sock, peer = rig.client()
    uart = rig.modem.chat.uart = QuietUart(rig.uart)
    rig.modem.record(SIZE)
    sock.send(b"whether it echoes is found out once")
    sock.setblocking(False)
    data, buf = bytes(range(256)) * 4, bytearray(900)
    state = [0, 0]

    def step():
        rig.modem.poll()
        state[0] += sock.readinto(buf) or 0
        state[1] += sock.write(data) or 0

    for _ in range(20):
        step()
        uart.exchange()
        rig.clock.advance(500)
    peer.send(data * 20)
    while state[0] < 20 * len(data) or state[1] < 20 * len(data):
        uart.exchange()
        rig.clock.advance(500)
        locked(step)
    lines = texts(rig.modem.recorded())
    assert "< +QFWDRECV: 40000,1024" in lines and "> <1024 bytes>" in lines


def test_too_small_a_record_is_refused():
    raises(ValueError, Rig().modem.record, 255)

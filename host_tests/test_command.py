"""Any other command: what is refused, what is sent, which lines come back, and how it fails."""

from confidential import PIN
from ec2x import ModemError, errors
from ec2x_sim.atline import AtError
from ec2x_sim.dataphase import DataPhase
from expect import raises
from rig import Rig
from wires import Wire, answers, handlers, heard, say


def later(rig, ms, text):
    """The module says this in so many ms."""
    rig.module.agenda.add(rig.clock.us + ms * 1000, lambda at: say(rig, text))


def test_the_lines_come_without_ok():
    rig = Rig()
    command = rig.modem.command
    assert command("AT") == []
    assert command("AT+CSQ") == ["+CSQ: 24,99"]
    assert command("ATI") == ["Quectel", "EC25", "Revision: EC25EFAR06A06M4G"]  # bare lines
    assert command("AT+GSN") == ["861075040000014"]
    assert len(command("AT+CGDCONT=?")) == 4
    assert command("at+cmee?") == ["+CMEE: 1"]
    assert command("AT+CSQ;+CMEE?") == ["+CSQ: 24,99", "+CMEE: 1"]
    assert command("AT&V")[0] == "&C: 1"


def test_a_line_too_long_to_be_kept_is_none_of_its_lines():
    rig = Rig()
    answers(rig, "+CSQ", "x" * 600, "+CSQ: 20,99")
    assert rig.modem.command("AT+CSQ") == ["+CSQ: 20,99"] and rig.modem.stats()["too_long"] == 1


def test_what_is_not_ascii_does_not_harm():
    rig = Rig()
    answers(rig, "+CSQ", "+CSQ: \xff\x80")
    assert rig.modem.command("AT+CSQ") == ["+CSQ: ??"]


def test_the_line_goes_out_as_it_is():
    rig = Rig()
    wire = Wire(rig, takes=1)
    rig.modem.command("AT+CMGF= 1;+CSQ")
    assert bytes(wire.sent) == b"AT+CMGF= 1;+CSQ\r"


def test_urcs_go_their_own_way_while_it_runs():
    rig = Rig(latency_us={"CSQ": 100_000})
    texts = []
    rig.modem.on_urc("+CMTI", texts.append)
    rig.net.listen("tcp", "10.0.0.9", 80)
    later(rig, 20, "+CMTI: 1")
    later(rig, 30, '+QFWDURC: "client/read",9')
    assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"]
    assert texts == ["+CMTI: 1"] and rig.modem.stats()["strange"] == 1


def test_a_urc_of_its_own_prefix_is_among_its_lines():
    rig = Rig(latency_us={"CREG": 100_000})
    texts = []
    rig.modem.on_urc("+CREG", texts.append)
    later(rig, 20, "+CREG: 5")
    assert rig.modem.command("AT+CREG?") == ["+CREG: 5", "+CREG: 0,1"] and texts == []
    say(rig, "+CREG: 1")
    rig.modem.poll()
    assert texts == ["+CREG: 1"]


def test_a_refusal_names_the_command_and_keeps_the_code():
    rig = Rig()
    for error, cme, text in ((AtError(), None, "ERROR"), (AtError(3), 3, "+CME ERROR: 3")):
        answers(rig, "+CSQ", "+CSQ: 1,2", error)
        failure = raises(ModemError, rig.modem.command, "AT+CSQ")
        assert failure.errno == errors.EIO and failure.cme == cme
        assert "the module refuses AT+CSQ: " + text in failure.args[1]
    rig.modem.command("AT+CMEE=2")
    failure = raises(ModemError, rig.modem.command, "AT+CSQ")
    assert failure.cme == "operation not allowed" and "operation not allowed" in failure.args[1]


def test_a_secret_is_not_in_the_error():
    rig = Rig()
    failure = raises(ModemError, rig.modem.command, 'AT+CPIN="%s"' % PIN)
    assert failure.cme == 3 and PIN not in failure.args[1] and "AT+CPIN" in failure.args[1]


def test_what_is_not_answered_in_time_ends_and_its_late_answer_harms_nobody():
    rig = Rig(latency_us={"CSQ": 400_000})
    start = rig.now()
    failure = raises(ModemError, rig.modem.command, "AT+CSQ")
    assert failure.errno == errors.ETIMEDOUT and "no proper answer to AT+CSQ" in failure.args[1]
    assert 300 <= rig.now() - start < 600
    assert rig.modem.command("AT+GSN") == ["861075040000014"]
    assert rig.modem.command("AT+CSQ", timeout_ms=500) == ["+CSQ: 24,99"]


def test_a_restart_ends_it():
    rig = Rig(latency_us={"CSQ": 400_000})
    later(rig, 20, "RDY")
    start = rig.now()
    assert raises(ModemError, rig.modem.command, "AT+CSQ", 60_000).errno == errors.ETIMEDOUT
    assert rig.now() - start < 100


def prompts(rig, size=None, error=None):
    """The module asks for data behind AT+CMGS, up to Ctrl+Z or size bytes of it; the list of what it gets."""
    got = []

    def deliver(at, data):
        got.append(data)
        if error:
            raise error
        at.info("+CMGS: 37")

    handlers(rig)["+CMGS"] = lambda at, command: DataPhase(size, False, 1024, deliver)
    return got


def test_data_goes_behind_the_prompt():
    rig = Rig(latency_us=5000)
    text = "t\u00e4xt"
    for size, data, arrives in ((None, b"text\x1a", b"text"), (3, b"\x1a\x1b\0", b"\x1a\x1b\0"), (None, text + "\x1a", text.encode())):
        got = prompts(rig, size)
        assert rig.modem.command('AT+CMGS="123"', data=data) == ["+CMGS: 37"]
        assert got == [arrives]
        assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"]


def test_data_of_more_than_a_piece_arrives_whole():
    rig = Rig()
    data = bytes(range(256)) * 4
    got = prompts(rig, 1024)
    Wire(rig, takes=100)
    rig.modem.command("AT+CMGS=1", data=memoryview(data))
    assert got == [data]


def test_data_that_the_module_refuses_is_an_error():
    rig = Rig()
    got = prompts(rig, None, AtError(3))
    assert raises(ModemError, rig.modem.command, "AT+CMGS=1", data=b"x\x1a").cme == 3
    answers(rig, "+CMGS", AtError(4))  # before the prompt
    assert raises(ModemError, rig.modem.command, "AT+CMGS=1", data=b"x\x1a").cme == 4
    assert got == [b"x"] and rig.modem.command("AT+CSQ")


def test_data_that_does_not_end_is_cancelled_and_the_channel_is_in_step_again():
    rig = Rig()
    got = prompts(rig)
    for data in (b"no end", b""):
        failure = raises(ModemError, rig.modem.command, "AT+CMGS=1", data=data)
        assert failure.errno == errors.ETIMEDOUT
        assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"]
    assert got == []


def test_data_that_is_no_bytes_is_refused_before_the_command_goes_out():
    rig = Rig()
    lines = heard(rig)
    for data in (5, 1.5, object(), [1, 2]):
        raises(TypeError, rig.modem.command, "AT+CMGS=1", data=data)
    rig.pump(100)
    assert lines == []


def test_no_command_can_be_injected():
    rig = Rig()
    written = rig.uart.tx_bytes
    for bad in ("\r", "\n", "\0", "\x1a", "\x1b", "\t", "\x7f", "\u00e4", "\u20ac"):
        for line in ("AT+CSQ%s", "AT+CSQ%sAT+CFUN=0", "%sAT+CSQ", 'AT+X="%s"'):
            raises(ValueError, rig.modem.command, line % bad)
    for line in ("", "A", "+CSQ", " AT", "TA+CSQ"):
        raises(ValueError, rig.modem.command, line)
    raises(ValueError, rig.modem.command, "AT+X=" + "x" * 400)
    rig.pump(100)
    assert rig.uart.tx_bytes == written
    assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"]


def test_a_long_command_goes_through():
    rig = Rig()
    lines = heard(rig)
    raises(ModemError, rig.modem.command, "AT+X=" + "x" * 300)
    assert len(lines[0]) == 303


def test_commands_work_while_sockets_are_busy():
    rig = Rig()
    service = rig.net.listen("tcp", "10.0.0.9", 80)
    sock = rig.modem.socket()
    sock.connect(("10.0.0.9", 80))
    peer = service.accept()
    data = bytes(range(256)) * 40
    peer.send(data)
    got = b""
    while len(got) < len(data):
        assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"]
        got += sock.recv(1000)
    assert got == data

"""The trace: all that goes over the wire, and no secret."""

from ec2x import ModemError
from expect import raises
from rig import Rig
from wires import Wire, heard

PIN, PASSWORD = b"0042", b"hunter2"


def traced(rig, **wire):
    """What the sink gets, as [(ms, direction, bytes)]."""
    Wire(rig, **wire)
    events = []
    rig.modem.trace(lambda ms, way, data: events.append((ms, way, data)))
    return events


def went(events, way):
    return b"".join([data for _, direction, data in events if direction == way])


def test_both_directions_are_told_with_their_time():
    rig = Rig(latency_us={"CSQ": 40_000})
    events = traced(rig)
    start = rig.now()
    rig.modem.command("AT+CSQ")
    assert [(way, data) for _, way, data in events] == [(">", b"AT+CSQ\r"), ("<", b"\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    assert events[0][0] == start and start + 40 <= events[1][0] <= start + 60
    assert isinstance(events[0][2], bytes)


def test_payloads_are_told_whole():
    for takes, gives in ((65536, 65536), (1, 1), (10, 100)):
        rig = Rig()
        service = rig.net.listen("tcp", "10.0.0.9", 80)
        rig.modem.fwd.client(7, "10.0.0.9", 80)
        peer = service.accept()
        events = traced(rig, takes=takes, gives=gives)
        data = bytes(range(256)) * 4
        rig.modem.fwd.send(7, data)
        peer.send(data)
        rig.modem.fwd.recv(7, 1024)
        assert went(events, ">") == b"AT+QFWDSEND=7,0,1024\r" + data + b"AT+QFWDRECV=7,1024\r"
        assert b"+QFWDRECV: 7,1024\r\n" + data + b"\r\n" in went(events, "<")


def test_pin_and_password_are_masked_however_few_bytes_move_at_a_time():
    for takes, gives in ((65536, 65536), (1, 1), (2, 3), (7, 65536), (11, 1), (65536, 5)):
        rig = Rig(online=False, module={"pin": PIN.decode()})
        lines = heard(rig)
        events = traced(rig, takes=takes, gives=gives)
        rig.modem.active(True)
        rig.modem.connect("apn", "me", PASSWORD.decode(), 1, PIN.decode())
        rig.modem.wait()
        out = went(events, ">")
        assert PIN not in out and PASSWORD not in out
        assert b"\rAT+CPIN=***\r" in out and b"\rAT+QICSGP=***\r" in out and b"\rAT+QIACT=1\r" in out
        assert b"\rAT+CPIN?\r" in out and out.count(b"***") == 2
        assert '+CPIN="0042"' in lines  # but the module got it


def test_no_event_is_empty():
    rig = Rig(online=False, module={"pin": PIN.decode()})
    events = traced(rig, takes=1, gives=1)
    rig.modem.active(True)
    rig.modem.connect("apn", pin=PIN.decode())
    rig.modem.wait()
    assert b"" not in [data for _, _, data in events]


def test_the_echo_and_the_answers_are_masked_too():
    for gives in (65536, 1, 4):
        rig = Rig(module={"pin": PIN.decode()})
        events = traced(rig, gives=gives)
        rig.modem.command("ATE1")
        rig.modem.command('AT+QICSGP=1,1,"apn","me","hunter2",1')
        rig.modem.command("AT+QICSGP=1")
        rig.modem.command('at+cpin="0042"')
        rig.modem.command("AT+CSQ")
        back = went(events, "<")
        assert PASSWORD not in back and PIN not in back and b"+QICSGP:***\r\n" in back and b"+CSQ: 24,99" in back
        assert PASSWORD not in went(events, ">") and PIN not in went(events, ">")


def test_a_secret_in_a_chain_or_behind_a_payload_is_masked():
    rig = Rig(module={"pin": PIN.decode()})
    service = rig.net.listen("tcp", "10.0.0.9", 80)
    rig.modem.fwd.client(7, "10.0.0.9", 80)
    events = traced(rig)
    rig.modem.fwd.send(7, b"no line end")
    rig.modem.command('AT+CSQ;+CPIN="0042"')
    raises(ModemError, rig.modem.command, 'AT+CLCK="SC",0,"0042";+CPIN="0042"')
    assert went(events, ">") == b"AT+QFWDSEND=7,0,11\rno line endAT+CSQ;+CPIN=***\rAT+CLCK=***\r" and PIN not in went(events, "<")
    assert service.accept().recv() == b"no line end"


def test_a_trace_changes_nothing_that_goes_over_the_wire():
    written = []
    for sink in (None, lambda ms, way, data: None):
        rig = Rig(online=False)
        wire = Wire(rig, takes=3, gives=2)
        rig.modem.trace(sink)
        rig.modem.active(True)
        rig.modem.connect("apn")
        rig.modem.wait()
        written.append(bytes(wire.sent))
    assert written[0] == written[1]


def test_a_uart_that_moves_nothing_is_not_told():
    rig = Rig(online=False)
    events = traced(rig, takes=0)
    rig.modem.active(True)
    rig.pump(1000)
    assert events == []

    class Liar:
        def any(self):
            return 3

        def readinto(self, buf, n):
            pass

        def write(self, buf, off, n):
            pass

    rig.modem.chat.uart = Liar()
    rig.modem.trace(lambda ms, way, data: events.append(data))
    rig.modem.poll()
    assert events == []

"""The trace: the dialogue of driver and module with its times, and what one has to ask for to see more."""

from confidential import PASSWORD, PIN
from ec2x import ModemError
from expect import raises
from rig import Rig
from wires import Wire, heard


def traced(rig, payload=False, **wire):
    """What the sink gets, as [(ms, direction, bytes)]."""
    Wire(rig, **wire)
    events = []
    rig.modem.trace(lambda ms, way, data: events.append((ms, way, data)), payload)
    return events


def went(events, way):
    return [data for _, direction, data in events if direction == way]


def test_both_directions_are_told_line_by_line_with_their_time():
    rig = Rig(latency_us={"CSQ": 40_000})
    events = traced(rig)
    start = rig.now()
    rig.modem.command("AT+CSQ")
    assert [(way, data) for _, way, data in events] == [(">", b"AT+CSQ"), ("<", b"+CSQ: 24,99"), ("<", b"OK")]
    assert events[0][0] == start and start + 40 <= events[1][0] <= start + 60
    assert isinstance(events[0][2], bytes)


def exchange(rig, payload, **wire):
    """1024 bytes each way."""
    service = rig.net.listen("tcp", "10.0.0.9", 80)
    rig.modem.fwd.client(7, "10.0.0.9", 80)
    peer = service.accept()
    events = traced(rig, payload, **wire)
    data = bytes(range(256)) * 4
    rig.modem.fwd.send(7, data)
    peer.send(data)
    rig.pump(10)
    assert rig.modem.fwd.recv(7, 1024) == data
    rig.modem.command("AT")
    return events


def test_payloads_are_told_by_their_length():
    for takes, gives in ((65536, 65536), (1, 1), (10, 100)):
        events = exchange(Rig(), False, takes=takes, gives=gives)
        assert [(way, data) for _, way, data in events] == [
            (">", b"AT+QFWDSEND=7,0,1024"),
            ("<", b">"),
            (">", b"<1024 bytes>"),
            ("<", b"+QFWDSEND: 7,1024"),
            ("<", b"OK"),
            ("<", b'+QFWDURC: "client/read",7'),
            (">", b"AT+QFWDRECV=7,1024"),
            ("<", b"+QFWDRECV: 7,1024"),
            ("<", b"<1024 bytes>"),
            ("<", b"OK"),
            (">", b"AT"),
            ("<", b"OK"),
        ], events


def test_payloads_are_told_whole_to_who_asks_for_them():
    data = bytes(range(256)) * 4
    for takes, gives in ((65536, 65536), (1, 1), (10, 100)):
        events = exchange(Rig(), True, takes=takes, gives=gives)
        assert b"".join(went(events, ">")) == b"AT+QFWDSEND=7,0,1024" + data + b"AT+QFWDRECV=7,1024AT"
        assert b"+QFWDRECV: 7,1024" + data + b"OK" in b"".join(went(events, "<"))


def test_the_data_of_any_command_is_a_payload():
    for payload in (False, True):
        rig = Rig()
        events = traced(rig, payload)
        raises(ModemError, rig.modem.command, "AT+QFWDSEND=9,0,5", data=b"hello")  # without a prompt
        service = rig.net.listen("tcp", "10.0.0.9", 80)
        rig.modem.fwd.client(7, "10.0.0.9", 80)
        rig.modem.command("AT+QFWDSEND=7,0", data=b"hello\x1a")
        assert service.accept().recv() == b"hello"
        rig.modem.command("AT")
        assert (b"hello\x1a" if payload else b"<6 bytes>") in went(events, ">")
        assert b"".join(went(events, ">")).count(b"hello") == payload


def test_pin_and_password_are_masked_however_few_bytes_move_at_a_time():
    for takes, gives in ((65536, 65536), (1, 1), (2, 3), (7, 65536), (11, 1), (65536, 5)):
        for payload in (False, True):
            rig = Rig(online=False, module={"pin": PIN})
            lines = heard(rig)
            events = traced(rig, payload, takes=takes, gives=gives)
            rig.modem.active(True)
            rig.modem.connect("apn", "me", PASSWORD, 1, PIN)
            rig.modem.wait()
            out = went(events, ">")
            assert b"AT+CPIN=***" in out and b"AT+QICSGP=***" in out and b"AT+QIACT=1" in out
            assert b"AT+CPIN?" in out and b"+CPIN: SIM PIN" in went(events, "<")
            every = b"\n".join([data for _, _, data in events])
            assert PIN.encode() not in every and PASSWORD.encode() not in every and every.count(b"***") == 2
            assert '+CPIN="%s"' % PIN in lines  # but the module got it


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


def test_a_trace_and_a_record_come_and_go_without_each_other():
    rig = Rig()
    uart = rig.modem.chat.uart
    events = []
    rig.modem.record(1024)
    rig.modem.trace(lambda ms, way, data: events.append(data))
    rig.modem.command("AT+CSQ")
    assert len(events) == len(rig.modem.recorded()) == 3
    rig.modem.record(None)
    assert rig.modem.recorded() == []
    rig.modem.command("AT")
    assert len(events) == 5
    rig.modem.record(1024)
    rig.modem.trace(None)
    rig.modem.command("AT")
    assert len(events) == 5 and len(rig.modem.recorded()) == 2
    rig.modem.record(None)
    rig.modem.record(None)
    assert rig.modem.chat.uart is uart

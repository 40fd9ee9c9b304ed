"""What a trace shows: enough to see what goes wrong; no secret and no payload, whatever the wire does to either."""

import confidential
from confidential import ICCID, IMEI, PASSWORD, PIN, PUK
from ec2x import ModemError
from expect import raises
from rig import Rig
from wires import Wire, answers, say

SIZES = (65536, 1, 4)
# Much of it looks like the dialogue, and is not of it.
PAYLOAD = b"""Dear reader,
+hello: there
+4711: who
+PRICE: 815, 914
> prompt
AT+many=words
+QIURC: "mine"
+CPIN: QUITE
+QFWDSEND: letters
+QFWDRECV: beef
+QFWDRECV: 7,5,tail
12345678901
yours""".replace(b"\n", b"\r\n")
WORDS = b"Dear reader hello there 4711 who PRICE 815 914 prompt many words mine QUITE letters beef tail 1234 yours".split()


class Faulty(Wire):
    """Does something to the at-th byte that comes."""

    def __init__(self, rig, at=-1, fault=None):
        super().__init__(rig)
        self.at = at
        self.fault = fault
        self.came = 0
        self._out = bytearray()

    def any(self):
        n = self.rig.uart.any()
        if n:
            chunk = bytearray(n)
            self.rig.uart.readinto(chunk, n)
            at = self.at - self.came
            if 0 <= at < n:
                chunk[at : at + 1] = self.fault(chunk[at])
            self.came += n
            self._out.extend(chunk)
        return len(self._out)

    def readinto(self, buf, n):
        n = min(n, len(self._out))
        buf[:n] = self._out[:n]
        self._out = self._out[n:]
        return n


def traced(rig, payload=False):
    """The list that gets b"> AT" for what is traced."""
    told = []
    rig.modem.trace(lambda ms, way, data: told.append(way.encode() + b" " + data), payload)
    return told


def shows(told, *secrets):
    """What of the secrets, or of a payload, is in it."""
    text = b"\n".join(told)
    return [secret for secret in secrets if secret in text]


def every_secret(rig):
    """Has the module say and hear all of them, with its echo on."""
    answers(rig, "+CNUM", '+CNUM: ,"+4915112345678",145')
    answers(rig, "+CLIP", '+CLIP: "+4915112345678",145')
    for line in (
        ("ATE1", 'at+cpin="%s"' % PIN, 'AT+QICSGP=1,1,"apn","me","%s",1' % PASSWORD, "AT+QICSGP=1")
        + ("AT+GSN", "AT+CGSN", "AT+CIMI", "AT+QCCID", "AT+CNUM", "AT+CLIP", 'AT+CSQ;+CLCK="SC",0,"%s"' % PIN)
        + ('AT+CGAUTH=1,1,"me","%s"' % PASSWORD, 'AT+CPIN="%s","%s"' % (PUK, PIN))
    ):
        try:
            rig.modem.command(line)
        except ModemError:  # it does not know them all
            pass
    rig.modem.command("AT+CSQ")


def test_no_secret_is_shown_whoever_says_it_and_in_pieces_of_any_size():
    for payload in (False, True):
        for gives in SIZES:
            rig = Rig(module={"pin": PIN, "puk": PUK})
            Wire(rig, gives=gives)
            told = traced(rig, payload)
            every_secret(rig)
            found = shows(told, b"4915112345678", *[secret.encode() for secret in confidential.ALL.values()])
            assert not found, found
            for line in (b"> ATE1", b"< AT+GSN", b"> AT+QICSGP=***", b"< AT+QICSGP=***", b"< +QICSGP:***", b"> AT+GSN", b"< +QCCID:***"):
                assert line in told, line
            for line in (b"< at+cpin=***", b"> AT+CSQ;+CLCK=***", b"< +CNUM:***", b'< +CLIP: "+***",145', b"< +CSQ: 24,99", b"< OK"):
                assert line in told, line


def test_what_has_no_secret_is_shown_whole():
    rig = Rig(apn="net")
    told = traced(rig)
    rig.modem.command("AT+CGMR")
    rig.modem.command("AT+COPS?")
    rig.modem.command("AT+QFWDSERVER=?")
    raises(ModemError, rig.modem.fwd.recv, 9, 1)
    say(rig, "RDY or not")
    say(rig, "+QUSIM: 1")
    say(rig, '+QIND: "csq",20,99')
    say(rig, "+QGURC: words")
    rig.pump(100)
    assert b"< EC25EFAR06A06M4G" in told and b"< +QUSIM: 1" in told and b'< +QIND: "csq",20,99' in told
    assert [line for line in told if line.startswith(b"< +COPS: 0,0,")] and b'("uart1","usbat","usbmodem")' in b"".join(told)
    assert not shows(told, b"RDY", b"QGURC")


def test_what_says_nothing_is_told_too():
    rig = Rig()
    told = traced(rig)
    say(rig, "x" * 600)
    rig.pump(10)
    assert told == [b"< <a line too long>"]
    rig.modem.chat.resync(True)
    rig.pump(1000)
    assert told[1:] == [b"> <ESC>", b"> AT+CMEE?", b"< +CMEE: 1", b"< OK"]
    rig.modem.chat.uart.write(b"\r\r\r\r", 0, 4)
    rig.modem.command("AT")
    assert told[5:] == [b"> <4 bytes>", b"> AT", b"< OK"]


def conversation(rig):
    """The payload both ways; what goes wrong is not raised."""
    peer = rig.peer
    steps = [lambda: rig.modem.fwd.send(7, PAYLOAD), lambda: peer.send(PAYLOAD), lambda: rig.modem.fwd.recv(7, 1024)]
    for step in steps + [lambda: rig.modem.command("AT"), lambda: rig.pump(100)]:
        try:
            step()
        except ModemError:
            pass


def scene(at=-1, fault=None, echo=False, payload=False):
    """(the wire, what was told) of a conversation with a fault."""
    rig = Rig(module={"quirks": {"payload_echo": "always" if echo else "never"}})
    service = rig.net.listen("tcp", "10.0.0.9", 80)
    rig.modem.fwd.client(7, "10.0.0.9", 80)
    rig.peer = service.accept()
    rig.pump(10)
    wire = Faulty(rig, at, fault)
    told = traced(rig, payload)
    conversation(rig)
    return wire, told


FAULTS = (
    lambda byte: b"",
    lambda byte: bytes((byte ^ 1,)),
    lambda byte: bytes((byte, byte)),
    lambda byte: bytes((byte, 13)),
    lambda byte: b"\0",
)


def test_no_payload_is_shown_whichever_byte_the_wire_loses_changes_or_adds():
    for echo in (False, True):
        wire, told = scene(echo=echo)
        assert b"> <%d bytes>" % len(PAYLOAD) in told and b"< +QFWDSEND: 7,%d" % len(PAYLOAD) in told
        assert told.count(b"< <%d bytes>" % len(PAYLOAD)) == 1 + echo and not shows(told, *WORDS)
        for at in range(wire.came):
            _, told = scene(at, FAULTS[(at + echo) % len(FAULTS)], echo)
            found = shows(told, *WORDS)
            assert not found, (echo, at, found, told)


def test_after_a_fault_the_trace_goes_on():
    wire, _ = scene()
    shown = [scene(at, FAULTS[0])[1][-1] for at in range(0, wire.came, 7)]
    assert shown.count(b"< OK") > len(shown) * 3 // 4


def test_no_secret_is_shown_whichever_byte_of_it_changes():
    for payload in (False, True):
        for at in range(0, 900, 3):
            rig = Rig(module={"pin": PIN, "puk": PUK})
            Faulty(rig, at, FAULTS[at // 3 % len(FAULTS)])
            told = traced(rig, payload)
            try:
                every_secret(rig)
            except ModemError:
                pass
            halves = [secret[i : i + 8].encode() for secret in (IMEI, ICCID) for i in (0, 7)]
            found = shows(told, PIN.encode(), PUK.encode(), PASSWORD.encode(), *halves)
            assert not found, (payload, at, found, told)


# (what is asked, what comes instead of its answer, what of that may be told)
READ = "AT+QFWDRECV=7,100"
INSTEAD = (
    (READ, b"\r\n+QFWDRECV: 7,4\r\nDear\r\n\r\nOK\r\n", b"< +QFWDRECV: 7,4|< <4 bytes>|< OK"),
    (READ, b"\r\n+QFWDPRECV: 7,4\r\nDear\r\n\r\nOK\r\n", b"< +QFWDPRECV: 7,4|< <4 bytes>|< OK"),
    (READ, b"\r\n+QFWDRECV: 7,0\r\n\r\nOK\r\n", b"< +QFWDRECV: 7,0|< OK"),
    (READ, b'\r\n+QFWDRECV: 7,2\r\nDear\r\n+QIURC: "mine"\r\n\r\nOK\r\n', b"< +QFWDRECV: 7,2|< <"),
    (READ, b'\r\n+QFWDRECV: 7,4\r\nDear\r\nx\r\n+QIURC: "mine"\r\n\r\nOK\r\n', b"< +QFWDRECV: 7,4|< <"),
    (READ, b'\r\nQFWDRECV: 7,20\r\n+QIURC: "mine"\r\n\r\nOK\r\n', b"< <"),
    (READ, b"\r\n+PRICE: 815\r\n\r\nOK\r\n", b"< <"),
    (READ, b"\r\n+QFWDRECV: 7,3,815\r\n\r\nOK\r\n", b"< <"),
    (READ, b"\r\n+QFWDRECV: 7,1025\r\n815\r\n\r\nOK\r\n", b"< <"),
    (READ, b"\r\n+QFWDRECV: 7,-4\r\n815\r\n\r\nOK\r\n", b"< <"),
    (READ, b"\r\n+QFWDRECV: x,4\r\nDear\r\n\r\nOK\r\n", b"< <"),
    (READ, b"\r\n+CME ERROR: 3\r\n", b"< +CME ERROR: 3"),
    ("AT+CSQ", b"\r\nhello\r\n+CSQ: 1,2\r\n\r\nOK\r\n", b"< <5 bytes>|< +CSQ: 1,2|< OK"),
    ("AT+CSQ", b"\r\n+CS: hello\r\n+CSQ1: hello\r\n+CSQ\r\n\r\nOK\r\n", b"< <26 bytes>|< OK"),
    ("AT+CSQ", b"\r\n+QFWDRECV: 9,4\r\nlate\r\n\r\nOK\r\n", b"< +QFWDRECV: 9,4|< <4 bytes>|< OK"),
    ("AT+CSQ", b"\r\n> \r\n+CSQ: 1,2\r\n\r\nOK\r\n", b"< >|< +CSQ: 1,2|< OK"),
)


def test_what_comes_instead_of_an_answer_shows_no_payload():
    for line, instead, may in INSTEAD:
        rig = Rig(meddle=True)
        told = traced(rig)
        rig.uart.answer(line.encode(), instead)
        for each in (line, "AT"):
            try:
                rig.modem.command(each)
            except ModemError:
                pass
        say(rig, "+QUSIM: 1")
        rig.pump(10)
        assert not shows(told, *WORDS), told
        answer = b"|".join(told[1 : told.index(b"> AT") if b"> AT" in told else None])
        assert answer == may or may[-1:] == b"<" and answer.startswith(may), (instead, told)
        assert told[-1] == b"< +QUSIM: 1"


def test_half_an_echo_does_not_end_the_trace():
    rig = Rig(meddle=True)
    told = traced(rig)
    rig.uart.answer(b"AT+QFWDSEND=7", b"Dear", payload=40)
    raises(ModemError, rig.modem.command, "AT+QFWDSEND=7,0,40", data=b"Dear" * 10)
    rig.pump(1000)
    assert told[-6:] == [b"> AT+CMEE?", b"< +CMEE: 1", b"< OK", b"> AT+CSQ", b"< +CSQ: 24,99", b"< OK"] and not shows(told, b"Dear")


def test_a_payload_that_is_all_dialogue_is_no_dialogue():
    said = b'\r\nOK\r\n\r\n+CSQ: 24,99\r\n> \r\n+QFWDURC: "client/close",7\r\n+QFWDRECV: 7,4\r\nRDY\r\nERROR\r\nAT+CSQ\r\n'
    for echo in (False, True):
        for gives in SIZES:
            rig = Rig(module={"quirks": {"payload_echo": "always" if echo else "never"}})
            service = rig.net.listen("tcp", "10.0.0.9", 80)
            rig.modem.fwd.client(7, "10.0.0.9", 80)
            peer = service.accept()
            Wire(rig, gives=gives)
            told = traced(rig)
            for data in (b"+QFWDSEND: 7,9\r\n" + said, said, said.lstrip()):
                rig.modem.fwd.send(7, data)
                peer.send(data)
                rig.modem.fwd.recv(7, 1024)
            rig.modem.command("AT")
            text = b"\n".join(told)
            assert not shows(told, b"+CSQ: 24,99", b"client/close", b"RDY", b"ERROR", b"AT+CSQ", b"7,4", b"7,9")
            assert text.count(b"< OK") == 7 and text.count(b"< >") == 3


def test_an_error_names_no_more_than_the_command():
    rig = Rig()
    for line in ('AT+CPIN="%s"', "AT+CPIN:%s", "AT+CPIN %s", 'AT+CPIN"%s"', "ATD%s;", "AT+CSQ;+CPIN=%s", "AT+CPIN?%s"):
        failure = raises(ModemError, rig.modem.command, line % PIN)
        assert PIN not in str(failure) and line[:3] in str(failure), failure

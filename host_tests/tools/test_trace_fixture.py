"""trace fixture: what was on the wire can be played to the driver again."""

import pytest

import confidential
import ec2x
from scripted import ScriptedUart
from traces import PING, PONG, made, printed, run, talk

UNMASKED = {  # what a test has in place of ***
    b"AT+CPIN=***": b'AT+CPIN="%s"' % confidential.PIN.encode(),
    b"AT+QICSGP=***": b'AT+QICSGP=1,1,"apn","me","%s",1' % confidential.PASSWORD.encode(),
}


def steps(source):
    names = {}
    exec(source, names)
    return names["STEPS"]


class Replay:
    """A modem on a transcript."""

    def __init__(self, script):
        for masked, real in UNMASKED.items():
            script = [(written.replace(masked, real), answered) for written, answered in script]
        self.ms = 0
        self.uart = ScriptedUart(*script)
        self.modem = ec2x.Modem(self.uart)
        self.modem.now = lambda: self.ms
        self.modem.idle = self._idle

    def _idle(self):
        self.ms += 10
        assert self.ms < 600_000, (self.uart.left()[:80], self.modem.status())


@pytest.mark.parametrize("payload", [True, False])
def test_a_conversation_that_was_traced_is_held_again_by_the_driver(payload, tmp_path):
    text, stats = printed(payload)
    replay = Replay(steps(made(tmp_path, text, "fixture")))
    got = talk(replay.modem, PING if payload else b"x" * len(PING))
    assert got == (PONG if payload else b"x" * len(PONG))
    assert replay.uart.left() == b"" and replay.modem.stats() == stats


def test_what_is_written_and_answered_is_as_on_the_wire(tmp_path):
    text = """
    1.000 uart1 < RDY
    1.001 uart1 > AT+QFWDSEND=7,0
    1.002 uart1 < >
    1.003 uart1 > [5 bytes] it's\\n
    1.004 uart1 < +QFWDSEND: 7,5
    1.004 uart1 < OK
    1.005 uart1 > AT+QFWDRECV=7,1024
    1.005 uart1 < +QFWDRECV: 7,60
    1.005 uart1 < [60 bytes] {}... and 12 more
    1.005 uart1 < OK
    1.006 uart1 < +QFWDURC: "client/close",7
""".format("y" * 48)
    source = run(tmp_path, text, "fixture").output
    assert steps(source) == (
        (b"", b"\r\nRDY\r\n"),
        (b"AT+QFWDSEND=7,0\r", b"\r\n> "),
        (b"it's\n\x1a", b"\r\n+QFWDSEND: 7,5\r\n\r\nOK\r\n"),
        (
            b"AT+QFWDRECV=7,1024\r",
            b"\r\n+QFWDRECV: 7,60\r\n" + b"y" * 48 + b"x" * 12 + b'\r\n\r\nOK\r\n\r\n+QFWDURC: "client/close",7\r\n',
        ),
    )


def test_the_file_is_one_that_lint_passes(tmp_path):
    read = "99999 > AT+QFWDRECV=7,1024\n99999 < +QFWDRECV: 7,1024\n99999 < <1024 bytes>\n99999 < OK\n"
    source = made(tmp_path, printed()[0] + read, "fixture").decode()
    assert "b'x' * 1024" in source and max(map(len, source.splitlines())) <= 140
    assert steps(source)[-1] == (b"AT+QFWDRECV=7,1024\r", b"\r\n+QFWDRECV: 7,1024\r\n" + b"x" * 1024 + b"\r\n\r\nOK\r\n")

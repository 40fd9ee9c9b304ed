"""Traces for the tests of `trace`: a conversation, what is printed of it, and the tool that reads it."""

from click.testing import CliRunner

import confidential
from ec2x_tools.trace import trace
from rig import Rig

PEER = ("198.51.100.7", 80)
PING, PONG = b"what we say", b"what they say: <script>alert(1)</script>\r\nOK\r\n"


def talk(modem, ping=PING):
    """Online with all secrets, then a question and its answer."""
    modem.active(True)
    modem.connect("apn", "me", confidential.PASSWORD, 1, confidential.PIN)
    modem.wait()
    for what in ("imei", "imsi", "iccid"):
        modem.config(what)
    sock = modem.socket()
    sock.settimeout(10)
    sock.connect(PEER)
    sock.send(ping)
    got = sock.read(len(PONG))
    sock.close()
    return got


def rig(**kw):
    """A rig whose peer answers."""
    it = Rig(online=False, module={"pin": confidential.PIN}, **kw)
    server = it.net.listen("tcp", *PEER)
    peers = []

    def step():
        if peer := server.accept():
            peers.append(peer)
        for peer in peers:
            if peer.recv():
                peer.send(PONG)

    it.world = step
    return it


def printed(payload=False):
    """What the board prints during the talk with modem.trace(print), and what its modem has counted."""
    it = rig()
    lines = ["the application begins"]
    it.modem.trace(lambda *event: lines.append("{} {} {!r}".format(*event)), payload)
    talk(it.modem)
    return "\n".join(lines) + "\n", it.modem.stats()


def run(tmp_path, text, command, *arguments, name="trace.txt"):
    """The tool's result."""
    file = tmp_path / name
    file.write_text(text)
    return CliRunner().invoke(trace, [command, str(file), *arguments])


def made(tmp_path, text, command, *arguments):
    """The bytes of the file that the tool makes."""
    out = tmp_path / "out"
    result = run(tmp_path, text, command, "-o", str(out), *arguments)
    assert result.exit_code == 0, result.exception
    return out.read_bytes()

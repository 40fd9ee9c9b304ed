"""What a remote peer sends is payload, to the byte, though it be made of our own protocol: no command, no response, no URC.

The driver does the same for it as for as many dots. EC2X_EXAMPLES=2000 plays more than the suite does.
"""

import os

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rig import Rig
from wires import Wire

ROUNDS = int(os.environ.get("EC2X_EXAMPLES", "150"))
PORT = 2020
PEER = ("198.51.100.9", 4711)

# {0} is the id of the socket that it comes by, {1} that of another.
WORDS = [
    "OK",
    "ERROR",
    "+CME ERROR: 3",
    "RDY",
    "POWERED DOWN",
    '+QIURC: "pdpdeact",1',
    "+CPIN: SIM PIN",
    "+CFUN: 0",
    "+CMEE: 1",
    "AT+CFUN=1,1",
    "AT+QFWDCLOSE={1}",
    '+QFWDURC: "client/close",{0}',
    '+QFWDURC: "client/close",{1}',
    '+QFWDURC: "client/read",{1}',
    '+QFWDURC: "client/open",{1},1',
    '+QFWDURC: "client/incoming",{1},40123,"192.0.2.1",7',
    '+QFWDURC: "server/open",{1},1',
    "+QFWDRECV: {0},0",
    "+QFWDRECV: {0},5",
    "+QFWDRECV: {1},1024",
    "+QFWDPRECV: {1},5",
    "+QFWDSEND: {1},0",
    "+QFWDACK: {0},0,0,0,0,0,0",
]
MARKS = ["\r\n", "\r", "\n", "\r\n\r\n", "> ", "\r\n> ", "\0", "\x1a", "\x1b", ",", '"', "\xff", "x"]
PIECES = [f"\r\n{word}\r\n" for word in WORDS] + WORDS + MARKS

payloads = st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join), min_size=1, max_size=4)
sizes = st.sampled_from([1, 2, 3, 7, 64, 65536])  # that the UART gives at a time


class Scene:
    """Two sockets of a module that is online: one hears what the peer says, the other something else."""

    def __init__(self, kind, gives):
        self.rig = rig = Rig(apn="net")
        self.heard = []
        for prefix in ("+QIURC", "RDY", "+QFWDURC", "+CPIN", "OK", "POWERED"):
            rig.modem.on_urc(prefix, self.heard.append)
        self.other, self.other_peer = rig.client()
        self.sock, self.say = getattr(self, kind)()
        self.ids = self.sock.fileno(), self.other.fileno()
        rig.pump(50)
        del self.heard[:]
        self.wire = Wire(rig, gives=gives)

    def client(self):
        sock, peer = self.rig.client(port=81)
        return sock, peer.send

    def accepted(self):
        listener = self.rig.listener(PORT)
        peer = self.rig.dial(PORT)
        sock, _ = listener.accept()
        sock.settimeout(10)
        self.listener = listener
        return sock, peer.send

    def datagrams(self):
        sock = self.rig.modem.socket(2, 2)
        sock.settimeout(10)
        sock.bind(("", PORT))
        far = self.rig.net.udp(*PEER)
        far.sendto(b"hello", PORT)
        assert sock.recvfrom(1024) == (b"hello", PEER)
        return sock, lambda data: far.sendto(data, PORT)

    def message(self, data):
        """It goes to the one, and arrives; meanwhile the other is spoken to, and answers."""
        self.say(data)
        self.other_peer.send(b"ping")
        got = b""
        while len(got) < len(data):
            got += self.sock.recv(1024)
        assert got == data
        assert self.other.recv(100) == b"ping"
        self.other.send(b"pong")
        answer = []
        self.rig.until(lambda: answer.append(self.other_peer.recv()) or b"".join(answer) == b"pong")

    def outcome(self):
        """All that the module was sent, all that was counted, and what the application was told."""
        self.rig.pump(1000)
        told = [line for line in self.heard if not line.startswith('+QFWDURC: "client/read",')]
        return bytes(self.wire.sent), self.rig.modem.stats(), told, self.rig.modem.status()


def play(kind, gives, messages):
    scene = Scene(kind, gives)
    messages = [message.format(*scene.ids).encode("latin-1")[:1000] for message in messages]
    for message in messages:
        scene.message(message)
    dots = Scene(kind, gives)
    for message in messages:
        dots.message(b"." * len(message))
    outcome = scene.outcome()
    assert outcome == dots.outcome()
    _, stats, told, status = outcome
    assert not any(stats[name] for name in ("timeouts", "broken", "lost", "unknown", "strange", "too_long", "dropped"))
    assert told == [] and status == ("ready", "")


EVERYTHING = ["".join(PIECES[i : i + 12]) for i in range(0, len(PIECES), 12)]


def check(kind):
    @settings(max_examples=ROUNDS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(sizes, payloads)
    @example(65536, EVERYTHING)
    @example(1, EVERYTHING)
    def run(gives, messages):
        play(kind, gives, messages)

    run()


def test_what_a_server_sends_is_no_command_no_response_and_no_urc():
    check("client")


def test_what_a_client_of_ours_sends_is_none_either():
    check("accepted")


def test_what_a_datagram_brings_is_none_either():
    check("datagrams")

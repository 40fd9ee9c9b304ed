"""A host's side of a dialogue with the simulated module, in virtual time."""

from ec2x_sim import MemoryNet, Module

STEP = 1000  # µs between one thing and the next


class Dialogue:
    """Says things on one port and returns what comes back, at once."""

    def __init__(self, port="uart1", echo=False, **options):
        self.net = MemoryNet()
        self.module = Module(self.net, **options)
        self.port = port
        if not echo and self.module.running:
            assert self.say("ATE0") == b"ATE0\r\r\nOK\r\n"

    def raw(self, data):
        """Bytes in, bytes out."""
        self.module.feed(self.port, data, self.module.now + STEP)
        return self.module.take(self.port)

    def say(self, line):
        """A line, with its CR."""
        return self.raw(line.encode() + b"\r")

    def heard(self, us=STEP, port=None):
        """What came by itself within that time."""
        self.module.poll(self.module.now + us)
        return self.module.take(port or self.port)

    def server(self, id=1, port=2020, proto="tcp", idle=65535):
        """Opens a server."""
        answer = self.say('AT+QFWDSERVER=0,%d,"IP","%s",%d,5,%d,"uart1"' % (id, proto, port, idle))
        assert answer == OK + urc('"server/open",%d,0' % id)

    def client(self, id=1, host="198.51.100.7", port=80, proto="tcp"):
        """Opens a client to a server of its own: that server's end."""
        service = self.net.listen(proto, host, port)
        answer = self.say('AT+QFWDCLIENT=0,%d,"IP","%s","%s",%d,"uart1"' % (id, proto, host, port))
        assert answer == OK + urc('"client/open",%d,0' % id)
        return service.accept() if proto == "tcp" else service

    def child(self, port=2020, source=("192.168.225.58", 56784)):
        """Somebody connects to the module's server: that one's end, the URC heard."""
        peer = self.net.dial("tcp", port, source)
        assert b'"client/incoming"' in self.heard()
        return peer


OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
PROMPT = b"\r\n> "


def urc(text):
    """A QFWD URC as it stands on the line."""
    return line("+QFWDURC: " + text)


def line(text):
    """A line of information or a URC."""
    return b"\r\n" + text.encode() + b"\r\n"


def quirky(port="uart1", **quirks):
    """A dialogue with a module that follows other readings of the manual."""
    return Dialogue(port, quirks=quirks)

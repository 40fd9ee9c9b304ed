"""An application on a board whose wire is not to be trusted, and what must hold of each of its calls."""

import re

from ec2x import link
from ec2x_tools.virtual import Board
from fuzz import plainly
from fuzz.steps import Steps
from fuzz.weigh import weigh

HOST = "198.51.100.7"

# A poll: the bytes that it may take and give, and the calls that they may cost.
_READ = 8 * 256
_WRITTEN = 384 + 1024 + 26
_CALLS = 1500
_CALLS_A_BYTE = 60
_SELDOM = 20  # polls in which nothing came, of which one is counted

# Memory: of a modem with all its sockets, of one collection, of one buffer; and of the answer to an explicit command.
_BYTES = 400_000
_ITEMS = 80
_BUFFER = 5000
_ANSWER = 200_000
_OFTEN = 100  # polls between two weighings

_SLACK_MS = 300  # a wait looks at the clock after each idle(), which takes 256 ms at most
# A command of its own has no deadline but those of what goes before it: a data call, and the quarantine behind it.
COMMAND_MS = 400_000
_CLOSE_MS = 6000
# READY again from any state: the ladder's rungs, and the bring-up.
_READY_MS = 1_200_000


class Guard(Board):
    def __init__(self, wrap, **kw):
        super().__init__(wrap=wrap, **kw)
        self._poll = self.modem.poll
        self._polls = 0
        self.modem.poll = self._guarded
        self.got = []  # (id, bytes)
        self.sockets = []
        self._limit = None  # ms: the call in hand ends by then
        self._what = None

    def idle(self, *most):
        super().idle(*most)
        assert self._limit is None or self.now() <= self._limit, "%s does not end" % self._what

    def _guarded(self):
        uart = self.uart
        read, written = len(uart.said), uart.written
        self._polls += 1
        if uart.any() or not self._polls % _SELDOM:  # to count is slow
            with Steps(_CALLS + _CALLS_A_BYTE * (_READ + _WRITTEN)) as steps:
                self._poll()
        else:
            steps = None
            self._poll()
        read, written = len(uart.said) - read, uart.written - written
        assert read <= _READ and written <= _WRITTEN, "a poll moves %d and %d bytes" % (read, written)
        assert not steps or steps.spent <= _CALLS + _CALLS_A_BYTE * (read + written), "a poll makes %d calls" % steps.spent
        if not self._polls % _OFTEN:
            self.weigh()

    def weigh(self):
        chat = self.modem.chat
        lines = getattr(chat._request, "lines", None)
        assert weigh(lines)[0] <= _ANSWER
        total, most, longest = weigh(self.modem, *self.sockets, without=(self, chat.uart, self.uart, vars(self), lines))
        assert total <= _BYTES and most <= _ITEMS and longest <= _BUFFER, (total, most, longest)

    # An application's calls

    def call(self, ms, call, *args):
        """What it returns, None after an OSError; within its time."""
        self._limit = self.now() + ms + _SLACK_MS
        self._what = getattr(call, "__name__", call)
        try:
            return call(*args)
        except OSError as error:
            assert isinstance(error.errno, int) and error.errno > 0
            return None
        finally:
            self._limit = None

    def socket(self, *kind, timeout=5):
        sock = self.call(0, self.modem.socket, *kind)
        if sock:
            sock.settimeout(timeout)
            self.sockets.append(sock)
        return sock

    def took(self, sock, data):
        """The application has got data from a socket."""
        if data:
            self.got.append((sock._flow.id, bytes(data)))

    def close(self, sock):
        if sock:
            self.call(_CLOSE_MS, sock.close)

    # Afterwards

    def settle(self, apn):
        """From here the wire is honest: the link comes back, and a fresh connection works."""
        for sock in self.sockets:
            self.close(sock)
        end = self.now() + _READY_MS
        while not (self.modem.isconnected() and self.call(COMMAND_MS, self.modem.command, "AT+CSQ")):
            assert self.now() < end, "it does not become READY again: %s" % (self.modem.status(),)
            if self.modem.link.state == link.FAILED:  # what a garbled answer has said of the SIM: the application says it again
                self.modem.connect(apn)
            self.idle()
        self.until(lambda: not any(self.modem.sockets.flows), 60_000)  # all places come back
        sock = self.modem.socket()
        sock.settimeout(20)
        service = self.net.listen("tcp", HOST, 80)
        sock.connect((HOST, 80))
        peer = service.accept()
        sock.send(b"hello\r\nOK\r\n")
        peer.send(b"world\r\nERROR\r\n")
        self.until(lambda: peer.unread() == 11)
        assert peer.recv() == b"hello\r\nOK\r\n" and sock.read(14) == b"world\r\nERROR\r\n"
        sock.close()
        self.weigh()
        self.pump(20_000)
        assert not any(self.modem.sockets.flows), "a place is lost"

    # Nothing invented

    def check_data(self):
        """What an application has got the module has said under that header, in that order."""
        told = list(records(bytes(self.uart.said)))
        for number in {number for number, _ in self.got}:
            ours = [data for id, data in told if id == number]
            got = b"".join([data for id, data in self.got if id == number])
            assert made_of(got, ours), "%d bytes of socket %d were never sent" % (len(got), number)


def records(said):
    """(id, data) of each counted answer that what was said can be read as."""
    for match in re.finditer(rb"\+QFWDP?RECV:", said):
        end = said.find(b"\r", match.end())
        line = said[match.end() : end]
        number, n = plainly.integer(line, 0), plainly.integer(line, 1)
        if end < 0 or number is None or n is None or n <= 0:
            continue
        for lead in (b"\r\n", b"\r,\n,"):
            start = end + len(lead)
            if said.startswith(lead, end) and said.startswith(b"\r\n\r\n", start + n):
                yield number, said[start : start + n]


def made_of(data, parts):
    """Whether data is some of the parts in their order, the last one perhaps not whole."""
    ends = {0}
    for part in parts:
        for at in list(ends):
            if data.startswith(part, at):
                ends.add(at + len(part))
            elif part.startswith(data[at:]):
                return True
    return len(data) in ends

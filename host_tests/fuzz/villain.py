"""A module that means harm: between an honest one and the driver, it answers each command by a mood.

In what it says # is the id that the command is about, @ that of another open socket, ^ that of the first server, * a number
that counts up, $ the command's name.
"""

import re

from hypothesis import strategies as st

from fuzz.tokens import EVENTS, NUMBERS, QUOTED, WORDS

_BYTES_A_MS = 92  # at 921600 baud
_TICK_MS = 20
_MOST = 150_000  # bytes of storms and floods: what comes after them is to be seen, too

_ids = st.sampled_from((b"#", b"#", b"@", b"^", b"*", b"0", b"65536", b"1000000000", b'"#"'))
_fields = st.lists(st.one_of(_ids, st.sampled_from(NUMBERS + QUOTED)), max_size=7)
_ADDRESS = b'"192.168.225.58",56784,"0.0.0.0",2020'

_NOTED = (
    b'+QFWDURC: "client/incoming",41000,*,' + _ADDRESS,
    b'+QFWDURC: "client/incoming",^,*,"9.9.9.9",70000,"",0',
    b'+QFWDURC: "client/read",#',
    b'+QFWDURC: "client/close",#',
    b'+QFWDURC: "client/close",@',
    b'+QFWDURC: "client/open",#,0',
    b'+QIURC: "pdpdeact",1',
    b'+QIURC: "dnsgip",0,0,600',
    b'+QIURC: "dnsgip","1.2.3.4"',
)
_SIGNS = (b"RDY", b"POWERED DOWN", b"+CPIN: READY", b"+CFUN: 1", b"junk")

urcs = st.one_of(
    st.builds(lambda event, id, rest: b"+QFWDURC: " + b",".join((event, id, *rest)), st.sampled_from(EVENTS), _ids, _fields),
    st.builds(lambda id: b'+QFWDURC: "client/incoming",^,%s,%s' % (id, _ADDRESS), _ids),
    st.sampled_from(_NOTED),
    st.sampled_from(_SIGNS),
).map(lambda line: b"\r\n" + line + b"\r\n")

finals = st.sampled_from(
    (b"\r\nOK\r\n", b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\n+CME ERROR: 14\r\n", b"\r\nOK\r\n\r\nOK\r\n", b"\r\nERROR\r\n\r\nOK\r\n", b"")
)
# An answer of a form that is right, to a read or a send: whose, and how much, may not be.
_counted = st.builds(
    lambda id, n, final: b"\r\n+$: %s,%d\r\n" % (id, n) + b"0123456789" * (n // 10) + b"x" * (n % 10) + b"\r\n" + final,
    st.sampled_from((b"#", b"#", b"@", b"1", b"7")),
    st.sampled_from((0, 1, 5, 100, 1024, 1025, 2000, 3000)),
    finals,
)
answers = st.one_of(
    _counted,
    st.builds(
        lambda lines, data, final: b"".join([b"\r\n+$: " + b",".join(line) + b"\r\n" for line in lines]) + data + final,
        st.lists(st.builds(lambda id, rest: [id, *rest], _ids, _fields), max_size=3),
        st.sampled_from((b"", b"", b"\r\n", b"> ", b"\r\n> \r\n> ", b"hello\r\n", b"A" * 1024 + b"\r\n", b"A" * 1024, b"\r\n" * 20)),
        finals,
    ),
)

_anything = st.one_of(urcs, answers, st.sampled_from(WORDS))
_endless = st.one_of(urcs, st.sampled_from((b"A", b"> ", b"\r\nOK\r\n", b'",', b"\r", b"\r\nx\r\n")))

moods = st.one_of(
    st.just(("honest",)),
    st.tuples(st.just("instead"), answers),
    st.tuples(st.just("reads"), _counted),  # those alone are answered so
    st.tuples(st.just("around"), _anything, _anything),
    st.tuples(st.just("numbers"), st.sampled_from(NUMBERS)),
    st.just(("twice",)),
    st.just(("echo",)),
    st.tuples(st.just("storm"), urcs, st.sampled_from((1, 30, 200))),  # between any two lines
    st.tuples(st.sampled_from(("flood", "drown")), _endless, st.sampled_from((100, 2000, 7000))),  # for so many ms
)
evils = st.lists(moods, min_size=1, max_size=6)


class Villain:
    """A UART around a UART. Once armed it goes through its moods, a command each, again and again, until disarm()."""

    def __init__(self, uart):
        self._uart = uart
        self._moods = []
        self._turn = 0
        self._mood = ("honest",)
        self._line = bytearray()
        self._left = 0  # payload that the honest module is to get
        self._number = 0
        self._out = bytearray()
        self._flood = None  # (pattern, bytes still to come)
        self._flooded = 0  # us
        self._rest = _MOST
        self.ids = []
        self._id = b"40000"
        self._name = b"X"
        self.said = bytearray()
        self.written = 0

    def __getattr__(self, name):
        return getattr(self._uart, name)

    def arm(self, moods):
        self._moods = moods
        self._turn = 0

    def disarm(self):
        self._moods = []
        self._mood = ("honest",)
        self._flood = None
        self._pass(bytes(self._line))
        self._line.clear()

    def pour(self, text, size):
        """So many bytes of this, as fast as the wire is."""
        self._flood = [text, size]
        self._flooded = self._uart.clock.us

    def pouring(self):
        return self._flood is not None

    # As a UART

    def next_at(self):
        self._fetch()
        if self._out:
            return self._uart.clock.us
        at = self._uart.next_at()
        if not self._flood:
            return at
        return min(self._flooded + _TICK_MS * 1000, at or self._flooded + _TICK_MS * 1000)

    def any(self):
        self._fetch()
        return len(self._out)

    def readinto(self, buf, n):
        n = min(n, len(self._out))
        buf[:n] = self._out[:n]
        self.said += self._out[:n]
        del self._out[:n]
        return n or None

    def write(self, buf, off, n):
        self.written += n
        for byte in bytes(buf[off : off + n]):
            self._byte(byte)
        return n

    # What the driver says

    def _byte(self, byte):
        if self._left or not self._moods:
            self._left -= self._left > 0
            self._pass(bytes((byte,)))
            return
        self._line.append(byte)
        if byte == 13 or len(self._line) > 3000:
            line = bytes(self._line)
            self._line.clear()
            self._command(line)

    def _command(self, line):
        self._fetch()
        self._uart.clock.advance(1000)  # as a wire takes time, or what is answered at once would go on for ever
        self._mood = self._moods[self._turn % len(self._moods)]
        self._turn += 1
        ids = re.findall(rb"=(?:0,)?([0-9]+)", line)
        self._id = ids[0] if ids else b"40000"
        self._name = (re.findall(rb"AT\+([A-Z]+)", line) or [b"X"])[-1]
        if ids and line.startswith((b"AT+QFWDCLIENT=", b"AT+QFWDSERVER=")):
            self.ids = self.ids[-5:] + [self._id]
        what, *how = self._mood
        if what == "instead" or what == "reads" and self._name == b"QFWDRECV":
            self._say(how[0])
            return
        if what == "around":
            self._say(how[0])
        elif what == "echo":
            self._out += line
        elif what in ("flood", "drown") and self._rest:
            size = min(how[1] * _BYTES_A_MS, self._rest)
            self._rest -= size
            self.pour(how[0], size)
            if what == "drown":  # there is no other answer
                return
        counted = re.match(rb"AT\+QFWDSEND=\d+,0,(\d+)\r", line)
        if counted and what != "numbers":
            self._left = int(counted.group(1))
        self._pass(line)

    def _pass(self, data):
        while data:
            n = self._uart.write(data, 0, len(data))
            data = data[n or 0 :]
            if not n:
                self._uart.clock.advance(1000)

    # What it says

    def _say(self, text, times=1):
        other = self.ids[0] if self.ids else b"40001"
        for mark, word in ((b"#", self._id), (b"@", other), (b"^", other), (b"$", self._name)):
            text = text.replace(mark, word)
        if b"*" in text:
            for _ in range(times):
                self._number = self._number % 70000 + 1
                self._out += text.replace(b"*", b"%d" % self._number)
        else:
            self._out += text * times

    def _fetch(self):
        self._pour()
        n = self._uart.any()
        if not n:
            return
        data = bytearray(n)
        data = bytes(data[: self._uart.readinto(data, n)])
        what, *how = self._mood
        if what == "numbers":
            data = re.sub(rb"\b[0-9]+\b", how[0].replace(b"\\", b""), data)
        elif what == "twice":
            data += data
        elif what == "around":
            self._out += data
            data = b""
            self._say(how[1])
        elif what == "storm":
            for line in data.split(b"\r\n"):
                times = min(how[1], self._rest // len(how[0]))
                self._rest -= times * len(how[0])
                self._say(how[0], times)
                self._out += line + b"\r\n"
            return
        self._out += data

    def _pour(self):
        if not self._flood or len(self._out) > 4096:
            return
        now = self._uart.clock.us
        n = min((now - self._flooded) // 1000 * _BYTES_A_MS, self._flood[1], 4096)
        if n <= 0:
            return
        self._flooded = now
        self._flood[1] -= n
        self._say(self._flood[0], n // len(self._flood[0]) + 1)
        if not self._flood[1]:
            self._flood = None

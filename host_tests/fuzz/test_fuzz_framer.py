"""Any bytes, cut in any way, with counted data, prompts and echoes expected at any place."""

from hypothesis import strategies as st

from ec2x.framer import Framer
from ec2x.framings import Framing
from fuzz.steps import Steps
from fuzz.targets import target
from fuzz.tokens import noise

_PIECE = 63  # a piece is shorter than a line can be, as in modem.py
_SIZE = 64
_STALE = b'OK\r\n> "1,2,3\r\nERROR\r\n' * 4
_READS = (b"+QFWDRECV:", b"+QFWDPRECV:")

# What the k-th line makes of the framer: (counted bytes that follow, whether a prompt is awaited from now on).
reactions = st.lists(st.tuples(st.sampled_from((0, 0, 0, 1, 2, 5, 30, 300)), st.booleans()), min_size=1, max_size=6)
ignores = st.lists(st.sampled_from((0, 0, 1, 3, 50)), min_size=1, max_size=4)
kinds = st.sampled_from(("plain", "plain", "comma", "digits", "comma digits"))


class Reader:
    """A framer, and what it tells: data that comes in pieces is one."""

    def __init__(self, kind, reactions, ignores):
        self.events = []
        self._kind = kind
        self._reactions = reactions
        self._ignores = ignores
        self._n = 0
        self.framer = Framer(self._line, self._prompt, self._first, self._data, self._broken, _SIZE)
        if kind != "plain":
            own = self.framer
            self.framer = Framing(own, _READS, "comma" in kind, "digits" in kind)
            self.framer._line = bytearray(_SIZE)
        self.framer.prompt = True

    def feed(self, piece):
        buf = bytearray(piece + _STALE)
        self._n = len(piece)
        with Steps(60 + 30 * len(piece)):
            self.framer.feed(buf, len(piece))
        assert buf == piece + _STALE, "what came is not the framer's to change"

    def _in_range(self, buf, start, end):
        assert 0 <= start <= end <= (self._n if buf is not self.framer._line and len(buf) == self._n + len(_STALE) else len(buf))

    def _line(self, buf, start, end):
        self._in_range(buf, start, end)
        line = bytes(buf[start:end])
        assert b"\r" not in line and len(line) < _SIZE and (buf[end] == 13 or "comma" in self._kind)
        lines = len([event for event in self.events if event[0] == "line"])
        self.events.append(("line", line))
        n, self.framer.prompt = self._reactions[lines % len(self._reactions)]
        if n:
            self.framer.expect(n)

    def _prompt(self):
        self.events.append("prompt")

    def _first(self, byte):
        firsts = self.events.count("first")
        self.events.append("first")
        self.framer.ignore = self._ignores[firsts % len(self._ignores)]

    def _broken(self):
        if self.events and self.events[-1][0] == "data":
            self.events.pop()  # which is worth nothing
        self.events.append("broken")

    def _data(self, buf, start, end):
        self._in_range(buf, start, end)
        assert start < end
        if self.events and self.events[-1][0] == "data":
            self.events[-1] = "data", self.events[-1][1] + bytes(buf[start:end])
        else:
            self.events.append(("data", bytes(buf[start:end])))


def tells(kind, data, cuts, reactions, ignores):
    """What a framer tells when data comes in pieces of these sizes, in turn."""
    reader = Reader(kind, reactions, ignores)
    at = k = 0
    while at < len(data):
        size = cuts[k % len(cuts)]
        reader.feed(data[at : at + size])
        at += size
        k += 1
    return reader.events


sizes = st.lists(st.integers(1, _PIECE), min_size=1, max_size=8)


def cut(kind, data, cuts, reactions, ignores):
    """Bytes in pieces of any size tell the same as one by one."""
    one_by_one = tells(kind, data, [1], reactions, ignores)
    assert tells(kind, data, cuts, reactions, ignores) == one_by_one
    assert tells(kind, data, [_PIECE], reactions, ignores) == one_by_one


test_how_bytes_are_cut_makes_no_difference = target(600, kinds, noise, sizes, reactions, ignores)(cut)


@target(200, noise, noise, sizes)
def test_after_a_reset_and_a_line_end_anything_is_forgotten(before, after, cuts):
    """As a probe after a quarantine relies on."""
    reader = Reader("plain", [(300, True)], [50])
    for at in range(0, len(before), _PIECE):
        reader.feed(before[at : at + _PIECE])
    reader.framer.reset()
    reader.framer.prompt = True
    reader.events.clear()
    for at in range(0, len(after), cuts[0]):
        reader.feed(after[at : at + cuts[0]])
    assert reader.events == tells("plain", after, cuts[:1], [(300, True)], [50])

"""A dialogue with a module that answers in order, but late, in part or not at all, and is reset: no command ever gets another's answer.

EC2X_EXAMPLES=900 plays more than the suite does.
"""

import os
import random

from ec2x.chat import Chat
from ec2x.request import OK, Request

SEEDS = int(os.environ.get("EC2X_EXAMPLES", "30"))
STEP_MS = 5
BAD_MS = 120_000
LATEST_MS = 45_000  # an answer
END_MS = BAD_MS + 100_000  # in the rest nothing goes wrong
LATE_MS = (250, 400, 600, 900, 1500, 6000, 12_000, 40_000)


class Sluggish:
    """A UART with such a module. AT+X=n is answered with +X: n."""

    def __init__(self, draw):
        self.draw = draw
        self.now = 0
        self.bad = True
        self._line = bytearray()
        self._busy = 0
        self._answers = []  # (when, what)
        self._out = bytearray()

    def any(self):
        return len(self._out)

    def readinto(self, buf, n):
        buf[:n] = self._out[:n]
        del self._out[:n]
        return n

    def write(self, buf, off, n):
        for byte in buf[off : off + n]:
            self._line.append(byte)
            if byte == 13:
                line = bytes(self._line[:-1]).lstrip(b"\x1b")
                self._line.clear()
                if not self._happens(0.08):  # else it is lost
                    self._command(line)
        return n

    def _happens(self, share):
        return self.bad and self.draw.random() < share

    def _command(self, line):
        info = {b"AT+CMEE?": b"+CMEE: 1", b"AT+CSQ": b"+CSQ: 20,99"}.get(line, b"+X: " + line[5:])
        parts = [b"\r\n%s\r\n" % info, b"\r\nOK\r\n"] if line else [b"\r\nERROR\r\n"]
        if self._happens(0.05):
            parts.pop(self.draw.randrange(len(parts)))
        late = self.draw.choice(LATE_MS) if self._happens(0.25) else self.draw.choice((1, 5, 20))
        self._busy = max(self._busy, min(self.now + LATEST_MS, max(self._busy, self.now) + late))
        self._answers.append((self._busy, b"".join(parts)))

    def tick(self, now):
        self.now = now
        self.bad = now < BAD_MS
        if self._happens(0.0001):  # a reset, of which nothing tells
            self._answers.clear()
            self._line.clear()
            self._busy = now
        while self._answers and self._answers[0][0] <= now:
            self._out += self._answers.pop(0)[1]


class Dialogue:
    """A chat's source: one command after the other; each notes which answer it got."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.uart = Sluggish(self.draw)
        self.chat = Chat(self.uart, lambda now: None, self._lost)
        self.chat.sources = (self,)
        self.at = self.number = 0
        self.got = None
        self.ended = []  # (when, how, whether it got its answer)

    def _lost(self):
        self.chat.resync()

    def next(self, now):
        if now < self.at:
            return None
        self.at = now + self.draw.choice((0, 50, 300))
        self.number += 1
        self.got = None
        request = Request(self._line, None, self._done)
        request.line.start(b"AT+X=%d" % self.number).end()
        request.plain(b"+X:", self.draw.choice((300, 1000, 5000)))
        request.patience = self.draw.choice((0, 0, 60_000))
        return request

    def _line(self, buf, start, end):
        self.got = int(bytes(buf[start + 3 : end]))
        assert self.got == self.number, "the answer to %d comes to %d" % (self.got, self.number)
        return 0

    def _done(self, how):
        self.ended.append((self.uart.now, how, self.got == self.number))

    def play(self):
        buf = bytearray(256)
        for now in range(0, END_MS, STEP_MS):
            self.uart.tick(now)
            n = min(self.uart.any(), len(buf))
            if n:
                self.chat.feed(buf, self.uart.readinto(buf, n), now)
            self.chat.step(now)
        return [(how, own) for when, how, own in self.ended if when > END_MS - 20_000]


def test_no_answer_is_anothers_and_the_dialogue_goes_on_once_all_is_well():
    for seed in range(SEEDS):
        last = Dialogue(seed).play()
        assert len(last) > 20 and set(last) == {(OK, True)}, seed

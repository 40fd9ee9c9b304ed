"""Four sockets, both ways, all the time: each byte is checked, each failure told, and what failed is opened anew."""

from kit import Clock, Ends, beat, text

_SAMPLES = 300  # of the bytes so far, in the whole run
_AGAIN_MS = 1000
_ECHOES_MS = 30000  # for the last of them


class Soak:
    def __init__(self, modem, tell, host, seconds, sockets):
        self._modem, self._tell, self._host, self._seconds = modem, tell, host, seconds
        self._clock = Clock()
        self._ends = None
        self._lanes = [None] * sockets
        self._before = 0  # bytes of connections that have failed
        self._next_ms = 0  # sample
        self._again = modem.after(0)  # nothing is opened before

    def seconds(self):
        return self._clock.ms() / 1000

    def loss(self, what):
        self._tell({"loss": {"s": self.seconds(), "what": what}})

    def sample(self):
        if self._clock.ms() >= self._next_ms:
            self._next_ms += max(1000, self._seconds * 1000 // _SAMPLES)
            self.state()

    def state(self):
        total = self._before + sum([lane.got for lane in self._lanes if lane])
        self._tell({"stats": self._modem.stats(), "soak": [self.seconds(), len(self._lanes), total]})

    def run(self):
        end_ms = self._seconds * 1000
        while self._clock.ms() < end_ms:
            self.step(1 << 30)
        end_ms += _ECHOES_MS
        while self._clock.ms() < end_ms and any([lane and lane.got < lane.sent for lane in self._lanes]):
            self.step(0)
        for lane in self._lanes:
            if lane and lane.got < lane.sent:
                self.loss("%d bytes did not come back" % (lane.sent - lane.got))
        self.state()
        self._tell({"soaked": True})

    def step(self, size):
        moved = 0
        for i, lane in enumerate(self._lanes):
            try:
                if lane:
                    lane.size = size
                    moved += lane.step()
                    if lane.wrong:
                        raise OSError(5, lane.wrong)
                elif size and self._modem.over(self._again):
                    self.open(i)
            except (OSError, MemoryError) as error:
                self.drop(i, text(error))
        if moved:
            beat()
        else:
            self._modem.idle()
        self.sample()

    def open(self, i):
        if not self._modem.isconnected():
            return
        if not self._ends:
            self._ends = Ends(self._modem, self._host)
        self._lanes[i] = self._ends.lane(11 * i)

    def drop(self, i, why):
        self.loss("socket %d: %s" % (i, why))
        lane, self._lanes[i] = self._lanes[i], None
        self._again = self._modem.after(_AGAIN_MS)
        if lane:
            self._before += lane.got
            lane.close()
        if self._ends and not any(self._lanes):  # its server may be gone, too
            self._ends.close()
            self._ends = None


def run(modem, tell, host, seconds, sockets):
    Soak(modem, tell, host, seconds, sockets).run()

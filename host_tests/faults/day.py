"""A day of a mixed application on a bad line: downloads, uploads, a server, MQTT, questions by UDP, and a fault every few seconds.

Its hours are drawn one by one, from seed and hour. The last minutes of each are without faults: there the link has to be READY,
and a fresh connection to work. Runs under both interpreters: python day.py SEED HOURS [HOUR_MS].
"""

import gc
import json
import sys

from ec2x import errors
from ec2x.compat import const
from ec2x_sim.faultplan import Random, draw, parse
from lives import LIVES, PATIENCE_MS, Client, Question, Service
from oracle import numbered
from world import McuReset, Socket, World

HOUR_MS = const(3_600_000)
_QUIET = const(6)  # this part of it
EACH_MS = const(5000)
BAUD = const(115200)

_BLOCK = numbered(b"", 65536)


class Day(World):
    GROWTH = 3, 2  # a day is long

    def __init__(self, seed, hour_ms=HOUR_MS, **kw):
        super().__init__("internet", baud=BAUD, latency_us=5000, module={"sendmax": 2048, "recvmax": 4096}, **kw)
        self.seed = seed
        self.hour_ms = hour_ms
        self.random = Random(seed)
        self.tasks = []
        self.done = {}  # how lives ended: {"download": 17, "download ECONNRESET": 3}
        self.faults = 0

    # The day

    def run(self, hours, hour=0, plan=None, each=None):
        """So many hours from this one on; plan, as text, instead of the one that is drawn. each(day, hour) is called after each."""
        self.begin()
        for self.hour in range(hour, hour + hours):
            start = self.now()
            self.random = Random(self.seed * 1000 + self.hour)
            drawn = draw(self.seed * 1000 + self.hour, self.hour_ms - self.hour_ms // _QUIET, EACH_MS, host=True)
            faults = drawn if plan is None else parse(plan)
            for fault in faults:
                fault.ms += start
            self.plan_start = start
            self.fail(faults, fair=True)
            self._hour(start)
            if each:
                each(self, self.hour)
        return self

    def _hour(self, start):
        end = start + self.hour_ms
        self.rest_at = end - self.hour_ms // _QUIET  # from then on nothing is begun
        rests = False
        while self.now() < end:
            try:
                if not self.modem.active():
                    self.begin()
                if not rests and self.now() > end - self.hour_ms // _QUIET // 2:
                    rests = True
                    self.comes_back()
                self._turn()
            except McuReset:
                self.reboot()
                for task in self.tasks:
                    task.end(self)
                self.tasks = []
        self.faults += len(self.plan.happened)
        self.reasons()

    def _turn(self):
        self.idles = 0
        self.failures[:] = self.failures[-9:]
        if len(self.tasks) < 4 and self.random(40) == 0 and self.now() < self.rest_at and self.modem.isconnected():
            self.tasks += self._new()
        for task in self.tasks:
            if not task.step(self):
                self.tasks = [other for other in self.tasks if other is not task]
                break
        self.idle()
        self.modem.poll()

    def _new(self):
        kind = self.random(8)
        try:
            sock = Socket(self, self.modem.socket(2, 2 if kind == 7 else 1), 0)
        except OSError as error:
            if error.errno != errors.ENFILE:  # what was closed is not gone yet
                raise
            return []
        if kind == 7:
            return [Question(self, sock)]
        if kind == 6 and not [task for task in self.tasks if isinstance(task, Service)]:
            return [Service(self, sock)]
        return [Client(self, sock, LIVES[kind % len(LIVES)])]

    def free_port(self):
        """Of the far host's."""
        port = 1000 + self.random(60_000)
        while [task for task in self.tasks if task.port == port]:
            port += 1
        return port

    def close_was_late(self, id):
        """Has the URC of a close of this id come after others that were said later, or twice, lately?"""
        since = self.now() - 2 * PATIENCE_MS
        text = '+QFWDURC: "client/close",%d' % id
        return [fault for fault in self.plan.happened if fault.about == text and fault.what != "lose" and fault.hit > since]

    def data(self, n):
        at = self.random(len(_BLOCK) - n)
        return _BLOCK[at : at + n]

    def ends(self, what, why=""):
        key = what + (" " + why if why else "")
        self.done[key] = self.done.get(key, 0) + 1
        return False


def main(seed, hours, hour_ms=HOUR_MS):
    def told(day, hour):
        day.plan.happened[:] = []  # of this hour
        day.module.sockets.vanish()  # as with an AP that begins anew: what closed ones hold, that nobody will read any more, is no leak
        gc.collect()
        heap = gc.mem_alloc() if hasattr(gc, "mem_alloc") else None
        print(json.dumps({"seed": seed, "hour": hour, "faults": day.faults, "heap": heap, "lives": day.done}))

    Day(seed, hour_ms).run(hours, each=told)


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:]])

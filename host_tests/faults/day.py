"""A day of a mixed application on a bad line: downloads, uploads, a server, MQTT, questions by UDP, and a fault every few seconds.

Its hours are drawn one by one, from seed and hour. The last minutes of each are without faults: there the link has to be READY,
a fresh connection to work, and the heap to be as it was. Runs under both interpreters: python day.py SEED HOURS [HOUR_MS].
"""

import gc
import json
import sys

from ec2x import errors
from ec2x.compat import const
from ec2x_sim.faultplan import Random, draw, parse
from oracle import Wrong, numbered
from world import CLOSE_MS, McuReset, Socket, World

HOUR_MS = const(3_600_000)
_QUIET = const(6)  # this part of it
EACH_MS = const(5000)
PATIENCE_MS = const(120_000)  # for one answer: then the application gives up
LINGER_MS = const(20_000)
BAUD = const(115200)

_BLOCK = numbered(b"", 65536)


class Life:
    """A connection's: rounds of so many bytes up and down, with a pause between."""

    def __init__(self, name, rounds, up, down, pause_ms=0):
        self.name = name
        self.rounds = rounds
        self.up = up
        self.down = down
        self.pause_ms = pause_ms


LIVES = (
    Life("download", 1, 40, 12_000),
    Life("download", 1, 60, 300),
    Life("upload", 1, 9000, 20),
    Life("upload", 3, 700, 5),
    Life("mqtt", 150, 45, 4, 4000),
)
SERVED = Life("served", 2, 1500, 120)


class Day(World):
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

    def urc_was_late(self):
        """Has one come after others that were said later, or twice, lately?"""
        since = self.now() - 2 * PATIENCE_MS
        return [fault for fault in self.plan.happened if fault.stream == "urc" and fault.hit > since]

    def data(self, n):
        at = self.random(len(_BLOCK) - n)
        return _BLOCK[at : at + n]

    def ends(self, what, why=""):
        key = what + (" " + why if why else "")
        self.done[key] = self.done.get(key, 0) + 1
        return False


class Talk:
    """Rounds over a connected socket. step() goes on as far as it can; False when it is over."""

    def __init__(self, day, life, sock, peer):
        self.life = life
        self.sock = sock
        self.peer = peer
        self.up, self.down = day.pair(life.name, peer)
        self.left = life.rounds
        self.out = b""  # of this round, still to be written
        self.at = day.now()  # when the next round begins, or the patience ends
        self.asked = False  # a round is on
        self.over = False

    def step(self, day):
        if self.over:
            return self._linger(day)
        now = day.now()
        if not self.asked:
            if now < self.at:
                return True
            if not self.left or now > day.rest_at:
                return self._close(day, "")
            self._ask(day, now)
        self._move(day)
        if not self.sock.alive or self.down.end_seen:
            return self._close(day, str(day.failures[-1][1]) if day.failures and not self.down.end_seen else "end")
        if now > min(self.at, day.rest_at):
            return self._close(day, "slow" if now > self.at else "rest")
        if not self.out and len(self.down.got) == len(self.down.sent) and len(self.up.got) == len(self.up.sent):
            self.asked = False
            self.left -= 1
            self.at = now + self.life.pause_ms
        return True

    def _ask(self, day, now):
        self.asked = True
        self.at = now + PATIENCE_MS
        self.out = day.data(self.life.up)
        data = day.data(self.life.down)
        self.peer.send(data)
        self.down.sent.extend(data)

    def _move(self, day):
        if self.out:
            piece = self.out[: 1 + day.random(1400)]
            n = self.sock.do("write", piece)
            if n:
                self.up.sent.extend(piece[:n])
                self.out = self.out[n:]
            elif not self.sock.alive:
                self.up.sent.extend(piece)
        buf = bytearray(1 + day.random(900))
        n = self.sock.do("readinto", buf)
        if n:
            self.down.got.extend(buf[:n])
        elif n == 0:
            self.down.end_seen = True
        self.up.got.extend(self.peer.recv())

    def _close(self, day, why):
        day.ends(self.life.name, why)
        self.over = True
        if not why and day.random(2):
            self.peer.close()
            self.down.ended = True
        self.sock.close()
        self.at = day.now() + LINGER_MS
        return True

    def _linger(self, day):
        if not self.peer.closed and day.now() < self.at:
            return True
        self.check(day)
        return False

    def check(self, day, filler=False):
        if self.life is SERVED and self.down.end_seen and not self.down.ended and day.urc_was_late():
            # The README says so: it was the close of another, which had the same id before.
            day.ends(self.life.name, "another's close")
            self.down.end_seen = False
        for stream in (self.up, self.down):
            stream.check(filler)
            day.streams.remove(stream)

    def end(self, day):
        """The board was reset: what came is a prefix all the same, perhaps with filler behind it."""
        self.check(day, True)
        return False


class Client:
    """Connects, then talks."""

    def __init__(self, day, sock, life):
        self.sock = sock
        self.life = life
        self.port = 1000 + day.random(60_000)
        self.server = day.net.listen("tcp", "198.51.100.7", self.port)
        self.at = day.now() + PATIENCE_MS
        self.asked = False
        self.talk = None

    def step(self, day):
        if self.talk:
            return self.talk.step(day)
        if not self.asked:
            self.asked = True
            self.sock.do("connect", ("198.51.100.7", self.port))
        flags = self.sock.sock.ioctl(3, 5) if self.sock.alive else 8
        if not flags and day.now() < self.at:
            return True
        if flags & 24 or not flags:
            self.sock.close()
            self.end(day)
            return day.ends(self.life.name, "not connected")
        peer = self.server.accept()
        self._unlisten(day)
        if not peer:
            raise Wrong("a connection that nobody has accepted")
        if not day.random(4):
            self.sock.wait(20)
        self.talk = Talk(day, self.life, self.sock, peer)
        return True

    def _unlisten(self, day):
        if self.server:
            day.net.unlisten("198.51.100.7", self.port)
            self.server = None

    def end(self, day):
        self._unlisten(day)
        return self.talk and self.talk.end(day)


class Service:
    """Listens, and serves who comes; opens again after an error."""

    def __init__(self, day, sock):
        self.sock = sock
        self.port = 2000 + day.random(50)
        self.sock.wait(20)
        self.sock.do("bind", ("", self.port))
        self.sock.do("listen", 3)
        self.sock.wait(0)
        self.peer = None
        self.talk = None
        self.at = 0
        self.number = 0
        self.until = day.now() + 900_000

    def step(self, day):
        if self.talk:
            if not self.talk.step(day):
                self.talk = self.peer = None
            return True
        now = day.now()
        if not self.sock.alive or now > min(self.until, day.rest_at):
            self.sock.close()
            return day.ends("service", "" if self.sock.alive else "failed")
        if not self.peer:
            self.number += 1
            self.peer = day.net.dial("tcp", self.port, ("192.168.225.58", self.number))
            self.at = now + PATIENCE_MS
        found = self.sock.do("accept")
        if found and found[1][1] == self.number:
            self.talk = Talk(day, SERVED, Socket(day, found[0], 0), self.peer)
        elif found:
            day.call(CLOSE_MS, found[0].close)
        elif now > self.at:
            self.peer.close()
            self.peer = None
        return True

    def end(self, day):
        return self.talk and self.talk.end(day)


class Question:
    """By UDP."""

    def __init__(self, day, sock):
        self.sock = sock
        self.port = 1000 + day.random(60_000)
        self.peer = day.net.udp("198.51.100.7", self.port)
        self.up, self.down = day.datagrams("question")
        self.left = 3
        self.sent = False
        self.at = 0

    def step(self, day):
        now = day.now()
        if not self.sent:
            data = day.data(20 + day.random(500))
            self.up.sent.append(data)
            self.sock.do("sendto", data, ("198.51.100.7", self.port))
            self.sent = True
            self.at = now + 10_000
        self._serve(day)
        found = self.sock.do("recvfrom", 2000)
        if found:
            self.down.got.append(found[0])
        if found or now > self.at:
            self.sent = False
            self.left -= 1
        if self.left and self.sock.alive:
            return True
        self.sock.close()
        self.end(day)
        return day.ends("question", "" if self.sock.alive else str(day.failures[-1][1]))

    def _serve(self, day):
        found = self.peer.recvfrom()
        if found:
            self.up.got.append(found[0])
            data = day.data(1 + day.random(1000))
            self.down.sent.append(data)
            self.peer.sendto(data, found[1][1])

    def end(self, day):
        for stream in (self.up, self.down):
            stream.check()
            day.streams.remove(stream)
        day.net.forget("198.51.100.7", self.port)
        return False


def main(seed, hours, hour_ms=HOUR_MS):
    def told(day, hour):
        gc.collect()
        heap = gc.mem_alloc() if hasattr(gc, "mem_alloc") else None
        print(json.dumps({"seed": seed, "hour": hour, "faults": day.faults, "heap": heap, "lives": day.done}))

    Day(seed, hour_ms).run(hours, each=told)


if __name__ == "__main__":
    main(*[int(word) for word in sys.argv[1:]])

"""What a day's application does: connections that talk in rounds, a service, questions by UDP. step(day) goes on; False when it is over."""

from ec2x.compat import const
from oracle import Wrong
from world import CLOSE_MS, Socket

PATIENCE_MS = const(120_000)  # for one answer: then the application gives up
_LINGER_MS = const(20_000)


class Life:
    """A connection's: rounds of so many bytes up and down, with a pause between. ends: the peer closes right behind its answer."""

    def __init__(self, name, rounds, up, down, pause_ms=0, ends=False):
        self.name = name
        self.rounds = rounds
        self.up = up
        self.down = down
        self.pause_ms = pause_ms
        self.ends = ends


LIVES = (
    Life("download", 1, 40, 12_000),
    Life("download", 1, 60, 300),
    Life("page", 1, 60, 5000, ends=True),
    Life("upload", 1, 9000, 20),
    Life("upload", 3, 700, 5),
    Life("mqtt", 150, 45, 4, 4000),
)
SERVED = Life("served", 2, 1500, 120)


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
        if not (self.out or self.life.ends) and len(self.down.got) == len(self.down.sent) and len(self.up.got) == len(self.up.sent):
            self.asked = False
            self.left -= 1
            self.at = now + self.life.pause_ms
        return True

    def _ask(self, day, now):
        self.asked = True
        self.at = now + PATIENCE_MS
        self.out = day.data(self.life.up)
        if not self.life.ends:
            self._answer(day)

    def _answer(self, day):
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
        if self.life.ends and not self.out and len(self.up.got) == len(self.up.sent) and not self.down.ended:
            self._answer(day)
            self.peer.close()
            self.down.ended = True

    def _close(self, day, why):
        day.ends(self.life.name, why)
        self.over = True
        if not why and day.random(2):
            self.peer.close()
            self.down.ended = True
        self.sock.close()
        self.at = day.now() + _LINGER_MS
        return True

    def _linger(self, day):
        if not self.peer.closed and day.now() < self.at:
            return True
        self.check(day)
        return False

    def check(self, day, filler=False):
        if self.life is SERVED and self.down.end_seen and not self.down.ended and day.close_was_late(self.sock.sock._flow.id):
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
        self.port = day.free_port()
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
        self.port = day.free_port()
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

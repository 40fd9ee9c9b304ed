"""What the parts of the bench kit share on the board: rows for the PC, the modem, connections that are echoed and checked.

A row is a line of "\\x1e" and JSON; whatever else is printed is a note.
"""

import binascii
import gc
import hashlib
import json
import sys
import time

import board

_BEAT_MS = 2000  # between two signs of life
_STALL_MS = 30000  # without a byte moved, while some are on their way
_PORTS = (40911, 52027, 61021)  # in the module: one of them will be free

_ring = memoryview(bytes(range(256)) * 2)
_beaten = time.ticks_ms()
quiet = False  # something is being timed: no collection


def tell(row):
    """{kind: value}, for collect.py."""
    print("\x1e" + json.dumps(row))


def heap():
    gc.collect()
    tell({"heap": [gc.mem_alloc(), gc.mem_free()]})


def beat():
    """A sign of life, when it is time for one."""
    global _beaten
    if time.ticks_diff(time.ticks_ms(), _beaten) >= _BEAT_MS:
        _beaten = time.ticks_ms()
        if quiet:
            tell({"alive": True})
        else:
            heap()


def hush(on):
    global quiet
    quiet = on
    gc.collect()


def text(error):
    """An exception in words, with its errno."""
    if isinstance(error, OSError) and error.args:
        import errno

        name = errno.errorcode.get(error.args[0], "errno %s" % error.args[0])
        said = str(error.args[-1])
        return name if said in (name, str(error.args[0])) else "%s: %s" % (name, said)
    return "%s %s" % (type(error).__name__, error)


def hexadecimal(hash):
    return binascii.hexlify(hash.digest()).decode()


class Clock:
    """ms since it was made or set back; of more days than the board's own counts."""

    def __init__(self):
        self.start()

    def start(self):
        self._at = time.ticks_ms()
        self._ms = 0

    def ms(self):
        now = time.ticks_ms()
        self._ms += time.ticks_diff(now, self._at)
        self._at = now
        return self._ms


def online(apn, options):
    """The modem, on its way to READY; whoever waits for it gives signs of life."""
    modem = board.modem(**options)
    own = modem.idle

    def idle():
        own()
        beat()

    modem.idle = idle
    modem.active(True)
    modem.connect(apn)
    return modem


def part(run, apn, options, wait_ms, **how):
    """One part, from the modem's bring-up to its counters; wait_ms 0: the part waits for it."""
    modem = None
    heap()
    try:
        modem = online(apn, options)
        if wait_ms:
            modem.wait(wait_ms)
        run(modem, tell, **how)
    except Exception as error:
        tell({"error": text(error)})
    finally:
        hush(False)
        heap()
        if modem:
            tell({"stats": modem.stats()})
            slow_down(modem)
            if "ec2x.uart" in sys.modules:  # a soft reset need not end what pumps in the background
                sys.modules["ec2x.uart"].close(modem)


def slow_down(modem):
    """Back to the rate at which the next bring-up begins: it finds the module at any, but not at once."""
    if modem.isconnected() and modem.baud != modem.rates[0]:
        try:
            modem.command("AT+IPR=%d" % modem.rates[0])
        except OSError:
            pass


# Bytes that are known: all 256 values in each block, no two of the first 256 blocks alike


def pattern(at, seed):
    """From there to the end of its block."""
    start = (seed + 7 * (at >> 8)) & 255
    return _ring[start + (at & 255) : start + 256]


def fill(buf, n, at, seed):
    """n bytes of the pattern, from `at` on."""
    done = 0
    while done < n:
        piece = pattern(at + done, seed)[: n - done]
        buf[done : done + len(piece)] = piece
        done += len(piece)


class Lane:
    """A connection and its echo: sends the pattern up to size, chunk bytes a write, and checks what comes back.

    far: what echoes, when that is a socket in the same module.
    """

    def __init__(self, near, far, seed, chunk=256):
        self._near, self._far, self._seed = near, far, seed
        for sock in (near, far):
            if sock:
                sock.setblocking(False)
        self.size = self.sent = self.got = 0
        self.chunk = chunk
        self.wrong = ""
        self.out, self.came = hashlib.sha256(), hashlib.sha256()
        self._write = memoryview(bytearray(chunk))
        self._read = memoryview(bytearray(512))
        self._back = memoryview(bytearray(512)) if far else None
        self._left = self._kept = self._at = 0  # to be written, and to be echoed

    def step(self):
        """What can be moved now: how many bytes."""
        moved = self._send() + self._receive()
        return moved + self._echo() if self._far else moved

    def _send(self):
        if not self._left:
            n = min(self.chunk, self.size - self.sent)
            if n <= 0:
                return 0
            fill(self._write, n, self.sent, self._seed)
            self._left, self._end = n, n
        at = self._end - self._left
        n = self._near.write(self._write, at, self._left) or 0
        self.out.update(self._write[at : at + n])
        self._left -= n
        self.sent += n
        return n

    def _receive(self):
        n = self._near.readinto(self._read)
        if n is None:
            return 0
        if not n:
            raise OSError(104, "the peer has closed")
        self.came.update(self._read[:n])
        if not self.wrong:
            self._compare(n)
        self.got += n
        return n

    def _compare(self, n):
        done = 0
        while done < n:
            piece = pattern(self.got + done, self._seed)[: n - done]
            if self._read[done : done + len(piece)] != piece:
                for i in range(len(piece)):
                    if self._read[done + i] != piece[i]:
                        self.wrong = "byte %d is 0x%02x, not 0x%02x" % (self.got + done + i, self._read[done + i], piece[i])
                        return
            done += len(piece)

    def _echo(self):
        if not self._kept:
            self._at, self._kept = 0, self._far.readinto(self._back) or 0
        if not self._kept:
            return 0
        n = self._far.write(self._back, self._at, self._kept) or 0
        self._at += n
        self._kept -= n
        return n

    def close(self):
        for sock in (self._near, self._far):
            if sock:
                sock.close()


class Ends:
    """Where connections end: at a host (name, port) that echoes; or, host None, inside the module, at a server of ours."""

    def __init__(self, modem, host=None):
        self.modem = modem
        self.host = host
        self.path = "host" if host else "loopback"
        self._server = None
        if not host:
            self._listen()

    def _listen(self):
        why = None
        for port in _PORTS:
            server = self.modem.socket()
            try:
                server.bind(("", port))
                server.listen(4)
                server.settimeout(30)
                self._server, self._port = server, port
                return
            except OSError as error:
                why = error
                server.close()
        raise why

    def connect(self):
        """A new connection."""
        v6 = self.host and ":" in self.host[0]
        near = self.modem.socket(10 if v6 else 2, 1, None if self.host else 0)
        try:
            near.settimeout(30)
            near.connect(self.host or ("127.0.0.1", self._port))
        except OSError:
            near.close()
            raise
        return near

    def accept(self):
        """Its other end; None when that is a host's."""
        return self._server.accept()[0] if self._server else None

    def lane(self, seed, chunk=256):
        near = self.connect()
        try:
            return Lane(near, self.accept(), seed, chunk)
        except (OSError, MemoryError):
            near.close()
            raise

    def close(self):
        if self._server:
            self._server.close()


class Stalled(OSError):
    """Nothing moves, and no socket says why."""


def move(modem, lanes, until, each=None):
    """Step the lanes until that is true."""
    stall = modem.after(_STALL_MS)
    while not until():
        if sum([lane.step() for lane in lanes]):
            stall = modem.after(_STALL_MS)
            beat()
        else:
            if modem.over(stall):
                raise Stalled(110, "no byte moved for %d s" % (_STALL_MS // 1000))
            modem.idle()
        if each:
            each()

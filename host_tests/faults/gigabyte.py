"""Bytes through four sockets, both ways at once, in virtual time: exact, how fast, how late, and what the heap does meanwhile.

Runs under both interpreters: python gigabyte.py MEGABYTES. Prints a JSON line for each 256th part of the way, and one at the end.
"""

import gc
import json
import sys

from ec2x_tools.virtual import Board
from oracle import Wrong, numbered

SOCKETS = 4
BAUD = 921600
TURNAROUND_US = 5000
AHEAD = 4096  # a peer sends no further ahead of the application
BLOCK = 2048  # what it sends at a time, and what the application writes
SAMPLES = 256
_STEP_MS = 5  # of the histogram of latencies
_SLOTS = 2000

_PATTERN = numbered(b"", 65521)  # a prime: a stream that slips by any power of two does not fit it
_TWICE = memoryview(_PATTERN + _PATTERN[:BLOCK])


def piece(at, n):
    at %= len(_PATTERN)
    return _TWICE[at : at + n]


class Flow:
    """One connection: so many bytes each way."""

    def __init__(self, board, port, quota):
        self._board = board
        self._sock, self._peer = board.client(port=port)
        self._sock.setblocking(False)
        self._quota = quota
        self._up = self._up_got = self._down = self._got = 0
        self._stamps = []  # (offset, when the peer sent up to there)
        self._buf = bytearray(1024)
        self.latencies = [0] * _SLOTS

    def step(self):
        """Whether there is more to do."""
        self._say()
        n = self._sock.readinto(self._buf)
        while n:
            self._heard(n)
            n = self._sock.readinto(self._buf)
        if self._up < self._quota:
            self._up += self._sock.write(piece(self._up, min(BLOCK, self._quota - self._up))) or 0
        data = self._peer.recv()
        if data:
            for k in range(0, len(data), BLOCK):
                self._same(data[k : k + BLOCK], self._up_got + k)
            self._up_got += len(data)
        return self._got < self._quota or self._up_got < self._quota

    def _say(self):
        while self._down < self._quota and self._down - self._got < AHEAD:
            data = piece(self._down, min(BLOCK, self._quota - self._down))
            self._peer.send(data)
            self._down += len(data)
            self._stamps.append((self._down, self._board.now()))

    def _heard(self, n):
        self._same(memoryview(self._buf)[:n], self._got)
        self._got += n
        while self._stamps and self._stamps[0][0] <= self._got:
            late = self._board.now() - self._stamps.pop(0)[1]
            self.latencies[min(late // _STEP_MS, _SLOTS - 1)] += 1

    def _same(self, data, at):
        if data != piece(at, len(data)):
            raise Wrong("byte %d and the %d behind it are not what was sent" % (at, len(data)))

    def moved(self):
        return self._got + self._up_got


def percentiles(flows, *shares):
    """The latencies, in ms, below which these shares of all are."""
    slots = [sum([flow.latencies[k] for flow in flows]) for k in range(_SLOTS)]
    total = sum(slots)
    found = []
    for share in shares:
        k = seen = 0
        while seen + slots[k] < total * share:
            seen += slots[k]
            k += 1
        found.append((k + 1) * _STEP_MS)
    return found


def run(megabytes, tell):
    """tell(dict) now and then, and at the end."""
    total = int(megabytes * 1_000_000)
    board = Board(baud=BAUD, latency_us=TURNAROUND_US)
    board.online()
    flows = [Flow(board, 80 + k, total // (2 * SOCKETS)) for k in range(SOCKETS)]
    start, commands, shown = board.now(), board.module.total, 0
    busy = True
    while busy:
        board.idles = 0
        busy = False
        for flow in flows:
            busy = flow.step() or busy
        board.idle()
        board.modem.poll()
        moved = sum([flow.moved() for flow in flows])
        if moved * SAMPLES >= total * shown or not busy:
            shown += 1
            gc.collect()
            p50, p90, p99 = percentiles(flows, 0.5, 0.9, 0.99)
            seconds = (board.now() - start) / 1000
            tell(
                {
                    "bytes": moved,
                    "seconds": seconds,
                    "bytes_per_s": round(moved / max(seconds, 1)),
                    "commands_per_kib": round((board.module.total - commands) * 1024 / max(moved, 1), 3),
                    "latency_ms": {"p50": p50, "p90": p90, "p99": p99},
                    "heap": gc.mem_alloc() if hasattr(gc, "mem_alloc") else None,
                    "overrun": board.uart.overrun,
                    "stats": board.modem.stats() if not busy else None,
                }
            )


if __name__ == "__main__":
    run(float(sys.argv[1]), lambda row: print(json.dumps(row)))

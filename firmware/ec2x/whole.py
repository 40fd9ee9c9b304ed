"""Calls of many steps, which share one timeout: a long write, sendall, read, readline. Loaded with the first of them."""

from . import errors
from .compat import const, ticks_diff
from .flow import OPEN

_LINE = const(64)
_BLOCK = const(512)


def leave(sock, timeout, start):
    """Let the next step wait for what the steps since start have left of the timeout. The caller sets it back."""
    if timeout:
        sock._timeout = max(1, timeout - ticks_diff(sock._modem.now(), start))


def finish(sock, data, off, done, n, start):
    """write() has taken done of n bytes: take the others. How many it took in all; what stopped it comes with the next call."""
    timeout = sock._timeout
    try:
        while done < n:
            leave(sock, timeout, start)
            k = sock._send(data, off + done, n - done)
            if not k:
                break
            done += k
    except OSError as error:
        if sock._flow.state > OPEN:
            sock._flow.errno = error.errno
    finally:
        if timeout:
            sock._timeout = timeout
    return done


def sendall(sock, data):
    """All of it, or an error: then nobody knows how much."""
    timeout, start = sock._timeout, sock._modem.now()
    done = 0
    try:
        while done < len(data):
            leave(sock, timeout, start)
            n = sock._send(data, done, len(data) - done)
            if not n:
                raise OSError(errors.EAGAIN, "EAGAIN")
            done += n
    finally:
        if timeout:
            sock._timeout = timeout


def collect(sock, n, line):
    """n bytes (negative: all to the end), or up to a line's end, as C streams read. None when non-blocking and there is nothing."""
    out = bytearray()
    chunk = bytearray(_LINE if line else _BLOCK)
    timeout, start = sock._timeout, sock._modem.now()
    try:
        while n < 0 or len(out) < n:
            leave(sock, timeout, start)
            if not sock._receiving():
                return bytes(out) if out else None
            rx = sock._io.rx
            k = rx.peek(0, chunk, len(chunk) if n < 0 else min(len(chunk), n - len(out)))
            stop = chunk.find(b"\n", 0, k) + 1 if line else 0
            k = stop or k
            rx.ack(k)
            out.extend(memoryview(chunk)[:k])
            if stop or not k:
                break
    finally:
        if timeout:
            sock._timeout = timeout
    return bytes(out)

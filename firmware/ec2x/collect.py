"""read and readline of a TCP socket, as C streams have them. Loaded when first used."""

_LINE = 64
_BLOCK = 512


def collect(sock, n, line):
    """n bytes (negative: all to the end), or up to a line's end. None when non-blocking and there is nothing."""
    out = bytearray()
    chunk = bytearray(_LINE if line else _BLOCK)
    while n < 0 or len(out) < n:
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
    return bytes(out)

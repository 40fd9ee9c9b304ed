"""A payload that the module may send back behind its prompt. Loaded with the first prompt, and of no use after a module that
does not.

assumed: what comes back is the payload without the Ctrl+Z that ends it, and as soon as its line does so does the payload.
"""

from .compat import const

_BLANKS = b"\r\n "
NONE = const(0)  # no echo
UNTOLD = const(-1)  # the payload has nothing but blanks, which are passed over anyway
DOUBT = const(-2)  # it may be the answer, too

_CR = const(13)


def _start(payload, size, piece):
    """Where its first byte that is no blank is, with piece at it; size when there is none."""
    for i in range(size):
        payload.peek(i, piece, min(2, size - i))  # two: it may be digits, which come in pairs
        if piece[0] not in _BLANKS:
            return i
    return size


def rest(request, byte, known):
    """What follows the prompt begins with byte: how many bytes of an echo that are. known: that there is one."""
    piece = bytearray(2)
    i = _start(request.payload, request.size, piece)
    if i == request.size:
        return UNTOLD
    if piece[0] != byte:
        return NONE
    return request.size - i if known or byte not in b"+EO" else DOUBT


def same(request, buf, start, end):
    """The line behind the prompt: how many bytes of an echo follow it, or -1 when it is none."""
    piece = bytearray(2)
    payload, size = request.payload, request.size
    i = _start(payload, size, piece)
    while start < end and i < size:
        payload.peek(i, piece, min(2, size - i))
        if piece[0] != buf[start]:
            return -1
        start += 1
        i += 1
    if i == size:
        return 0 if start == end else -1
    payload.peek(i, piece, min(2, size - i))
    return size - i - 1 if piece[0] == _CR else -1

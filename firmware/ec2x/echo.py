"""A payload that the module may send back behind its prompt. Loaded when what follows the prompt begins as the payload does.

assumed: what comes back is the payload without the Ctrl+Z that ends it, and as soon as its line does so does the payload.
"""

from .compat import const

_BLANKS = b"\r\n "
_CR = const(13)

_piece = bytearray(2)  # two: a payload may be digits, which come in pairs


def _byte(request, i):
    """A byte of the payload."""
    k = i & 1
    if request.payload.peek(i - k, _piece, min(2, request.size - i + k)) <= k:  # a ring's end lies between the two
        request.payload.peek(i, _piece, 1)
        k = 0
    return _piece[k]


def _start(request):
    """Where its first byte that is no blank is; its size when there is none."""
    i = 0
    while i < request.size and _byte(request, i) in _BLANKS:
        i += 1
    return i


def first(chat, request, byte):
    """What follows the prompt begins with byte: have chat know what that means."""
    n = rest(request, byte, chat._echo or request.echoed)
    chat._doubt = n == -2
    if n >= 0:
        _learn(chat, request, n > 0, n)


def line(chat, request, buf, start, end):
    """The line behind the prompt: whether it is the payload's."""
    chat._doubt = False
    n = same(request, buf, start, end)
    _learn(chat, request, n >= 0, max(n, 0))
    return n >= 0


def _learn(chat, request, echoes, n):
    chat._echo = echoes or request.echoed and 0
    chat.echoes += echoes
    chat.framer.ignore = n


def rest(request, byte, known):
    """What follows the prompt begins with byte: how many bytes of an echo that are. known: that there is one.

    -1: there is no telling, for the payload has nothing but blanks, which are passed over anyway. -2: its line will tell,
    for so begins an answer, too.
    """
    i = _start(request)
    if i == request.size:
        return -1
    if _byte(request, i) != byte:
        return 0
    return request.size - i if known or byte not in b"+EO" else -2


def same(request, buf, start, end):
    """The line behind the prompt: how many bytes of an echo follow it, or -1 when it is none."""
    i = _start(request)
    while start < end and i < request.size:
        if _byte(request, i) != buf[start]:
            return -1
        start += 1
        i += 1
    if i == request.size:
        return 0 if start == end else -1
    return request.size - i - 1 if _byte(request, i) == _CR else -1

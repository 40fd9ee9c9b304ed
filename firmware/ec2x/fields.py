"""The k-th field of a response line, in place: a line is a span buf[start:end] and is never sliced.

Fields are separated by commas; a quoted one may hold commas. k counts from 0, start is behind the prefix.
"""

from .compat import const

_SPACE = const(32)
_QUOTE = const(34)
_MINUS = const(45)
_ZERO = const(48)
_NINE = const(57)


def find(buf, start, end, k):
    """Where field k starts, or -1."""
    while True:
        while start < end and buf[start] == _SPACE:
            start += 1
        if k == 0:
            return start
        if start < end and buf[start] == _QUOTE:
            start = buf.find(b'"', start + 1, end)
            if start < 0:
                return -1
        start = buf.find(b",", start, end) + 1
        if start == 0:
            return -1
        k -= 1


def integer(buf, start, end, k):
    """Field k as an int, or None when it is missing, not a number, begins with a zero too many, or is beyond nine digits."""
    i = find(buf, start, end, k)
    if i < 0 or i == end:
        return None
    sign = 1
    if buf[i] == _MINUS:
        sign = -1
        i += 1
    value = 0
    first = i
    while i < end and _ZERO <= buf[i] <= _NINE:
        value = value * 10 + buf[i] - _ZERO
        i += 1
        if i - first > 1 and (value < 10 or i - first > 9):  # it has lost its first digit; beyond, a 32-bit board would allocate
            return None
    while i < end and buf[i] == _SPACE:
        i += 1
    if i == first or (i < end and buf[i] != 44):
        return None
    return sign * value


def same(buf, start, end, k, word):
    """Whether field k, quoted or not and in any case, is the lower-case word."""
    i = find(buf, start, end, k)
    if i < 0:
        return False
    if i < end and buf[i] == _QUOTE:
        i += 1
    if end - i < len(word):
        return False
    for byte in word:
        c = buf[i]
        if 65 <= c <= 90:
            c |= 32
        if c != byte:
            return False
        i += 1
    return i == end or buf[i] == _QUOTE or buf[i] == 44


def equal(buf, start, end, other, n):
    """Whether the whole span is other[:n]."""
    if end - start != n:
        return False
    for i in range(n):
        if buf[start + i] != other[i]:
            return False
    return True

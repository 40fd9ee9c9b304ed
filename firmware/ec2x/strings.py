"""Fields and lines as str, which allocates. Loaded when first used."""

from .fields import find


def text(buf, start, end, k):
    """Field k as a str without its quotes, or None when it is missing or its quote never closes."""
    i = find(buf, start, end, k)
    if i < 0:
        return None
    if i < end and buf[i] == 34:
        i += 1
        j = buf.find(b'"', i, end)
        if j < 0:
            return None
    else:
        j = buf.find(b",", i, end)
        if j < 0:
            j = end
    return decode(buf, i, j)


def decode(buf, start, end):
    """buf[start:end] as a str; what is not ASCII, which no AT line has, becomes a question mark."""
    line = bytearray(buf[start:end])
    for i in range(len(line)):
        if line[i] > 126:
            line[i] = 63
    return bytes(line).decode()

"""The fields of a line, read the plain way: by slicing and regular expressions, as the driver must not."""

import re


def rests(line):
    """For each field: the line from where it starts, blanks passed over."""
    found = []
    while True:
        line = line.lstrip(b" ")
        found.append(line)
        skip = re.match(rb'"[^"]*"', line) if line[:1] == b'"' else re.match(b"", line)
        comma = line.find(b",", skip.end()) if skip else -1
        if comma < 0:
            return found
        line = line[comma + 1 :]


def field(line, k):
    found = rests(line)
    return found[k] if k < len(found) else None


def integer(line, k):
    match = re.match(rb"(-?(?:0|[1-9][0-9]{0,8})) *(,|\Z)", field(line, k) or b"")
    return int(match.group(1)) if match else None


def text(line, k):
    rest = field(line, k)
    if rest is None:
        return None
    match = re.match(rb'"([^"]*)"' if rest[:1] == b'"' else rb"([^,]*)", rest)
    return match and "".join([chr(c) if c < 127 else "?" for c in match.group(1)])


def same(line, k, word):
    rest = field(line, k)
    if rest is None:
        return False
    if rest[:1] == b'"':
        rest = rest[1:]
    return rest[: len(word)].lower() == word and rest[len(word) : len(word) + 1] in (b"", b'"', b",")

"""Bytes, text and dates, the same under both interpreters."""

CME = {
    0: "phone failure",
    3: "operation not allowed",
    4: "operation not supported",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    16: "incorrect password",
    20: "memory full",
    22: "not found",
    30: "no network service",
    50: "incorrect parameters",  # of 27.007, not in the module's own table
}

_NUMERIC = {"OK": "0", "CONNECT": "1", "RING": "2", "NO CARRIER": "3", "ERROR": "4"}


def decode(data):
    """Bytes to text, one character a byte (latin-1, which MicroPython lacks)."""
    return "".join([chr(c) for c in data])


def encode(text):
    """Text to bytes, one byte a character."""
    return bytes([ord(c) & 255 for c in text])


def numeric(final):
    """The digit for a final result under ATV0, or None (+CME ERROR has none)."""
    return _NUMERIC.get(final)


def civil(seconds):
    """(year, month, day, hour, minute, second) of a count of seconds since 2000-01-01."""
    days, rest = divmod(seconds, 86400)
    # The era-free form of the usual days-to-civil sum, counted from 2000-03-01.
    z = days - 60 + 4 * 146097
    era, doe = divmod(z, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    day = doy - (153 * mp + 2) // 5 + 1
    month = mp + 3 if mp < 10 else mp - 9
    year = yoe + (era - 4) * 400 + 2000 + (1 if month <= 2 else 0)
    return year, month, day, rest // 3600, rest // 60 % 60, rest % 60

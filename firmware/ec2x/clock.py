"""The time that the network has told the module, as UTC. Loaded when first used."""

from . import errors
from .compat import const
from .errors import ModemError
from .nic import answer, integer, text

_FIRST_YEAR = const(2020)  # what is older is a clock that was never set: of 1980, 2000, 2004
_ZONE_MAX = const(96)  # quarters of an hour


def utc(modem):
    """(year, month, day, hour, minute, second, weekday, day of the year)."""
    # Local time: it needs its zone, but there is one reading of it. Of AT+QLTS=1, UTC with the zone behind it, there could be two.
    try:
        told = text(answer(modem, "AT+QLTS=2", "+QLTS:"), 0)
        local = True
    except ModemError as error:
        if error.errno != errors.EIO:
            raise
        told, local = _rtc(modem)
    if not told:
        raise ModemError(errors.EAGAIN, "the network has not told the module the time yet, and some never do: ask an NTP server")
    now = parse(told, local)
    if not now:
        raise ModemError(errors.EAGAIN, "the module's clock is not set (%s): ask an NTP server" % told)
    return now


def _rtc(modem):
    """The module's clock, for firmware without AT+QLTS; AT+CTZU=1 keeps it at UTC."""
    lines = modem.command("AT+CTZU?;+CCLK?")
    kept = [integer(line, 0) for line in lines if line.startswith("+CTZU:")]
    told = [text(line, 0) for line in lines if line.startswith("+CCLK:")]
    return told[0] if told else "", 1 not in kept


def parse(told, local=True):
    """yy/MM/dd,hh:mm:ss+zz, or with four digits of the year, and perhaps ,dst behind it; None when it cannot be a time."""
    date, _, clock = told.partition(",")
    clock = clock.split(",")[0]
    sign = max(clock.find("+"), clock.find("-"))
    if sign < 0:
        return None
    fields = date.split("/") + clock[:sign].split(":") + [clock[sign + 1 :]]
    if len(fields) != 7 or not all([len(field) in (2, 4) and field.encode().isdigit() for field in fields]):
        return None
    year, month, day, hour, minute, second, zone = [int(field) for field in fields]
    if year < 100:
        year += 2000 if year < 80 else 1900
    if year < _FIRST_YEAR or not 1 <= month <= 12 or not 1 <= day <= _days(year, month):
        return None
    if hour > 23 or minute > 59 or second > 59 or zone > _ZONE_MAX:
        return None
    if local:
        minute += hour * 60 + zone * (15 if clock[sign] == "-" else -15)
        day += minute // 1440
        hour, minute = minute % 1440 // 60, minute % 60
    return _date(year, month, day) + (hour, minute, second) + _place(*_date(year, month, day))


def _days(year, month):
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _date(year, month, day):
    """The same, of a day that may be the one before the first or after the last."""
    if day < 1:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        day = _days(year, month)
    elif day > _days(year, month):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        day = 1
    return year, month, day


def _place(year, month, day):
    """Weekday, from Monday 0, and day of the year, from 1."""
    of_year = day + sum([_days(year, k) for k in range(1, month)])
    before = year - 1
    return (before * 365 + before // 4 - before // 100 + before // 400 + of_year - 1) % 7, of_year

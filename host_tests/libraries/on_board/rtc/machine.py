"""What a board has and MicroPython's unix build lacks: a clock, for libraries that put the time in front of what they print."""

import time


class RTC:
    def datetime(self):
        year, month, day, hour, minute, second, weekday, _ = time.gmtime()[:8]
        return year, month, day, weekday, hour, minute, second, 0

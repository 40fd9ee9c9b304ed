"""Keeps the board's clock by NTP, over UDP, in UTC: once at the start, then every twelve hours. A lost answer is asked for again.

Set the constants and copy this file to the board as main.py, or, on a PC: micropython ntp_clock.py SERVER PORT
"""

import os
import struct
import sys
import time

import machine

import board
import ec2x

SERVER = sys.argv[1] if len(sys.argv) > 1 else "pool.ntp.org"
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 123
APN = "internet"  # None: the module's own LAN
EVERY = 12 * 3600  # seconds
TIMEOUT = 2  # seconds, for an answer
AGAIN, LONGEST = 4, 900  # seconds until it is asked again, doubled each time up to the longest

SINCE_1900 = 2208988800  # seconds, at the start of 1970
SINCE_1970 = 946684800 if time.gmtime(0)[0] == 2000 else 0  # at the start of this port's time

modem = board.modem()
modem.active(True)
modem.connect(APN)
ec2x.install(modem)

import socket  # from here on this is the modem's


def now():
    """Seconds since 1970. OSError when nothing comes, ValueError when what comes is not the answer."""
    query = bytearray(48)
    query[0] = 0x23  # version 4, a client
    query[40:] = os.urandom(8)  # the answer has to repeat it: it may be a late one, or somebody else's
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(TIMEOUT)
        sock.sendto(query, socket.getaddrinfo(SERVER, PORT)[0][-1])
        answer = sock.recv(48)
    if len(answer) < 48 or answer[0] & 7 != 4 or answer[24:32] != query[40:]:
        raise ValueError("not an answer to what was asked")
    if not 0 < answer[1] < 16:
        raise ValueError("the server does not know the time")
    return (struct.unpack("!I", answer[40:44])[0] - SINCE_1900) & 0xFFFFFFFF  # the field begins anew in 2036


def set_clock(seconds):
    year, month, day, hour, minute, second, weekday, _ = time.gmtime(seconds - SINCE_1970)[:8]
    if hasattr(machine, "RTC"):  # a PC's clock is its own: what would be set is printed only
        machine.RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
    print("%d-%02d-%02d %02d:%02d:%02d UTC" % (year, month, day, hour, minute, second))


pause = AGAIN
while True:
    try:
        modem.wait(60_000)
        set_clock(now())
        pause = AGAIN
        time.sleep(EVERY)
    except (OSError, ValueError) as error:
        print("no time:", error)
        time.sleep(pause)
        pause = min(2 * pause, LONGEST)

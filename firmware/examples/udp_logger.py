"""Logs the datagrams that devices on the module's LAN send, such as those of syslog, in two files of limited size.

Set the constants and copy this file to the board as main.py, or, on a PC: micropython udp_logger.py PORT FILE
"""

import errno
import os
import sys
import time

import board
import ec2x

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 514
FILE = sys.argv[2] if len(sys.argv) > 2 else "log.txt"  # and log.txt.old
SIZE = 32_768  # bytes, after which a file becomes the old one
LINES, SECONDS = 20, 60  # as many lines, for so long at most, wait in memory: the flash bears only so many writes
AGAIN = 5  # seconds after which it listens anew

modem = board.modem()
modem.active(True)
modem.connect(None)  # the module's own LAN needs no SIM
ec2x.install(modem)

import socket  # from here on this is the modem's

waiting = []  # type: list[str]
saved = time.ticks_ms()


def note(data, host):
    """One line of printable text, whatever they send."""
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in data)
    line = "%d-%02d-%02d %02d:%02d:%02d %s %s" % (time.localtime()[:6] + (host, text))
    print(line)
    waiting.append(line)


def save():
    """Appends what waits to the file. A flash that is full costs these lines, and no more."""
    global saved
    try:
        with open(FILE, "a") as file:
            for line in waiting:
                file.write(line + "\n")
            full = file.tell() > SIZE
        if full:
            try:
                os.remove(FILE + ".old")
            except OSError:
                pass  # there is none yet
            os.rename(FILE, FILE + ".old")
    except OSError as error:
        print("not saved:", error)
    waiting.clear()
    saved = time.ticks_ms()


def serve():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(1)
        sock.bind(("", PORT))
        print("listening on port %d" % PORT)
        while True:
            try:
                data, peer = sock.recvfrom(1024)
                note(data, peer[0])
            except OSError as error:
                if error.errno != errno.ETIMEDOUT:
                    raise
            if waiting and (len(waiting) >= LINES or time.ticks_diff(time.ticks_ms(), saved) > SECONDS * 1000):
                save()


while True:
    try:
        modem.wait(60_000)
        serve()
    except OSError as error:  # the module was restarted, or is not there
        print("not listening:", error)
    time.sleep(AGAIN)

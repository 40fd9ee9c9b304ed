"""The board's part of test_ntp_dns.py: micropython datagram_script.py NTP_PORT DNS_PORT. The time, and a name's address, over UDP."""

import online  # noqa: F401  the first of all

import errno
import socket
import struct
import sys
import time

NTP, DNS = int(sys.argv[1]), int(sys.argv[2])
HOST = "127.0.0.1"
SINCE_1900 = 2208988800  # seconds, at the start of 1970


def ask(port, query, timeout):
    """One datagram there, one back."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.settimeout(timeout)
        sock.sendto(query, socket.getaddrinfo(HOST, port)[0][-1])
        return sock.recv(512)
    finally:
        sock.close()


def now():
    """Seconds since 1970, by NTP."""
    query = bytearray(48)
    query[0] = 0x1B  # version 3, a client
    answer = ask(NTP, query, 1)
    return struct.unpack("!I", answer[40:44])[0] - SINCE_1900


def address(name, ident):
    """The IPv4 address of a name."""
    query = struct.pack("!HHHHHH", ident, 0x0100, 1, 0, 0, 0)
    for label in name.split("."):
        query += bytes((len(label),)) + label.encode()
    query += b"\x00\x00\x01\x00\x01"
    answer = ask(DNS, query, 1)
    if struct.unpack("!H", answer[:2])[0] != ident or not struct.unpack("!H", answer[6:8])[0]:
        raise ValueError("no such name")
    return ".".join(str(byte) for byte in answer[-4:])


def timed_out(call, *args):
    """Whether it gives up, and when."""
    start = time.ticks_ms()
    try:
        call(*args)
    except OSError as error:
        spent = time.ticks_diff(time.ticks_ms(), start)
        return error.errno in (errno.ETIMEDOUT, errno.EAGAIN), 900 < spent < 3000  # EAGAIN: as the unix port says it
    return "answered"


print("time", now())
print("lost", *timed_out(now))
print("time", now())
for ident, name in enumerate(("one.example", "two.long.name.example")):
    print(name, address(name, ident + 1000))
print("lost", *timed_out(address, "lost.example", 7))
try:
    print(address("none.example", 8))
except ValueError as error:
    print(error)

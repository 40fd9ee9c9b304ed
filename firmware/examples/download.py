"""Downloads a file over HTTP with a plain socket, through one buffer of 1 KB, and prints its SHA-256.

Set URL and APN and copy this file to the board as main.py, or, on a PC: micropython download.py URL
"""

import sys
import time
from binascii import hexlify
from hashlib import sha256

import board
import ec2x

URL = sys.argv[1] if len(sys.argv) > 1 else "http://192.168.225.30:8000/file"
APN = None  # the module's own LAN; with a SIM, its APN, such as "internet"

modem = board.modem()
modem.active(True)
modem.connect(APN)
modem.wait(60_000)
ec2x.install(modem)

import socket  # from here on this is the modem's


def get(url):
    """Asks for `url`. Returns a socket that stands at the first byte of the file, and the file's size."""
    _, _, place, path = url.split("/", 3)
    host, _, port = place.partition(":")
    sock = socket.socket()
    sock.connect(socket.getaddrinfo(host, int(port or 80))[0][-1])
    sock.write("GET /%s HTTP/1.0\r\nHost: %s\r\n\r\n" % (path, place))
    status = sock.readline()
    if status.split()[1:2] != [b"200"]:
        raise ValueError("the server answered %r" % status)
    size = None
    while True:
        name, _, value = sock.readline().partition(b":")
        if name.lower() == b"content-length":
            size = int(value.decode())
        elif not value:  # the empty line that ends the header
            break
    if size is None:
        raise ValueError("the server did not say how long the file is")
    return sock, size


def download(url):
    sock, size = get(url)
    buf = bytearray(1024)
    view = memoryview(buf)
    digest = sha256()
    done = shown = 0
    start = time.ticks_ms()
    while done < size:
        n = sock.readinto(buf, min(len(buf), size - done))
        if not n:
            raise ValueError("the server closed after %d of %d bytes" % (done, size))
        digest.update(view[:n])
        done += n
        if done - shown >= 16384 or done == size:
            shown = done
            print("%d of %d bytes" % (done, size))
    spent = time.ticks_diff(time.ticks_ms(), start) or 1
    sock.close()
    print("%d bytes in %d ms, %d bytes/s" % (size, spent, size * 1000 // spent))
    print("sha256", hexlify(digest.digest()).decode())


download(URL)
modem.active(False)

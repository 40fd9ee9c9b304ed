"""Fetches a page over HTTPS, every hour, and only from a server that proves to be the one in the URL.

requests does not check certificates on MicroPython: it takes the page from whoever answers. What checks is an SSLContext
with CERT_REQUIRED, the certificate of the authority that vouches for the server, and the server's name. Write the root
certificate of that authority to CA, in DER: openssl x509 -in root.pem -outform der -out ca.der. A certificate has its days,
so the clock must be right first: see ntp_clock.py.

Set the constants and copy this file to the board as main.py, or, on a PC: micropython https_get.py URL CA
"""

import ssl
import sys
import time

import board
import ec2x

URL = sys.argv[1] if len(sys.argv) > 1 else "https://example.com/"
CA = sys.argv[2] if len(sys.argv) > 2 else "ca.der"
APN = "internet"  # None: the module's own LAN
EVERY = 3600  # seconds
MOST = 4096  # bytes that a page may have
PATIENCE = 20  # seconds for each step

modem = board.modem()
modem.active(True)
modem.connect(APN)
ec2x.install(modem)

import socket  # from here on this is the modem's

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# On MicroPython it is CERT_NONE until somebody says this; its stubs lack it.
context.verify_mode = ssl.CERT_REQUIRED  # type: ignore[attr-defined]
context.load_verify_locations(cafile=CA)


def get(url):
    """The page at url. OSError or ValueError when it cannot be had, or its server not be believed."""
    scheme, _, place, path = url.split("/", 3)
    if scheme != "https:":
        raise ValueError("not an https: URL")
    host, _, port = place.partition(":")
    with socket.socket() as sock:
        sock.settimeout(PATIENCE)
        sock.connect(socket.getaddrinfo(host, int(port or 443))[0][-1])
        tls = context.wrap_socket(sock, server_hostname=host)  # the certificate must bear this name
        try:
            tls.write("GET /%s HTTP/1.0\r\nHost: %s\r\n\r\n" % (path, place))
            return body(tls)
        finally:
            tls.close()


def body(tls):
    """What comes behind the header: as much as this says, or all until the server closes."""
    status = tls.readline()
    if status.split()[1:2] != [b"200"]:
        raise ValueError("the server answered %r" % status)
    size = None
    while True:
        name, _, value = tls.readline().partition(b":")
        if name.lower() == b"content-length":
            size = int(value.decode())
        elif not value:  # the empty line that ends the header
            break
    page = tls.read(MOST + 1 if size is None else min(size, MOST + 1))
    if len(page) > MOST or size not in (None, len(page)):
        raise ValueError("the page is too long, or was cut")
    return page


while True:
    try:
        modem.wait(60_000)
        page = get(URL)
        print("%d bytes: %s" % (len(page), page[:60]))
    except (OSError, ValueError) as error:
        print("no page:", str(error).strip())  # those of TLS begin with an empty line
    time.sleep(EVERY)

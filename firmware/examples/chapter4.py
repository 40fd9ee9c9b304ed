"""Chapter 4 of Quectel's manual: a TCP server in the module, for two clients on its LAN; the eight commands by hand.

Run it, and connect two programs of the LAN to the module, one after the other: nc 192.168.225.1 2020. Then type a line
in the second. On a PC: micropython chapter4.py PORT
"""

import sys
import time

import board

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 2020
SERVER = 1  # the socket id that the manual gives its server
PATIENCE = 60_000  # ms, for whoever types

modem = board.modem()
modem.active(True)
modem.connect(None)  # the module's own LAN needs no SIM
modem.wait(60_000)
fwd = modem.fwd
urcs = []  # type: list[str]


def on_urc(line):
    print(line)
    urcs.append(line)


def wait_for(kind):
    """Waits for the URC +QFWDURC: "<kind>",... and returns its other fields, as text."""
    start = time.ticks_ms()
    while True:
        for line in urcs:
            if line.startswith('+QFWDURC: "%s",' % kind):
                urcs.remove(line)
                return line.split(",")[1:]
        if time.ticks_diff(time.ticks_ms(), start) > PATIENCE:
            raise OSError("no %s within %d s" % (kind, PATIENCE // 1000))
        modem.poll()
        time.sleep_ms(1)


def show_load():
    for row in fwd.sstate(SERVER):
        print('+QFWDSSTATE: %d,%d,"%s",%d,"%s",%d' % row)


modem.on_urc("+QFWDURC", on_urc)

print("# a TCP server on port %d" % PORT)
fwd.server(SERVER, PORT)
wait_for("server/open")

print("# two clients")
first = int(wait_for("client/incoming")[1])
second = int(wait_for("client/incoming")[1])
print("# the server's load state")
show_load()

print("# 0x31 0x31 to client %d: in hexadecimal, ended by Ctrl+Z" % first)
print("+QFWDSEND: %d,%d" % (first, fwd.send(first, b"\x31\x31", hex=True, fixed=False)))

print("# what client %d sends" % second)
wait_for("client/read")
print(fwd.recv(second, 1024).decode())

print("# client %d closes" % second)
wait_for("client/close")
show_load()

print("# we close client %d" % first)
fwd.close(first)
show_load()
fwd.close(SERVER)
modem.active(False)
print("# done")

"""Opens a TCP socket as an application does, and prints what of the package that has loaded. Runs on MicroPython."""

import sys

import canned
import ec2x

modem = ec2x.Modem(canned.Uart())
modem.active(True)
modem.connect(None)
modem.wait(5000)
ec2x.install(modem)

import socket

sock = socket.socket()
sock.connect(("192.168.225.30", 80))
for name in sys.modules:
    if name.split(".")[0] == "ec2x":
        print(name)

"""What recv_into and send allocate, and their CPU time against a plain copy of the same bytes. Runs on MicroPython.

The UART answers from memory at next to no cost of its own, and the copy goes through the same UART. Prints JSON.
"""

import gc
import io
import json
import sys
import time

import ec2x

_KIB = 512


class Uart:
    """A module that is always ready: each read brings 1024 bytes, each send is taken."""

    def __init__(self):
        self._read = io.BytesIO(b"\r\n+QFWDRECV: 40000,1024\r\n" + bytes(1024) + b"\r\n\r\nOK\r\n")
        self._plain = io.BytesIO(64)
        self._from = self._plain
        self._left = 0
        self._payload = 0

    def any(self):
        return self._left

    def readinto(self, buf, n):
        n = self._from.readinto(buf, min(n, self._left))
        self._left -= n
        return n

    def write(self, buf, off, n):
        if self._payload:
            self._payload -= n
            if not self._payload:
                self.answer(b"\r\n+QFWDSEND: 40000,1024\r\n\r\nOK\r\n")
        elif buf.startswith(b"AT+QFWDRECV=40000,1024", off):
            self.deliver()
        elif buf.startswith(b"AT+QFWDSEND=40000,0,1024", off):
            self._payload = 1024
            self.answer(b"\r\n> ")
        elif buf.startswith(b"AT+CMEE?", off):
            self.answer(b"\r\n+CMEE: 1\r\n\r\nOK\r\n")
        elif buf.startswith(b"AT+QFWDCLIENT", off):
            self.answer(b'\r\nOK\r\n\r\n+QFWDURC: "client/open",40000,0\r\n')
        elif buf.startswith(b"AT+QFWDRECV", off) or buf.startswith(b"AT+QFWDSEND", off):
            raise ValueError("not a command for 1024 bytes, which alone are measured here")
        else:
            self.answer(b"\r\nOK\r\n")
        return n

    def answer(self, text):
        self._plain.seek(0)
        self._plain.write(text)
        self._plain.seek(0)
        self._from = self._plain
        self._left = len(text)

    def deliver(self):
        self._read.seek(0)
        self._from = self._read
        self._left = 1024 + 33


def connected():
    uart = Uart()
    modem = ec2x.Modem(uart)
    modem.active(True)
    modem.connect(None)
    modem.wait(5000)
    sock = modem.socket()
    sock.connect(("198.51.100.7", 80))
    return modem, sock, uart


def receive(sock, buf, kib):
    calls = 0
    left = kib * 1024
    while left > 0:
        left -= sock.recv_into(buf)
        calls += 1
    return calls


def send(sock, buf, kib):
    calls = 0
    left = kib * 1024
    while left > 0:
        left -= sock.send(buf)
        calls += 1
    return calls


def copy(uart, out, kib):
    """The same bytes over the same UART, through one buffer."""
    buf = bytearray(256)
    block = io.BytesIO(bytes(256))
    for _ in range(kib):
        uart.deliver()
        while uart.any():
            n = uart.readinto(buf, min(256, uart.any()))
            block.seek(0)
            block.write(buf, 0, n)
            block.seek(0)
            block.readinto(out, n)


def shortest(call, *args):
    """The shortest of five runs, in us."""
    best = None
    for _ in range(5):
        gc.collect()
        start = time.ticks_us()
        call(*args)
        us = time.ticks_diff(time.ticks_us(), start)
        best = us if best is None or us < best else best
    return best


def allocated(call, *args):
    """Bytes a call."""
    call(*args)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    calls = call(*args)
    after = gc.mem_alloc()
    gc.enable()
    return (after - before) / calls


def main():
    modem, sock, uart = connected()
    modem.idle = lambda: None
    buf = bytearray(1024)
    plain = shortest(copy, Uart(), buf, _KIB)
    version = sys.implementation.version
    report = {"version": "%d.%d.%d" % version[:3] + ("-" + version[3] if version[3:] and version[3] else "")}

    for name, call in (("recv_into", receive), ("send", send)):
        report[name] = {"allocated": allocated(call, sock, buf, 8), "cpu_ratio": shortest(call, sock, buf, _KIB) / plain}
    print(json.dumps(report))


main()

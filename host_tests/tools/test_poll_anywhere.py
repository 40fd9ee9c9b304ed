"""A scheduled poll between any two lines of the driver, as the background pump of a board does: nothing is lost, nothing fails."""

import sys

import pytest

from device import Device
from ec2x_tools.interpreter import ROOT

DRIVER = str(ROOT / "firmware/ec2x")
DATA = bytes(range(256)) * 6


def with_polls(device, every, call):
    """Calls; in it, at every so-many-th line of the driver, an interrupt has been and its poll runs."""
    machine = device.machine
    handler = machine.uarts[0]["handler"]
    lines = 0

    def trace(frame, event, _):
        nonlocal lines
        if not frame.f_code.co_filename.startswith(DRIVER):
            return None
        lines += 1
        if lines % every == 0 and not machine.closed:
            sys.settrace(None)
            machine.sleep_us(7)
            machine.schedule(handler, None)
            machine.run()
            sys.settrace(trace)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    assert lines > 5000


def conversation(device):
    sock, peer = device.client()
    peer.send(DATA)
    got = b""
    while len(got) < len(DATA):
        got += sock.recv(300)
    assert got == DATA
    sock.sendall(DATA)
    sock.write(b"and more")
    sock.drain(5)
    assert peer.recv() == DATA + b"and more"
    sock.close()
    listener = device.modem.socket()
    listener.bind(("", 2020))
    listener.listen(3)
    far = device.net.dial("tcp", 2020)
    accepted, _ = listener.accept()
    far.send(b"hello")
    assert accepted.recv(9) == b"hello"
    accepted.close()
    listener.close()


@pytest.mark.parametrize("every", [1, 2, 5, 13])
@pytest.mark.parametrize("baud", [115200, 921600])
def test_a_poll_between_any_two_lines_harms_nothing(baud, every):
    device = Device("rp2", baud)
    device.online()
    resyncs = device.modem.chat.resyncs
    with_polls(device, every, lambda: conversation(device))
    assert not device.machine.printed
    assert device.modem.chat.resyncs == resyncs and not device.modem.chat.broken

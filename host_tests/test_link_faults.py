"""Each fault of the module in each state of the link and in the middle of each command: the sockets end, the link comes back."""

from bringup import rig_for
from ec2x import errors

_ENDS = (errors.EIO, errors.ECONNRESET, errors.ECONNREFUSED, errors.EHOSTUNREACH, errors.ENOTCONN, errors.ETIMEDOUT, errors.EPIPE)
_BOUND_MS = 200_000  # the longest command's time, and a bring-up
_LATENCY_US = 30_000  # each command is in flight for that long
_BRING_UP_MS = 640  # with it
_STEP_MS = 28  # so that each is met in flight


def _restart(rig):
    rig.module.reset(rig.clock.us)


def _power_down(rig):
    rig.module.power_down(rig.clock.us)
    rig.module.power_on(rig.clock.us)


def _hang(rig):
    """And somebody presses reset after ten seconds."""
    rig.module.hung = True
    rig.module.agenda.add(rig.clock.us + 10_000_000, rig.module.reset)


def _unheard(rig):
    """It restarts, and what it says meanwhile is lost."""
    rig.module.urc_to = lambda port, text: None
    rig.module.reset(rig.clock.us)
    rig.module.agenda.add(rig.clock.us + 5_000_000, lambda now: delattr(rig.module, "urc_to"))


def _ap(rig):
    rig.module.ap_restart(rig.clock.us)


def _call(rig):
    rig.module.radio.activate(1, False)


def _echo(rig):
    """Echo is on again, and nothing else: to the driver it is a module that has begun anew."""
    rig.module._channels["uart1"].set["E"] = 1


def _garbage(rig):
    rig.module.inject("uart1", bytes([0xFF, 0, 0x80, 13, 0x3E, 0x20, 10]) * 9, rig.clock.us)


def _sim(rig):
    rig.urc(b"+CPIN: NOT READY")


FAULTS = (_restart, _power_down, _hang, _unheard, _ap, _call, _echo, _garbage, _sim)


def works(rig):
    """A connection opens, and bytes go both ways."""
    rig.port = getattr(rig, "port", 0) + 1
    server = rig.net.listen("tcp", "10.9.9.9", rig.port)
    sock = rig.modem.socket()
    sock.settimeout(30)
    sock.connect(("10.9.9.9", rig.port))
    peer = server.accept()
    peer.send(b"pong")
    sock.send(b"ping")
    assert sock.recv(4) == b"pong"
    sock.drain(30)
    assert peer.unread() == 4
    sock.close()


def comes_back(rig, fault, moment):
    """Within its bound, and a fresh connection works."""
    end = rig.now() + _BOUND_MS
    while rig.now() < end:
        rig.until(rig.modem.isconnected, _BOUND_MS)
        try:
            works(rig)
            return
        except OSError as error:  # it is not noticed yet
            assert error.errno in _ENDS, (fault, moment, error)
            rig.pump(10_000)
    assert False, (fault, moment)


def test_each_fault_at_each_moment_of_the_bring_up():
    for fault in FAULTS:
        for moment in range(0, _BRING_UP_MS, _STEP_MS):
            rig, _ = rig_for("net", module={"latency_us": _LATENCY_US})
            rig.pump(moment)
            fault(rig)
            comes_back(rig, fault.__name__, moment)


def test_each_fault_at_each_moment_of_a_connections_life():
    for fault in FAULTS:
        for moment in range(0, 390, _STEP_MS):
            rig, _ = rig_for("net", module={"latency_us": _LATENCY_US})
            rig.modem.wait()
            end = rig.now() + moment
            done = []

            def idle(rig=rig, end=end, done=done, fault=fault):
                if not done and rig.now() >= end:
                    done.append(True)
                    fault(rig)
                rig.idle()

            rig.modem.idle = idle
            try:
                works(rig)
            except OSError as error:
                assert error.errno in _ENDS, (fault, moment, error)
            rig.modem.idle = rig.idle
            comes_back(rig, fault.__name__, moment)

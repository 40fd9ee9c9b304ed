"""Every wait feeds the watchdog: each public call that blocks calls modem.idle at least once a second, however long it waits."""

from bringup import opened
from dtr import Power
from ec2x import wlan
from rig import Rig


class Bitten(Exception):
    pass


class Watchdog:
    """Of 1 s, fed by idle alone; the clock also goes on by itself, so that a loop without idle is found."""

    def __init__(self, rig):
        self._rig = rig
        self.fed = 0
        self._at = rig.now()
        rig.modem.now = self._now
        rig.modem.idle = self._idle

    def _now(self):
        self._rig.clock.advance(1000)
        now = self._rig.now()
        if now - self._at >= 1000:
            raise Bitten()
        return now

    def _idle(self):
        self._rig.idle()
        self.feed()
        self.fed += 1

    def feed(self):
        self._at = self._rig.now()


def _datagram(rig):
    sock = rig.modem.socket(2, 2)
    rig.net.listen("udp", "10.0.0.9", 53)
    sock.sendto(b"?", ("10.0.0.9", 53))
    return sock


def _server(rig):
    return rig.listener(timeout=None)


def _nothing(rig):
    return None


def _full_power(rig):
    rig.modem.power = power = Power(rig)
    power.pwrkey = power.supply = lambda level: None


def _fwd(rig):
    rig.modem.fwd.client(7, "10.0.0.9", 80)


def _listen(sock):
    sock.bind(("", 2021))
    sock.listen(1)


FAR = ("10.0.0.10", 80)
CALLS = (
    (lambda rig: rig.modem.connect("other"), lambda rig, it: rig.modem.wait(120_000)),
    (_nothing, lambda rig, it: rig.modem.command("AT", 5000)),
    (_nothing, lambda rig, it: rig.modem.command("AT+CMGS=1", 120_000, b"x\x1a")),
    (_nothing, lambda rig, it: rig.modem.resolve("host.example")),
    (_nothing, lambda rig, it: rig.modem.status("rssi")),
    (_nothing, lambda rig, it: rig.modem.ifconfig()),
    (_nothing, lambda rig, it: rig.modem.ipconfig("dns")),
    (_nothing, lambda rig, it: rig.modem.config("operator")),
    (_nothing, lambda rig, it: rig.modem.config("mac")),
    (Power, lambda rig, it: rig.modem.config(pm=2)),
    (_nothing, lambda rig, it: rig.modem.time()),
    (_nothing, lambda rig, it: rig.modem.doctor(lambda line: None)),
    (lambda rig: rig.modem.active(False), lambda rig, it: rig.modem.doctor(lambda line: None)),
    (_full_power, lambda rig, it: rig.modem.active(False)),
    (_nothing, lambda rig, it: wlan.WLAN(rig.modem).config("imei")),
    (_nothing, lambda rig, it: rig.modem.fwd.servers()),
    (_nothing, lambda rig, it: rig.modem.fwd.server(9, 2022)),
    (_nothing, lambda rig, it: rig.modem.fwd.clients()),
    (_nothing, lambda rig, it: rig.modem.fwd.client(9, "10.0.0.9", 80)),
    (_fwd, lambda rig, it: rig.modem.fwd.send(7, b"data")),
    (_fwd, lambda rig, it: rig.modem.fwd.recv(7, 10)),
    (_fwd, lambda rig, it: rig.modem.fwd.ack(7)),
    (_fwd, lambda rig, it: rig.modem.fwd.cancel(7)),
    (_fwd, lambda rig, it: rig.modem.fwd.sstate(7)),
    (_fwd, lambda rig, it: rig.modem.fwd.close(7)),
    (_fwd, lambda rig, it: rig.modem.fwd.urc_port(7)),
    (_nothing, lambda rig, it: rig.modem.fwd.test("QFWDSEND")),
    (lambda rig: rig.modem.socket(), lambda rig, it: it.connect(FAR)),
    (lambda rig: rig.modem.socket(), lambda rig, it: _listen(it)),
    (_server, lambda rig, it: it.accept()),
    (opened, lambda rig, it: it.recv(1)),
    (opened, lambda rig, it: it.recv_into(bytearray(1))),
    (opened, lambda rig, it: it.recvfrom(1)),
    (opened, lambda rig, it: it.read(10)),
    (opened, lambda rig, it: it.read()),
    (opened, lambda rig, it: it.readline()),
    (opened, lambda rig, it: it.readinto(bytearray(1))),
    (opened, lambda rig, it: it.send(bytes(5000)) and it.send(bytes(5000)) and it.send(bytes(5000))),
    (opened, lambda rig, it: it.sendall(bytes(50_000))),
    (opened, lambda rig, it: it.write(bytes(50_000))),
    (opened, lambda rig, it: it.unacked()),
    (opened, lambda rig, it: it.send(b"x") and it.drain()),
    (opened, lambda rig, it: it.send(b"x") and it.close()),
    (_datagram, lambda rig, it: it.recv(10)),
    (_datagram, lambda rig, it: it.recvfrom(10)),
    (_datagram, lambda rig, it: it.recv_into(bytearray(10))),
    (_datagram, lambda rig, it: it.read()),
    (_datagram, lambda rig, it: it.readinto(bytearray(10))),
    (_datagram, lambda rig, it: [it.sendto(bytes(1000), FAR) for _ in range(20)]),
    (_datagram, lambda rig, it: it.connect(FAR) or [it.send(bytes(1000)) for _ in range(20)]),
    (_datagram, lambda rig, it: it.close()),
)


def silent(rig):
    """It is on the wire, and answers nothing."""
    rig.module.power_off()


def busy(rig):
    """It takes two minutes for each answer."""
    rig.module.latency_us = 120_000_000


def _bites(deaf):
    for i, (prepare, call) in enumerate(CALLS):
        rig = Rig(apn="net")
        rig.net.listen("tcp", "10.0.0.9", 80)
        it = prepare(rig)
        deaf(rig)
        dog = Watchdog(rig)
        try:
            call(rig, it)
        except OSError:
            pass
        assert dog.fed, (i, "it has not waited")


def test_the_watchdog_does_not_bite_at_a_module_that_is_silent():
    _bites(silent)


def test_the_watchdog_does_not_bite_at_a_module_that_takes_its_time():
    _bites(busy)


def test_a_loop_that_does_not_feed_it_would_be_bitten():
    rig = Rig()
    dog = Watchdog(rig)
    rig.modem.idle = lambda: None
    silent(rig)
    try:
        rig.modem.command("AT", 5000)
    except Bitten:
        return
    raise AssertionError(dog.fed)

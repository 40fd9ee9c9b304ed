"""Power saving: DTR is released while nothing happens, nobody wakes the module without need, and no byte is lost by it."""

from bringup import opened
from dtr import Power
from ec2x import ModemError, errors
from ec2x.listed import hear
from ec2x.sleep import Sleeper
from expect import raises
from rig import Rig
from wires import heard, say


def saving(apn=None, online=True, **kw):
    """A rig whose module sleeps when it can."""
    rig = Rig(apn=apn, online=online, **kw)
    rig.power = Power(rig)
    rig.modem.config(pm=rig.modem.PM_POWERSAVE)
    return rig


def asleep(rig):
    return rig.module.sleep.sleeps(rig.clock.us)


def test_without_a_wire_it_is_refused_with_a_word_on_what_to_do():
    rig = Rig()
    lines = heard(rig)
    for power in (None, Power(rig)):
        rig.modem.power = power
        if power:
            power.dtr = None
        error = raises(ModemError, lambda: rig.modem.config(pm=rig.modem.PM_POWERSAVE))
        assert error.errno == errors.EOPNOTSUPP and "DTR must be wired" in error.args[1]
        assert rig.modem.config("pm") == rig.modem.PM_NONE and not lines
        rig.modem.config(pm=rig.modem.PM_PERFORMANCE)  # is so anyway
    raises(ValueError, lambda: rig.modem.config(pm=3))


def test_it_sleeps_after_two_seconds_and_for_ten_minutes_nothing_is_asked():
    rig = saving()
    sock = opened(rig)
    service = rig.listener(2020)
    rig.pump(1900)
    assert not asleep(rig)
    rig.pump(1600)  # for a second it is looked for news, as ever
    assert asleep(rig) and rig.power.levels == [False]
    lines = heard(rig)
    sock.settimeout(600)
    assert raises(OSError, sock.recv, 1).errno == errors.ETIMEDOUT  # somebody waits, all the time
    assert asleep(rig) and lines == [] and rig.module.sleep.dropped == 0
    assert service and rig.modem.isconnected()


def test_a_send_wakes_it_and_waits_until_it_listens():
    rig = saving()
    sock = opened(rig)
    rig.pump(3500)
    assert asleep(rig)
    start = rig.now()
    lines = heard(rig)
    assert sock.send(b"wake up") == 7
    sock.drain(5)
    assert "+QFWDSEND=40000,0,7" in lines and rig.power.levels[:2] == [False, True]
    assert rig.now() - start >= 20 and rig.module.sleep.dropped == 0
    assert not asleep(rig)
    rig.pump(3500)
    assert asleep(rig)


def test_all_that_is_sent_and_received_between_sleeps_arrives():
    rig = saving(baud=115200)
    sock, peer = rig.client()
    got = bytearray()
    for i in range(12):
        data = bytes([i]) * (i * 100 + 1)
        sock.sendall(data)
        rig.pump(300 + i * 500)  # shorter than what it takes to fall asleep, and longer
        assert peer.recv() == data
        peer.send(data)
        while len(got) < len(data):
            got.extend(sock.recv(2000))
        assert bytes(got) == data
        got = bytearray()
        rig.pump(1990 + i)
    assert rig.module.sleep.dropped == 0 and rig.power.levels.count(False) > 5


def test_news_from_the_module_wakes_us_and_then_it():
    rig = saving()
    sock, peer = rig.client(timeout=300)
    rig.pump(10_000)
    assert asleep(rig)
    rig.module.agenda.add(rig.clock.us + 100_000_000, lambda at: peer.send(b"news"))
    start = rig.now()
    assert sock.recv(10) == b"news"
    assert 100_000 <= rig.now() - start < 101_000 and rig.module.sleep.dropped == 0
    rig.pump(3000)
    texts = []
    rig.modem.on_urc("RING", texts.append)
    say(rig, "RING")
    rig.pump(100)
    assert texts == ["RING"] and asleep(rig)  # that alone is no reason to wake it


def test_a_connection_that_comes_and_one_that_goes_are_seen():
    rig = saving()
    service = rig.listener(2020, timeout=100)
    rig.pump(5000)
    rig.module.agenda.add(rig.clock.us + 30_000_000, lambda at: rig.dial(2020))
    sock, _ = service.accept()
    rig.pump(5000)
    assert asleep(rig)
    sock.close()
    rig.pump(1000)
    assert not rig.module.sockets.connections and rig.module.sleep.dropped == 0


def test_a_peer_that_closes_while_it_sleeps_is_the_end():
    for data in (b"", b"the last of it"):
        for apn in (None, "internet"):
            rig = saving(apn)
            sock, peer = rig.client(timeout=30)
            rig.pump(20_000)
            peer.send(data)
            peer.close()
            rig.pump(100)
            assert sock.read() == data, apn
            rig.pump(20_000)
            lines = heard(rig)
            rig.pump(600_000)
            assert not lines, "it is kept awake by a socket that is at its end"


def test_a_connection_without_a_place_waits_comes_in_and_is_sent_away():
    rig = saving(sockets=2)
    service = rig.listener(2020)
    rig.pump(5000)
    rig.dial()
    one, _ = service.accept()
    rig.dial(at=56785)
    rig.pump(5000)
    assert asleep(rig)
    one.close()
    rig.pump(5000)
    assert asleep(rig)
    two, peer = service.accept()
    assert peer[1] == 56785
    rig.dial(at=56786)
    rig.pump(5000)
    assert asleep(rig)
    service.close()
    rig.pump(5000)
    two.close()
    rig.pump(5000)
    assert asleep(rig) and rig.module.sleep.dropped == 0
    assert not rig.module.sockets.connections and rig.modem.stats()["unwanted"] == 1


def test_what_is_opened_asked_and_closed_while_it_sleeps_is_done():
    rig = saving()
    rig.pump(5000)
    assert asleep(rig)
    sock = opened(rig)
    rig.pump(5000)
    start = rig.now()
    assert asleep(rig) and sock.unacked() == 0
    assert rig.now() - start < 1000
    rig.pump(5000)
    sock._flow.errand = hear  # as of a connection that was found without its URC
    rig.pump(1000)
    assert not sock._flow.errand
    rig.pump(5000)
    assert asleep(rig) and rig.modem.status("rssi") == -65
    rig.pump(5000)
    udp = rig.modem.socket(2, 2)
    udp.settimeout(10)
    rig.net.listen("udp", "10.0.0.9", 53)
    assert udp.sendto(b"?", ("10.0.0.9", 53)) == 1
    rig.pump(5000)
    assert asleep(rig)
    udp.close()
    sock.close()
    rig.pump(2000)
    assert not rig.module.sockets.connections and rig.module.sleep.dropped == 0


def test_in_half_an_hour_it_is_looked_at_once():
    rig = saving()
    sock = opened(rig)
    rig.pump(5000)
    lines = heard(rig)
    rig.pump(1_700_000)
    assert lines == []
    rig.pump(150_000)
    assert lines and rig.module.sleep.dropped == 0
    rig.module.ap_restart(rig.clock.us)
    rig.pump(1_900_000)
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET


def test_a_module_that_restarts_is_told_again():
    rig = Rig(online=False)
    rig.power = Power(rig)
    rig.modem.config(pm=rig.modem.PM_POWERSAVE)  # may come before it is there
    assert rig.modem.config("pm") == rig.modem.PM_POWERSAVE
    rig.online()
    lines = heard(rig)
    rig.pump(5000)
    assert asleep(rig)
    rig.reset()
    assert "&D0" in lines and "+QSCLK=1" in lines
    rig.pump(5000)
    assert asleep(rig) and rig.module.sleep.dropped == 0


def test_power_saving_ends_when_it_is_told_to():
    rig = saving()
    rig.modem.config(pm=rig.modem.PM_POWERSAVE)  # again: nothing
    uart, sources = rig.uart, len(rig.modem.chat.sources)
    rig.pump(5000)
    assert asleep(rig)
    rig.modem.config(pm=rig.modem.PM_PERFORMANCE)
    assert not asleep(rig) and rig.power.levels[-1] is True and rig.module.profile["QSCLK"] == 0
    assert rig.modem.chat.uart is uart and len(rig.modem.chat.sources) == sources and rig.modem.sockets in rig.modem.chat.sources
    assert rig.modem.config("pm") == rig.modem.PM_NONE and len(rig.modem.link.setup) == 3
    sock = opened(rig)
    lines = heard(rig)
    rig.pump(40_000)
    assert rig.power.levels[-1] is True and len(lines) > 3 and sock
    rig.module.power_off()
    rig.modem.config(pm=rig.modem.PM_NONE)  # is so anyway


def test_a_module_that_is_gone_can_be_told_to_stay_awake():
    rig = saving()
    rig.pump(5000)
    rig.module.power_off()
    assert raises(ModemError, lambda: rig.modem.config(pm=rig.modem.PM_NONE)).errno == errors.ETIMEDOUT
    assert rig.power.levels[-1] is True and rig.modem.config("pm") == rig.modem.PM_NONE


def test_a_module_that_refuses_to_sleep_is_told_and_nothing_is_changed():
    rig = Rig()
    rig.power = Power(rig)
    del rig.module._channels["uart1"]._handlers["+QSCLK"]
    assert raises(ModemError, lambda: rig.modem.config(pm=rig.modem.PM_POWERSAVE)).errno == errors.EIO
    assert rig.modem.config("pm") == rig.modem.PM_NONE and rig.modem.chat.uart is rig.uart
    rig.pump(5000)
    assert rig.power.levels == []


def test_a_trace_and_the_sleep_stand_above_each_other_in_either_order():
    for first in (True, False):
        rig = Rig()
        rig.power = Power(rig)
        events = []

        def sink(ms, way, data):
            events.append((way, data))

        if first:
            rig.modem.trace(sink)
        rig.modem.config(pm=rig.modem.PM_POWERSAVE)
        if not first:
            rig.modem.trace(sink)
        rig.pump(5000)
        assert asleep(rig)
        del events[:]
        assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"]
        assert events == [(">", b"AT+CSQ"), ("<", b"+CSQ: 24,99"), ("<", b"OK")]
        rig.pump(5000)
        assert asleep(rig)
        if first:
            rig.modem.config(pm=rig.modem.PM_NONE)
            assert b"AT+QSCLK=0" in [data for _, data in events]
            rig.modem.trace(None)
        else:
            rig.modem.trace(None)
            assert isinstance(rig.modem.chat.uart, Sleeper)
            rig.modem.config(pm=rig.modem.PM_NONE)
        assert rig.modem.chat.uart is rig.uart


def test_the_first_byte_waits_and_a_full_uart_is_no_activity():
    class Uart:
        room = 0

        def any(self):
            return 0

        def write(self, buf, off, n):
            return min(n, self.room) or None

    class Clock:
        ms = 0

        def now(self):
            return self.ms

    clock, uart, log = Clock(), Uart(), []
    sleeper = Sleeper(uart, clock, log.append)
    clock.ms = 1999
    sleeper.any()
    assert log == []
    assert sleeper.write(b"AT", 0, 2) is None
    clock.ms = 2000
    sleeper.any()
    assert log == [False] and sleeper.quiet(2000)
    uart.room = 1
    for clock.ms in (5000, 5019):
        assert sleeper.write(b"AT", 0, 2) is None and log == [False, True]
    clock.ms = 5020
    assert sleeper.write(b"AT", 0, 2) == 1 and not sleeper.quiet(5020)
    clock.ms = 7019
    sleeper.any()
    assert len(log) == 2
    clock.ms = 7020
    sleeper.any()
    assert log == [False, True, False]

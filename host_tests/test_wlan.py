"""Code written for network.WLAN runs with a modem in its place."""

import sys

import ec2x
from confidential import PIN
from ec2x import ModemError, errors, wlan
from expect import raises
from rig import Rig
from wires import answers


class Fails(Exception):
    pass


def scene(apn="net", online=False, **kw):
    rig = Rig(online=online, **kw)
    return rig, wlan.WLAN(rig.modem)


def test_the_loop_of_every_tutorial_ends_with_an_address():
    rig, nic = scene()
    assert not nic.active() and nic.status() == wlan.STAT_IDLE
    nic.active(True)
    nic.connect("net", "")
    while not nic.isconnected():
        rig.idle()
    assert nic.ifconfig()[0] == nic.ipconfig("addr4")[0] == "10.64.0.1"
    assert nic.status() == wlan.STAT_GOT_IP and nic.status("rssi") == -65
    assert nic.config("ssid") == nic.config("essid") == "net" and len(nic.config("mac")) == 6
    nic.disconnect()
    assert not nic.isconnected() and nic.status() == wlan.STAT_IDLE
    nic.active(False)
    assert not nic.active()


def test_the_loop_of_the_pico_w_book_compares_numbers():
    rig, nic = scene()
    nic.active(True)
    nic.config(pm=0xA11140)
    nic.connect("net", None)
    waits = 0
    while True:
        if nic.status() < 0 or nic.status() >= 3:
            break
        waits += nic.status() == 1
        rig.idle()
    assert nic.status() == 3 and waits


class Client:
    """The part of an asyncio client that brings a Wi-Fi up, and keeps it, in the manner of mqtt_as on RP2."""

    def __init__(self, rig, network, ssid, key):
        self.rig = rig
        self.nic = network.WLAN(network.STA_IF)
        self.ssid = ssid
        self.key = key

    async def sleep(self, s):
        import asyncio

        self.rig.pump(s * 1000)
        await asyncio.sleep(0)

    async def up(self):
        nic = self.nic
        nic.active(True)
        nic.config(pm=0xA11140)
        nic.connect(self.ssid, self.key)
        for _ in range(60):
            await self.sleep(1)
            if nic.isconnected():
                break
            if not 1 <= nic.status() <= 2:
                break
        else:
            nic.disconnect()
            await self.sleep(1)
        if not nic.isconnected():
            raise Fails(nic.status())
        for _ in range(5):
            if not nic.isconnected():
                raise Fails("unstable")
            await self.sleep(1)

    async def keep(self, cut):
        nic = self.nic
        await self.up()
        cut()
        await self.sleep(1)
        while nic.isconnected():
            await self.sleep(1)
        nic.disconnect()
        await self.sleep(1)
        await self.up()


class Port:
    """sys.modules with ec2x.wlan as network, where the port has none."""

    def __enter__(self):
        sys.modules["network"] = wlan

    def __exit__(self, *exc):
        del sys.modules["network"]
        ec2x.uninstall()


def run(rig, ssid="net", key="", cut=None):
    import asyncio

    ec2x.install(rig.modem)
    with Port():
        import network

        client = Client(rig, network, ssid, key)
        asyncio.run(client.keep(cut) if cut else client.up())


def test_an_asyncio_client_comes_up_and_comes_back():
    rig = Rig(online=False)
    run(rig, cut=lambda: rig.module.reset(rig.clock.us))
    assert rig.modem.isconnected() and rig.module.radio.contexts[1].apn == "net"


def test_a_pin_goes_where_the_key_is_and_a_wrong_one_is_a_wrong_password():
    rig = Rig(online=False, module={"pin": PIN})
    run(rig, key=PIN)
    assert rig.module.radio.tries == 3
    for key in ("1111", ""):
        rig = Rig(online=False, module={"pin": PIN})
        assert raises(Fails, run, rig, key=key).args[0] == wlan.STAT_WRONG_PASSWORD
        assert rig.module.radio.tries == (2 if key else 3)


def test_the_key_of_a_wifi_costs_no_try():
    rig, nic = scene(module={"pin": PIN})
    nic.active(True)
    for key in ("hunter22", "123", "123456789"):
        raises(ValueError, nic.connect, "net", key)
    rig.pump(5000)
    assert rig.module.radio.tries == 3


def test_a_network_that_does_not_take_us_is_still_asked_for():
    rig = Rig(online=False)
    rig.module.radio.stat = 3
    assert raises(Fails, run, rig).args[0] == wlan.STAT_IDLE  # after a minute the client has given up
    rig, nic = scene()
    rig.module.radio.stat = 3
    nic.active(True)
    nic.connect("net")
    rig.pump(80_000)
    assert nic.status() == wlan.STAT_CONNECTING and nic.modem.status()[0] == "joining"


def test_firmware_without_the_commands_is_a_failure():
    rig, nic = scene()
    del rig.module._channels["uart1"]._handlers["+QFWDSERVER"]
    nic.active(True)
    nic.connect("net")
    assert raises(ModemError, nic.wait, 120_000).errno == errors.EOPNOTSUPP
    assert nic.status() == wlan.STAT_CONNECT_FAIL


def test_before_active_and_without_connect_it_is_idle():
    rig, nic = scene()
    nic.connect("net")
    assert nic.status() == wlan.STAT_IDLE
    rig, nic = scene()
    nic.active(True)
    assert nic.status() == wlan.STAT_IDLE
    nic.connect(None)  # the module's own LAN
    nic.wait()
    assert nic.config("ssid") == "" and nic.status() == wlan.STAT_GOT_IP


def test_what_is_no_station_is_refused():
    raises(ValueError, wlan.WLAN, wlan.AP_IF)
    from ec2x import socket

    if socket._modem:  # of an earlier test
        socket._modem = None
    assert raises(ModemError, wlan.WLAN).errno == errors.ENODEV
    rig, nic = scene()
    assert not hasattr(nic, "scan")


def test_power_saving_asked_for_as_of_a_wlan_is_that_of_the_modem():
    rig, nic = scene(online=True)
    assert raises(ModemError, lambda: nic.config(pm=nic.PM_POWERSAVE)).errno == errors.EOPNOTSUPP
    nic.config(pm=nic.PM_PERFORMANCE)
    assert nic.config("pm") == nic.PM_NONE
    assert (nic.PM_NONE, nic.PM_POWERSAVE) == (rig.modem.PM_NONE, rig.modem.PM_POWERSAVE)
    answers(rig, "+GSN", "861075040000022")
    assert nic.config("imei") == "861075040000022"
    raises(ValueError, nic.config, "channel")
    raises(TypeError, lambda: nic.config("ssid", pm=0))


def test_the_ports_own_numbers_are_used_where_it_has_some():
    class Network:
        STAT_IDLE = 1000
        STAT_CONNECTING = 1001
        STAT_GOT_IP = 1010

    kept = sys.modules.pop("ec2x.wlan")
    sys.modules["network"] = Network
    try:
        from ec2x.wlan import STAT_CONNECT_FAIL, STAT_CONNECTING, STAT_GOT_IP, STAT_IDLE
    finally:
        del sys.modules["network"]
        sys.modules["ec2x.wlan"] = ec2x.wlan = kept
    assert (STAT_IDLE, STAT_CONNECTING, STAT_GOT_IP, STAT_CONNECT_FAIL) == (1000, 1001, 1010, -1)

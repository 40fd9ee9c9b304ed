"""What a network interface tells: status, ifconfig, ipconfig, config."""

from ec2x import ModemError, errors
from expect import raises
from rig import Rig
from wires import answers, heard


def test_status_is_in_words():
    rig = Rig(online=False)
    assert rig.modem.status() == ("off", "the modem is not active: call active(True)")
    rig.modem.active(True)
    assert rig.modem.status()[0] == "seeking" and "does not answer" in rig.modem.status()[1]
    rig.modem.connect(None)
    rig.modem.wait()
    assert rig.modem.status() == ("ready", "")
    raises(ValueError, rig.modem.status, "colour")


def test_the_signal_is_in_dbm_or_not_known():
    rig = Rig()
    for answer, dbm in (("24,99", -65), ("0,99", -113), ("31,99", -51), ("99,99", None), ("199,99", None), ("x", None)):
        answers(rig, "+CSQ", "+CSQ: " + answer)
        assert rig.modem.status("rssi") == dbm
    answers(rig, "+CSQ", "+CREG: 1", "+CSQ: 24,99")  # a URC in between
    assert rig.modem.status("rssi") == -65
    answers(rig, "+CSQ")
    assert rig.modem.status("rssi") is None


def test_the_address_is_that_of_the_context_in_use():
    rig = Rig(apn="net")
    rig.module.radio.contexts[1].dns = ("9.9.9.9", "")
    assert rig.modem.ifconfig() == ("10.64.0.1", "255.255.255.255", "0.0.0.0", "9.9.9.9")
    assert rig.modem.ipconfig("addr4") == ("10.64.0.1", "255.255.255.255")
    answers(rig, "+QIDNSCFG")
    answers(rig, "+QIACT", "+CREG: 1", '+QIACT: 11,1,1,"10.0.0.11"', '+QIACT: 1,1,1,"10.0.0.1"')
    assert rig.modem.ifconfig() == ("10.0.0.1", "255.255.255.255", "0.0.0.0", "0.0.0.0")
    for answer in ("+QIACT: 1,1,1", '+QIACT: 2,1,1,"10.0.0.2"'):
        answers(rig, "+QIACT", answer)
        assert rig.modem.ipconfig("addr4")[0] == "0.0.0.0"


def test_there_is_no_address_before_it_is_online_and_none_on_the_lan():
    for rig in (Rig(online=False), Rig()):
        lines = heard(rig)
        assert rig.modem.ifconfig() == ("0.0.0.0", "255.255.255.255", "0.0.0.0", "0.0.0.0")
        assert rig.modem.ipconfig("addr4")[0] == "0.0.0.0" and not lines


def test_the_module_tells_who_it_is_whatever_comes_between():
    rig = Rig()
    assert rig.modem.config("imei") == "861075040000014"
    assert rig.modem.config("model") == "EC25"
    assert rig.modem.config("firmware") == "EC25EFAR06A06M4G"
    answers(rig, "+GSN", "+QIND: PB DONE", "861075040000014")
    assert rig.modem.config("imei") == "861075040000014"
    answers(rig, "+GSN")
    assert rig.modem.config("imei") == ""
    assert rig.modem.config("imsi") == "001010123456789"
    assert rig.modem.config("iccid") == "89860000000000000001"
    assert rig.modem.config("operator") == "Test Network"
    rig.module.radio.set_registration(2)
    assert rig.modem.config("operator") == ""
    answers(rig, "+QCCID")
    assert rig.modem.config("iccid") == ""
    assert "firmware, iccid, imei, imsi, model, operator" in raises(ValueError, rig.modem.config, "colour").args[0]


def test_what_a_missing_sim_cannot_tell_is_an_error():
    rig = Rig(module={"sim": "NONE"})
    for name in ("imsi", "iccid", "operator"):
        error = raises(ModemError, rig.modem.config, name)
        assert error.errno == errors.EIO and error.cme == 10


def test_the_mac_is_a_name_that_no_two_modules_share():
    rig = Rig()
    seen = set()
    for imei in ("861075040000014", "861075040000022", "869999999999999", "860000000000000"):
        answers(rig, "+GSN", imei)
        mac = rig.modem.config("mac")
        assert isinstance(mac, bytes) and len(mac) == 6 and mac[0] & 3 == 2  # locally administered, and not a group's
        seen.add(mac)
    assert len(seen) == 4
    for imei in ("", "8610750400000", "86107504000001X"):
        answers(rig, "+GSN", imei or "+CSQ: 1")
        assert raises(ModemError, rig.modem.config, "mac").errno == errors.EIO


def test_the_forms_of_ipconfig_that_a_wlan_has_tell_how_it_is():
    rig = Rig(apn="net")
    told = {
        "gw4": "0.0.0.0",
        "dns": "8.8.8.8",
        "has_dhcp4": True,
        "dhcp4": True,
        "addr6": [],
        "has_autoconf6": False,
        "autoconf6": False,
        "dhcp6": False,
    }
    for name in told:
        assert rig.modem.ipconfig(name) == told[name], name
    rig.modem.disconnect()
    assert rig.modem.ipconfig("dns") == "0.0.0.0" and rig.modem.ipconfig("has_dhcp4") is False
    assert "addr4" in raises(ValueError, rig.modem.ipconfig, "colour").args[0]


def test_addresses_cannot_be_set_but_to_what_they_are():
    rig = Rig()
    assert rig.modem.ipconfig(dhcp4=True, dhcp6=False) is None and rig.modem.ifconfig("dhcp") is None
    for call in (
        lambda: rig.modem.ipconfig(addr4="10.0.0.1/8"),
        lambda: rig.modem.ipconfig(dhcp4=False),
        lambda: rig.modem.ifconfig(("10.0.0.2", "255.0.0.0", "10.0.0.1", "8.8.8.8")),
    ):
        assert raises(ModemError, call).errno == errors.EOPNOTSUPP
    raises(ValueError, lambda: rig.modem.ipconfig(colour=1))
    raises(ValueError, lambda: rig.modem.config(colour=1))
    for call in (rig.modem.ipconfig, rig.modem.config):
        raises(TypeError, call)
        raises(TypeError, lambda call=call: call("pm", pm=0))

"""modem.time(): UTC by the network, and nothing that cannot be a date."""

from ec2x import ModemError, errors
from ec2x.clock import parse
from ec2x_sim.atline import AtError
from expect import raises
from rig import Rig
from wires import answers, heard

NEW_YEAR = (2026, 1, 1, 0, 0, 0, 3, 1)


def test_the_time_is_utc_as_gmtime_has_it_wherever_the_network_is():
    for zone in (0, 32, -28, 23, -14, 56, -48, 1, -1):
        rig = Rig()
        rig.module.zone = zone
        assert rig.modem.time() == NEW_YEAR, zone
    rig.clock.advance(86_400_000_000)
    assert rig.modem.time() == (2026, 1, 2, 0, 0, 0, 4, 2)


def test_a_network_that_has_not_told_the_time_is_an_error_that_says_so():
    rig = Rig()
    rig.module.radio.stat = 2  # where it is not registered it answers ""
    error = raises(ModemError, rig.modem.time)
    assert error.errno == errors.EAGAIN and "has not told" in error.args[1]
    answers(rig, "+QLTS")
    assert "has not told" in raises(ModemError, rig.modem.time).args[1]


def test_a_clock_that_was_never_set_is_not_believed():
    rig = Rig()
    for told in ("80/01/06,00:00:04+00", "1980/01/06,00:00:04+00,0", "00/01/01,00:00:00+00", "2004/01/01,00:00:12+00,0", "rubbish"):
        answers(rig, "+QLTS", '+QLTS: "%s"' % told)
        error = raises(ModemError, rig.modem.time)
        assert error.errno == errors.EAGAIN and told in error.args[1]


def test_firmware_without_the_command_has_its_own_clock():
    for ctzu in (0, 1, 3):
        rig = Rig()
        rig.module.zone = -28
        rig.module.saved["CTZU"] = ctzu  # 1: the clock is UTC, with the zone behind it all the same
        answers(rig, "+QLTS", AtError(4))
        lines = heard(rig)
        assert rig.modem.time() == NEW_YEAR, ctzu
        assert lines == ["+QLTS=2", "+CTZU?;+CCLK?"]
    answers(rig, "+CCLK")
    assert raises(ModemError, rig.modem.time).errno == errors.EAGAIN
    answers(rig, "+CCLK", AtError(4))
    assert raises(ModemError, rig.modem.time).errno == errors.EIO


def test_a_module_that_does_not_answer_is_told_as_such():
    rig = Rig()
    rig.module.power_off()
    assert raises(ModemError, rig.modem.time).errno == errors.ETIMEDOUT


def test_the_zone_carries_over_days_months_and_years():
    for told, utc in (
        ("26/01/01,00:14:59+01", (2025, 12, 31, 23, 59, 59, 2, 365)),
        ("25/12/31,23:45:00-01", (2026, 1, 1, 0, 0, 0, 3, 1)),
        ("2028/03/01,07:59:59+32,0", (2028, 2, 29, 23, 59, 59, 1, 60)),
        ("2100/02/28,23:00:00-04,1", (2100, 3, 1, 0, 0, 0, 0, 60)),
        ("24/02/28,20:00:00-16", (2024, 2, 29, 0, 0, 0, 3, 60)),
        ("24/05/01,01:00:00+96", (2024, 4, 30, 1, 0, 0, 1, 121)),
        ("24/04/30,12:30:00-46", (2024, 5, 1, 0, 0, 0, 2, 122)),
        ("79/08/05,12:00:00+00", (2079, 8, 5, 12, 0, 0, 5, 217)),
    ):
        assert parse(told) == utc, told
    assert parse("26/01/01,00:00:00+32", local=False) == NEW_YEAR


def test_what_cannot_be_a_date_is_none():
    for told in (
        "",
        "26/01/01",
        "26/01/01,00:00:00",
        "26/01/01,00:00+00",
        "26/01,00:00:00+00",
        "26/00/01,00:00:00+00",
        "26/13/01,00:00:00+00",
        "26/01/00,00:00:00+00",
        "26/01/32,00:00:00+00",
        "26/02/29,00:00:00+00",
        "26/04/31,00:00:00+00",
        "2100/02/29,00:00:00+00",
        "26/01/01,24:00:00+00",
        "26/01/01,00:60:00+00",
        "26/01/01,00:00:60+00",
        "26/01/01,00:00:00+97",
        "26/01/01,00:00:00-97",
        "26/01/01,00:00:00+-4",
        "26/01/01,0a:00:00+00",
        "26/01/01,0²:00:00+00",
        "126/01/01,00:00:00+00",
        "19/12/31,00:00:00+00",
        "26/1/1,0:0:0+0",
    ):
        assert parse(told) is None, told

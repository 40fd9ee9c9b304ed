"""off.py: the way down. A module that can be switched on again powers down, any other is let be."""

from bringup import opened
from ec2x import errors
from ec2x_sim.atline import AtError
from expect import raises
from rig import Rig
from wires import answers, heard

ALL = ("pwrkey", "reset", "status")


def test_without_a_pin_to_switch_it_on_again_the_module_stays_on():
    for pins in (None, ("reset", "status")):
        rig = Rig(pins=pins)
        lines = heard(rig)
        before = rig.now()
        rig.modem.active(False)
        assert lines == [] and rig.module.powered and rig.now() == before


def test_it_logs_off_and_is_off_when_active_false_returns():
    rig = Rig(pins=ALL)
    sock = opened(rig)
    lines = heard(rig)
    rig.modem.active(False)
    assert lines == ["+QPOWD=1"] and not rig.module.powered and rig.pins.log == []
    assert not rig.modem.active() and rig.now() < 3000
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
    rig.pump(60_000)
    assert lines == ["+QPOWD=1"]
    rig.online()
    assert rig.module.powered and len(rig.pins.log) == 1
    opened(rig)


def test_a_module_that_does_not_know_the_command_gets_the_key():
    for wired in (ALL, ("pwrkey",)):
        rig = Rig(pins=wired)
        answers(rig, "+QPOWD", AtError())
        rig.modem.active(False)
        assert not rig.module.powered and not rig.pins.wrong and [entry[1] for entry in rig.pins.log] == ["pwrkey"]


def test_a_module_that_never_says_that_it_is_down_is_cut_after_65_seconds():
    rig = Rig(pins=("pwrkey", "status", "supply"))
    rig.module.power_down = lambda now: None
    before = rig.now()
    rig.modem.active(False)
    assert not rig.module.powered and 65_000 < rig.now() - before < 140_000
    assert rig.pins.held() == ["supply"]  # it is off


def test_the_supply_goes_a_second_after_it_said_so():
    rig = Rig(pins=("supply",))
    rig.modem.active(False)
    assert not rig.module.powered and rig.now() < 4000
    rig.online()
    assert rig.pins.held() == []


def test_a_module_that_is_off_already_or_does_not_answer():
    rig = Rig(pins=ALL)
    rig.module.power_off()
    rig.modem.active(False)
    assert rig.pins.log == [] and not rig.module.powered
    rig = Rig(pins=ALL)
    rig.module.hung = True
    rig.modem.active(False)  # the command is not answered, the key works
    assert not rig.module.powered and not rig.pins.wrong
    rig = Rig(online=False, pins=ALL)
    rig.module.hung = True
    rig.modem.active(True)
    rig.pump(3000)
    rig.modem.active(False)
    assert not rig.module.powered


def test_twice_is_once_and_before_active_true_it_does_nothing():
    rig = Rig(online=False, pins=ALL)
    rig.modem.active(False)
    assert rig.module.powered and rig.pins.log == []
    rig.online()
    rig.modem.active(False)
    before = rig.now()
    rig.modem.active(False)
    assert rig.now() == before


def test_it_waits_so_not_in_a_callback():
    rig = Rig(pins=ALL)
    seen = []

    def tell(line):
        seen.append(raises(OSError, rig.modem.active, False).errno)

    rig.modem.on_urc("+CMTI", tell)
    rig.urc(b'+CMTI: "SM",1')
    rig.pump(100)
    assert seen == [errors.EBUSY] and rig.module.powered


def test_ctrl_c_lets_go_of_the_pins():
    class Stop(Exception):
        pass

    rig = Rig(pins=ALL)
    answers(rig, "+QPOWD", AtError())
    rig.modem.idle = lambda: idle()

    def idle():
        rig.idle()
        if rig.pins.held():
            raise Stop

    try:
        rig.modem.active(False)
        assert False
    except Stop:
        pass
    assert not rig.pins.held() and not rig.modem.active()

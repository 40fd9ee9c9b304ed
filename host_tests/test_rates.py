"""rates.py: a faster UART, verified and fallen back from; a module at another rate is found."""

from bringup import SETUP, opened
from expect import raises
from rig import Rig
from wires import heard


def fast(baud=115200, module_baud=None, online=True, pins=None, **kw):
    rig = Rig(baud=baud, online=False, pins=pins, best_baud=921600, **kw)
    if module_baud:
        rig.module.baud = rig.module.profile["IPR"] = rig.module.stored["IPR"] = module_baud
    rig.lines = heard(rig)
    rig.modem.active(True)
    rig.modem.connect(None)
    if online:
        rig.modem.wait()
    return rig


def test_the_best_rate_is_agreed_on_and_verified():
    rig = fast()
    assert rig.lines[: len(SETUP) + 2] == SETUP + ["+IPR=921600;+IPR?", "+IPR?"]
    assert rig.module.baud == rig.uart.baud == rig.modem.baud == 921600
    assert rig.modem.stats()["timeouts"] == 0
    opened(rig)


def test_without_a_callable_for_it_the_rate_stays():
    rig = Rig(baud=115200)
    assert rig.module.baud == rig.uart.baud == 115200
    rig = Rig(baud=115200, flow=True, online=False)
    lines = heard(rig)
    rig.online()
    assert "+IFC=2,2" in lines and rig.module.profile["IFC"] == "2,2" and rig.module.baud == 115200
    assert raises(TypeError, Rig, colour="red")


def test_a_rate_that_the_module_does_not_know_is_not_taken():
    rig = Rig(baud=115200, online=False, best_baud=1_000_000)
    rig.online()
    assert rig.module.baud == rig.uart.baud == 115200


def test_a_line_that_is_too_slow_for_it_falls_back_and_stays_there():
    rig = Rig(baud=115200, online=False, best_baud=921600)
    real, ask = rig.uart._garbled, rig.modem.chat.uart
    assert ask is rig.uart
    # What the module says at the best rate arrives as rubbish; it understands.
    rig.uart._garbled = lambda: real() or False
    emit = rig.uart._emit

    def spoil(act, at):
        if rig.module.baud == rig.uart.baud == 921600:
            act()
            data = rig.module.take("uart1")
            if data:
                rig.uart._down.baud = 921600
                rig.uart._down.put(bytes([c | 0x80 for c in data]), max(at, rig.module.now))
        else:
            emit(act, at)

    rig.uart._emit = spoil
    lines = heard(rig)
    rig.online()
    assert rig.module.baud == rig.uart.baud == rig.modem.baud == 115200
    assert lines.count("+IPR=921600;+IPR?") == 1 and "+IPR=115200" in lines
    rig.reset()
    assert rig.module.baud == rig.uart.baud == 115200 and lines.count("+IPR=921600;+IPR?") == 1  # never again


def test_a_module_at_another_rate_is_found():
    for rate in (921600, 460800, 9600):
        rig = fast(module_baud=rate)
        assert rig.module.baud == rig.uart.baud == 921600, rate
        opened(rig)


def test_a_rate_that_fell_back_in_a_restart_is_found_again():
    rig = fast()
    rig.module.reset(rig.clock.us)
    rig.until(lambda: not rig.modem.isconnected(), 60_000)
    rig.until(rig.modem.isconnected, 60_000)
    assert rig.module.baud == rig.uart.baud == 921600
    opened(rig)


def test_a_reset_by_its_pin_brings_the_first_rate_back():
    rig = fast(pins=("reset", "status"))
    rig.module.hung = True
    rig.until(lambda: not rig.modem.isconnected(), 60_000)
    rig.until(rig.modem.isconnected, 120_000)
    assert rig.module.baud == rig.uart.baud == 921600 and len(rig.pins.log) == 1


def test_a_rate_that_the_board_cannot_have_is_passed_over():
    rig = Rig(baud=115200, online=False, best_baud=921600)
    rig.module.baud = rig.module.profile["IPR"] = 9600

    def set_baud(rate):
        if rate not in (115200, 9600):
            raise ValueError(rate)
        rig.uart.set_baud(rate)

    rig.modem.set_baud = set_baud
    rig.modem.active(True)
    rig.modem.connect(None)
    rig.modem.wait()
    assert rig.module.baud == rig.uart.baud == rig.modem.baud

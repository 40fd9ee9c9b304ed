"""ladder.py: a module that does not answer or does not get READY is helped, ever more rarely, for ever."""

from bringup import NET, opened, rig_for, sentence
from ec2x import errors
from ec2x_sim.atline import AtError
from expect import raises
from rig import Rig
from wires import Wire, answers, handlers, heard

ALL = ("pwrkey", "reset", "status")


def dark(pins, apn=None, **kw):
    """A rig whose module is off, told to come up."""
    rig = Rig(online=False, pins=pins, **kw)
    rig.module.power_off()
    rig.modem.active(True)
    rig.modem.connect(apn)
    return rig


def actions(rig):
    """What the pins did, in turn."""
    return [entry[1] for entry in rig.pins.log]


def at_most_doubling(times, first, most):
    """Each pause is longer than the one before, up to the longest; in ms."""
    pauses = [b - a for a, b in zip(times, times[1:])]
    for i in range(len(pauses)):
        assert min(first << i, most) <= pauses[i] <= min(first << i, most) * 1.25 + 40_000, pauses
    return pauses


def hang(rig):
    """The module says nothing any more, and that is noticed."""
    rig.module.hung = True
    rig.until(lambda: not rig.modem.isconnected(), 60_000)


# On


def test_a_module_that_is_off_is_switched_on():
    rig = dark(ALL)
    rig.modem.wait()
    assert actions(rig) == ["pwrkey"] and not rig.pins.wrong and not rig.pins.held()
    assert rig.now() < 5000 and opened(rig)


def test_a_module_that_is_on_is_left_alone():
    for wired in (ALL, ("pwrkey", "reset"), ("pwrkey",)):
        rig = Rig(online=False, pins=wired)
        rig.online()
        assert actions(rig) == []


def test_without_status_it_is_asked_first_and_then_switched_on():
    rig = dark(("pwrkey", "reset"))
    rig.modem.wait()
    assert actions(rig) == ["pwrkey"] and 3000 < rig.pins.log[0][0] < 5000


def test_a_module_that_boots_for_twelve_seconds_is_waited_for():
    rig = dark(ALL, module={"boot_us": 12_000_000})
    rig.modem.wait()
    assert actions(rig) == ["pwrkey"]
    rig = Rig(online=False, pins=ALL, module={"boot_us": 28_000_000})  # it boots already
    rig.online()
    assert actions(rig) == []


def test_a_module_that_stays_off_is_switched_on_again_and_again_but_ever_more_rarely():
    rig = dark(ALL)
    rig.module.power_on = lambda now: None
    rig.pump(300_000)
    times = [entry[0] for entry in rig.pins.log]
    assert set(actions(rig)) == {"pwrkey"} and not rig.pins.wrong
    assert len(at_most_doubling(times, 30_000, 1_800_000)) >= 2


def test_the_supply_is_switched_too_where_it_can_be():
    rig = dark(("supply", "pwrkey", "status"))
    rig.modem.wait()
    rig.module.power_down = rig.module.power_on = lambda now: None
    hang(rig)
    log = rig.pins.log
    rig.until(lambda: "supply" in actions(rig), 600_000)
    del rig.module.power_on
    rig.modem.wait()
    assert actions(rig)[:2] == ["pwrkey", "pwrkey"] and 2900 <= [entry[2] for entry in log if entry[1] == "supply"][0] <= 3200


def test_the_pin_that_keeps_it_awake_is_held():
    rig = dark(ALL + ("dtr",))
    rig.modem.wait()
    assert rig.pins.held() == ["dtr"]


# Silence


def test_a_module_that_hangs_is_reset():
    rig = Rig(pins=ALL)
    sock = opened(rig)
    hang(rig)
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
    rig.until(rig.modem.isconnected, 120_000)
    assert actions(rig) == ["reset"] and not rig.pins.wrong
    opened(rig)


def test_a_module_whose_reset_does_not_help_is_switched_off_and_on():
    rig = Rig(pins=ALL)
    rig.module.reset = lambda now: None
    hang(rig)
    rig.until(rig.modem.isconnected, 300_000)
    assert actions(rig) == ["reset", "pwrkey", "pwrkey"] and not rig.pins.wrong


def test_the_rungs_begin_at_the_lowest_again_once_it_has_been_well_for_ten_minutes():
    for minutes, second in ((1, "pwrkey"), (11, "reset")):
        rig = Rig(pins=ALL)
        for _ in range(2):
            hang(rig)
            rig.until(rig.modem.isconnected, 300_000)
            rig.pump(minutes * 60_000)
        assert actions(rig)[:2] == ["reset", second], minutes


def test_active_false_and_a_pin_in_use_lets_go_of_it():
    rig = dark(ALL)
    rig.until(rig.pins.held)
    rig.modem.active(False)
    assert not rig.pins.held()
    rig.pump(60_000)
    assert not rig.modem.active() and not rig.pins.held()


def test_a_module_without_pins_that_hangs_is_found_when_it_is_back():
    rig = Rig()
    hang(rig)
    rig.pump(120_000)
    assert rig.modem.status()[0] == "seeking"
    rig.module.hung = False
    rig.until(rig.modem.isconnected, 10_000)


def test_two_devices_do_not_knock_at_the_same_time():
    times = []
    for ms in (0, 217):
        rig = Rig(online=False, pins=("reset",))
        rig.clock.advance(ms * 1000)
        rig.module.hung = True
        rig.module.reset = lambda now: None
        rig.modem.active(True)
        rig.pump(160_000)
        times.append([entry[0] - ms for entry in rig.pins.log])
    assert times[0][0] == times[1][0] and times[0] != times[1]


# Out of what an MCU left behind


def test_a_payload_that_was_begun_and_not_ended_is_ended():
    lines = b"AT+QFWDSEND=1,0,1024\r", b"AT+QFWDSEND=1,0,3\r", b"AT+QFWDSEND=1,0\r", b"AT+QFWDSEND=1,1\r"
    for line, cancel in [(line, cancel) for line in lines for cancel in ("ok", "ignored")]:
        rig = Rig(online=False, module={"quirks": {"cancel": cancel}})
        rig.online()
        rig.net.listen("tcp", "10.0.0.9", 80)
        rig.modem.fwd.client(1, "10.0.0.9", 80)
        rig.module.feed("uart1", line, rig.clock.us)
        assert b">" in rig.module.take("uart1")
        again = Rig(online=False)  # a new MCU
        again.module, again.clock, again.net = rig.module, rig.clock, rig.net
        again.uart.module, again.uart.clock = rig.module, rig.clock
        again.modem.active(True)
        again.modem.connect(None)
        again.modem.wait(30_000)
        assert again.modem.fwd.clients() == [], line  # and what was open is closed


def test_where_reset_is_wired_nothing_is_pushed_to_the_peer():
    rig = Rig(online=False, pins=ALL)
    wire = Wire(rig)
    rig.module.hung = True
    rig.modem.active(True)
    rig.pump(25_000)
    assert set(bytes(wire.sent)) == set(b"ATE0Q0V1\r")


# Steps that do not get done


def test_a_network_that_denies_or_is_not_there_is_asked_on_and_the_module_restarted_now_and_then():
    for found, words in ((3, "denies registration"), (0, "antenna")):
        rig, lines = rig_for("net", module={"boot_us": 1})
        rig.module.radio.found = found
        assert words in sentence(rig, errors.ETIMEDOUT, 80_000)
        restarts = []
        for _ in range(10):
            rig.pump(60_000)
            restarts += [line for line in lines if line == "+CFUN=1,1"]
            del lines[:]
        assert 3 <= len(restarts) <= 4, restarts
        rig.module.radio.found = 5
        rig.module.radio.set_registration(5)
        rig.modem.wait(60_000)


def test_a_wrong_apn_is_told_and_not_asked_for_every_second():
    rig, lines = rig_for("wrong")
    rig.module.radio.apns = ("right",)
    assert "is the APN right?" in sentence(rig, errors.ETIMEDOUT, 85_000)
    assert 2 <= lines.count("+QIACT=1") <= 3
    rig.modem.connect("right")
    rig.modem.wait(40_000)


def test_a_restart_that_is_refused_leads_to_the_next_rung():
    rig = Rig(online=False, pins=("reset", "status", "pwrkey"))
    answers(rig, "+CFUN", AtError())
    rig.module.radio.found = 2
    rig.module.reset(0)
    rig.modem.active(True)
    rig.modem.connect("net")
    rig.until(lambda: "reset" in actions(rig), 400_000)
    rig.module.radio.found = 1
    rig.until(rig.modem.isconnected, 60_000)


def test_a_family_that_is_gone_after_it_was_there_is_no_reason_to_give_up():
    rig, lines = rig_for(None)
    rig.modem.wait()
    serve = handlers(rig)["+QFWDSERVER"]
    del handlers(rig)["+QFWDSERVER"]
    rig.pump(300_000)
    assert raises(OSError, rig.modem.wait, 1000).errno == errors.ETIMEDOUT
    assert lines.count("+CFUN=1,1") >= 1
    handlers(rig)["+QFWDSERVER"] = serve
    rig.modem.wait(120_000)


def test_a_module_that_reboots_every_five_seconds_is_followed_and_comes_up_when_it_stops():
    rig, lines = rig_for("net", module={"boot_us": 3_000_000})
    for _ in range(30):
        rig.pump(5000)
        rig.module.reset(rig.clock.us)
    assert "+CFUN=1,1" not in lines
    rig.modem.wait(60_000)
    assert lines[-len(NET) :] == NET or rig.modem.isconnected()


def test_a_module_that_only_says_error_is_told_so_and_asked_on():
    rig = Rig(online=False)
    for name in handlers(rig):
        answers(rig, name, AtError())
    rig.modem.active(True)
    rig.modem.connect(None)
    assert "answers ERROR to ATE0Q0V1" in sentence(rig, errors.ETIMEDOUT, 20_000)


def test_ctrl_c_at_any_moment_leaves_a_link_that_comes_up():
    class Stop(Exception):
        pass

    for moment in range(0, 400, 23):
        rig = dark(ALL)
        left = [moment]

        def idle(rig=rig, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise Stop
            rig.idle()

        rig.modem.idle = idle
        try:
            rig.modem.wait(60_000)
        except Stop:
            rig.modem.wait(60_000)
        assert rig.modem.isconnected() and not rig.pins.held()


def test_no_memory_for_it_is_not_the_end():
    rig = Rig(online=False, pins=ALL)
    rig.module.hung = True
    link = rig.modem.link
    import ec2x.ladder

    kept, ec2x.ladder.Ladder = ec2x.ladder.Ladder, None

    def none(link):
        raise MemoryError

    ec2x.ladder.Ladder = none
    try:
        rig.modem.active(True)
        rig.pump(2000)
        assert link.ladder is None and rig.uart.tx_bytes
    finally:
        ec2x.ladder.Ladder = kept
    rig.pump(1000)
    assert link.ladder


def test_what_is_heard_of_it_while_it_helps_is_in_the_log():
    rig = Rig(pins=ALL)
    lines = heard(rig)
    hang(rig)
    rig.until(rig.modem.isconnected, 300_000)
    assert lines[-1] == "+QFWDCLIENT?"

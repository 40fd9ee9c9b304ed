"""Bring-up: what is asked, in which order, what is waited for and what is not."""

from bringup import LAN, NET, rig_for, sentence
from ec2x import ModemError, errors
from ec2x_sim.atline import AtError
from expect import raises
from rig import Rig
from wires import Wire, answers, handlers

# The way up


def test_the_lan_needs_no_sim_and_each_thing_is_asked_once():
    rig, lines = rig_for(None)
    rig.modem.wait()
    assert lines == LAN
    assert rig.modem.cid == 0


def test_the_network_is_asked_for_once_and_in_order():
    rig, lines = rig_for("net", user="me", password="secret", auth=2)
    rig.modem.wait()
    assert lines == [line.replace('"",""', '"me","secret"').replace(",0", ",2") if "QICSGP" in line else line for line in NET]
    context = rig.module.radio.contexts[1]
    assert (context.apn, context.user, context.password, context.auth) == ("net", "me", "secret", 2)
    assert context.active and rig.modem.cid == 1
    assert rig.modem.stats()["unknown"] == 0


def test_every_byte_of_the_bring_up_is_as_the_manual_has_it_however_few_move_at_a_time():
    for takes, gives in ((65536, 65536), (1, 1), (1, 65536), (65536, 1), (3, 2), (7, 5)):
        rig = Rig(online=False)
        wire = Wire(rig, takes, gives)
        rig.modem.active(True)
        rig.modem.connect("net")
        rig.modem.wait()
        assert bytes(wire.sent) == b"".join([b"AT" + line.encode() + b"\r" for line in NET])


def test_another_context_than_the_first_is_used_when_asked_for():
    rig, lines = rig_for("net", cid=7)
    rig.module.radio.contexts[1].active = True
    rig.modem.wait()
    assert "+QIACT=7" in lines and rig.module.radio.contexts[7].active and rig.modem.cid == 7


def test_a_module_that_still_boots_is_found_when_it_is_up():
    rig, lines = rig_for("net", module={"boot_us": 12_000_000})
    assert sentence(rig, errors.ETIMEDOUT, 5000).find("does not answer") >= 0
    rig.modem.wait()
    while lines.count("+CEREG?;+CGREG?") > 1:
        lines.remove("+CEREG?;+CGREG?")
    assert lines == NET  # but for the wait for registration no more than one of each
    assert 12000 < rig.now() < 17000


def test_a_module_that_is_not_there_is_looked_for_twice_a_second():
    rig = Rig(online=False, module={"boot_us": 1_000_000_000})
    wire = Wire(rig)
    rig.modem.active(True)
    rig.pump(10_000)
    tries = bytes(wire.sent).split(b"\r")
    assert tries[:6] == [b"ATE0Q0V1"] * 6 and 10 <= tries.count(b"ATE0Q0V1") <= 21
    assert set(tries) == {b"ATE0Q0V1", b"", b"\x1b", b"\x1a"}  # and what gets it out of a payload: see test_ladder.py


def test_a_module_that_takes_all_the_time_it_may_comes_up():
    rig, lines = rig_for("net", module={"latency_us": {"*": 290_000, "CPIN": 4_900_000, "QIACT": 290_000}})
    rig.modem.wait()
    assert lines == NET


def test_a_setting_that_is_answered_too_late_is_asked_again():
    rig, lines = rig_for(None, module={"latency_us": {"QFWDSERVER": 6_000_000}})
    assert "no AT+QFWD" in sentence(rig, errors.ETIMEDOUT, 5500)
    rig.module.latency_us = 0
    rig.modem.wait()
    assert lines[-3:] == LAN[-3:] and rig.modem.stats()["resyncs"] > 1


def test_a_module_that_refuses_what_is_required_is_told_by_name():
    for name, text, least, most in (("E", "ATE0Q0V1", 6, 11), ("+CMEE", "AT+CMEE=1", 4, 6)):  # twice, and once a second
        rig, lines = rig_for(None, active=False)
        handler = handlers(rig)[name]  # the probe still goes through
        handlers(rig)[name] = lambda at, command, handler=handler: handler(at, command) if command.op == "read" else _refuse()
        rig.modem.active(True)
        assert text in sentence(rig, errors.ETIMEDOUT, 5000)
        assert least <= lines.count(text[2:]) <= most


def _refuse():
    raise AtError()


def test_a_module_without_the_urc_setting_works_all_the_same():
    rig, lines = rig_for(None)
    answers(rig, "+QURCCFG", AtError(4))
    rig.modem.wait()
    assert lines == LAN


def test_a_firmware_without_the_commands_is_told_after_a_minute_and_a_half():
    rig, lines = rig_for(None)
    del handlers(rig)["+QFWDSERVER"]
    error = raises(ModemError, rig.modem.wait, 120_000)
    assert error.errno == errors.EOPNOTSUPP and "no AT+QFWD commands" in error.args[1]
    assert 90_000 <= rig.now() < 93_000
    asked = lines.count("+QFWDSERVER=?")
    assert 75 <= asked <= 92
    assert raises(ModemError, rig.modem.wait).errno == errors.EOPNOTSUPP
    rig.pump(100_000)
    assert lines.count("+CFUN=1,1") == 1  # it may be that it helps
    assert raises(ModemError, rig.modem.wait).errno == errors.EOPNOTSUPP


def test_commands_that_come_up_late_are_waited_for():
    rig, lines = rig_for(None)
    serve = handlers(rig)["+QFWDSERVER"]
    answers(rig, "+QFWDSERVER", AtError())
    rig.pump(40_000)
    handlers(rig)["+QFWDSERVER"] = serve
    rig.modem.wait(2000)


def test_a_late_rdy_in_the_middle_of_a_send_puts_nothing_of_ours_into_the_stream():
    """The module has begun anew long ago, and is about to ask for the payload, or takes it."""
    for data in (bytes(range(256)) * 4, b"AT+CFUN=0\r" * 9):  # the one harmless to a module that waits for commands
        for takes in (65536, 7):
            for ms in range(0, 24, 2):
                rig = Rig(latency_us=7000, baud=115200)
                sock, peer = rig.client()
                Wire(rig, takes=takes)
                sock.setblocking(False)
                sock.write(data)
                rig.until(lambda rig=rig: b"SEND" in rig.modem.chat.uart.sent, 3000)
                rig.pump(ms)
                rig.urc(b"RDY")
                rig.pump(3)
                rig.until(rig.modem.isconnected, 60_000)
                assert data.startswith(peer.recv()), (takes, ms)
                assert rig.modem.stats()["restarts"] == 1

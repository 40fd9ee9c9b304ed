"""join.py: the SIM, the registration and the data call, on the way to the network."""

from bringup import NET, rig_for, sentence
from ec2x import errors
from ec2x_sim.atline import AtError
from wires import answers, handlers, say


def _refuse():
    raise AtError()


def test_a_sim_that_comes_late_is_waited_for():
    rig, lines = rig_for("net", module={"sim": "NONE"})
    text = sentence(rig, errors.ETIMEDOUT, 10_000)
    assert "SIM is not ready" in text and "+CME ERROR: 10" in text
    assert 9 <= lines.count("+CPIN?") <= 11
    rig.module.radio.sim = rig.module.radio._card = "READY"
    rig.module.radio.set_registration(5)  # roaming is as good
    rig.modem.wait(2000)


def test_a_sim_in_a_state_of_its_own_is_waited_for():
    rig, lines = rig_for("net", module={"sim": "SIM PIN2"})
    assert "SIM is not ready" in sentence(rig, errors.ETIMEDOUT, 5000)


def test_the_pin_is_given_when_the_sim_asks_and_only_once():
    rig, lines = rig_for("net", pin="0042", module={"pin": "0042"})
    rig.modem.wait()
    assert lines.count('+CPIN="0042"') == 1 and rig.module.radio.tries == 3
    assert "0042" not in "".join(NET) and lines[5:9] == ["+CPIN?", '+QPINC="SC"', '+CPIN="0042"', "+CPIN?"]


def test_a_pin_that_is_not_asked_for_is_not_given():
    rig, lines = rig_for("net", pin="0042")
    rig.modem.wait()
    assert [line for line in lines if "CPIN" in line] == ["+CPIN?"]


def test_a_wrong_pin_costs_one_try_and_no_more():
    rig, lines = rig_for("net", pin="1111", module={"pin": "0042"})
    text = sentence(rig, errors.EACCES)
    assert "PIN" in text and "+CME ERROR: 16" in text
    assert rig.module.radio.tries == 2 and rig.now() < 10_000
    rig.pump(30_000)
    assert rig.module.radio.tries == 2
    rig.modem.connect("net", pin="0042")  # it may be told better
    rig.modem.wait()


def test_a_missing_pin_is_told_at_once():
    rig, lines = rig_for("net", module={"pin": "0042"})
    assert "connect(pin=...)" in sentence(rig, errors.EACCES)
    assert rig.now() < 2000 and rig.module.radio.tries == 3


def test_a_sim_that_wants_its_puk_is_told_at_once():
    rig, lines = rig_for("net", pin="0042", module={"sim": "SIM PUK"})
    assert "PUK" in sentence(rig, errors.EACCES)
    assert rig.now() < 2000 and not [line for line in lines if line[:6] == "+CPIN="]


def test_registration_is_waited_for():
    rig, lines = rig_for("net")
    rig.module.radio.stat = 2
    assert "not registered" in sentence(rig, errors.ETIMEDOUT, 30_000)
    assert 25 <= lines.count("+CEREG?;+CGREG?") <= 31  # once a second; the rig's clock jumps
    rig.module.radio.set_registration(1)
    rig.modem.wait(2000)


def test_a_registration_urc_counts_while_its_question_is_open():
    rig, lines = rig_for("net", module={"latency_us": {"CEREG": 200_000}})
    rig.module.radio.stat = 3
    while "+CEREG?;+CGREG?" not in lines:
        rig.pump(1)
    say(rig, "+CEREG: 5")
    rig.pump(1000)
    assert "+QIACT?" in lines and lines.count("+CEREG?;+CGREG?") == 1


def test_a_wrong_apn_is_told():
    rig, lines = rig_for("wrong")
    show = handlers(rig)["+QIACT"]
    handlers(rig)["+QIACT"] = lambda at, command: _refuse() if command.op == "set" else show(at, command)
    assert "APN" in sentence(rig, errors.ETIMEDOUT, 30_000)


def test_the_call_of_another_context_is_not_taken_for_ours():
    rig, lines = rig_for("net", cid=7)
    rig.module.radio.contexts[1].active = True
    show = handlers(rig)["+QIACT"]
    handlers(rig)["+QIACT"] = lambda at, command: _refuse() if command.op == "set" else show(at, command)
    assert "APN" in sentence(rig, errors.ETIMEDOUT, 10_000)


def test_a_context_that_is_active_already_refuses_and_serves():
    rig, lines = rig_for("net")
    show = handlers(rig)["+QIACT"]
    handlers(rig)["+QIACT"] = lambda at, command: _refuse() if command.op == "set" else show(at, command)
    answers(rig, "+QICSGP", AtError(3))
    rig.module.radio.contexts[1].active = True
    rig.modem.wait()

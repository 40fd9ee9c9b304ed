"""join.py: the SIM, the registration and the data call, on the way to the network."""

from bringup import NET, rig_for, sentence
from confidential import PIN
from ec2x import errors
from ec2x_sim.atline import AtError
from expect import raises
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
    rig, lines = rig_for("net", pin=PIN, module={"pin": PIN})
    rig.modem.wait()
    assert lines.count('+CPIN="%s"' % PIN) == 1 and rig.module.radio.tries == 3
    assert PIN not in "".join(NET) and lines[6:10] == ["+CPIN?", '+QPINC="SC"', '+CPIN="%s"' % PIN, "+CPIN?"]


def test_a_pin_that_is_not_asked_for_is_not_given():
    rig, lines = rig_for("net", pin=PIN)
    rig.modem.wait()
    assert [line for line in lines if "CPIN" in line] == ["+CPIN?"]


def test_a_wrong_pin_costs_one_try_and_no_more():
    rig, lines = rig_for("net", pin="1111", module={"pin": PIN})
    text = sentence(rig, errors.EACCES)
    assert "PIN" in text and "+CME ERROR: 16" in text
    assert rig.module.radio.tries == 2 and rig.now() < 10_000
    rig.pump(30_000)
    assert rig.module.radio.tries == 2
    rig.modem.connect("net", pin=PIN)  # it may be told better
    rig.modem.wait()


def test_a_missing_pin_is_told_at_once():
    rig, lines = rig_for("net", module={"pin": PIN})
    assert "connect(pin=...)" in sentence(rig, errors.EACCES)
    assert rig.now() < 2000 and rig.module.radio.tries == 3


def test_a_sim_that_wants_its_puk_is_told_at_once():
    rig, lines = rig_for("net", pin=PIN, module={"sim": "SIM PUK"})
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


def test_the_last_try_is_the_users():
    rig, lines = rig_for("net", pin="1111", module={"pin": PIN})
    rig.module.radio.tries = 1
    assert "one try is left" in sentence(rig, errors.EACCES)
    assert rig.module.radio.tries == 1 and '+CPIN="1111"' not in lines
    rig, lines = rig_for("net", pin=PIN, module={"pin": PIN})
    answers(rig, "+QPINC", AtError())  # a firmware that does not tell
    rig.modem.wait()
    assert '+CPIN="%s"' % PIN in lines


def test_the_data_call_is_made_in_the_way_asked_for():
    for kind, expected in (
        ("cgact", ["+CGACT?", '+QICSGP=3,1,"net","","",0', "+CGACT=1,3", "+CGACT?"]),
        ("qlwwanup", ["+QLWWANSTATUS=3", '+QICSGP=3,1,"net","","",0', '+QLWWANUP=3,"IP",1', "+QLWWANSTATUS=3"]),
        (None, []),
        (lambda apn, cid: ['AT+CGDCONT=%d,"IP","%s"' % (cid, apn), "AT+CGACT=1,3"], ['+CGDCONT=3,"IP","net"', "+CGACT=1,3"]),
    ):
        rig, lines = rig_for("net", cid=3, call=kind)
        rig.modem.wait()
        first, last = lines.index("+CEREG?;+CGREG?") + 1, lines.index("+QFWDSERVER=?")
        assert lines[first:last] == expected, kind
        assert kind is None or rig.module.radio.contexts[3].active


def test_another_apn_ends_the_call_of_the_old_one_in_each_way():
    for kind, end in (("qiact", "+QIDEACT=1"), ("cgact", "+CGACT=0,1"), ("qlwwanup", "+QLWWANDOWN=1")):
        rig, lines = rig_for("net", call=kind)
        rig.modem.wait()
        rig.modem.connect("net", call=kind)
        rig.modem.wait()
        assert end not in lines
        rig.modem.connect("other", call=kind)
        rig.modem.wait()
        assert lines.count(end) == 1 and rig.module.radio.contexts[1].apn == "other" and rig.module.radio.contexts[1].active


def test_a_way_that_is_none_is_refused_and_changes_nothing():
    rig, lines = rig_for("net", active=False)
    for call in ("ppp", 5, lambda apn, cid: ["AT\rAT"], lambda apn, cid: ["AT+X=" + "x" * 300]):
        raises(ValueError, lambda call=call: rig.modem.connect("other", call=call))
    rig.modem.active(True)
    rig.modem.wait()
    assert lines == NET


def test_a_firmware_without_the_commands_is_named():
    rig, lines = rig_for("net")
    del handlers(rig)["+QFWDSERVER"]
    assert sentence(rig, errors.EOPNOTSUPP, 120_000).endswith("has no AT+QFWD commands: EC25EFAR06A06M4G)")
    rig, lines = rig_for("net")
    answers(rig, "+CGMR", AtError())  # and what does not tell is not asked twice
    rig.modem.wait()
    assert lines == NET

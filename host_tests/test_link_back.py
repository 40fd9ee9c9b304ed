"""The link when it is told something else, when the module restarts or falls silent, and how it comes back."""

from bringup import AGAIN, LAN, NET, opened, rig_for, sentence
from confidential import PIN
from ec2x import errors, link
from expect import raises
from rig import Rig
from wires import Wire, heard, say

# What is asked of it


def test_nothing_is_written_before_active_and_connect_may_come_first():
    rig, lines = rig_for("net", active=False)
    rig.pump(2000)
    assert not rig.uart.tx_bytes and not rig.modem.isconnected()
    rig.modem.active(True)
    rig.modem.wait()
    assert lines == NET


def test_without_connect_the_module_is_found_and_left_alone():
    rig = Rig(online=False)
    lines = heard(rig)
    rig.modem.active(True)
    assert "call connect()" in sentence(rig, errors.ENOTCONN)
    rig.pump(10_000)
    assert lines == LAN[:5]
    rig.modem.connect(None)
    rig.modem.wait()
    assert lines == LAN


def test_active_false_ends_everything_and_active_true_begins_anew():
    rig, lines = rig_for(None)
    rig.modem.wait()
    sock = opened(rig)
    assert rig.modem.active() and rig.modem.active(True)
    assert not rig.modem.active(False) and not rig.modem.active()
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
    assert "active(True)" in sentence(rig, errors.ENOTCONN)
    del lines[:]
    rig.pump(5000)
    assert not lines
    rig.modem.active(True)
    rig.modem.wait()
    rig.pump(100)
    assert lines == LAN + ["+QFWDCLOSE=40000"]  # what was left open


def test_disconnect_closes_the_sockets_in_the_module():
    rig, lines = rig_for(None)
    rig.modem.disconnect()  # too early: nothing is wanted any more
    assert "call connect()" in sentence(rig, errors.ENOTCONN)
    rig.modem.connect(None)
    rig.modem.wait()
    sock = opened(rig)
    rig.modem.disconnect()
    assert not rig.modem.isconnected()
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
    rig.pump(1000)
    assert not rig.module.sockets.connections
    assert "call connect()" in sentence(rig, errors.ENOTCONN)


def test_connect_again_takes_the_new_settings():
    rig, lines = rig_for("net")
    rig.modem.wait()
    rig.modem.connect("other", cid=2)
    assert not rig.modem.isconnected()
    rig.modem.wait()
    assert rig.module.radio.contexts[2].apn == "other" and rig.modem.cid == 2


def test_whatever_is_asked_while_an_answer_is_on_its_way_it_is_not_taken_for_another():
    def stop(modem):
        modem.active(False)

    def leave(modem):
        modem.disconnect()

    def again(modem):
        modem.connect("other")

    def restart(modem):
        modem.active(False)
        modem.active(True)

    for act, wanted in ((stop, "off"), (leave, "found"), (again, "ready"), (restart, "ready")):
        for name in ("CPIN", "CEREG", "QICSGP", "QIACT", "QFWDSERVER"):
            rig, lines = rig_for("net", module={"latency_us": {name: 200_000}})
            while not lines or lines[-1].find(name) < 0:
                rig.pump(1)
            del lines[:]
            act(rig.modem)
            rig.pump(5000)
            assert rig.modem.status()[0] == wanted, (act, name)
            if act is again:  # but for the first step, of best effort, any end will do
                rest = [line.replace("net", "other") for line in NET[6:]]
                if name == "QFWDSERVER":  # the call is there already, and has another APN
                    rest.insert(rest.index("+QIACT?") + 1, "+QIDEACT=1")
                assert lines == rest, (name, lines)


def test_a_lock_found_after_the_end_of_it_does_not_bring_it_back():
    for act in ("disconnect", "active"):
        rig, lines = rig_for("net", module={"pin": PIN, "latency_us": {"CPIN": 200_000}})
        while "+CPIN?" not in lines:
            rig.pump(1)
        if act == "active":
            rig.modem.active(False)
        else:
            rig.modem.disconnect()
        rig.pump(2000)
        assert rig.modem.status()[0] == ("off" if act == "active" else "found")


def test_what_no_command_can_carry_is_refused_and_changes_nothing():
    rig, lines = rig_for("net", active=False)
    connect = rig.modem.connect
    for bad in ('a"b', "a\r", "a\n", "a\0", "a\x1a", "\x7f", "\u00e4", "x" * 101):
        raises(ValueError, connect, bad)
        raises(ValueError, connect, "net", bad)
        raises(ValueError, connect, "net", "", bad)
        raises(ValueError, connect, "other", pin=bad)
    for options in ({"auth": 4}, {"auth": -1}, {"cid": 0}, {"cid": 17}, {"pin": "123456789"}):
        raises(ValueError, connect, "other", **options)
    rig.modem.active(True)
    rig.modem.wait()
    assert lines == NET


# How it comes back


def test_a_restart_fails_the_sockets_and_the_link_comes_back_by_itself():
    rig, lines = rig_for("net")
    rig.modem.wait()
    sock = opened(rig)
    del lines[:]
    rig.module.reset(rig.clock.us)
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
    assert not rig.modem.isconnected()
    rig.modem.wait()
    while lines.count("+CEREG?;+CGREG?") > 1:
        lines.remove("+CEREG?;+CGREG?")
    assert lines[-len(NET) :] == NET and lines.count("E0Q0V1") == 1
    opened(rig).close()


def test_rdy_in_the_middle_of_everything_begins_anew():
    for moment in range(60):
        rig, lines = rig_for("net", module={"latency_us": 20_000})
        rig.pump(moment * 10)
        if rig.modem.link.state > link.SYNCING:  # else there is nothing yet to be begun anew
            del lines[:]
        say(rig, "RDY")
        rig.modem.wait(10_000)
        if "+CSQ" in lines:  # a probe was out already
            lines.remove("+CSQ")
        assert NET == lines[-len(NET) :] or AGAIN == lines[-len(AGAIN) :], (moment, lines)


def test_silence_loses_the_module_and_it_is_found_again():
    rig, lines = rig_for(None)
    rig.modem.wait()
    sock = opened(rig)
    rig.module.power_off()
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
    rig.pump(5000)
    assert "does not answer" in sentence(rig, errors.ETIMEDOUT, 10_000)
    assert rig.modem.stats()["lost"] == 1 and rig.modem.status()[0] == "seeking"
    rig.module.reset(rig.clock.us)
    rig.modem.wait()


def test_a_quarantine_that_ends_after_active_false_changes_nothing():
    for silent in (False, True):
        rig, lines = rig_for(None, module={"latency_us": {"QFWDSERVER": 6_000_000}})
        rig.pump(6000)  # the probe is late, and the channel not trusted
        if silent:
            rig.module.power_off()
        rig.modem.active(False)
        rig.pump(10_000)
        assert rig.modem.status()[0] == "off"


def test_a_uart_that_takes_and_gives_nothing_is_a_silent_module():
    rig = Rig(online=False)
    Wire(rig, takes=0, gives=0)
    rig.modem.active(True)
    rig.modem.connect(None)
    assert "check power, TX and RX" in sentence(rig, errors.ETIMEDOUT, 60_000)


def test_a_sim_with_a_pin_comes_back_after_a_restart():
    rig, lines = rig_for("net", pin=PIN, module={"pin": PIN})
    rig.modem.wait()
    rig.reset()
    assert lines.count('+CPIN="%s"' % PIN) == 2 and rig.module.radio.tries == 3


def test_no_socket_is_opened_while_another_network_is_joined():
    rig, lines = rig_for(None)
    rig.modem.wait()
    rig.modem.connect("net")
    assert raises(OSError, rig.modem.socket().connect, ("198.51.100.7", 80)).errno == errors.EHOSTUNREACH
    rig.modem.wait()
    opened(rig)

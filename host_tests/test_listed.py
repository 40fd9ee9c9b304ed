"""listed.py: openings whose URC is lost or goes to another port are found in the module's lists."""

from ec2x import errors
from expect import raises
from rig import Rig
from wires import lines_of


def deaf(**quirks):
    quirks["open_urc"] = "never"
    return Rig(module={"quirks": quirks})


def test_a_connection_whose_open_urc_is_lost_is_found_after_five_seconds_and_brought_to_our_port():
    rig = deaf()
    asked = lines_of(rig, "+QFWDCLIENT", "+QFWDCFG")
    sock, peer = rig.client(timeout=None)
    assert 5000 <= rig.now() < 6000, rig.now()
    peer.send(b"data")
    assert sock.recv(9) == b"data"
    rig.pump(10_000)
    assert asked() == ['+QFWDCLIENT=0,40000,"IP","tcp","198.51.100.7",80,"uart1"', "+QFWDCLIENT?", '+QFWDCFG="urc",40000,"uart1"']


def test_a_server_whose_open_urc_is_lost_is_found_before_its_time_is_over():
    rig = deaf()
    asked = lines_of(rig, "+QFWDSERVER", "+QFWDCFG")
    listener = rig.listener()
    assert rig.now() < 2000
    rig.dial()
    assert listener.accept()[1] == ("192.168.225.58", 56784)
    assert asked()[1:] == ["+QFWDSERVER?", '+QFWDCFG="urc",40000,"uart1"']


def test_a_datagram_waits_a_second_for_an_open_urc_that_is_lost():
    rig = deaf()
    peer = rig.net.udp("198.51.100.7", 123)
    sock = rig.modem.socket(2, 2)
    sock.sendto(b"question", ("198.51.100.7", 123))
    rig.until(lambda: peer.inbox, 3000)
    assert rig.now() < 3000


def test_a_connection_that_is_in_no_list_is_asked_for_until_its_time_is_over():
    rig = Rig()
    rig.net.fail[("198.51.100.7", 80)] = None
    asked = lines_of(rig, "+QFWDCLIENT")
    sock = rig.modem.socket()
    assert raises(OSError, sock.connect, ("198.51.100.7", 80)).errno == errors.ETIMEDOUT
    assert 150_000 <= rig.now() < 152_000
    assert 25 < len(asked()) < 32 and set(asked()[1:]) == {"+QFWDCLIENT?"}


def test_a_list_about_others_opens_nothing():
    for listed in (
        '+QFWDCLIENT: 40001,"Active","tcp","198.51.100.7",80,"10.0.0.1",5,"uart1"',
        '+QFWDCLIENT: 40000,"Income","tcp","198.51.100.7",80,"10.0.0.1",5,"uart1"',
        '+QFWDCLIENT: 40000,"Active","tcp","198.51.100.7",81,"10.0.0.1",5,"uart1"',  # a 40001 that was changed on its way
        "+QFWDCLIENT: ",
        "+QFWDCLIENT: x,Active",
    ):
        rig = Rig(meddle=True)
        rig.net.fail[("198.51.100.7", 80)] = None
        rig.uart.answer(b"AT+QFWDCLIENT?", b"\r\n" + listed.encode() + b"\r\n\r\nOK\r\n", 99)
        sock = rig.modem.socket()
        sock.settimeout(30)
        assert raises(OSError, sock.connect, ("198.51.100.7", 80)).errno == errors.ETIMEDOUT, listed


def test_a_list_may_be_bare_and_in_any_case():
    for listed in (b"+QFWDCLIENT: 40000,ACTIVE,tcp,198.51.100.7,80,10.0.0.1,5,uart1", b'+QFWDCLIENT: 40000,"active"'):
        rig = Rig(meddle=True)
        rig.net.fail[("198.51.100.7", 80)] = None
        rig.uart.answer(b"AT+QFWDCLIENT?", b"\r\n" + listed + b"\r\n\r\nOK\r\n", 99)
        sock = rig.modem.socket()
        sock.connect(("198.51.100.7", 80))
        assert rig.now() < 6000


def test_a_list_that_is_refused_changes_nothing():
    rig = Rig(meddle=True)
    rig.net.fail[("198.51.100.7", 80)] = None
    rig.uart.answer(b"AT+QFWDCLIENT?", b"\r\nERROR\r\n", 99)
    sock = rig.modem.socket()
    sock.settimeout(20)
    assert raises(OSError, sock.connect, ("198.51.100.7", 80)).errno == errors.ETIMEDOUT
    assert rig.uart.lines.count(b"AT+QFWDCLIENT?") >= 3


def test_a_port_that_cannot_be_set_is_lived_with():
    rig = Rig(meddle=True, module={"quirks": {"open_urc": "never"}})
    rig.uart.answer(b"AT+QFWDCFG", b"\r\nERROR\r\n", 99)
    sock, peer = rig.client()
    peer.send(b"data")
    assert sock.recv(9) == b"data"
    assert rig.uart.lines.count(b'AT+QFWDCFG="urc",40000,"uart1"') == 1


def test_a_connection_whose_urcs_go_elsewhere_is_found_and_then_heard():
    rig = Rig(module={"quirks": {"child_urc": "default"}})
    listener = rig.listener()
    peer = rig.dial()
    sock, _ = listener.accept()
    rig.pump(100)
    urcs = []
    rig.modem.on_urc("+QFWDURC", urcs.append)
    peer.send(b"data")
    assert sock.recv(9) == b"data"
    peer.close()
    assert sock.recv(9) == b""
    assert urcs == ['+QFWDURC: "client/read",1', '+QFWDURC: "client/close",1']


def test_what_was_heard_of_is_neither_looked_for_nor_moved():
    rig = Rig()
    asked = lines_of(rig, "+QFWDCLIENT", "+QFWDSERVER", "+QFWDCFG")
    sock, _ = rig.client()
    listener = rig.listener()
    rig.dial()
    listener.accept()
    rig.pump(25_000)  # then watch.py looks whether the server still is there
    assert [line for line in asked() if "?" in line or "CFG" in line] == []
    sock.close()


def test_a_module_that_says_ok_only_when_it_has_connected_may_take_its_time():
    for told in ("before", "error"):
        rig = Rig(module={"quirks": {"open_urc": told, "open_delay": 100_000}})
        for _ in range(2):
            sock, peer = rig.client(timeout=None)
            peer.send(b"data")
            assert sock.recv(9) == b"data", told
        assert rig.modem.stats()["lost"] == 0


def test_an_ok_that_is_lost_costs_a_few_seconds_and_no_connection():
    rig = Rig(meddle=True)
    rig.client()
    rig.uart.answer(b"AT+QFWDCLIENT=", b"")
    rig.net.fail[("198.51.100.8", 80)] = None
    rig.uart.answer(b"AT+QFWDCLIENT?", b'\r\n+QFWDCLIENT: 40001,"Active"\r\n\r\nOK\r\n')
    at = rig.now()
    rig.modem.socket().connect(("198.51.100.8", 80))
    assert rig.now() - at < 8000


def test_a_module_that_falls_silent_while_it_opens_is_given_up_in_the_end():
    rig = Rig(meddle=True)
    rig.net.fail[("198.51.100.8", 80)] = None
    sock = rig.modem.socket()
    sock.setblocking(False)
    raises(OSError, sock.connect, ("198.51.100.8", 80))
    rig.uart.answer(b"", b"", 999)
    rig.module.power_off()
    rig.until(lambda: rig.modem.stats()["lost"] == 1, 200_000)
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET

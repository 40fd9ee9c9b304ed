"""leftovers.py: what an earlier run has left open in the module is closed, what is another's is not."""

from ec2x.forms import Forms
from expect import raises
from rig import Rig
from wires import heard


def left(*lines, **kw):
    """A rig whose module already has what these commands open; and the commands that it hears from then on."""
    rig = Rig(online=False, **kw)
    for line in lines:
        rig.module.feed("uart1", line.encode() + b"\r", rig.clock.us)
    rig.module.take("uart1")
    return rig


def test_servers_and_clients_that_report_to_our_port_are_closed():
    for quirks in ({}, {"list_quoting": "bare"}, {"reply_case": "upper"}):
        server = 'AT+QFWDSERVER=0,%d,"IP","tcp",%d,5,60,"uart1"'
        rig = left(server % (7, 2020), server % (8, 2021), module={"quirks": quirks})
        rig.dial()
        rig.net.listen("tcp", "10.0.0.9", 80)
        rig.module.feed("uart1", b'AT+QFWDCLIENT=0,9,"IP","tcp","10.0.0.9",80,"uart1"\r', rig.clock.us)
        rig.module.take("uart1")
        assert len(rig.module.sockets.servers) == 2 and len(rig.module.sockets.connections) == 2
        rig.online()
        rig.listener(2020)
        rig.pump(100)
        assert [server.port for server in rig.module.sockets.servers.values()] == [2020]
        assert not rig.module.sockets.connections, quirks


def test_those_of_another_port_stay():
    rig = left('AT+QFWDSERVER=0,7,"IP","tcp",2020,5,60,"usbat"')
    rig.online()
    rig.pump(100)
    assert list(rig.module.sockets.servers) == [7]


def test_what_is_in_use_here_is_no_leftover():
    rig = Rig()
    sock, peer = rig.client()
    server = rig.listener()
    lines = heard(rig)
    rig.modem.connect(None)  # it goes through the lists again
    rig.modem.wait()
    rig.pump(100)
    assert not [line for line in lines if "QFWDCLOSE" in line]
    peer.send(b"x")
    assert sock.recv(1) == b"x"
    rig.dial()
    server.accept()


def test_what_no_list_shows_does_not_keep_its_place_for_ever():
    """Of a client that its peer has closed there may be something unread."""
    rig = Rig(online=False, module={"quirks": {"max_sockets": 3}})
    server = rig.net.listen("tcp", "10.0.0.9", 80)
    for id in (40000, 40001, 40002):
        rig.module.feed("uart1", b'AT+QFWDCLIENT=0,%d,"IP","tcp","10.0.0.9",80,"uart1"\r' % id, rig.clock.us)
        rig.module.take("uart1")
        peer = server.accept()
        peer.send(b"x")
        peer.close()
        rig.clock.us += 1000
        rig.module.take("uart1")
    rig.online()
    rig.client()
    assert len(rig.module.sockets.connections) < 3


def others(rig, *ids):
    """Clients that another host has."""
    rig.net.listen("tcp", "10.0.0.9", 80)
    for id in ids:
        rig.module.feed("uart1", b'AT+QFWDCLIENT=0,%d,"IP","tcp","10.0.0.9",80,"usbat"\r' % id, rig.clock.us)
        rig.module.take("uart1")


def test_an_id_that_another_has_is_left_to_it():
    rig = Rig(online=False)
    others(rig, 40000)
    rig.module.feed("uart1", b'AT+QFWDSERVER=0,40001,"IP","tcp",2020,5,60,"usbat"\r', rig.clock.us)
    rig.module.take("uart1")
    rig.online()
    rig.client()
    rig.pump(100)
    assert sorted(rig.module.sockets.connections) == [40000, 40002] and list(rig.module.sockets.servers) == [40001]


def test_so_are_four_of_them():
    rig = Rig(online=False)
    others(rig, 40000, 40001, 40002, 40003)
    rig.online()
    raises(OSError, rig.client)
    rig.pump(1000)
    assert sorted(rig.module.sockets.connections) == [40000, 40001, 40002, 40003]


def test_so_it_is_where_the_list_is_garbled():
    rig = Rig(online=False, meddle=True)
    others(rig, 40000)
    rig.online()
    line = b'+QFWDBLIENT: 40000,"Active","tcp","10.0.0.9",80,"1.1.1.1",50,"usbat"'
    rig.uart.answer(b"AT+QFWDCLIENT?", b"\r\n" + line + b"\r\n\r\nOK\r\n")
    rig.client()
    rig.pump(100)
    assert 40000 in rig.module.sockets.connections


def test_what_bring_up_could_not_see_is_closed_when_it_is_in_the_way():
    rig = Rig(online=False, meddle=True, module={"quirks": {"max_sockets": 4}})
    rig.net.listen("tcp", "10.0.0.9", 80)
    for id in (40000, 40001, 40002, 40003):
        rig.module.feed("uart1", b'AT+QFWDCLIENT=0,%d,"IP","tcp","10.0.0.9",80,"uart1"\r' % id, rig.clock.us)
        rig.module.take("uart1")
    rig.uart.answer(b"AT+QFWDCLIENT?", b"\r\nERROR\r\n")
    rig.online()
    raises(OSError, rig.client)  # four tries, four ids in the way
    rig.client(port=81)
    assert list(rig.module.sockets.connections) == [40005]


def suspected(answer):
    """An id was refused, and this is the answer to the question who has it."""
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDCLIENT=", b"\r\nERROR\r\n")
    rig.uart.answer(b"AT+QFWDSERVER?", answer)
    rig.net.listen("tcp", "198.51.100.7", 80)
    sock = rig.modem.socket()
    sock.settimeout(0)
    raises(OSError, sock.connect, ("198.51.100.7", 80))
    rig.until(lambda: b"AT+QFWDSERVER?" in rig.uart.lines[-1:], 1000)
    return rig


def test_a_module_that_begins_anew_meanwhile_harms_nothing():
    rig = suspected(b"")
    rig.module.reset(rig.clock.us)
    rig.pump(60_000)
    assert rig.modem.isconnected()
    rig = suspected(b"")
    rig.modem.active(False)
    rig.pump(10_000)


def test_no_memory_for_the_question_is_asked_again():
    rig = suspected(b"\r\nOK\r\n")
    kept = Forms.read

    def none(*_):
        Forms.read = kept
        raise MemoryError

    Forms.read = none
    raises(MemoryError, rig.pump, 1000)
    rig.pump(1000)
    assert rig.uart.lines[-1:] != [b"AT+QFWDSERVER?"]


def test_where_the_lists_do_not_tell_nothing_is_closed():
    rig = Rig(meddle=True)
    lines = heard(rig)
    rig.uart.answer(b"AT+QFWDCLIENT=", b"\r\nERROR\r\n")
    rig.uart.answer(b"AT+QFWDCLIENT?", b"\r\nERROR\r\n")
    rig.client()
    rig.pump(100)
    assert [line for line in lines if line[:5] == "+QFWD"] == ["+QFWDSERVER?", '+QFWDCLIENT=0,40001,"IP","tcp","198.51.100.7",80,"uart1"']


def test_a_line_that_cannot_be_read_closes_nothing():
    from ec2x.leftovers import close

    class Link:
        modem = Rig().modem

    for line in (b"", b"x", b' 0,"tcp",2020,"uart1"', b' 7,"tcp",2020', b' 7,"tcp",2020,"uart', b' 70000,"tcp",2020,"uart1"'):
        before = Link.modem.stats()["unwanted"]
        assert close(Link, line, 0, len(line)) and Link.modem.stats()["unwanted"] == before

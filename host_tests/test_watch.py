"""watch.py: a module that is not the one any more that was set up is noticed, also when nothing tells."""

from bringup import rig_for
from ec2x import errors
from ec2x.link import READY
from ec2x_sim.atline import AtError
from expect import raises
from heap import locked
from rig import Rig
from wires import Wire, answers, handlers, heard, say


def fails(sock):
    return raises(OSError, sock.recv, 1).errno


def connected(rig, host="10.0.0.9", cid=None, timeout=None):
    rig.net.listen("tcp", host, 80)
    sock = rig.modem.socket(cid=cid)
    sock.connect((host, 80))
    sock.settimeout(timeout)
    return sock


def test_it_asks_twice_a_minute_and_no_more():
    for apn, expected in ((None, {"+QFWDSERVER=?"}), ("net", {"+QFWDSERVER=?", "+QIACT?"})):
        rig, lines = rig_for(apn)
        rig.modem.wait()
        del lines[:]
        rig.pump(600_000)
        assert 18 <= len(lines) <= 20 and set(lines) == expected
        assert rig.modem.isconnected()


def test_an_ap_that_began_anew_is_noticed_by_the_servers_that_are_gone():
    rig, lines = rig_for(None)
    rig.modem.wait()
    sock = rig.listener()
    sock.settimeout(None)
    rig.pump(40_000)
    assert rig.modem.isconnected()
    rig.module.sockets.vanish()
    rig.pump(31_000)
    assert raises(OSError, sock.accept).errno == errors.ECONNRESET
    assert rig.modem.isconnected()  # again
    rig.listener(port=2020)


def test_an_ap_that_is_gone_is_noticed_by_its_commands():
    rig = Rig(module={"quirks": {"ap_boot_delay": 5}}, online=False)
    rig.online()
    rig.module.ap_restart(rig.clock.us)
    serve = handlers(rig)["+QFWDSERVER"]
    answers(rig, "+QFWDSERVER", AtError())
    rig.pump(31_000)
    assert not rig.modem.isconnected()
    handlers(rig)["+QFWDSERVER"] = serve
    rig.until(rig.modem.isconnected, 10_000)


def test_one_refusal_is_none():
    rig = Rig()
    serve = handlers(rig)["+QFWDSERVER"]
    left = [2]

    def sometimes(at, command):
        left[0] -= 1
        if left[0] >= 0:
            raise AtError()
        return serve(at, command)

    rig.listener()
    handlers(rig)["+QFWDSERVER"] = sometimes
    for _ in range(60):
        rig.pump(1000)
        assert rig.modem.isconnected()
    assert left[0] < 0


def test_a_server_that_is_closed_meanwhile_is_not_missed():
    rig = Rig(latency_us=50_000)
    lines = heard(rig)
    sock = rig.listener()
    rig.until(lambda: "+QFWDSERVER?" in lines, 40_000)
    sock.setblocking(False)
    sock.close()
    rig.pump(5000)
    assert rig.modem.isconnected() and "E0Q0V1" not in lines


def unheard():
    """A module that begins anew, and what it says when it boots is lost: the rig, what it hears from then on, a socket."""
    rig, lines = rig_for("net")
    rig.modem.wait()
    sock = connected(rig)
    wire = Wire(rig)
    real = wire.readinto

    def deaf(buf, n):
        n = real(buf, n)
        if n and b"RDY" in bytes(buf[:n]):
            return None
        return n

    wire.readinto = deaf
    rig.pump(8500)  # then no look without a URC is near, which would meet the silence
    del lines[:]
    rig.module.reset(rig.clock.us)
    return rig, lines, sock


def test_a_module_that_restarted_without_rdy_is_noticed_by_its_echo():
    rig, lines, sock = unheard()
    rig.pump(45_000)
    rig.until(rig.modem.isconnected, 60_000)
    assert "+QIACT?" in lines[: lines.index("E0Q0V1")] and fails(sock) == errors.ECONNRESET


def test_a_quarantine_notices_it_at_once():
    """Else what the module has lost with a connection would be asked for, and its refusal taken for an end."""
    rig, lines, sock = unheard()
    rig.pump(4000)
    rig.modem.chat.resync()
    rig.pump(200)
    assert lines == ["+CMEE?", "E0Q0V1"] and fails(sock) == errors.ECONNRESET


def test_a_module_that_echoes_whatever_it_is_told_is_no_other():
    rig = Rig(module={"quirks": {"echo": "stuck"}})
    lines = heard(rig)
    rig.pump(120_000)
    assert rig.modem.isconnected() and "E0Q0V1" not in lines
    rig.modem.chat.resync()
    rig.pump(1000)
    assert rig.modem.stats()["resyncs"] and rig.modem.isconnected() and "E0Q0V1" not in lines


def test_a_lost_data_call_fails_its_sockets_and_no_others_and_is_made_again():
    for says in (True, False):
        rig, lines = rig_for("net", module={"quirks": {"pdp_drop_urc": "no"}})
        rig.modem.wait()
        rig.pump(31_000)
        wan, lan = connected(rig, timeout=0), connected(rig, "192.168.225.30", 0, timeout=0)
        rig.module.radio.contexts[1].active = False
        del lines[:]
        if says:
            say(rig, '+QIURC: "pdpdeact",1')
        rig.pump(2000 if says else 62_000)
        assert fails(wan) == errors.ECONNRESET
        assert fails(lan) == errors.EAGAIN and "+QIACT=1" in lines
        rig.modem.wait(1000)
        lan.send(b"x")
        connected(rig, "10.0.0.10")


def test_a_registration_that_flaps_kills_nothing():
    rig, lines = rig_for("net")
    rig.modem.wait()
    sock = connected(rig, timeout=0)
    for stat in (2, 0, 3, 1) * 10:
        rig.module.radio.set_registration(stat)
        rig.pump(5000)
        assert rig.modem.isconnected() and fails(sock) == errors.EAGAIN


def test_signs_are_hints_that_are_looked_into_at_once():
    for sign in ("+CFUN: 1", "+CPIN: NOT READY"):
        rig = Rig()
        rig.pump(31_000)
        lines = heard(rig)
        say(rig, sign)
        rig.pump(50)
        assert lines == ["+QFWDSERVER=?"] * 2 and rig.modem.isconnected()


def test_a_module_that_powers_down_unasked_is_lost_at_once_and_sought():
    rig = Rig()
    sock = connected(rig)
    rig.module.power_down(rig.clock.us)
    assert fails(sock) == errors.ECONNRESET and rig.now() < 1000
    rig.module.power_on(rig.clock.us)
    rig.until(rig.modem.isconnected, 60_000)


def test_status_that_drops_is_noticed_and_the_module_switched_on():
    rig = Rig(pins=("pwrkey", "status"))
    rig.module.power_off()
    rig.pump(31_000)
    rig.until(rig.modem.isconnected, 60_000)
    assert [entry[1] for entry in rig.pins.log] == ["pwrkey"]


def test_silence_is_noticed_although_nobody_uses_it():
    rig = Rig()
    rig.module.hung = True
    before = rig.now()
    rig.until(lambda: not rig.modem.isconnected(), 60_000)
    assert rig.now() - before < 45_000


def test_no_memory_for_it_is_no_error_of_the_application():
    import ec2x.watch

    def none(link):
        raise MemoryError

    rig = Rig()
    kept, ec2x.watch.Watch = ec2x.watch.Watch, none
    try:
        rig.pump(40_000)
        assert rig.modem.isconnected()
    finally:
        ec2x.watch.Watch = kept
    lines = heard(rig)
    rig.pump(30_000)
    assert lines == ["+QFWDSERVER=?"]


def test_it_asks_without_allocating():
    rig = Rig("net")
    rig.listener()
    rig.pump(70_000)  # it is loaded, and has asked both
    asked = rig.modem.stats()["commands"]
    link = rig.modem.link
    now = rig.now()

    def asks():
        link.look()
        request = link.next(now)
        line = b"+QIACT: 1,1,1" if request.prefix == b"+QIACT:" else b"+QFWDSERVER: 40000,x"
        request.on_line(line, 0, len(line))
        request.on_done(0)
        return request

    for _ in range(4):
        assert locked(asks) is link.watch._request and link.state == READY
    assert asked >= 11


class Swallows:
    """A UART that loses each command line of the family."""

    def __init__(self, uart):
        self._uart = uart

    def any(self):
        return self._uart.any()

    def readinto(self, buf, n):
        return self._uart.readinto(buf, n)

    def write(self, buf, off, n):
        return n if bytes(buf[off : off + 7]) == b"AT+QFWD" else self._uart.write(buf, off, n)


def test_a_family_that_is_never_answered_is_sought_again_and_holds_nobody_else_up():
    rig = Rig()
    lines = heard(rig)
    sock = connected(rig)
    rig.modem.chat.uart = Swallows(rig.uart)
    rig.pump(31_000)
    for _ in range(2):
        assert rig.modem.command("AT+CSQ", 1000) == ["+CSQ: 24,99"]
        rig.pump(3000)
    rig.until(lambda: not rig.modem.isconnected(), 60_000)
    assert fails(sock) == errors.ECONNRESET
    rig.until(lambda: "+CFUN=1,1" in lines, 300_000)
    rig.modem.chat.uart = rig.uart
    rig.until(rig.modem.isconnected, 60_000)


def test_an_answer_that_comes_after_the_link_is_none_any_more_says_nothing():
    rig = Rig(latency_us=50_000)
    lines = heard(rig)
    rig.until(lambda: "+QFWDSERVER=?" in lines, 40_000)
    rig.modem.disconnect()
    rig.pump(1000)
    assert rig.modem.status()[0] == "found"


def test_what_the_module_closes_because_the_data_call_is_lost_is_no_end_of_a_stream():
    rig, lines = rig_for("net")
    rig.modem.wait()
    sock, peer = rig.client()
    peer.send(b"half of it")
    assert sock.recv(99) == b"half of it"
    rig.module.radio.activate(1, False)  # its connections are closed, and their URC is the one of a peer that closes
    assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
    assert rig.modem.stats()["offline"] == 1


def test_what_the_peer_closes_is_the_end_once_the_data_call_is_seen():
    rig, lines = rig_for("net")
    rig.modem.wait()
    sock, peer = rig.client()
    other, _ = rig.client(port=81)
    del lines[:]
    peer.send(b"all of it")
    peer.close()
    assert sock.read() == b"all of it" and sock.recv(1) == b""
    assert lines.count("+QIACT?") == 1
    other.send(b"x")
    other.drain(5)


def test_a_question_about_servers_that_is_lost_as_the_peer_closes_does_not_hold_the_end_up():
    rig = Rig(apn="internet", meddle=True, latency_us=1000)
    rig.listener()
    sock, peer = rig.client(timeout=20)
    rig.uart.lines.clear()
    rig.uart.answer(b"AT+QFWDSERVER?", b"")
    rig.until(lambda: b"AT+QFWDSERVER?" in rig.uart.lines, 70_000)
    peer.close()
    assert sock.recv(1) == b""


def test_a_linux_side_that_is_gone_is_noticed_whatever_closes_meanwhile():
    for closes in range(4):
        rig = Rig(apn="internet", meddle=True, latency_us=30_000)
        rig.listener()
        socks = [rig.client(port=80 + i)[0] for i in range(3)]
        rig.pump(35_000)
        rig.uart.answer(b"AT+QFWDSERVER?", b"\r\nERROR\r\n", 99)
        rig.uart.lines.clear()
        for sock in socks[:closes]:
            n = rig.uart.lines.count(b"AT+QFWDSERVER?")
            rig.until(lambda rig=rig, n=n: rig.uart.lines.count(b"AT+QFWDSERVER?") > n, 70_000)
            rig.urc(b'+QFWDURC: "client/close",%d' % sock.fileno())
        rig.until(lambda rig=rig: rig.modem.stats()["restarts"], 5000 if closes else 70_000)


def test_on_the_modules_own_lan_no_data_call_is_asked_for_the_end_of_a_stream():
    rig, lines = rig_for(None)
    rig.modem.wait()
    sock, peer = rig.client()
    del lines[:]
    peer.close()
    assert sock.recv(1) == b"" and {line[:8] for line in lines} == {"+QFWDREC", "+QFWDACK", "+QFWDSER"}

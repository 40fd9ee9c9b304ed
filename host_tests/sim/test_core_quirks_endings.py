"""Other readings of closings, UDP servers, contexts, idleness and how many sockets there may be."""

from sim_dialogue import ERROR, OK, PROMPT, line, quirky, urc

SECOND = 1000000
CLIENT = 'AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"'
SERVER = 'AT+QFWDSERVER=0,1,"IP","tcp",2020,5,60,"uart1"'
OPEN = urc('"client/open",1,0')
CLOSED = urc('"client/close",1')


def incoming(d, port=2020):
    """Somebody connects: that one's end, and the id it got."""
    peer = d.net.dial("tcp", port)
    heard = d.heard()
    return peer, int(heard.split(b",")[2]) if b"incoming" in heard else None


def test_unread_data_goes_when_the_peer_closes():
    d = quirky(on_close="discard")
    peer = d.client()
    peer.send(b"unread")
    peer.close()
    assert d.heard() == urc('"client/read",1') + CLOSED
    assert d.say("AT+QFWDRECV=1,9") == ERROR
    d.client(port=81)
    d = quirky(on_close="discard", slot="held")
    peer = d.client()
    peer.send(b"unread")
    peer.close()
    d.heard()
    assert d.say("AT+QFWDRECV=1,9") == line("+QFWDRECV: 1,0") + OK


def test_an_id_is_in_use_until_it_is_closed():
    d = quirky(slot="held")
    d.server(9)
    peer = d.child()
    peer.send(b"abc")
    peer.close()
    d.heard()
    for answer in (line("+QFWDRECV: 1,3") + b"abc\r\n" + OK, line("+QFWDRECV: 1,0") + OK, line("+QFWDRECV: 1,0") + OK):
        assert d.say("AT+QFWDRECV=1,9") == answer
    assert d.say("AT+QFWDSSTATE=9") == OK and d.say("AT+QFWDCLIENT?") == OK
    assert d.say("AT+QFWDSEND=1,0") == ERROR
    assert d.say(CLIENT) == ERROR
    assert incoming(d)[1] == 2
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.say("AT+QFWDCLOSE=1") == ERROR
    d.client(1)


def test_a_local_close_is_announced():
    d = quirky(close_urc_local="yes")
    d.client()
    assert d.say("AT+QFWDCLOSE=1") == OK + CLOSED
    d.server(9)
    d.child()
    assert d.say("AT+QFWDCLOSE=9") == OK
    assert d.say("AT+QFWDCLOSE=1") == OK + CLOSED


def test_a_closed_udp_server_leaves_its_connections():
    d = quirky(udp_close_children="no")
    d.server(1, 5683, "udp")
    one, two = d.net.udp("192.168.225.58", 1000), d.net.udp("192.168.225.59", 2000)
    one.sendto(b"hello", 5683)
    d.heard()
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.say("AT+QFWDSERVER?") == OK
    assert d.say("AT+QFWDRECV=2,9") == line("+QFWDRECV: 2,5") + b"hello\r\n" + OK
    one.sendto(b"more", 5683)
    assert d.heard() == urc('"client/read",2')
    two.sendto(b"new", 5683)
    assert d.heard() == b""
    assert d.say("AT+QFWDSEND=2,0,2") == PROMPT
    d.raw(b"hi")
    assert one.recvfrom()[0] == b"hi"
    again = 'AT+QFWDSERVER=0,1,"IP","udp",5683,5,60,"uart1"'
    assert d.say(again) == OK + urc('"server/open",1,1')  # the port is still in use
    assert d.say("AT+QFWDCLOSE=2") == OK
    assert d.say(again) == OK + urc('"server/open",1,0')


def udp_server(**quirks):
    d = quirky(**quirks)
    d.server(1, 5683, "udp")
    return d, d.net.udp("192.168.225.58", 1000), d.net.udp("192.168.225.59", 2000)


def test_a_udp_server_is_one_connection():
    d, one, two = udp_server(udp_server="single_last_peer")
    assert d.say("AT+QFWDSEND=1,0,2") == ERROR  # to whom?
    one.sendto(b"hello", 5683)
    assert d.heard() == urc('"client/read",1')
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,10240,10240,5,10235,10240") + OK
    assert d.say("AT+QFWDRECV=1,9") == line("+QFWDRECV: 1,5") + b"hello\r\n" + OK
    assert d.say("AT+QFWDSEND=1,0,2") == PROMPT
    assert d.raw(b"hi") == line("+QFWDSEND: 1,2") + OK
    two.sendto(b"other", 5683)
    d.heard()
    d.say("AT+QFWDSEND=1,0,2")
    d.raw(b"ho")
    assert one.recvfrom()[0] == b"hi" and one.recvfrom() is None
    assert two.recvfrom() == (b"ho", ("10.64.0.1", 5683))
    assert d.say("AT+QFWDCLIENT?") == OK and d.say("AT+QFWDSSTATE=1") == OK
    assert d.say('AT+QFWDCFG="urc",1,"usbat"') == OK
    assert d.say("AT+QFWDRECV=1,9") == line("+QFWDRECV: 1,5") + b"other\r\n" + OK
    one.sendto(b"x", 5683)
    assert d.heard(port="usbat") == urc('"client/read",1')
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.say("AT+QFWDRECV=1,9") == ERROR
    d.server(1, 5683, "udp")


def test_a_udp_server_that_cannot_reply():
    d, one, two = udp_server(udp_server="single_noreply")
    one.sendto(b"hello", 5683)
    assert d.heard() == urc('"client/read",1')
    assert d.say("AT+QFWDSEND=1,0,2") == ERROR
    assert d.say("AT+QFWDRECV=1,9") == line("+QFWDRECV: 1,5") + b"hello\r\n" + OK
    d.server(2)
    assert d.say("AT+QFWDRECV=2,9") == ERROR  # TCP servers are what they were
    assert incoming(d)[1] == 3


def test_no_context_is_needed():
    d = quirky(pdp_required="no")
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT.replace("0,1,", "7,1,")) == OK + OPEN
    assert d.say(SERVER.replace("0,1,", "16,2,")) == OK + urc('"server/open",2,0')
    assert d.say('AT+QIDNSGIP=7,"a.example"') == ERROR  # of the other stack nothing is said


def test_a_context_goes_without_a_word():
    d = quirky(pdp_drop_urc="no")
    d.say("AT+QIACT=1")
    service = d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT.replace("0,1,", "1,1,")) == OK + OPEN
    peer = service.accept()
    assert d.say("AT+QIDEACT=1") == OK and d.heard() == b""
    assert peer.closed
    assert d.say("AT+QFWDSEND=1,0") == ERROR


def idle_after(d, peer, act):
    """Something happens every 6 s; when a connection with an idle timeout of 10 s is closed."""
    start = d.module.now
    for _ in range(5):
        d.heard(6 * SECOND)
        if peer.closed:
            break
        act()
    return d.module.now - start > 20 * SECOND


def idle(direction, **quirks):
    d = quirky(**quirks)
    d.server(1, idle=10)
    peer = d.child()

    def send():
        d.say("AT+QFWDSEND=2,0,1")
        d.raw(b"x")

    return idle_after(d, peer, send if direction == "tx" else lambda: peer.send(b"x"))


def test_which_data_keeps_a_connection_open():
    assert [idle("rx"), idle("tx")] == [True, True]
    assert [idle("rx", idle_counts="rx"), idle("tx", idle_counts="rx")] == [True, False]
    assert [idle("rx", idle_counts="tx"), idle("tx", idle_counts="tx")] == [False, True]


def test_the_idle_timeout_runs_faster():
    for scale in (10, 100):
        d = quirky(idle_scale=scale)
        d.server(1, idle=60)
        peer = d.net.dial("tcp", 2020)
        assert d.heard(60 * scale * 1000 - 1).count(b"close") == 0
        assert d.heard(1) == urc('"client/close",2') and peer.closed


def test_there_are_only_so_many_ids():
    d = quirky(max_sockets=4)
    d.server()
    d.client(5)
    first, second, third = [d.net.dial("tcp", 2020, ("192.168.225.58", port)) for port in (1, 2, 3)]
    assert d.heard().count(b"incoming") == 2
    assert third.closed and not second.closed
    assert d.say(CLIENT.replace("0,1,", "0,8,")) == ERROR
    assert d.say(SERVER.replace("0,1,", "0,8,").replace("2020", "2021")) == ERROR
    assert d.say("AT+QFWDCLOSE=5") == OK
    d.client(8, port=82)
    d = quirky(max_sockets=12, cme="num")
    for id in range(1, 13):
        d.client(id, port=100 + id)
    assert d.say(CLIENT.replace("0,1,", "0,13,")) == line("+CME ERROR: 20")


def test_who_finds_no_id_waits():
    d = quirky(max_sockets=2, full="silent")
    d.server()
    first, second = d.child(), d.net.dial("tcp", 2020, ("192.168.225.58", 2))
    second.send(b"early")
    assert d.heard() == b"" and not second.closed
    first.close()
    comes = urc('"client/incoming",1,2,"192.168.225.58",2,"0.0.0.0",2020') + urc('"client/read",2')
    assert d.heard() == urc('"client/close",2') + comes


def test_a_udp_peer_without_an_id_is_forgotten():
    for full, data in (("reject", None), ("silent", b"early")):
        d = quirky(max_sockets=2, full=full)
        d.server(1, 5683, "udp")
        d.net.udp("192.168.225.58", 1).sendto(b"first", 5683)
        d.heard()
        d.net.udp("192.168.225.58", 2).sendto(b"early", 5683)
        d.heard()
        assert d.say("AT+QFWDCLOSE=2").startswith(OK)
        d.heard()
        answer = d.say("AT+QFWDRECV=2,9")
        assert answer == (ERROR if data is None else line("+QFWDRECV: 2,5") + data + b"\r\n" + OK)

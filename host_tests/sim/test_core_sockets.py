"""Opening, accepting, closing: ids, results, idleness, and what stays readable."""

from sim_dialogue import ERROR, OK, PROMPT, STEP, Dialogue, line, urc

SECOND = 1000000


def test_a_failed_connect_gives_its_id_back():
    d = Dialogue()
    assert d.say('AT+QFWDCLIENT=0,1,"IP","tcp","203.0.113.1",81,"uart1"') == OK + urc('"client/open",1,1')
    assert d.say("AT+QFWDCLIENT?") == OK
    assert d.say("AT+QFWDCLOSE=1") == ERROR
    d.client(1)


def failures(style):
    d = Dialogue(quirks={"result_style": style})
    d.net.fail[("203.0.113.1", 80)] = 110
    results = []
    for command in (
        'CLIENT=0,%d,"IP","tcp","203.0.113.9",81',  # refused
        'CLIENT=0,%d,"IP","tcp","203.0.113.1",80',  # times out
        'CLIENT=0,%d,"IP","tcp","nowhere.example",80',
        'CLIENT=2,%d,"IP","tcp","203.0.113.9",80',  # its context is not active
        'SERVER=0,%d,"IP","tcp",2020,5,60',
        'SERVER=0,%d,"IP","tcp",2020,5,60',  # the port is in use
    ):
        answer = d.say("AT+QFWD" + command % (len(results) + 1) + ',"uart1"')
        assert answer.startswith(OK)
        results.append(int(answer.decode().strip().split(",")[-1]))
    return results


def test_results_in_each_style():
    assert failures("1") == [1, 1, 1, 1, 0, 1]
    assert failures("errno") == [111, 110, 2, 101, 0, 98]
    assert failures("55x") == [566, 569, 565, 561, 0, 574]
    assert failures("neg") == [-111, -110, -2, -101, 0, -98]


def test_an_unknown_quirk_is_refused_by_name():
    for quirks in ({"no_such": "1"}, {"result_style": "2"}):
        try:
            Dialogue(quirks=quirks)
        except ValueError as error:
            assert "result_style" in str(error)
        else:
            assert False


def test_a_connect_without_answer_stays_open_to_the_end():
    d = Dialogue()
    service = d.net.listen("tcp", "198.51.100.7", 80)
    d.net.fail[("198.51.100.7", 80)] = None
    assert d.say('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"') == OK
    assert d.heard(100 * SECOND) == b""
    assert d.say("AT+QFWDCLIENT?") == OK
    assert d.say("AT+QFWDSEND=1,0,1") == ERROR
    assert d.say('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"') == ERROR
    del d.net.fail[("198.51.100.7", 80)]
    d.net.kick()
    assert d.heard() == urc('"client/open",1,0')
    assert service.accept() and service.accept() is None


def test_closing_while_it_connects_ends_it():
    d = Dialogue()
    d.net.fail[("198.51.100.7", 80)] = None
    d.say('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"')
    assert d.say("AT+QFWDCLOSE=1") == OK
    d.net.fail[("198.51.100.7", 80)] = 111
    d.net.kick()
    assert d.heard() == b""


def test_names_are_resolved_and_shown_as_given():
    d = Dialogue()
    d.net.names["example.com"] = "198.51.100.7"
    d.net.names["slow.example"] = None
    service = d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say('AT+QFWDCLIENT=0,1,"IP","tcp","example.com",80,"uart1"') == OK + urc('"client/open",1,0')
    assert service.accept().remote == ("10.64.0.1", 50001)
    assert b'"Active","tcp","example.com",80,' in d.say("AT+QFWDCLIENT?")
    assert d.say('AT+QFWDCLIENT=0,2,"IP","tcp","slow.example",80,"uart1"') == OK
    d.net.names["slow.example"] = ["198.51.100.7", "198.51.100.8"]
    d.net.kick()
    assert d.heard() == urc('"client/open",2,0')


def test_accepted_ids_are_the_lowest_free():
    d = Dialogue()
    d.server(2)
    d.client(3)
    peers = [d.child() for _ in range(3)]
    assert d.say("AT+QFWDSSTATE=2").count(b"+QFWDSSTATE:") == 3
    assert b"+QFWDSSTATE: 3,5," in d.say("AT+QFWDSSTATE=2")
    peers[1].close()
    assert d.heard() == urc('"client/close",4')
    assert b"+QFWDSSTATE: 2,5," in d.say("AT+QFWDSSTATE=2")
    d.net.dial("tcp", 2020, ("192.168.225.60", 7))
    assert d.heard() == urc('"client/incoming",2,4,"192.168.225.60",7,"0.0.0.0",2020')


def test_nobody_listens_is_refused():
    d = Dialogue()
    assert d.net.dial("tcp", 2020).refused
    d.server()
    assert not d.net.dial("tcp", 2020).refused
    d.say("AT+QFWDCLOSE=1")
    assert d.net.dial("tcp", 2020).refused


def test_closing_a_tcp_server_leaves_its_clients():
    d = Dialogue()
    d.server()
    peer = d.child()
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.say("AT+QFWDSSTATE=1") == ERROR
    assert d.say("AT+QFWDSERVER?") == OK
    peer.send(b"still")
    assert d.heard() == urc('"client/read",2')
    assert d.say("AT+QFWDSEND=2,0,4") == PROMPT
    d.raw(b"here")
    assert peer.recv() == b"here" and not peer.closed
    d.server(1)


def test_closing_a_connection_is_not_announced():
    d = Dialogue()
    peer = d.client()
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.heard() == b""
    assert peer.closed
    for command in ("SEND=1,0", "RECV=1,1", "ACK=1", "CLOSE=1"):
        assert d.say("AT+QFWD" + command) == ERROR


def test_closing_delivers_what_was_sent():
    d = Dialogue()
    peer = d.client()
    peer.window = 10
    d.say("AT+QFWDSEND=1,0,25")
    d.raw(b"abcdefghijklmnopqrstuvwxy")
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert not peer.closed
    got = b""
    for _ in range(3):
        got += peer.recv()
        d.heard()
    assert got == b"abcdefghijklmnopqrstuvwxy" and peer.closed


def test_what_was_unread_when_the_peer_closed_can_be_read():
    d = Dialogue()
    d.server()
    peer = d.child()
    peer.send(b"last words")
    peer.close()
    assert d.heard() == urc('"client/read",2') + urc('"client/close",2')
    assert d.say("AT+QFWDSSTATE=1") == OK
    assert d.say("AT+QFWDCLIENT?") == OK
    assert d.say("AT+QFWDSEND=2,0,1") == ERROR
    assert d.say("AT+QFWDACK=2") == line("+QFWDACK: 2,0,10240,10240,10,10230,10240") + OK
    assert d.say("AT+QFWDRECV=2,4") == line("+QFWDRECV: 2,4") + b"last\r\n" + OK
    assert d.say("AT+QFWDRECV=2,1024") == line("+QFWDRECV: 2,6") + b" words\r\n" + OK
    assert d.say("AT+QFWDRECV=2,1024") == line("+QFWDRECV: 2,0") + OK
    assert d.say("AT+QFWDRECV=2,1024") == ERROR


def test_with_nothing_unread_a_closed_id_is_free_at_once():
    d = Dialogue()
    d.client().close()
    assert d.heard() == urc('"client/close",1')
    assert d.say("AT+QFWDRECV=1,1") == ERROR
    assert d.say("AT+QFWDCLOSE=1") == ERROR
    d.client(1).reset()
    assert d.heard() == urc('"client/close",1')


def test_unread_data_goes_with_qfwdclose():
    d = Dialogue()
    peer = d.client()
    peer.send(b"unread")
    peer.reset()  # a RST takes what the module had not fetched
    assert d.heard() == urc('"client/close",1')
    peer = d.client()
    peer.send(b"unread")
    peer.close()
    d.heard()
    assert d.say("AT+QFWDCLOSE=1") == OK
    assert d.say("AT+QFWDRECV=1,1") == ERROR


def test_a_close_comes_after_all_data_even_what_did_not_fit():
    d = Dialogue(recvmax=10)
    peer = d.client()
    peer.send(b"0123456789abc")
    peer.close()
    assert d.heard() == urc('"client/read",1')
    assert d.say("AT+QFWDRECV=1,10") == line("+QFWDRECV: 1,10") + b"0123456789\r\n" + OK + urc('"client/read",1') + urc('"client/close",1')
    assert d.say("AT+QFWDRECV=1,10") == line("+QFWDRECV: 1,3") + b"abc\r\n" + OK


def test_a_peer_that_is_gone_when_the_payload_comes():
    d = Dialogue()
    peer = d.client()
    assert d.say("AT+QFWDSEND=1,0,3") == PROMPT
    peer.reset()
    assert d.raw(b"abc") == ERROR + urc('"client/close",1')


def test_idle_connections_are_closed():
    d = Dialogue()
    d.server(idle=10)
    peer = d.child()
    d.heard(9 * SECOND)
    peer.send(b"x")  # data from the peer counts
    d.heard(9 * SECOND)
    assert d.say("AT+QFWDSEND=2,0,1") == PROMPT
    d.raw(b"y")  # and data to it
    sent = d.module.now
    assert d.module.wake_at() > sent
    d.heard(10 * SECOND - STEP)
    assert d.heard(STEP - 1) == b"" and not peer.closed
    assert d.heard(1) == urc('"client/close",2')
    assert peer.closed
    assert d.module.now == sent + 10 * SECOND
    assert d.say("AT+QFWDSERVER?") != OK  # the server stays


def test_other_contexts_need_a_data_call():
    d = Dialogue()
    d.net.listen("tcp", "198.51.100.7", 80)
    client = 'AT+QFWDCLIENT=1,1,"IP","tcp","198.51.100.7",80,"uart1"'
    server = 'AT+QFWDSERVER=1,2,"IP","tcp",2020,5,60,"uart1"'
    assert d.say(client) == OK + urc('"client/open",1,1')
    assert d.say(server) == OK + urc('"server/open",2,1')
    assert d.say("AT+QIACT=1") == OK
    assert d.say(client) == OK + urc('"client/open",1,0')
    assert d.say(server) == OK + urc('"server/open",2,0')
    d.client(3, port=81)
    assert d.say("AT+QIDEACT=1") == OK + urc('"client/close",1')
    assert d.say("AT+QFWDSERVER?") == OK
    assert b"CLIENT: 3," in d.say("AT+QFWDCLIENT?")
    assert d.say("AT+CGACT=1,1") == OK
    assert d.say(client) == OK + urc('"client/open",1,0')


def test_a_server_and_a_client_inside_the_module():
    d = Dialogue()
    d.server(1)
    answer = d.say('AT+QFWDCLIENT=0,9,"IP","tcp","127.0.0.1",2020,"uart1"')
    assert answer == OK + urc('"client/incoming",1,2,"127.0.0.1",50001,"0.0.0.0",2020') + urc('"client/open",9,0') or answer == (
        OK + urc('"client/open",9,0') + urc('"client/incoming",1,2,"127.0.0.1",50001,"0.0.0.0",2020')
    )
    every = bytes(range(256))
    for here, there in ((9, 2), (2, 9)):
        assert d.say("AT+QFWDSEND=%d,0,256" % here) == PROMPT
        assert d.raw(every) == line("+QFWDSEND: %d,256" % here) + OK + urc('"client/read",%d' % there)
        assert d.say("AT+QFWDRECV=%d,1024" % there) == line("+QFWDRECV: %d,256" % there) + every + b"\r\n" + OK
    assert d.say("AT+QFWDCLOSE=9") == OK + urc('"client/close",2')


def test_udp_inside_the_module():
    d = Dialogue()
    d.server(1, 5683, "udp")
    assert d.say('AT+QFWDCLIENT=0,9,"IP","udp","127.0.0.1",5683,"uart1"') == OK + urc('"client/open",9,0')
    d.say("AT+QFWDSEND=9,0,3")
    answer = d.raw(b"abc")
    assert answer.startswith(line("+QFWDSEND: 9,3") + OK + urc('"client/incoming",1,2,"127.0.0.1",50001,"0.0.0.0",5683'))
    assert answer.endswith(urc('"client/read",2'))
    d.say("AT+QFWDSEND=2,0,2")
    assert d.raw(b"de") == line("+QFWDSEND: 2,2") + OK + urc('"client/read",9')
    assert d.say("AT+QFWDRECV=9,9") == line("+QFWDRECV: 9,2") + b"de\r\n" + OK

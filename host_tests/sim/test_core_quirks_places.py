"""When the module's Linux side is there at all, and where in the dialogue its URCs come."""

from sim_dialogue import ERROR, OK, PROMPT, Dialogue, line, quirky, urc

SECOND = 1000000
CLIENT = 'AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"'
SERVER = 'AT+QFWDSERVER=0,1,"IP","tcp",2020,5,60,"uart1"'
LISTENS = urc('"server/open",1,0')
READ = urc('"client/read",1')


def test_qfwd_is_not_there_yet():
    d = quirky(ap_boot_delay=5)  # up already: from its start
    for command in ("SERVER=?", "SERVER?", "CLOSE=1", "ACK=1"):
        assert d.say("AT+QFWD" + command) == ERROR
    assert d.say(SERVER) == ERROR
    assert d.say("AT+CSQ") == line("+CSQ: 24,99") + OK
    d.heard(5 * SECOND - d.module.now - 2000)
    assert d.say("AT+QFWDSERVER?") == ERROR
    assert d.say("AT+QFWDSERVER?") == OK
    assert d.say(SERVER) == OK + LISTENS
    assert quirky(ap_boot_delay=5, cme="num").say("AT+QFWDSERVER?") == line("+CME ERROR: 14")


def test_qfwd_is_late_after_each_boot():
    d = Dialogue(boot_us=SECOND, quirks={"ap_boot_delay": 60})
    assert d.heard(2 * SECOND) == line("RDY")
    for _ in range(2):
        d.say('ATE0+QAPRDYIND=4;+QURCCFG="urcport","uart1"')
        d.heard()
        rdy = d.module.now
        assert d.say("AT+QFWDSERVER?") == ERROR
        assert line("+APIND: ATFWD READY") not in d.heard(58 * SECOND)
        assert d.say("AT+QFWDSERVER?") == ERROR
        ready = d.heard(2 * SECOND)
        assert d.say("AT+QFWDSERVER?") == OK
        d.module.reset(d.module.now)
        d.heard(1100000)
    assert ready == line("+APIND: ATFWD READY")
    assert d.module.now > rdy


def test_the_linux_side_restarts_alone():
    d = quirky()
    d.say('AT+QURCCFG="urcport","uart1"')
    d.server(1)
    child = d.child()
    peer = d.client(3)
    d.net.fail[("198.51.100.9", 80)] = None
    d.say(CLIENT.replace("0,1,", "0,4,").replace(".7", ".9"))
    d.module.ap_restart(d.module.now)
    assert d.heard(100 * SECOND) == b""
    assert child.closed and peer.closed
    assert d.net.dial("tcp", 2020).refused
    assert d.say("AT+QFWDSERVER?") == OK and d.say("AT+QFWDCLIENT?") == OK
    assert d.say("AT") == OK  # no echo: the modem side did not restart
    d.server(1)
    d = quirky(ap_boot_delay=5)
    d.heard(5 * SECOND)
    d.server(1)
    d.module.ap_restart(d.module.now)
    assert d.say("AT+QFWDSERVER?") == ERROR
    d.heard(5 * SECOND)
    assert d.say("AT+QFWDSERVER?") == OK


def test_the_linux_side_restarts_in_the_middle_of_something():
    d = quirky(open_urc="before")
    d.net.fail[("198.51.100.9", 80)] = None
    assert d.say(CLIENT.replace(".7", ".9")) == b""
    d.module.ap_restart(d.module.now)
    assert d.heard() == ERROR
    d = quirky()
    d.client()
    assert d.say("AT+QFWDSEND=1,0,2") == PROMPT
    d.module.ap_restart(d.module.now)
    assert d.raw(b"ab") == ERROR
    d = quirky(urc_place="torn")
    assert d.say(SERVER) == OK
    d.module.ap_restart(d.module.now)
    assert d.heard(10 * SECOND) == b""


def test_urcs_at_any_line():
    d = quirky(urc_place="any_line")
    assert d.say(SERVER.replace("0,1,", "0,5,")) == urc('"server/open",5,0') + OK
    peer = d.client()  # nobody waits for its URC, which comes when it is connected
    d.module.latency_us = 5000
    assert d.say("AT+QFWDSEND=1,0,3") == b""
    peer.send(b"x")
    assert d.heard() == READ  # while it runs
    assert d.heard(5000) == PROMPT
    peer.send(b"y")
    child = d.net.dial("tcp", 2020)
    incoming = urc('"client/incoming",5,2,"192.168.225.58",56784,"0.0.0.0",2020')
    assert d.heard() == b""  # never behind the prompt
    d.raw(b"abc")
    assert d.heard(5000) == incoming + line("+QFWDSEND: 1,3") + OK
    d.module.latency_us = 0
    assert d.say("AT+QFWDSEND=1,0,3") == PROMPT
    child.send(b"z")
    assert d.heard() == b""
    assert d.raw(b"abc") == urc('"client/read",2') + line("+QFWDSEND: 1,3") + OK


def test_a_level_urc_is_among_the_lines():
    d = quirky(urc_place="any_line", read_urc="level")
    d.client().send(b"abc")
    assert d.heard() == READ
    assert d.say("AT+QFWDRECV=1,1") == READ + line("+QFWDRECV: 1,1") + b"a\r\n" + OK


def test_no_urc_is_inside_counted_data():
    d = quirky(urc_place="any_line", recv_sep="comma")
    peer = d.client()
    peer.send(b"abc" * 100)
    d.heard()
    d.module.latency_us = 1000
    d.say("AT+QFWDRECV=1,1024")
    peer.close()
    answer = d.heard(5000)
    assert b"1,300," + b"abc" * 100 + b"\r\n" + OK in answer and urc('"client/close",1') in answer


def test_urcs_torn_from_their_cause():
    d = quirky(urc_place="torn")
    service = d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(SERVER) == OK
    assert d.say(CLIENT.replace("0,1,", "0,2,")) == OK
    assert d.heard(2 * SECOND - 1001) == b""
    assert d.heard(1) == LISTENS
    assert d.heard(1000) == urc('"client/open",2,0')
    peer = service.accept()
    peer.send(b"abc")
    d.heard()
    assert d.say("AT+QFWDRECV=2,9") == line("+QFWDRECV: 2,3") + b"abc\r\n" + OK
    peer.close()
    assert d.heard(2 * SECOND) == urc('"client/read",2') + urc('"client/close",2')
    d.module.urc_to("uart1", "+CPIN: READY")  # only those of QFWD
    assert d.heard() == line("+CPIN: READY")


def test_the_hook_still_rules():
    d = quirky(urc_place="any_line")
    d.module.urc_gap = lambda port, place: place == "after"
    assert d.say(SERVER) == OK + LISTENS


# E39


def test_ipv6_addresses():
    d = quirky()
    service = d.net.listen("tcp", "2001:db8::7", 80)
    assert d.say('AT+QFWDCLIENT=0,1,"IPV6","tcp","2001:db8::7",80,"uart1"') == OK + urc('"client/open",1,0')
    assert service.accept().remote == ("2001:db8::1", 50001)
    assert d.say('AT+QFWDSERVER=0,2,"IPV6","tcp",2020,5,60,"uart1"') == OK + urc('"server/open",2,0')
    assert d.net.dial("tcp", 2020).refused  # of IPv4
    peer = d.net.dial("tcp", 2020, ("fe80::1%bridge0", 4000))
    assert d.heard() == urc('"client/incoming",2,3,"fe80::1%bridge0",4000,"::",2020')
    assert d.say("AT+QFWDSSTATE=2") == line('+QFWDSSTATE: 1,3,"fe80::1%bridge0",4000,"::",2020') + OK
    assert d.say("AT+QFWDCLIENT?") == (
        line('+QFWDCLIENT: 1,"Active","tcp","2001:db8::7",80,"2001:db8::1",50001,"uart1"')
        + line('+QFWDCLIENT: 3,"Income","tcp","fe80::1%bridge0",4000,"::",2020,"uart1"')
        + OK
    )
    peer.send(b"six")
    d.heard()
    assert d.say("AT+QFWDRECV=3,9") == line("+QFWDRECV: 3,3") + b"six\r\n" + OK
    d.server(4, 2020)  # both families have the port
    assert not d.net.dial("tcp", 2020).refused


def test_ipv6_names_datagrams_and_the_module_itself():
    d = quirky(local_ip="real")
    d.net.names["six.example"] = ["198.51.100.7", "2001:db8::7"]
    d.net.names["four.example"] = "198.51.100.7"
    d.net.listen("tcp", "2001:db8::7", 80)
    assert d.say('AT+QFWDCLIENT=0,1,"IPV6","tcp","six.example",80,"uart1"') == OK + urc('"client/open",1,0')
    assert d.say('AT+QFWDCLIENT=0,2,"IPV6","tcp","four.example",80,"uart1"') == OK + urc('"client/open",2,1')
    assert d.say('AT+QFWDSERVER=0,3,"IPV6","udp",5683,5,60,"uart1"') == OK + urc('"server/open",3,0')
    peer = d.net.udp("2001:db8::9", 1000)
    peer.sendto(b"hello", 5683)
    assert d.heard() == urc('"client/incoming",3,2,"2001:db8::9",1000,"2001:db8::1",5683') + urc('"client/read",2')
    d.say("AT+QFWDSEND=2,0,2")
    d.raw(b"hi")
    assert peer.recvfrom() == (b"hi", ("2001:db8::1", 5683))
    assert d.say('AT+QFWDSERVER=0,4,"IPV6","tcp",2020,5,60,"uart1"') == OK + urc('"server/open",4,0')
    answer = d.say('AT+QFWDCLIENT=0,9,"IPV6","tcp","::1",2020,"uart1"')
    assert urc('"client/open",9,0') in answer
    assert urc('"client/incoming",4,5,"::1",50002,"::1",2020') in answer


def test_an_address_of_the_other_family_is_as_a_name_that_has_none_of_this_one():
    d = quirky(result_style="55x")
    for host in ("198.51.100.7", "2001:db8::7"):
        d.net.listen("tcp", host, 80)
        for proto in ("tcp", "udp"):
            for family, code in (("IP", 565 if ":" in host else 0), ("IPV6", 0 if ":" in host else 565)):
                answer = d.say('AT+QFWDCLIENT=0,1,"%s","%s","%s",80,"uart1"' % (family, proto, host))
                assert answer == OK + urc('"client/open",1,%d' % code)
                d.say("AT+QFWDCLOSE=1")

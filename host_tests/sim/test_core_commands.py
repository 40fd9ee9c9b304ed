"""Each QFWD command in each of its forms, and what it refuses."""

from sim_dialogue import ERROR, OK, PROMPT, Dialogue, line, urc

TESTS = (
    ("QFWDSERVER", '+QFWDSERVER: (0-16),(1-65535),("IP","IPV6"),("tcp","udp"),(1-65535),(1-10),(1-65535),("uart1","usbat","usbmodem")'),
    ("QFWDCLIENT", '+QFWDCLIENT: (0-16),(1-65535),("IP","IPV6"),("tcp","udp"),<remote_addr>,<1-65535>,("uart1","usbat","usbmodem")'),
    ("QFWDSEND", "+QFWDSEND: <socket_id>,<data_format>,<send_length>"),
    ("QFWDRECV", "+QFWDPRECV: <socket_id>,<read_len>"),
    ("QFWDACK", "+QFWDACK: <socket_id>"),
    ("QFWDCFG", '+QFWDCFG: "urc",<socketfd>,<urc_port>'),
)


def test_the_test_forms_are_the_manuals():
    d = Dialogue()
    for name, text in TESTS:
        assert d.say("AT+%s=?" % name) == line(text) + OK
    assert d.say("AT+QFWDSSTATE=?") == OK
    assert d.say("AT+QFWDCLOSE=?") == OK


def test_forms_that_the_manual_does_not_have_are_errors():
    d = Dialogue()
    for name in ("SEND", "RECV", "ACK", "SSTATE", "CLOSE", "CFG"):
        assert d.say("AT+QFWD%s?" % name) == ERROR
    for name in ("SERVER", "CLIENT", "SEND", "RECV", "ACK", "SSTATE", "CLOSE", "CFG"):
        assert d.say("AT+QFWD" + name) == ERROR
        assert d.say("AT+QFWD%s=" % name) == ERROR
    assert d.say('AT+QFWDCGF="urc",1') == ERROR


BAD = (
    'AT+QFWDSERVER=17,9,"IP","tcp",2020,5,60,"uart1"',
    'AT+QFWDSERVER=0,0,"IP","tcp",2020,5,60,"uart1"',
    'AT+QFWDSERVER=0,65536,"IP","tcp",2020,5,60,"uart1"',
    'AT+QFWDSERVER=0,9,"IPX","tcp",2020,5,60,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","sctp",2020,5,60,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","tcp",0,5,60,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","tcp",65536,5,60,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","tcp",2020,0,60,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","tcp",2020,11,60,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","tcp",2020,5,0,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","tcp",2020,5,65536,"uart1"',
    'AT+QFWDSERVER=0,9,"IP","tcp",2020,5,60,"uart2"',
    'AT+QFWDSERVER=0,9,"IP","tcp",2020,5,60,"uart1",1',
    'AT+QFWDSERVER=0,9,"IP","tcp",2020',
    'AT+QFWDSERVER=0,-9,"IP","tcp",2020,5',
    'AT+QFWDSERVER=0,9,"IP","tcp","2020",5',
    'AT+QFWDSERVER=0,9,"IP","tcp,2020,5',
    'AT+QFWDSERVER=0,9,"IP""IP","tcp",2020,5',
    'AT+QFWDSERVER=1,"uninet","ip","tcp",2020,5',
    'AT+QFWDSERVER=0,1,"IP","tcp",2121,5,60,"uart1"',  # the id is in use
    'AT+QFWDSERVER=0,2,"IP","tcp",2121,5,60,"uart1"',
    'AT+QFWDCLIENT=17,9,"IP","tcp","198.51.100.7",80,"uart1"',
    'AT+QFWDCLIENT=0,0,"IP","tcp","198.51.100.7",80,"uart1"',
    'AT+QFWDCLIENT=0,9,"IPV5","tcp","198.51.100.7",80,"uart1"',
    'AT+QFWDCLIENT=0,9,"IP","icmp","198.51.100.7",80,"uart1"',
    'AT+QFWDCLIENT=0,9,"IP","tcp","",80,"uart1"',
    'AT+QFWDCLIENT=0,9,"IP","tcp",,80,"uart1"',
    'AT+QFWDCLIENT=0,9,"IP","tcp","198.51.100.7",0,"uart1"',
    'AT+QFWDCLIENT=0,9,"IP","tcp","198.51.100.7",80,"com1"',
    'AT+QFWDCLIENT=0,9,"IP","tcp","198.51.100.7",80,"uart1",60',
    'AT+QFWDCLIENT=0,9,"IP","tcp","198.51.100.7"',
    'AT+QFWDCLIENT=0,2,"IP","tcp","198.51.100.7",80,"uart1"',
    'AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"',
    "AT+QFWDSEND=9,0,5",
    "AT+QFWDSEND=1,0,5",  # a server
    "AT+QFWDSEND=2,2,5",
    "AT+QFWDSEND=2,0,0",
    "AT+QFWDSEND=2,0,1025",
    "AT+QFWDSEND=2,0,5,1",
    "AT+QFWDSEND=2",
    "AT+QFWDSEND=2,,5",
    "AT+QFWDSEND=2,0x0",
    "AT+QFWDRECV=9,1024",
    "AT+QFWDRECV=1,1024",
    "AT+QFWDRECV=2,0",
    "AT+QFWDRECV=2,1025",
    "AT+QFWDRECV=2",
    "AT+QFWDRECV=2,1,1",
    "AT+QFWDACK=9",
    "AT+QFWDACK=1",
    "AT+QFWDACK=3,1024",
    "AT+QFWDSSTATE=9",
    "AT+QFWDSSTATE=2",
    "AT+QFWDCLOSE=9",
    "AT+QFWDCLOSE=0",
    "AT+QFWDCLOSE=1,2",
    'AT+QFWDCFG="urc"',
    'AT+QFWDCFG="urc",9',
    'AT+QFWDCFG="urc",2,"uart2"',
    'AT+QFWDCFG="urc",2,"uart1",1',
    'AT+QFWDCFG="urk",2',
)


def test_bad_parameters_are_a_plain_error_and_change_nothing():
    d = Dialogue()
    d.server(1)
    peer = d.client(2)
    before = d.say("AT+QFWDSERVER?;+QFWDCLIENT?;+QFWDACK=2")
    for bad in BAD:
        for mode in (1, 2):  # whatever CMEE says
            d.say("AT+CMEE=%d" % mode)
            assert d.say(bad) == ERROR, bad
    assert d.say("AT+QFWDSERVER?;+QFWDCLIENT?;+QFWDACK=2") == before
    assert peer.recv() == b"" and not peer.closed
    assert d.heard() == b""


def test_words_in_any_case_quoted_or_not():
    d = Dialogue()
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say('AT+QFWDSERVER= 0,1,"ip","TCP",2020,5,60,"Uart1"') == OK + urc('"server/open",1,0')
    assert d.say('at+qfwdclient=0, 2, ip, Tcp, "198.51.100.7", 80, UART1') == OK + urc('"client/open",2,0')


def test_defaults_of_what_may_be_left_out():
    d = Dialogue()
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say('AT+QFWDSERVER=0,1,"IP","tcp",2020,5') == OK
    assert d.heard(port="usbat") == urc('"server/open",1,0')
    assert d.say('AT+QFWDCFG="urc",1') == line('+QFWDCFG: "urc",1,"usbat"') + OK
    assert d.say('AT+QFWDCLIENT=0,2,"IP","tcp","198.51.100.7",80') == OK
    assert d.heard(port="usbat") == urc('"client/open",2,0')
    child = d.net.dial("tcp", 2020)
    d.heard(59 * 1000000)
    assert not child.closed
    d.heard(1000000)
    assert child.closed  # 60 s


def test_the_lists_show_what_is_open():
    d = Dialogue()
    assert d.say("AT+QFWDSERVER?") == OK
    assert d.say("AT+QFWDCLIENT?") == OK
    d.server(7)
    assert d.say('AT+QFWDSERVER=0,5,"IP","udp",2021,5,60,"usbmodem"') == OK
    d.client(2)
    d.child(2020)
    assert d.say("AT+QFWDSERVER?") == line('+QFWDSERVER: 5,"udp",2021,"usbmodem"') + line('+QFWDSERVER: 7,"tcp",2020,"uart1"') + OK
    assert d.say("AT+QFWDCLIENT?") == (
        line('+QFWDCLIENT: 1,"Income","tcp","192.168.225.58",56784,"0.0.0.0",2020,"uart1"')
        + line('+QFWDCLIENT: 2,"Active","tcp","198.51.100.7",80,"10.64.0.1",50001,"uart1"')
        + OK
    )


def test_a_socket_s_urcs_go_to_its_own_port_and_nowhere_else():
    d = Dialogue()
    assert d.say('AT+QFWDSERVER=0,1,"IP","tcp",2020,5,60,"usbat"') == OK
    assert d.heard(port="usbat") == urc('"server/open",1,0')
    assert d.say('AT+QFWDCFG="urc",1,"usbmodem"') == OK
    peer = d.net.dial("tcp", 2020, ("192.168.225.58", 1))
    assert d.heard(port="usbmodem") == urc('"client/incoming",1,2,"192.168.225.58",1,"0.0.0.0",2020')
    peer.send(b"x")
    assert d.heard(port="usbmodem") == urc('"client/read",2')  # the child has its server's
    assert d.say('AT+QFWDCFG="urc",2,"uart1"') == OK
    peer.close()
    assert d.heard() == urc('"client/close",2')
    for port in ("uart1", "usbat", "usbmodem"):
        assert d.module.take(port) == b""


def test_a_prompt_may_end_a_chain():
    d = Dialogue()
    peer = d.client()
    assert d.say("AT+CSQ;+QFWDSEND=1,0,2") == line("+CSQ: 24,99") + PROMPT
    assert d.raw(b"hi") == line("+QFWDSEND: 1,2") + OK
    assert peer.recv() == b"hi"

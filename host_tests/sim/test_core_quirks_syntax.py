"""Other readings of how commands are written and answers are spelt."""

from sim_dialogue import ERROR, OK, PROMPT, line, quirky, urc

SERVER = 'AT+QFWDSERVER=0,1,"IP","tcp",2020,5,60,"uart1"'
CLIENT = 'AT+QFWDCLIENT=0,2,"IP","tcp","198.51.100.7",80,"uart1"'
EXAMPLE = 'AT+QFWDSERVER= 1,"uninet","ip","tcp",2020,5'
LISTENS = urc('"server/open",1,0')
INCOMING = '"client/incoming",1,2,"192.168.225.58",56784,"0.0.0.0",2020'


def opened(d, command=SERVER, id=1):
    """Gives the command: its answer, and where its URC went."""
    answer = d.say(command)
    for port in ("uart1", "usbat", "usbmodem"):
        if port != d.port:
            heard = d.heard(port=port)
            if heard:
                assert heard == urc('"%s/open",%d,0' % ("server" if "SERVER" in command else "client", id))
                return answer, port
    return answer, d.port


def test_chapter_4_s_syntax_alone():
    d = quirky(server_syntax="legacy")
    assert d.say(SERVER) == ERROR
    assert opened(d, EXAMPLE) == (OK, "usbat")
    assert d.say("AT+QFWDSERVER?") == line('+QFWDSERVER: 1,"tcp",2020,"usbat"') + OK
    assert d.say('AT+QFWDSERVER=2,"","IPV6","udp",2021,10') == OK
    assert d.say('AT+QFWDSERVER=3,"net","IP","tcp",2022,5,60') == ERROR
    assert d.say('AT+QFWDSERVER=0,"net","IP","tcp",2022,5') == ERROR
    assert d.say('AT+QFWDSERVER=0,4,"IP","tcp",2022,5') == ERROR
    child = d.net.dial("tcp", 2020)
    d.heard(59000000)
    assert not child.closed
    d.heard(1000000)
    assert child.closed  # it cannot say, so it is 60 s


def test_either_syntax():
    d = quirky(server_syntax="both")
    assert d.say(SERVER) == OK + LISTENS
    assert d.say('AT+QFWDSERVER=0,2,"IP","tcp",2021,5') == OK
    assert d.say('AT+QFWDSERVER=3,"uninet","ip","tcp",2022,5') == OK
    d.heard(port="usbat")
    ids = '1,"tcp",2020,"uart1"', '2,"tcp",2021,"usbat"', '3,"tcp",2022,"usbat"'
    assert d.say("AT+QFWDSERVER?") == b"".join([line("+QFWDSERVER: " + text) for text in ids]) + OK


def test_every_argument_is_wanted():
    d = quirky(trailing_optional="no")
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say('AT+QFWDSERVER=0,1,"IP","tcp",2020,5') == ERROR
    assert d.say('AT+QFWDSERVER=0,1,"IP","tcp",2020,5,60') == ERROR
    assert d.say('AT+QFWDSERVER=0,1,"IP","tcp",2020,5,,"uart1"') == ERROR
    assert d.say(SERVER) == OK + LISTENS
    assert d.say('AT+QFWDCLIENT=0,2,"IP","tcp","198.51.100.7",80') == ERROR
    assert d.say(CLIENT) == OK + urc('"client/open",2,0')


def test_the_default_port_is_that_of_the_command():
    short = 'AT+QFWDSERVER=0,1,"IP","tcp",2020,5'
    assert opened(quirky(), short) == (OK, "usbat")
    assert opened(quirky(default_urc_port="issuing"), short) == (OK + LISTENS, "uart1")
    assert opened(quirky("usbmodem", default_urc_port="issuing"), short) == (OK + LISTENS, "usbmodem")
    d = quirky(default_urc_port="issuing")
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say('AT+QFWDCLIENT=0,2,"IP","tcp","198.51.100.7",80') == OK + urc('"client/open",2,0')


def test_children_report_to_the_default_port():
    for quirks, port in (({}, "usbat"), ({"default_urc_port": "issuing"}, "uart1")):
        d = quirky(child_urc="default", **quirks)
        assert d.say(SERVER.replace("uart1", "usbmodem")) == OK
        assert d.heard(port="usbmodem") == LISTENS
        peer = d.net.dial("tcp", 2020)
        assert d.heard(port=port) == urc(INCOMING)
        peer.send(b"x")
        assert d.heard(port=port) == urc('"client/read",2')
        assert d.say('AT+QFWDCFG="urc",2') == line('+QFWDCFG: "urc",2,"%s"' % port) + OK


def test_only_the_words_of_the_test_replies():
    d = quirky(case="strict")
    d.net.listen("tcp", "198.51.100.7", 80)
    for good, bad in (('"IP"', '"ip"'), ('"IP"', "IP"), ('"tcp"', '"TCP"'), ('"tcp"', "tcp"), ('"uart1"', '"Uart1"'), ('"uart1"', "uart1")):
        assert d.say(SERVER.replace(good, bad)) == ERROR
        assert d.say(CLIENT.replace(good, bad)) == ERROR
    assert d.say(SERVER) == OK + LISTENS
    assert d.say(CLIENT) == OK + urc('"client/open",2,0')
    for bad in ('="URC",1', "=urc,1", '="urc",1,"Usbat"', '="urc",1,usbat'):
        assert d.say("AT+QFWDCFG" + bad) == ERROR
    assert d.say('at+qfwdcfg="urc",1,"usbat"') == OK


CASES = {
    "lower": ("server/open", "client/incoming", "client/read", "client/close", "tcp", "income", "active", "uart1"),
    "upper": ("SERVER/OPEN", "CLIENT/INCOMING", "CLIENT/READ", "CLIENT/CLOSE", "TCP", "INCOME", "ACTIVE", "UART1"),
    "title": ("Server/Open", "Client/Incoming", "Client/Read", "Client/Close", "Tcp", "Income", "Active", "Uart1"),
}


def spelt(d, words):
    opened, incoming, read, closed, proto, income, active, port = words
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(SERVER) == OK + urc('"%s",1,0' % opened)
    peer = d.net.dial("tcp", 2020)
    assert d.heard() == urc(INCOMING.replace("client/incoming", incoming))
    assert d.say(CLIENT.replace(",2,", ",3,")).upper() == OK + urc('"client/open",3,0').upper()
    peer.send(b"x")
    assert d.heard() == urc('"%s",2' % read)
    assert d.say("AT+QFWDSERVER?") == line('+QFWDSERVER: 1,"%s",2020,"%s"' % (proto, port)) + OK
    first = '+QFWDCLIENT: 2,"%s","%s","192.168.225.58",56784,"0.0.0.0",2020,"%s"' % (income, proto, port)
    second = '+QFWDCLIENT: 3,"%s","%s","198.51.100.7",80,"10.64.0.1",50001,"%s"' % (active, proto, port)
    assert d.say("AT+QFWDCLIENT?") == line(first) + line(second) + OK
    assert d.say('AT+QFWDCFG="urc",1') == line('+QFWDCFG: "urc",1,"%s"' % port) + OK
    peer.close()
    assert d.heard() == urc('"%s",2' % closed)


def test_words_in_lower_case():
    spelt(quirky(reply_case="lower"), CASES["lower"])


def test_words_in_upper_case():
    spelt(quirky(reply_case="upper"), CASES["upper"])


def test_words_with_a_capital():
    spelt(quirky(reply_case="title"), CASES["title"])


def test_a_client_with_an_idle_timeout():
    for idle, seconds in ((",10", 10), ("", 60)):
        d = quirky(client_idle_arg="yes")
        service = d.net.listen("tcp", "198.51.100.7", 80)
        assert d.say(CLIENT + idle) == OK + urc('"client/open",2,0')
        peer = service.accept()
        assert d.heard(seconds * 1000000 - 1) == b""
        assert d.heard(1) == urc('"client/close",2')
        assert peer.closed
        assert d.say(CLIENT + ",0") == ERROR and d.say(CLIENT + ",5,5") == ERROR
    assert quirky().say(CLIENT + ",10") == ERROR


def test_a_send_without_its_second_comma():
    d = quirky(need_trailing_comma="yes")
    peer = d.client()
    assert d.say("AT+QFWDSEND=1,0") == ERROR
    assert d.say("AT+QFWDSEND=1,1") == ERROR
    assert d.say("AT+QFWDSEND=1,0,") == PROMPT
    assert d.raw(b"ab\x1a") == line("+QFWDSEND: 1,2") + OK
    assert d.say("AT+QFWDSEND=1,0,2") == PROMPT
    assert d.raw(b"cd") == line("+QFWDSEND: 1,2") + OK
    assert peer.recv() == b"abcd"


def test_lists_without_quotes():
    d = quirky(list_quoting="bare")
    d.server()
    d.child()
    assert d.say("AT+QFWDSERVER?") == line("+QFWDSERVER: 1,tcp,2020,uart1") + OK
    assert d.say("AT+QFWDCLIENT?") == line("+QFWDCLIENT: 2,Income,tcp,192.168.225.58,56784,0.0.0.0,2020,uart1") + OK
    assert d.say("AT+QFWDSSTATE=1") == line("+QFWDSSTATE: 1,2,192.168.225.58,56784,0.0.0.0,2020") + OK
    assert d.say('AT+QFWDCFG="urc",2') == line('+QFWDCFG: "urc",2,uart1') + OK


def test_the_state_of_no_server():
    d = quirky(sstate_unknown="ok")
    assert d.say("AT+QFWDSSTATE=9") == OK
    d.client(1)
    assert d.say("AT+QFWDSSTATE=1") == OK
    assert d.say("AT+QFWDSSTATE=0") == ERROR


def test_the_real_local_address():
    d = quirky(local_ip="real")
    d.server()
    d.net.dial("tcp", 2020)
    assert d.heard() == urc('"client/incoming",1,2,"192.168.225.58",56784,"10.64.0.1",2020')
    assert d.say("AT+QFWDSSTATE=1") == line('+QFWDSSTATE: 1,2,"192.168.225.58",56784,"10.64.0.1",2020') + OK


def refusals(d):
    """The answers to: a bad parameter, no such socket, no such form, an id in use, hex that is none."""
    d.client()
    yield d.say("AT+QFWDRECV=1,9999")
    yield d.say("AT+QFWDRECV=9,1")
    yield d.say("AT+QFWDRECV?")
    yield d.say(CLIENT.replace(",2,", ",1,"))
    d.say("AT+QFWDSEND=1,1")
    yield d.raw(b"3x\x1a")
    yield d.say("AT+QFWDCLOSE=0")


def test_errors_with_a_number():
    for mode in (0, 1, 2):
        d = quirky(cme="num")
        d.say("AT+CMEE=%d" % mode)
        assert list(refusals(d)) == [line("+CME ERROR: %d" % code) for code in (50, 3, 4, 3, 50, 50)]
        assert d.say("AT+NONE") == ERROR


def test_errors_with_a_text():
    d = quirky(cme="text")
    parameters, denied = line("+CME ERROR: incorrect parameters"), line("+CME ERROR: operation not allowed")
    assert list(refusals(d)) == [parameters, denied, line("+CME ERROR: operation not supported"), denied, parameters, parameters]
    assert list(refusals(quirky())) == [ERROR] * 6

"""Other readings of ids and openings."""

from sim_dialogue import ERROR, OK, line, quirky, urc

SECOND = 1000000
CLIENT = 'AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"'
SERVER = 'AT+QFWDSERVER=0,1,"IP","tcp",2020,5,60,"uart1"'
REFUSED = CLIENT.replace("80", "81")
OPEN = urc('"client/open",1,0')
FAILED = urc('"client/open",1,1')


def incoming(d, port=2020):
    """Somebody connects: that one's end, and the id it got."""
    peer = d.net.dial("tcp", port)
    heard = d.heard()
    return peer, int(heard.split(b",")[2]) if b"incoming" in heard else None


def ids(**quirks):
    """The ids of three children, of one more when the second closed, of one more when all had."""
    d = quirky(**quirks)
    d.server(3)
    children = [incoming(d) for _ in range(3)]
    children[1][0].close()
    d.heard()
    children.append(incoming(d))
    for peer, _ in children:
        if not peer._closed:
            peer.close()
    d.heard()
    children.append(incoming(d))
    return [id for _, id in children]


def test_which_ids_are_given():
    assert ids() == [1, 2, 4, 2, 1]
    assert ids(accept_alloc="next") == [1, 2, 4, 5, 6]
    assert ids(accept_alloc="top") == [65535, 65534, 65533, 65534, 65535]
    assert ids(reuse="never") == [1, 2, 4, 5, 6]
    assert ids(accept_alloc="top", reuse="never") == [65535, 65534, 65533, 65532, 65531]


def test_the_next_id_wraps_and_skips_those_in_use():
    d = quirky(accept_alloc="next")
    d.server(65535)
    d.module.sockets.ids._last = 65533
    assert [incoming(d)[1] for _ in range(2)] == [65534, 1]


def test_an_id_of_the_host_s_is_used_too():
    d = quirky(reuse="never")
    d.client(1)
    assert d.say("AT+QFWDCLOSE=1") == OK
    d.server(9)
    assert incoming(d)[1] == 2
    d.client(1, port=81)  # the host may


def test_an_id_in_use_fails_by_urc():
    d = quirky(dup="urc")
    peer = d.client()
    assert d.say(CLIENT) == OK + FAILED
    assert d.say(SERVER) == OK + urc('"server/open",1,1')
    d.server(2)
    assert d.say(SERVER.replace("0,1,", "0,2,")) == OK + urc('"server/open",2,1')
    peer.send(b"still there")
    assert d.heard() == urc('"client/read",1')
    for style, code in (("errno", 17), ("55x", 563), ("neg", -17)):
        d = quirky(dup="urc", result_style=style)
        d.client()
        assert d.say(CLIENT) == OK + urc('"client/open",1,%d' % code)


def test_a_port_in_use_is_an_error():
    d = quirky(dup_port="error")
    d.server(2)
    assert d.say(SERVER) == ERROR
    assert d.heard() == b""
    d.server(1, 2021)


def test_the_urc_of_an_opening_comes_first():
    d = quirky(open_urc="before")
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT) == OPEN + OK
    assert d.say(SERVER.replace("0,1,", "0,2,")) == urc('"server/open",2,0') + OK
    assert d.say(CLIENT.replace("0,1,", "0,3,").replace("80", "81")) == urc('"client/open",3,1') + OK
    assert d.say(SERVER.replace("0,1,", "0,4,")) == urc('"server/open",4,1') + OK
    assert d.say(CLIENT) == ERROR
    usbat = CLIENT.replace("0,1,", "0,5,").replace("uart1", "usbat")
    assert d.say(usbat) == OK
    assert d.heard(port="usbat") == urc('"client/open",5,0')


def test_the_ok_waits_for_a_slow_connection():
    d = quirky(open_urc="before")
    d.net.listen("tcp", "198.51.100.7", 80)
    d.net.fail[("198.51.100.7", 80)] = None
    assert d.say(CLIENT) == b""
    assert d.say("AT+CSQ") == b""  # one after the other
    del d.net.fail[("198.51.100.7", 80)]
    d.net.kick()
    assert d.heard() == OPEN + OK + line("+CSQ: 24,99") + OK
    d.net.fail[("198.51.100.7", 80)] = None
    assert d.say(CLIENT.replace("0,1,", "0,2,") + ";+CSQ") == b""
    assert d.heard(150 * SECOND - 1) == b""
    assert d.heard(1) == urc('"client/open",2,1') + line("+CSQ: 24,99") + OK


def test_closing_from_elsewhere_ends_the_wait():
    d = quirky(open_urc="before")
    d.net.fail[("198.51.100.7", 80)] = None
    assert d.say(CLIENT) == b""
    d.module.feed("usbat", b"ATE0+QFWDCLOSE=1\r", d.module.now)
    assert d.module.take("usbat").endswith(OK)
    assert d.module.take("uart1") == ERROR
    assert d.say(REFUSED) == FAILED + OK


def test_a_reset_ends_the_wait():
    d = quirky(open_urc="before")
    d.net.fail[("198.51.100.7", 80)] = None
    assert d.say(CLIENT) == b""
    d.module.reset(d.module.now)
    assert d.heard(200 * SECOND) == line("RDY")
    assert d.say("AT") == b"AT\r" + OK


def test_an_opening_without_a_urc():
    d = quirky(open_urc="never")
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT) == OK and d.heard() == b""
    assert d.say(SERVER.replace("0,1,", "0,2,")) == OK and d.heard() == b""
    assert b"CLIENT: 1," in d.say("AT+QFWDCLIENT?")
    assert d.say(REFUSED.replace("0,1,", "0,3,")) == OK and d.heard() == b""
    assert d.say("AT+QFWDCLOSE=3") == ERROR


def test_a_failed_opening_is_an_error():
    d = quirky(open_urc="error")
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT) == OK + OPEN
    assert d.say(SERVER.replace("0,1,", "0,2,")) == OK + urc('"server/open",2,0')
    assert d.say(SERVER.replace("0,1,", "0,4,")) == ERROR
    assert d.say(REFUSED.replace("0,1,", "0,3,")) == ERROR and d.heard() == b""
    d.net.names["slow.example"] = None
    assert d.say('AT+QFWDCLIENT=0,5,"IP","tcp","slow.example",80,"uart1"') == b""
    d.net.names["slow.example"] = "198.51.100.7"
    d.net.kick()
    assert d.heard() == OK + urc('"client/open",5,0')
    d = quirky(open_urc="error", cme="num")
    assert d.say(REFUSED) == line("+CME ERROR: 3")


def test_an_opening_takes_its_time():
    d = quirky(open_delay=100)
    service = d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT) == OK
    assert d.heard(100000 - 1) == b"" and service.accept() is None
    assert d.heard(1) == OPEN and service.accept()
    assert d.say(SERVER.replace("0,1,", "0,2,")) == OK
    assert d.say("AT+QFWDSERVER?") == OK
    peer = d.net.dial("tcp", 2020)
    assert d.heard(98999) == b""
    assert d.heard(1).startswith(urc('"server/open",2,0') + b'\r\n+QFWDURC: "client/incoming",2,3,')
    assert not peer.refused
    assert d.say(SERVER.replace("0,1,", "0,4,")) == OK
    assert d.heard(100000) == urc('"server/open",4,1')
    assert d.say(SERVER.replace("0,1,", "0,5,").replace("2020", "2021")) == OK
    assert d.say("AT+QFWDCLOSE=5") == OK
    assert d.heard(SECOND) == b""


def test_how_long_names_and_openings_take_adds_up():
    d = quirky(open_delay=5000, dns_delay=20000)
    d.net.names["a.example"] = "198.51.100.7"
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT.replace("198.51.100.7", "a.example")) == OK
    assert d.heard(25 * SECOND - 1) == b""
    assert d.heard(1) == OPEN


def test_a_name_takes_its_time():
    d = quirky(dns_delay=200)
    d.net.names["a.example"] = "198.51.100.7"
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT.replace("198.51.100.7", "a.example")) == OK
    assert d.heard(200000 - 1) == b""
    assert d.heard(1) == OPEN
    assert d.say(CLIENT.replace("0,1,", "0,2,")) == OK + urc('"client/open",2,0')  # an address takes none


def test_no_name_is_found():
    d = quirky(dns="fail", result_style="55x")
    d.net.names["a.example"] = "198.51.100.7"
    d.net.listen("tcp", "198.51.100.7", 80)
    assert d.say(CLIENT.replace("198.51.100.7", "a.example")) == OK + urc('"client/open",1,565')
    assert d.say(CLIENT) == OK + OPEN

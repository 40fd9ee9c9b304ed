"""Other readings of what reads bring, and of when the module says that there is something to read."""

from sim_dialogue import ERROR, OK, PROMPT, line, quirky, urc

READ = urc('"client/read",1')
ALL = bytes(range(256))


def given(data, *more, **quirks):
    """A client whose peer has sent that, and the peer."""
    d = quirky(**quirks)
    peer = d.client()
    for part in (data,) + more:
        peer.send(part)
        d.heard()
    return d, peer


def datagrams(*parts, **quirks):
    """A UDP client to which these were sent."""
    d = quirky(**quirks)
    peer = d.client(1, "198.51.100.7", 123, "udp")
    d.say("AT+QFWDSEND=1,0,1")
    d.raw(b"?")
    source = peer.recvfrom()[1]
    for part in parts:
        peer.sendto(part, source[1])
        d.heard()
    return d


def read(d, n=1024):
    return d.say("AT+QFWDRECV=1,%d" % n)


def got(data):
    return line("+QFWDRECV: 1,%d" % len(data)) + data + b"\r\n" + OK


NOTHING = line("+QFWDRECV: 1,0") + OK


def test_the_name_as_the_test_reply_has_it():
    d, peer = given(b"abc", recv_prefix="QFWDPRECV")
    assert read(d) == b"\r\n+QFWDPRECV: 1,3\r\nabc\r\n" + OK
    assert read(d) == b"\r\n+QFWDPRECV: 1,0\r\n" + OK


def test_qfwdack_reads_as_in_chapter_4():
    d, peer = given(b"test, data forward", ack_reads="yes")
    assert d.say("AT+QFWDACK= 1,1024") == b"\r\n+QFWDACK: 1,18\r\ntest, data forward\r\n" + OK
    assert d.say("AT+QFWDACK=1,1") == b"\r\n+QFWDACK: 1,0\r\n" + OK
    peer.send(b"abc")
    d.heard()
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,10240,10240,3,10237,10240") + OK
    assert read(d) == got(b"abc")
    assert d.say("AT+QFWDACK=1,0") == ERROR
    d, peer = given(b"abc")
    assert d.say("AT+QFWDACK=1,1024") == ERROR


def test_what_is_between_count_and_data():
    for sep, between, nothing in (
        ("comma_crlf", b",\r\n", b",\r\n"),
        ("commas_all", b",\r,\n,", b",\r,\n,\r\n"),
        ("comma", b",", b",\r\n"),
    ):
        data = b"\r\n,x\r\n" + ALL + b"\r\nOK\r\n"
        d, peer = given(data, recv_sep=sep)
        assert read(d) == b"\r\n+QFWDRECV: 1,%d" % len(data) + between + data + b"\r\n" + OK
        assert read(d) == b"\r\n+QFWDRECV: 1,0" + nothing + OK


def test_the_separators_by_name():
    assert b"1,1,\r\nx\r\n" in read(given(b"x", recv_sep="comma_crlf")[0])
    assert b"1,1,\r,\n,x\r\n" in read(given(b"x", recv_sep="commas_all")[0])
    assert b"1,1,x\r\n" in read(given(b"x", recv_sep="comma")[0])


def test_nothing_to_read_is_an_error():
    d, peer = given(b"x", empty="error")
    assert read(d) == got(b"x")
    assert read(d) == ERROR
    peer.send(b"y")
    peer.close()
    assert d.heard() == READ + urc('"client/close",1')
    assert read(d) == got(b"y")
    assert read(d) == ERROR
    assert d.say("AT+QFWDCLOSE=1") == ERROR


def test_nothing_to_read_is_ok():
    d, peer = given(b"x", empty="ok_only")
    assert read(d) == got(b"x")
    assert read(d) == OK
    peer.send(b"y")
    peer.close()
    d.heard()
    assert [read(d) for _ in range(3)] == [got(b"y"), OK, ERROR]


def test_the_tail_of_a_datagram_stays():
    d = datagrams(b"abcdef", b"gh", udp_tail="keep")
    assert [read(d, 4), read(d, 4), read(d, 4)] == [got(b"abcd"), got(b"ef"), got(b"gh")]
    assert read(d) == NOTHING
    d = datagrams(b"abcdef", b"gh")
    assert [read(d, 4), read(d, 4), read(d, 4)] == [got(b"abcd"), got(b"gh"), NOTHING]


def test_datagrams_are_merged():
    d = datagrams(b"ab", b"cd", b"efg", b"h", udp_merge="yes")
    assert [read(d, 6), read(d, 6), read(d, 6)] == [got(b"abcd"), got(b"efgh"), NOTHING]
    d = datagrams(b"abcdef", b"gh", udp_merge="yes")
    assert [read(d, 4), read(d, 4)] == [got(b"abcd"), got(b"gh")]
    d = datagrams(b"abcdef", b"gh", udp_merge="yes", udp_tail="keep")
    assert [read(d, 4), read(d, 4)] == [got(b"abcd"), got(b"efgh")]


def announced(**quirks):
    """What is heard at: two arrivals, a read that leaves some, an arrival, a read of all, an arrival."""
    d = quirky(**quirks)
    peer = d.client()
    heard = []
    for part in (b"12", b"34"):
        peer.send(part)
        heard.append(d.heard().count(READ))
    heard.append(read(d, 1).count(READ))
    peer.send(b"5")
    heard.append(d.heard().count(READ))
    heard.append(read(d, 9).count(READ))
    peer.send(b"6")
    heard.append(d.heard().count(READ))
    return heard


def test_when_client_read_comes():
    assert announced() == [1, 0, 0, 0, 0, 1]
    assert announced(read_urc="level") == [1, 0, 1, 0, 0, 1]
    assert announced(read_urc="per_segment") == [1, 1, 0, 1, 0, 1]
    assert announced(read_urc="lost") == [0, 0, 0, 0, 0, 0]
    assert announced(rearm="on_read") == [1, 0, 0, 1, 0, 1]
    assert announced(read_urc="level", rearm="on_read") == [1, 0, 1, 1, 0, 1]


def test_level_says_so_after_the_ok():
    d, peer = given(b"abc", read_urc="level")
    assert read(d, 1) == got(b"a") + READ
    assert read(d, 1) == got(b"b") + READ
    assert read(d, 1) == got(b"c")


def test_each_datagram_is_a_segment():
    d = datagrams(read_urc="per_segment")
    peer = d.net.udp("198.51.100.7", 123)
    for _ in range(3):
        peer.sendto(b"x", 50001)
    assert d.heard() == READ * 3


def test_a_lost_client_read_loses_no_close():
    d, peer = given(b"abc", read_urc="lost")
    peer.close()
    assert d.heard() == urc('"client/close",1')
    assert read(d) == got(b"abc")


def test_only_the_clients_of_servers_have_client_read():
    d = quirky(read_urc_active="no")
    active = d.client(1)
    d.server(5)
    income = d.child()
    active.send(b"x")
    income.send(b"yz")
    assert d.heard() == urc('"client/read",2')
    assert read(d) == got(b"x")
    active.close()
    assert d.heard() == urc('"client/close",1')


def test_client_read_tells_how_much():
    d = quirky(read_urc_len="yes")
    peer = d.client()
    peer.send(b"x" * 123)
    assert d.heard() == urc('"client/read",1,123')
    read(d, 23)
    d = quirky(read_urc_len="yes", read_urc="level")
    d.client().send(b"x" * 123)
    assert d.heard() == urc('"client/read",1,123')
    assert read(d, 23).endswith(OK + urc('"client/read",1,100'))


def test_the_queues_are_less_than_their_maximum():
    d, peer = given(b"x" * 40, ack_sum="less")
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,5120,10240,40,5100,10240") + OK


def test_the_queues_have_their_size():
    d = quirky(sendmax=64, recvmax=1460)
    peer = d.client()
    peer.window = 0
    peer.send(b"x" * 2000)
    d.heard()
    assert d.say("AT+QFWDSEND=1,0,100") == PROMPT
    assert d.raw(b"y" * 100) == line("+QFWDSEND: 1,64") + OK
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,64,0,64,1460,0,1460") + OK
    d = quirky(sendmax="1460", recvmax="64")
    d.client()
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,1460,1460,0,64,64") + OK


def test_a_read_is_cut_at_its_first_nul():
    d, peer = given(b"ab\0cdef", nul="truncate")
    assert read(d, 4) == got(b"ab")
    assert read(d, 4) == got(b"def")
    peer.send(b"\0" + b"g")
    d.heard()
    assert read(d) == NOTHING
    assert d.say("AT+QFWDACK=1") == line("+QFWDACK: 1,0,10240,10240,0,10240,10240") + OK


def test_a_read_brings_no_more_than_the_cap():
    d, peer = given(b"x" * 1500, recv_cap=700)
    assert [read(d), read(d, 701), read(d, 99)] == [got(b"x" * 700), got(b"x" * 700), got(b"x" * 99)]
    assert read(d) == got(b"x")
    d = datagrams(b"a" * 101, b"b", recv_cap=100)
    assert [read(d), read(d)] == [got(b"a" * 100), got(b"b")]
    d = datagrams(b"a" * 101, b"b", recv_cap=100, udp_tail="keep")
    assert [read(d), read(d)] == [got(b"a" * 100), got(b"a")]


def test_what_was_read_is_in_hex():
    d, peer = given(b"\x00\x1a\xffA", recv_hex="yes")
    assert read(d, 3) == line("+QFWDRECV: 1,3") + b"001AFF\r\n" + OK
    assert read(d) == line("+QFWDRECV: 1,1") + b"41\r\n" + OK
    assert read(d) == NOTHING
    d, peer = given(b"a\0b", recv_hex="yes", nul="truncate")  # no string of digits has a NUL
    assert read(d) == line("+QFWDRECV: 1,3") + b"610062\r\n" + OK

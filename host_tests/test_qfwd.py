"""qfwd.py: each command is what the manual says, and an answer that cannot be right is not believed."""

from ec2x.arguments import check_port
from ec2x.qfwd import Qfwd
from ec2x.request import BROKEN, OK, Request
from expect import raises
from heap import locked
from scripted import PROBE, PROVED, Desk
from split import URCS, feed, ways

OPENED, INCOMING, READABLE, CLOSED = 1, 2, 3, 4  # as qfwd.py has them
dialect = Qfwd()


def nothing(*args):
    return 0


def sent(call, *args):
    """The request that the call has filled, and its line."""
    request = Request(nothing, nothing, nothing)
    call(request, *args)
    return request, bytes(request.line.buf[: request.line.n])


def refused(call, *args, kind=ValueError):
    """It raises, and no line has been finished."""
    request = Request(nothing, nothing, nothing)
    raises(kind, call, request, *args)
    assert b"\r" not in bytes(request.line.buf[: request.line.n])


def client(id=40000, host="example.com", port=80, proto="tcp", ip="IP", cid=1, urc_port="uart1"):
    return id, host, port, proto, ip, cid, urc_port


def test_each_command_is_as_the_manual_prints_it():
    for call, args, expected, prefix in (
        (dialect.client, client(), b'AT+QFWDCLIENT=1,40000,"IP","tcp","example.com",80,"uart1"\r', b""),
        (
            dialect.client,
            (65535, "::1", 65535, "udp", "IPV6", 16, "usbmodem"),
            b'AT+QFWDCLIENT=16,65535,"IPV6","udp","::1",65535,"usbmodem"\r',
            b"",
        ),
        (dialect.client, (1, "h", 1, "tcp", "IP", 0, "uart1"), b'AT+QFWDCLIENT=0,1,"IP","tcp","h",1,"uart1"\r', b""),
        (dialect.recv, (40000, 1024), b"AT+QFWDRECV=40000,1024\r", b"+QFWDRECV:"),
        (dialect.recv, (2, 1), b"AT+QFWDRECV=2,1\r", b"+QFWDRECV:"),
        (dialect.ack, (40000,), b"AT+QFWDACK=40000\r", b"+QFWDACK:"),
        (dialect.close, (40000,), b"AT+QFWDCLOSE=40000\r", b""),
    ):
        request, line = sent(call, *args)
        assert (line, request.prefix, request.payload) == (expected, prefix, None)
        assert 1000 <= request.timeout <= 60000 and not request.bare and not request.careless


def test_each_form_of_a_send_has_its_length_and_its_end():
    payload = object()
    for args, expected, size, end in (
        ((40000, 5, payload), b"AT+QFWDSEND=40000,0,5\r", 5, 0),
        ((40000, 1024, payload, False, True), b"AT+QFWDSEND=40000,0,1024\r", 1024, 0),
        ((2, 7, payload, True, True), b"AT+QFWDSEND=2,1,7\r", 14, 0),
        ((2, 7, payload, True, False), b"AT+QFWDSEND=2,1\r", 14, 26),
        ((2, 7, payload, False, False), b"AT+QFWDSEND=2,0\r", 7, 26),
    ):
        request, line = sent(dialect.send, *args)
        assert (line, request.prefix) == (expected, b"+QFWDSEND:")
        assert (request.size, request.end) == (size, end) and request.payload is payload


def test_a_host_name_that_could_speak_to_the_module_is_refused_before_a_byte_is_written():
    for host in ("", "x" * 256, 'a"b', "a\rAT+CFUN=0", "a\nb", "a\0b", "a\x1ab", "a\x1bb", 'h",80,"uart1"', "caf\u00e9", "\x7f"):
        refused(dialect.client, *client(host=host))
        raises(ValueError, dialect.check_peer, host, 80)
    for host in (None, b"example.com", 5, ["h"]):
        refused(dialect.client, *client(host=host), kind=TypeError)
    for name in ("proto", "ip", "urc_port"):
        for bad in ('"', "a\r", "a\0", "x" * 9):
            refused(dialect.client, *client(**{name: bad}))


def test_the_longest_host_name_fits():
    _, line = sent(dialect.client, *client(id=65535, host="h" * 255, port=65535, ip="IPV6", cid=16, urc_port="usbmodem"))
    assert line == b'AT+QFWDCLIENT=16,65535,"IPV6","tcp","' + b"h" * 255 + b'",65535,"usbmodem"\r'


def test_a_port_that_the_module_would_not_take_is_refused_before_a_byte_is_written():
    for bad in (0, -1, 65536, 10**12, 80.0, "80", None):
        refused(dialect.client, *client(port=bad))
        raises(ValueError, check_port, bad)
    dialect.check_peer("h", 1)
    dialect.check_peer("h", 65535)
    check_port(65535)


def heard(urc):
    """(what, id, child, result) as a fresh dialect reads it, with other bytes around."""
    one = Qfwd()
    buf = bytearray(b"9," + urc + b",7,7")
    return one.event(buf, 2, 2 + len(urc)), one.id, one.child, one.result


def test_each_of_the_five_urcs_says_what_it_says():
    assert heard(URCS[0]) == (OPENED, 1, 0, 0)
    assert heard(URCS[1]) == (OPENED, 40000, 0, 0)
    assert heard(URCS[2]) == (INCOMING, 1, 2, 0)
    assert heard(URCS[3]) == (READABLE, 40001, 0, 0)
    assert heard(URCS[4]) == (CLOSED, 40001, 0, 0)
    assert len({0, OPENED, INCOMING, READABLE, CLOSED}) == 5


def test_a_urc_in_another_spelling_is_understood():
    assert heard(b"+QFWDURC:client/read,3")[:2] == (READABLE, 3)
    assert heard(b'+QFWDURC: "CLIENT/READ", 3 ')[:2] == (READABLE, 3)
    assert heard(b'+QFWDURC: "client/open",3,-111') == (OPENED, 3, 0, -111)
    assert heard(b'+QFWDURC: "server/open",3,566,"more"') == (OPENED, 3, 0, 566)


def test_a_urc_that_cannot_be_read_says_nothing():
    for text in (
        b"",
        b" ",
        b",",
        b'"client/read"',
        b'"client/read",',
        b'"client/read",x',
        b'"client/read",99999999999',
        b'"client/read,3',
        b'"client/write",3',
        b'"server/read",3',
        b'"client/open",3',
        b'"client/open",3,',
        b'"client/open",3,ok',
        b'"server/open",3',
        b'"client/incoming",1',
        b'"client/incoming",1,x',
        b'"client/incoming",x,1',
        b"1,2,3",
        b"\0\xff,1,1",
    ):
        assert heard(b"+QFWDURC:" + text)[0] == 0, text
        assert heard(b"+QFWDURC: " + text)[0] == 0, text


def test_a_urc_cut_at_any_place_never_raises_and_never_says_another_thing():
    for urc in URCS:
        what = heard(urc)[0]
        for n in range(9, len(urc)):
            assert heard(urc[:n])[0] in (0, what)


# An answer's count: the text, what it is taken for when socket 7 was asked for at most 100
COUNTS = (
    (b" 7,0", 0),
    (b" 7,1", 1),
    (b" 7,100", 100),
    (b"7,5", 5),
    (b" 7 , 5 ", 5),
    (b" 7,5,", 5),
    (b" 7,101", -1),
    (b" 7,-1", -1),
    (b" 7,-5", -1),
    (b" 7,", -1),
    (b" 7", -1),
    (b"", -1),
    (b" ", -1),
    (b" 7,x", -1),
    (b" 7,5x", -1),
    (b' 7,"5"', -1),
    (b" 7,0x10", -1),
    (b" 7," + b"1" * 300, -1),
    (b" 7,4294967301", -1),
    (b" 8,5", -1),
    (b" -7,5", -1),
    (b" x,5", -1),
    (b" ,5", -1),
    (b" 70,5", -1),
)


def test_a_count_that_was_not_asked_for_is_not_believed():
    for text, n in COUNTS:
        buf = bytearray(b"9" + text + b"9")
        assert dialect.counted(buf, 1, 1 + len(text), 7, 100) == n, text


def test_a_reader_is_given_the_exact_bytes_or_the_answer_is_broken():
    line = b"AT+QFWDRECV=7,100"
    for text, n in COUNTS:
        wire = b"\r\n+QFWDRECV:" + text + b"\r\n" + (b"d" * n + b"\r\n" if n > 0 else b"") + b"\r\nOK\r\n"
        for way in ways(wire) if len(wire) < 100 else [[wire[:80], wire[80:]]]:
            desk = Desk((line + b"\r", b""), (PROBE, PROVED))
            request = desk.request(line, b"+QFWDRECV:")
            request.on_line = lambda buf, start, end: dialect.counted(buf, start + 10, end, 7, 100)
            desk.step()
            feed(desk.take, way)
            assert desk.done == [BROKEN if n < 0 else OK], (text, way)
            assert bytes(desk.data) == b"d" * max(0, n)


def test_a_count_of_a_billion_digits_is_no_count():
    desk = Desk((b"AT+R\r", b""))
    request = desk.request(b"AT+R", b"+QFWDRECV:")
    request.on_line = lambda buf, start, end: dialect.counted(buf, start + 10, end, 7, 100)
    desk.step()
    feed(desk.take, [b"\r\n+QFWDRECV: 7,"] + [b"1" * 250] * 100)
    assert (desk.done, bytes(desk.data)) == ([], b"")
    feed(desk.take, [b"11\r\n\r\nOK\r\n"])
    assert desk.done == [OK] and desk.chat.framer.too_long == 1


def test_each_counter_of_the_queue_is_read_from_its_place():
    text = b" 7,10,1014,1024,5,2043,2048"
    buf = bytearray(text)
    assert [dialect.queue(buf, 0, len(buf), 7, k) for k in range(7)] == [10, 1014, 1024, 5, 2043, 2048, -1]
    for bad in (b" 8,10", b" 7", b" 7,", b" 7,x", b" 7,-1", b" 7,-5", b" 7,1111111111", b""):
        assert dialect.queue(bytearray(bad), 0, len(bad), 7, 0) == -1, bad


def test_servers_and_explicit_commands_are_there_when_they_are_first_needed():
    whole = dialect.whole()
    assert isinstance(whole, Qfwd) and whole.MAX_BACKLOG == 10


def test_reading_and_building_take_no_memory():
    request = Request(nothing, nothing, nothing)
    one = Qfwd()
    answer = bytearray(b" 40001,1024,5")
    urcs = [bytearray(urc) for urc in URCS]

    def traffic():
        one.recv(request, 40001, 1024)
        one.send(request, 40001, 1024, request)
        one.ack(request, 65535)
        one.close(request, 1)
        for urc in urcs:
            one.event(urc, 0, len(urc))
        return one.counted(answer, 0, len(answer), 40001, 1024) + one.queue(answer, 0, len(answer), 40001, 1)

    assert locked(traffic) == 1029

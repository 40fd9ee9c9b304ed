"""forms.py: the rest of the dialect, for servers, explicit commands and errors."""

from ec2x import errors
from ec2x.forms import Forms
from ec2x.request import OK, Request
from expect import raises
from scripted import Desk, Spans
from split import URCS, feed, ways

dialect = Forms()


def nothing(*args):
    return 0


def sent(call, *args):
    """The request that the call has filled, and its line."""
    request = Request(nothing, nothing, nothing)
    call(request, *args)
    return request, bytes(request.line.buf[: request.line.n])


def refused(call, *args):
    """It raises, and no line has been finished."""
    request = Request(nothing, nothing, nothing)
    error = raises(ValueError, call, request, *args)
    assert b"\r" not in bytes(request.line.buf[: request.line.n])
    return str(error)


def server(id=40000, port=2020, proto="tcp", ip="IP", cid=0, backlog=5, idle=65535, urc_port="uart1"):
    return id, port, proto, ip, cid, backlog, idle, urc_port


def test_each_command_is_as_the_manual_prints_it():
    for call, args, expected, prefix in (
        (dialect.server, server(), b'AT+QFWDSERVER=0,40000,"IP","tcp",2020,5,65535,"uart1"\r', b""),
        (
            dialect.server,
            (65535, 65535, "udp", "IPV6", 16, 10, 1, "usbmodem"),
            b'AT+QFWDSERVER=16,65535,"IPV6","udp",65535,10,1,"usbmodem"\r',
            b"",
        ),
        (dialect.sstate, (1,), b"AT+QFWDSSTATE=1\r", b"+QFWDSSTATE:"),
        (dialect.urc_port, (3,), b'AT+QFWDCFG="urc",3\r', b"+QFWDCFG:"),
        (dialect.urc_port, (3, "usbat"), b'AT+QFWDCFG="urc",3,"usbat"\r', b"+QFWDCFG:"),
        (dialect.read, (b"QFWDSERVER",), b"AT+QFWDSERVER?\r", b"+QFWDSERVER:"),
        (dialect.read, (b"QFWDCLIENT",), b"AT+QFWDCLIENT?\r", b"+QFWDCLIENT:"),
    ):
        request, line = sent(call, *args)
        assert (line, request.prefix) == (expected, prefix)
        assert request.payload is None and not request.bare and 1000 <= request.timeout <= 60000


def test_every_command_can_be_asked_what_it_takes():
    for name in ("QFWDSERVER", "QFWDCLIENT", "QFWDSEND", "QFWDRECV", "QFWDACK", "QFWDSSTATE", "QFWDCLOSE", "QFWDCFG"):
        request, line = sent(dialect.test, name)
        assert line == b"AT+" + name.encode() + b"=?\r"
        assert request.bare, "the manual misprints a prefix"


def test_a_test_of_any_other_command_is_refused():
    for name in ("", "QFWD", "CFUN", "QFWDSEND=1,0;+CFUN", "qfwdsend", None):
        assert "QFWDSSTATE" in refused(dialect.test, name)


def test_an_answer_under_a_misprinted_prefix_is_handed_out_all_the_same():
    answer = b"\r\n+QFWDPRECV: <socket_id>,<req_length>\r\n\r\nOK\r\n"
    for way in ways(answer):
        desk = Desk((b"AT+QFWDRECV=?\r", b""))
        request = desk.request(b"")
        dialect.test(request, "QFWDRECV")
        desk.step()
        feed(desk.take, way)
        assert (desk.lines, desk.done) == ([b"+QFWDPRECV: <socket_id>,<req_length>"], [OK])


def test_a_server_that_the_module_would_not_take_is_refused_before_a_byte_is_written():
    for port in (0, -1, 65536, "80", None, 80.0):
        refused(dialect.server, *server(port=port))
        refused(dialect.server, *server(id=port))
    for backlog in (0, 11, -1, None):
        refused(dialect.server, *server(backlog=backlog))
    for idle in (0, 65536, None):
        refused(dialect.server, *server(idle=idle))
    for cid in (-1, 17, None):
        refused(dialect.server, *server(cid=cid))
    for name in ("proto", "ip", "urc_port"):
        for bad in ('"', "a\r", "x" * 9):
            refused(dialect.server, *server(**{name: bad}))


def test_only_the_modules_own_ports_get_urcs():
    for port in ("uart1", "usbat", "usbmodem"):
        sent(dialect.urc_port, 1, port)
    for port in ("", "uart2", "UART1", 'uart1"', "uart1\r", 1):
        assert "uart1, usbat, usbmodem" in refused(dialect.urc_port, 1, port)
    for id in (0, 65536, None):
        refused(dialect.urc_port, id)
        refused(dialect.sstate, id)


def test_a_kind_of_socket_that_there_is_not_is_refused():
    for proto in ("tcp", "udp"):
        for ip in ("IP", "IPV6"):
            dialect.check_kind(proto, ip)
    for proto, ip in (("sctp", "IP"), ("TCP", "IP"), ("", "IP"), ("tcp", "ip"), ("tcp", "IPV4"), ("tcp", ""), (None, "IP"), ("tcp", None)):
        raises(ValueError, dialect.check_kind, proto, ip)


def test_a_send_is_cancelled_by_esc_and_ended_where_that_does_nothing():
    for way in ways(b"\r\n> "):
        desk = Desk((b"AT+QFWDSEND=2,0\r", b""), (b"\x1b\x1a", b"\r\nOK\r\n"))
        request = desk.request(b"")
        dialect.cancel(request, 2, Spans(dialect.CANCEL))
        desk.step()
        feed(desk.take, way)
        desk.play()
        assert desk.done == [OK] and desk.uart.left() == b""
    refused(dialect.cancel, 0, Spans(b""))


def test_only_a_send_without_a_length_may_want_one_comma_more():
    for hex, fixed, line in (
        (False, False, b"AT+QFWDSEND=2,0,\r"),
        (True, False, b"AT+QFWDSEND=2,1,\r"),
        (False, True, b"AT+QFWDSEND=2,0,5\r"),
        (True, True, b"AT+QFWDSEND=2,1,5\r"),
    ):
        request, _ = sent(dialect.send, 2, 5, Spans(b"12345"), hex, fixed)
        assert dialect.comma(request) == (not fixed)
        assert not dialect.comma(request) and bytes(request.line.buf[: request.line.n]) == line


def within(text):
    """A buffer where text has other bytes around it, and its span."""
    return bytearray(b"1," + text + b"9"), 2, 2 + len(text)


def test_the_peer_of_an_incoming_connection_is_known():
    assert dialect.peer(*within(URCS[2])) == ("192.168.225.58", 56784)
    assert dialect.peer(*within(b'+QFWDURC: "client/incoming",1,2,"fe80::1",1')) == ("fe80::1", 1)
    for text in (b"", b',"192.168.225.58"', b',"192.168.225.58",', b',"192.168.225.58",x', b',"192.168.225.58,56784'):
        assert dialect.peer(*within(b'+QFWDURC: "client/incoming",1,2' + text)) is None, text


def test_a_servers_connections_are_read_from_its_state():
    fresh = Forms()
    assert fresh.state(*within(b' 1,2,"192.168.225.58",56784,"0.0.0.0",2020')) == ("192.168.225.58", 56784)
    for text in (b"", b" 1", b" 1,", b" 1,x", b" 1,2", b' 1,2,"192.168.225.58"', b' 1,2,"192.168.225.58",x', b' 1,2,"h,80'):
        assert fresh.state(*within(text)) is None, text


def test_a_result_is_the_errno_that_a_kernel_would_give():
    for result, number in (
        (98, errors.EADDRINUSE),
        (110, errors.ETIMEDOUT),
        (111, errors.ECONNREFUSED),
        (101, errors.EHOSTUNREACH),
        (113, errors.EHOSTUNREACH),
        (556, errors.EADDRINUSE),
        (563, errors.EADDRINUSE),
        (574, errors.EADDRINUSE),
        (561, errors.EHOSTUNREACH),
        (565, errors.EHOSTUNREACH),
        (566, errors.ECONNREFUSED),
        (569, errors.ETIMEDOUT),
        (570, errors.EHOSTUNREACH),
    ):
        for value in (result, -result):
            assert dialect.errno(value, False) == dialect.errno(value, True) == number


def test_a_result_that_nobody_knows_is_the_usual_one():
    for result in (1, -1, 2, 999, 999999999):
        assert dialect.errno(result, False) == errors.ECONNREFUSED
        assert dialect.errno(result, True) == errors.EADDRINUSE


def test_what_a_socket_needs_is_here_too():
    _, line = sent(dialect.recv, 2, 5)
    assert line == b"AT+QFWDRECV=2,5\r"
    assert dialect.event(*within(URCS[3])) == 3 and dialect.id == 40001  # readable


def test_a_number_that_the_module_would_not_take_is_refused_before_a_byte_is_written():
    def client(id=1, cid=0):
        return id, "h", 80, "tcp", "IP", cid, "uart1"

    for bad in (0, -1, 65536, 10**12, 80.0, "80", None):
        refused(dialect.client, *client(id=bad))
        refused(dialect.recv, bad, 1)
        refused(dialect.ack, bad)
        refused(dialect.close, bad)
        refused(dialect.send, bad, 1, None)
    for bad in (0, -1, 1025, 10**12, 1.0, "5", None):
        refused(dialect.recv, 1, bad)
        refused(dialect.send, 1, bad, None)
    for bad in (-1, 17, "1", None):
        refused(dialect.client, *client(cid=bad))
    assert sent(dialect.recv, 65535, 1024)[1] == b"AT+QFWDRECV=65535,1024\r"

"""sockets.py: the table of what is open, and what the module says unasked."""

from ec2x import errors
from ec2x.flow import Flow
from ec2x.sockets import Sockets
from expect import raises
from rig import Rig


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def test_ids_come_from_a_high_band_and_wrap_within_it_past_the_live_ones():
    rig = Rig()
    table = rig.modem.sockets
    rig.client()
    assert [table.fresh_id() for _ in range(3)] == [40001, 40002, 40003]
    table._id = 65534
    assert [table.fresh_id() for _ in range(2)] == [65535, 40001]


def test_no_read_is_asked_for_beyond_what_the_uarts_buffer_holds():
    dialect = Rig(online=False).modem.dialect
    for rxbuf, credit in ((2048, 1024), (1280, 1024), (512, 256), (256, 1), (32766, 1024)):
        assert Sockets(dialect, "uart1", rxbuf, 2).credit == credit


def test_a_full_table_says_who_is_in_it():
    rig = Rig(sockets=3)
    server = rig.listener(port=2020)
    sock, _ = rig.client()
    rig.modem.socket()
    error = raises(OSError, rig.modem.socket)
    assert error.errno == errors.ENFILE
    for text in ("tcp *:2020", "tcp 198.51.100.7:80", "tcp unconnected"):
        assert text in str(error)
    sock.close()
    rig.modem.socket()
    server.close()


def test_a_reset_of_the_module_ends_every_socket_and_all_can_be_opened_again():
    rig = Rig(baud=115200)
    server = rig.listener()
    rig.dial()
    child, _ = server.accept()
    rig.dial(at=2)
    sock, peer = rig.client()
    peer.send(bytes(5000))
    sock.send(bytes(2000))
    rig.pump(50)
    rig.reset()
    assert [f for f in rig.modem.sockets.flows if f] == []
    waiting, _ = server.accept()
    for call in (server.accept, lambda: waiting.recv(1), lambda: child.recv(1), lambda: sock.send(b"x")):
        assert errno_of(call) == errors.ECONNRESET
    got = 0
    while True:
        data = sock.recv(999)
        if not data:
            break
        got += len(data)
    assert got % 1024 == 0 and rig.modem.stats()["dropped"] > 0
    rig.listener()
    rig.client(host="198.51.100.8")


def test_sockets_that_were_not_connected_survive_a_reset():
    rig = Rig()
    sock = rig.modem.socket()
    rig.reset()
    rig.net.listen("tcp", "198.51.100.7", 80)
    sock.connect(("198.51.100.7", 80))


def test_after_a_resynchronisation_everything_is_looked_at():
    rig = Rig(meddle=True)
    sock, peer = rig.client()
    sock.setblocking(False)
    rig.pump(100_000)  # by now it is hardly looked at
    rig.modem.chat.resync()
    peer.send(b"its URC is ignored")
    before = rig.clock.us
    rig.until(lambda: sock.read(50))
    assert rig.clock.us - before < 1_000_000


def test_disconnect_closes_what_is_open():
    rig = Rig()
    sock, peer = rig.client()
    rig.modem.disconnect()
    rig.until(lambda: peer.closed)
    assert errno_of(sock.recv, 1) == errors.ECONNRESET
    assert errno_of(rig.modem.socket().connect, ("198.51.100.7", 80)) == errors.EHOSTUNREACH


def test_urcs_that_cannot_be_read_or_are_about_nobody_are_counted_and_harm_nobody():
    rig = Rig()
    sock, peer = rig.client()
    for text in (
        b'"client/read"',
        b'"client/read",x',
        b'"client/read",99999999999',
        b'"client/what",40000',
        b'"client/open",40000',
        b'"client/close",999',
        b"",
        b'"',
        b'"client/read',
    ):
        rig.urc(b"+QFWDURC: " + text)
    rig.pump(10)
    assert rig.modem.stats()["strange"] == 9
    peer.send(b"fine")
    assert sock.recv(5) == b"fine"


def test_a_connection_to_a_socket_that_is_no_server_is_no_connection():
    rig = Rig()
    sock, peer = rig.client()
    rig.urc(b'+QFWDURC: "client/incoming",40000,2,"198.51.100.9",5,"0.0.0.0",2020')
    rig.pump(10)
    peer.send(b"fine")
    assert sock.recv(5) == b"fine" and sum(1 for flow in rig.modem.sockets.flows if flow) == 1


def test_urcs_are_understood_quoted_or_bare_in_any_case_and_with_more_fields():
    for text in (b'"client/read",40000', b"client/read,40000", b'"CLIENT/READ",40000,17', b'"Client/Read", 40000'):
        rig = Rig()
        sock, _ = rig.client()
        before = rig.module.commands.get("QFWDRECV", 0)
        rig.urc(b"+QFWDURC: " + text)
        rig.pump(10)
        assert rig.module.commands["QFWDRECV"] == before + 1, text


def test_a_connection_to_a_server_that_nobody_has_any_more_is_not_kept():
    rig = Rig(meddle=True)
    rig.urc(b'+QFWDURC: "client/incoming",40007,9,"192.168.225.58",5,"0.0.0.0",2020')
    rig.until(lambda: b"AT+QFWDCLOSE=9" in rig.uart.lines)
    assert rig.modem.stats()["unwanted"] == 1


def test_nothing_is_asked_of_a_module_that_is_not_there():
    rig = Rig(online=False)
    table = rig.modem.sockets
    flow = Flow(table, 0, "tcp", "IP", None, 0, ("host", 80))
    assert table.replace(None, flow)
    flow.open()
    assert table.next(0) is None

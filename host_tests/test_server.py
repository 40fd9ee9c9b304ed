"""server.py: connections come in, whatever becomes of their URCs."""

from ec2x import errors
from ec2x import server as servers
from ec2x.flow import CLOSING
from ec2x_sim.faults import Faults
from expect import raises
from rig import Rig


def errno_of(call, *args):
    return raises(OSError, call, *args).errno


def test_a_connection_whose_urc_was_lost_is_accepted_all_the_same():
    rig = Rig()
    server = rig.listener()
    urcs = rig.modem.chat.urcs[:]
    rig.modem.chat.urcs[:] = []
    rig.dial()
    rig.pump(100)
    rig.modem.chat.urcs[:] = urcs
    before = rig.clock.us
    assert server.accept()[1] == ("192.168.225.58", 56784)
    assert rig.clock.us - before < 400_000


def test_a_connection_heard_of_twice_is_one_connection():
    rig = Rig()
    server = rig.listener(timeout=0.6)
    rig.dial()
    sock, _ = server.accept()
    rig.urc(b'+QFWDURC: "client/incoming",%d,%d,"192.168.225.58",56784,"0.0.0.0",2020' % (server.fileno(), sock.fileno()))
    assert errno_of(server.accept) == errors.ETIMEDOUT


def test_an_id_given_to_another_ends_the_old_socket_and_spares_the_new():
    rig = Rig()
    server = rig.listener()
    first = rig.dial(at=50001)
    old, _ = server.accept()
    first.send(b"unread")
    rig.until(lambda: old._io.rx.any() == 6)
    first.close()
    rig.pump(50)
    second = rig.dial(at=50002)
    new, addr = server.accept()
    assert new.fileno() == old.fileno() and addr == ("192.168.225.58", 50002)
    assert old.recv(10) == b"unread" and old.recv(10) == b""
    old.close()
    assert rig.module.commands.get("QFWDCLOSE", 0) == 0
    second.send(b"hello")
    assert new.recv(10) == b"hello"


def test_an_id_given_to_another_without_a_close_is_a_lost_connection():
    rig = Rig()
    server = rig.listener()
    rig.dial()
    old, _ = server.accept()
    rig.urc(b'+QFWDURC: "client/incoming",%d,%d,"192.168.225.99",5,"0.0.0.0",2020' % (server.fileno(), old.fileno()))
    assert errno_of(old.recv, 5) == errors.ECONNRESET


def test_an_id_in_use_is_replaced_by_another():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDSERVER=0", b"\r\nERROR\r\n", 2)
    server = rig.listener()
    assert server.fileno() == 40002
    rig.dial()
    server.accept()


def test_the_backlog_stays_within_what_the_module_takes():
    for asked, sent in ((0, 1), (-5, 1), (10, 10), (99, 10)):
        rig = Rig(meddle=True)
        sock = rig.modem.socket()
        sock.bind(("", 2020))
        sock.listen(asked)
        assert rig.uart.lines[-1] == b'AT+QFWDSERVER=0,40000,"IP","tcp",2020,%d,65535,"uart1"' % sent


def test_a_socket_that_names_a_context_has_its_server_there():
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDSERVER=5", b'\r\nOK\r\n\r\n+QFWDURC: "server/open",40000,0\r\n')
    sock = rig.modem.socket(10, 1, 5)
    sock.bind(("::", 2020))
    sock.listen()
    assert rig.uart.lines[-1] == b'AT+QFWDSERVER=5,40000,"IPV6","tcp",2020,5,65535,"uart1"'
    assert sock.getsockname() == ("::", 2020)


def test_garbled_news_of_a_connection_is_counted_and_dropped():
    rig = Rig()
    server = rig.listener(timeout=0.1)
    for text in (b'"client/incoming",%d', b'"client/incoming",%d,2', b'"client/incoming",%d,x,"h",1', b'"client/incoming",%d,2,"h'):
        rig.urc(b"+QFWDURC: " + text % server.fileno())
    rig.urc(b'+QFWDURC: "client/incoming",999,2,"h",1,"h",2')
    assert errno_of(server.accept) == errors.ETIMEDOUT
    assert rig.modem.stats()["strange"] >= 3 and rig.modem.stats()["unwanted"] == 0


def test_no_memory_for_a_connection_closes_it():
    rig = Rig()
    server = rig.listener()
    listener = server._listener

    def incoming(flow):
        raise MemoryError

    listener.incoming = incoming
    peer = rig.dial()
    rig.until(lambda: peer.closed)
    assert rig.modem.stats()["unwanted"] == 1
    del listener.incoming
    rig.dial(at=2)
    assert server.accept()[1] == ("192.168.225.58", 2)


def test_no_memory_for_the_news_of_a_connection_only_delays_it():
    def none(*args):
        raise MemoryError

    rig = Rig()
    listener = rig.listener()
    guest, servers.Guest = servers.Guest, none
    rig.dial()
    rig.pump(50)
    servers.Guest = guest
    assert listener.accept()[1] == ("192.168.225.58", 56784)


def test_a_connection_that_comes_while_the_listener_closes_is_closed_too():
    rig = Rig(meddle=True)
    server = rig.listener()
    rig.uart.answer(b"AT+QFWDCLOSE=40000", b"")
    server.setblocking(False)
    server.close()
    rig.pump(5)
    rig.urc(b'+QFWDURC: "client/incoming",40000,9,"192.168.225.58",5,"0.0.0.0",2020')
    rig.until(lambda: b"AT+QFWDCLOSE=9" in rig.uart.lines, 30_000)
    assert rig.modem.stats()["unwanted"] == 1


# An id given to another while a command to the old one is on its way


def crossed(send=False):
    """(rig, old socket, new socket, the new peer): our command meets the new connection under the old one's id."""
    rig = Rig(baud=115200)
    listener = rig.listener(timeout=3)
    first = rig.dial(at=1)
    old, _ = listener.accept()
    old.settimeout(3)
    rig.pump(1000)
    if send:
        old.send(b"for the first")
        rig.pump(4)  # the hold-off is over, the command on its way
    else:
        rig.urc(b'+QFWDURC: "client/read",1')  # a late one: all was read
        rig.pump(2)
    first.close()
    second = rig.dial(at=2)
    second.send(b"B" * 256)
    rig.pump(1000)
    assert sorted(rig.module.sockets.connections) in ([], [1]), "the module has used the id again"
    return rig, old, listener, second


def test_what_was_read_from_another_connection_under_an_old_id_reaches_nobody_and_both_are_told():
    rig, old, listener, second = crossed()
    assert raises(OSError, old.recv, 999).errno == errors.ECONNRESET
    new, addr = listener.accept()
    assert addr[1] == 2
    assert raises(OSError, new.recv, 999).errno == errors.ECONNRESET
    rig.pump(1000)
    assert second.closed


def test_what_was_sent_to_another_connection_under_an_old_id_is_told_to_both():
    rig, old, listener, second = crossed(send=True)
    assert second.recv() == b"for the first", "it did not cross: the test shows nothing"
    assert raises(OSError, old.recv, 999).errno == errors.ECONNRESET
    new, _ = listener.accept()
    assert raises(OSError, new.recv, 999).errno == errors.ECONNRESET


def test_a_connection_closed_under_an_old_id_is_told_of():
    rig = Rig(baud=115200)
    listener = rig.listener(timeout=3)
    first = rig.dial(at=1)
    old, _ = listener.accept()
    rig.pump(1000)
    old.setblocking(False)
    old.close()  # the AT+QFWDCLOSE is on its way
    first.close()
    second = rig.dial(at=2)
    rig.pump(100)
    assert second.closed, "it did not cross: the test shows nothing"
    new, _ = listener.accept()
    assert raises(OSError, new.recv, 999).errno == errors.ECONNRESET


def test_a_command_that_moved_nothing_under_an_old_id_harms_nobody():
    for answer in (b"\r\nERROR\r\n", b"\r\n+QFWDRECV: 1,0\r\n\r\nOK\r\n", b"\r\nOK\r\n"):
        rig = Rig(meddle=True)
        listener = rig.listener(timeout=3)
        rig.dial(at=1)
        old, _ = listener.accept()
        rig.pump(1000)
        incoming = b'\r\n+QFWDURC: "client/incoming",40000,1,"192.168.225.58",7,"0.0.0.0",2020\r\n'
        rig.uart.answer(b"AT+QFWDRECV=1,", b'\r\n+QFWDURC: "client/close",1\r\n' + incoming + answer)
        rig.urc(b'+QFWDURC: "client/read",1')
        rig.pump(100)
        new, addr = listener.accept()
        assert addr == ("192.168.225.58", 7) and new.fileno() == 1
        assert new.ioctl(3, 5) == 4 and old.recv(1) == b"", answer


def test_what_is_asked_behind_a_close_harms_nobody_who_has_the_id_by_then():
    for late in ("", "urc:1 late 10; urc:2 late 10"):  # the news of the other, behind the answer
        rig = Rig(baud=115200)
        listener = rig.listener(timeout=3)
        first = rig.dial(at=1)
        old, _ = listener.accept()
        rig.pump(1000)
        rig.module.faults = faults = Faults(late)
        faults.attach(rig.module)
        first.close()
        rig.pump(2)  # the question is on its way
        second = rig.dial(at=2)
        second.send(b"hello")
        rig.pump(100)
        assert sorted(rig.module.sockets.connections) == [1], "the module has used the id again"
        new, addr = listener.accept()
        assert addr[1] == 2 and new.recv(10) == b"hello" and old.recv(1) == b""


def test_nor_one_who_gets_it_a_little_later_where_the_module_is_known_to_count():
    def read(sock, peer):
        peer.send(b"z" * 200)
        peer.close()
        assert sock.read() == b"z" * 200

    def sent(sock, peer):
        sock.write(b"z" * 200)
        sock.close()
        rig.pump(500)

    for earlier, times in ((read, range(0, 40_000, 1000)), (sent, range(0, 40_000, 1000)), (None, range(9000, 20_000, 1000))):
        for us in times:  # where it is not known a last read may cross who comes while it is on the wire
            rig = Rig(baud=115200)
            listener = rig.listener(timeout=3)
            if earlier:
                peer = rig.dial(at=9)
                earlier(listener.accept()[0], peer)
            first = rig.dial(at=1)
            old, _ = listener.accept()
            rig.pump(300)
            now = rig.clock.us
            rig.module.agenda.add(now, lambda _: first.close())
            rig.module.agenda.add(now + us, lambda _: rig.dial(at=2).send(b"B" * 256))
            rig.pump(200)
            new, _ = listener.accept()
            assert old.recv(9) == b"" and new.recv(999) == b"B" * 256, (earlier, us)


def test_nor_does_what_came_right_before_the_close_harm_them():
    for us in range(0, 30_000, 500):
        rig = Rig(baud=921600)
        listener = rig.listener(timeout=3)
        for port in (9, 1):
            first = rig.dial(at=port)
            old, _ = listener.accept()
            rig.pump(300)
            first.send(b"z" * 200)
            rig.module.agenda.add(rig.clock.us, lambda _: first.close())
            if port == 1:
                rig.module.agenda.add(rig.clock.us + us, lambda _: rig.dial(at=2).send(b"B" * 256))
            assert old.read() == b"z" * 200, us
        new, _ = listener.accept()
        assert new.recv(999) == b"B" * 256, us


def test_a_connection_that_found_no_place_and_took_an_old_id_leaves_the_old_socket_without_its_bytes():
    rig = Rig(meddle=True, sockets=2)
    listener = rig.listener(timeout=3)
    rig.dial(at=1)
    old, _ = listener.accept()
    rig.pump(1000)
    other = b'\r\n+QFWDURC: "client/incoming",40000,%d,"192.168.225.58",7,"0.0.0.0",2020\r\n'
    rig.uart.answer(b"AT+QFWDRECV=1,", other % 2 + other % 1 + b"\r\n+QFWDRECV: 1,5\r\nother\r\n\r\nOK\r\n")
    rig.urc(b'+QFWDURC: "client/read",1')
    rig.pump(100)
    assert raises(OSError, old.recv, 9).errno == errors.ECONNRESET


# The close of an id whose peer has closed before


def ended(**kw):
    """(rig, listener, socket whose peer has closed and which has been read to its end)."""
    rig = Rig(**kw)
    listener = rig.listener(timeout=3)
    return rig, listener, end(rig, listener)


def end(rig, listener, at=1):
    peer = rig.dial(at=at)
    sock, _ = listener.accept()
    peer.close()
    assert sock.recv(1) == b""
    sock.setblocking(False)
    return sock


def test_a_late_close_harms_nobody_who_has_the_id_by_then():
    rig, listener, old = ended(baud=115200)
    old.close()  # the command is on its way
    second = rig.dial(at=2)
    rig.pump(100)
    assert old._flow.id == 1 and sorted(rig.module.sockets.connections) == [1], "it did not cross: the test shows nothing"
    new, addr = listener.accept()
    assert addr[1] == 2 and new.fileno() == 1
    second.send(b"hello")
    assert new.recv(10) == b"hello" and not second.closed
    assert "QFWDCLOSE" not in rig.module.commands


def test_nor_does_that_of_one_which_the_module_refused_everything():
    rig = Rig(baud=115200)
    listener = rig.listener(timeout=3)
    peer = rig.dial(at=1)
    old, _ = listener.accept()
    rig.module.faults = faults = Faults("urc:0 lose")
    faults.attach(rig.module)
    peer.close()  # and nothing tells of it
    old.write(b"a question")
    rig.until(lambda: old._flow.state == CLOSING and rig.modem.chat._request.line.buf.find(b"=1\r") > 0, 10_000)
    second = rig.dial(at=2)
    rig.pump(100)
    assert sorted(rig.module.sockets.connections) == [1], "it did not cross: the test shows nothing"
    new, addr = listener.accept()
    second.send(b"hello")
    assert addr[1] == 2 and new.recv(10) == b"hello" and not second.closed


def test_one_that_failed_and_one_that_nobody_accepted_are_closed_though_the_look_is_refused():
    for accepted in (True, False):
        for refusals in (1, 99):
            rig, listener, sock = ended(meddle=True)
            sock.close()  # shows that the module refuses to close what is not there
            rig.pump(500)
            peer = rig.dial(at=2)
            rig.pump(100)
            rig.uart.answer(b"AT+QFWDACK", b"\r\nERROR\r\n", refusals)
            if accepted:
                listener.accept()[0]._flow.fail(errors.ECONNRESET)
            else:
                listener.close()
            rig.pump(1500)
            assert peer.closed and not rig.module.sockets.connections, (accepted, refusals)


def test_where_there_is_no_memory_for_the_look_it_is_done_later():
    rig, listener, sock = ended()

    def full(*_):
        raise MemoryError

    kept, servers.Last = servers.Last, full
    try:
        sock.close()
        rig.pump(1000)
    finally:
        servers.Last = kept
    rig.until(lambda: not sock._ending())


def test_a_late_close_harms_nobody_whose_news_come_only_after_the_answer_to_the_look():
    rig, listener, old = ended(meddle=True)
    rig.uart.answer(b"AT+QFWDACK=1", b"\r\n+QFWDACK: 1,0,0,0,0,0,0\r\n\r\nOK\r\n")
    old.close()
    rig.pump(5)
    rig.urc(b'+QFWDURC: "client/incoming",40000,1,"192.168.225.58",2,"0.0.0.0",2020')
    rig.pump(1000)
    assert listener.accept()[1][1] == 2
    assert b"AT+QFWDACK=1" in rig.uart.lines and b"AT+QFWDCLOSE=1" not in rig.uart.lines


def test_an_id_that_the_module_has_freed_is_not_closed_once_that_is_known_to_be_its_way():
    rig, listener, sock = ended()
    sock.close()
    rig.until(lambda: not sock._ending())
    assert rig.module.commands["QFWDCLOSE"] == 1
    for at in (2, 3):
        sock = end(rig, listener, at)
        sock.close()
        rig.until(lambda sock=sock: not sock._ending())
    assert rig.module.commands["QFWDCLOSE"] == 1 and not rig.module.sockets.connections


def test_an_id_that_the_module_holds_until_it_is_closed_is_closed():
    rig, listener, sock = ended(module={"quirks": {"slot": "held"}})
    for at in (2, 3):
        sock.close()
        rig.until(lambda sock=sock: not sock._ending())
        assert not rig.module.sockets.connections
        sock = end(rig, listener, at)


def test_what_was_not_read_when_the_peer_closed_keeps_no_id():
    rig = Rig()
    listener = rig.listener()
    peer = rig.dial()
    sock, _ = listener.accept()
    peer.send(bytes(9000))
    peer.close()
    rig.pump(500)
    assert rig.module.sockets.connections
    sock.close()
    assert not rig.module.sockets.connections


def test_where_the_look_is_refused_or_unanswered_although_the_id_is_there_it_is_closed_all_the_same():
    for answer in (b"\r\nERROR\r\n", b""):
        rig, listener, sock = ended(meddle=True, module={"quirks": {"slot": "held"}})
        rig.uart.answer(b"AT+QFWDACK", answer, 3 if answer else 1)
        for at in (2, 3):
            sock.close()
            rig.until(lambda sock=sock: not sock._ending(), 30_000)
            assert not rig.module.sockets.connections
            sock = end(rig, listener, at)


def test_small_tables_of_the_module_serve_one_connection_after_another():
    for slot in ("freed", "held"):
        for full in ("reject", "silent"):
            rig = Rig(module={"quirks": {"slot": slot, "max_sockets": "4", "full": full}})
            listener = rig.listener()
            for at in range(1, 13):
                peer = rig.dial(at=at)
                sock, addr = listener.accept()
                assert addr[1] == at
                peer.send(b"question")
                assert sock.recv(8) == b"question"
                sock.send(b"answer")
                if at % 3:
                    rig.until(lambda peer=peer: peer.unread() == 6)
                    peer.close()
                if at % 2:
                    rig.pump(30)
                sock.close()
            assert not rig.module.sockets.connections and rig.modem.stats()["unwanted"] == 0

"""The eight commands one to one, against what the simulated module really has."""

from ec2x import ModemError, errors
from ec2x.fwd import Hex
from ec2x_sim.atline import AtError
from expect import raises
from rig import Rig
from wires import Wire, answers, handlers, heard, say

WORLD = ("10.0.0.9", 80)
ALL = bytes(range(256))


def rig_with(kind="tcp", **options):
    """A rig, its fwd, and the far end of client 7."""
    rig = Rig(**options)
    service = rig.net.listen(kind, *WORLD)
    rig.modem.fwd.client(7, WORLD[0], WORLD[1], kind)
    return rig, rig.modem.fwd, service.accept() if kind == "tcp" else service


# Opening


def test_a_server_is_opened_with_what_was_asked():
    rig = Rig()
    lines = heard(rig)
    rig.modem.fwd.server(1, 2020)
    rig.modem.fwd.server(65535, 65535, "udp", "IPV6", 0, 10, 1)
    assert lines == ['+QFWDSERVER=0,1,"IP","tcp",2020,5,65535,"uart1"', '+QFWDSERVER=0,65535,"IPV6","udp",65535,10,1,"uart1"']
    first, second = rig.module.sockets.servers[1], rig.module.sockets.servers[65535]
    assert (first.proto, first.port, first.idle_us, first.urc_port) == ("tcp", 2020, 65535000000, "uart1")
    assert (second.proto, second.port, second.idle_us) == ("udp", 65535, 1000000)
    assert rig.modem.fwd.servers() == [(1, "tcp", 2020, "uart1"), (65535, "udp", 65535, "uart1")]


def test_a_client_is_opened_with_what_was_asked():
    rig = Rig(apn="net")
    lines = heard(rig)
    fwd = rig.modem.fwd
    rig.net.listen("tcp", *WORLD)
    rig.net.names["far.example"] = "10.0.0.9"
    fwd.client(7, "far.example", 80)
    fwd.client(8, "2001:db8::9", 80, proto="udp", ip="IPV6", cid=1)
    assert lines == ['+QFWDCLIENT=0,7,"IP","tcp","far.example",80,"uart1"', '+QFWDCLIENT=1,8,"IPV6","udp","2001:db8::9",80,"uart1"']
    first, second = [rig.module.sockets.connections[id] for id in (7, 8)]
    assert (first.proto, first.remote, first.cid) == ("tcp", ("far.example", 80), 0)
    assert (second.proto, second.cid) == ("udp", 1)
    assert fwd.clients() == [
        (7, "Active", "tcp", "far.example", 80, first.local()[0], first.local()[1], "uart1"),
        (8, "Active", "udp", "2001:db8::9", 80, second.local()[0], second.local()[1], "uart1"),
    ]


def test_empty_lists_are_empty():
    fwd = Rig().modem.fwd
    assert fwd.servers() == [] and fwd.clients() == []


def test_the_open_urc_may_come_before_the_ok():
    rig = Rig(latency_us={"QFWDSERVER": 50_000})
    rig.module.agenda.add(rig.clock.us + 20_000, lambda at: say(rig, '+QFWDURC: "server/open",1,0'))
    rig.modem.fwd.server(1, 2020)


def test_the_urcs_of_others_do_not_open_it():
    rig = Rig()
    rig.net.fail[WORLD] = None
    for text in ('"client/open",8,0', '"client/read",7', '"client/open",7', '"client/open",x,0'):
        rig.module.agenda.add(rig.clock.us + 1000, lambda at, text=text: say(rig, "+QFWDURC: " + text))
    error = raises(ModemError, rig.modem.fwd.client, 7, WORLD[0], WORLD[1])
    assert error.errno == errors.ETIMEDOUT and "opening 7" in error.args[1]
    assert 150_000 <= rig.now() < 153_000


def test_a_result_other_than_0_is_kept_and_has_an_errno():
    refused, busy, unreachable, timeout = errors.ECONNREFUSED, errors.EADDRINUSE, errors.EHOSTUNREACH, errors.ETIMEDOUT
    cases = {
        "1": ((1, refused), (1, refused), (1, busy), (1, refused)),
        "errno": ((111, refused), (110, timeout), (98, busy), (101, unreachable)),
        "neg": ((-111, refused), (-110, timeout), (-98, busy), (-101, unreachable)),
        "55x": ((566, refused), (569, timeout), (574, busy), (561, unreachable)),
    }
    for style, results in cases.items():
        rig = Rig(module={"quirks": {"result_style": style}})
        fwd = rig.modem.fwd
        rig.net.fail[("10.0.0.8", 1)] = errors.ETIMEDOUT
        fwd.server(1, 2020)
        calls = (
            lambda fwd=fwd: fwd.client(7, "10.0.0.7", 1),
            lambda fwd=fwd: fwd.client(7, "10.0.0.8", 1),
            lambda fwd=fwd: fwd.server(2, 2020),
            lambda fwd=fwd: fwd.client(7, "10.0.0.7", 1, cid=5),
        )
        for call, (result, number) in zip(calls, results):
            error = raises(ModemError, call)
            assert (error.result, error.errno, error.cme) == (result, number, None), style
            assert str(result) in error.args[1]


def test_what_is_open_is_found_in_the_list_when_its_urc_is_lost():
    for options in ({"module": {"quirks": {"open_urc": "never"}}}, {"urc_port": "usbat"}):
        rig = Rig(**options)
        fwd = rig.modem.fwd
        rig.net.listen("tcp", *WORLD)
        for call, args, least, looks in (
            (fwd.server, (1, 2020), 1000, ["+QFWDSERVER?"]),
            (fwd.server, (2, 2020, "udp"), 1000, ["+QFWDSERVER?"]),
            (fwd.client, (7,) + WORLD, 5000, ["+QFWDCLIENT?"]),
            (fwd.client, (8,) + WORLD + ("udp",), 1000, ["+QFWDCLIENT?"]),
        ):
            lines = heard(rig)
            began = rig.now()
            call(*args)
            looks.append('+QFWDCFG="urc",%d,"%s"' % (args[0], options.get("urc_port", "uart1")))
            assert least <= rig.now() - began < least + 500 and lines[1:] == looks, (args, lines)


def test_nobody_else_in_the_list_opens_it_and_it_is_looked_at_again():
    rig = Rig(module={"quirks": {"open_urc": "never", "open_delay": 12_000}})
    fwd = rig.modem.fwd
    rig.net.listen("tcp", *WORLD)
    lines = heard(rig)
    others = ('8,"Active","tcp"', '7,"Income","tcp"', '7,"Active","udp"')
    rows = ['+QFWDCLIENT: %s,"10.0.0.9",80,"10.64.0.1",1,"uart1"' % head for head in others]
    real = handlers(rig)["+QFWDCLIENT"]
    rows.append('+QFWDCLIENT: 7,"Active","tcp","10.0.0.9",81,"10.64.0.1",1,"uart1"')
    answered = []

    def listing(at, command):
        if command.op != "read":
            return real(at, command)
        answered.append(at.now)
        if len(answered) == 1:
            for row in rows:
                at.info(row)
        elif len(answered) == 2:
            raise AtError()
        else:
            return real(at, command)
        return None

    handlers(rig)["+QFWDCLIENT"] = listing
    fwd.client(7, *WORLD)
    assert lines[1:4] == ["+QFWDCLIENT?"] * 3 and len(lines) == 5 and 15_000 <= rig.now() < 16_500


def test_a_failure_that_is_told_during_a_look_counts():
    rig = Rig(latency_us={"QFWDSERVER": 200_000})
    answers(rig, "+QFWDSERVER", '+QFWDSERVER: 1,"tcp",2020,"uart1"')
    rig.module.agenda.add(rig.clock.us + 1_300_000, lambda at: say(rig, '+QFWDURC: "server/open",1,98'))
    assert raises(ModemError, rig.modem.fwd.server, 1, 2020).result == 98


def test_a_server_that_is_never_listed_is_not_open():
    rig = Rig()
    answers(rig, "+QFWDSERVER")
    lines = heard(rig)
    assert raises(ModemError, rig.modem.fwd.server, 1, 2020).errno == errors.ETIMEDOUT
    assert lines[1:] == ["+QFWDSERVER?"] * 3 and 10_000 <= rig.now() < 10_500  # after 1 s, 6 s, and at the end


def test_an_ok_that_is_lost_or_waits_for_the_connection_fails_no_opening():
    rig = Rig(module={"quirks": {"open_urc": "before", "open_delay": 60_000}})
    rig.net.listen("tcp", *WORLD)
    rig.modem.fwd.client(7, *WORLD)
    assert 60_000 <= rig.now() < 75_000
    rig = Rig(meddle=True)
    rig.uart.answer(b"AT+QFWDSERVER=", b"")
    rig.uart.answer(b"AT+QFWDSERVER?", b'\r\n+QFWDSERVER: 1,"tcp",2020,"uart1"\r\n\r\nOK\r\n')
    rig.modem.fwd.server(1, 2020)


def test_a_module_that_restarts_ends_an_opening():
    rig = Rig()
    rig.net.fail[WORLD] = None
    rig.module.agenda.add(rig.clock.us + 1_000_000, lambda at: say(rig, "RDY"))
    assert raises(ModemError, rig.modem.fwd.client, 7, WORLD[0], WORLD[1]).errno == errors.ECONNRESET
    assert rig.now() < 3000


# Data


def test_every_way_to_send_delivers_the_very_bytes():
    for hex, fixed, data, line in (
        (False, True, ALL * 4, "+QFWDSEND=7,0,1024"),
        (False, True, b"\x1a", "+QFWDSEND=7,0,1"),
        (False, False, b"\r\nOK\r\n> \0\xff", "+QFWDSEND=7,0"),
        (False, False, b"x" * 1024, "+QFWDSEND=7,0"),
        (True, True, ALL, "+QFWDSEND=7,1,256"),
        (True, False, ALL * 4, "+QFWDSEND=7,1"),
        (True, False, b"\x1a\x1b", "+QFWDSEND=7,1"),
    ):
        rig, fwd, peer = rig_with()
        lines = heard(rig)
        assert fwd.send(7, data, hex, fixed) == len(data)
        assert peer.recv() == data and lines == [line]
        assert fwd.send(7, bytearray(data), hex=hex, fixed=fixed) == len(data) and peer.recv() == data


def test_text_is_sent_as_its_bytes():
    rig, fwd, peer = rig_with()
    assert fwd.send(7, "gr\u00fc\u00df") == 6 and peer.recv() == "gr\u00fc\u00df".encode()


def test_a_module_whose_queue_is_full_takes_less_or_nothing():
    rig, fwd, peer = rig_with(module={"sendmax": 100})
    peer.window = 0
    assert fwd.send(7, b"x" * 60) == 60
    assert fwd.send(7, b"x" * 60) == 40 and fwd.send(7, b"x" * 60) == 0
    assert fwd.ack(7) == (100, 0, 100, 0, 10240, 10240)


def test_hex_digits_are_right_wherever_a_piece_begins():
    payload = Hex(b"\x01\xab\xff")
    for skip in range(6):
        for n in range(1, 7 - skip):
            buf = bytearray(8)
            assert payload.peek(skip, buf, n) == n and buf[:n] == b"01ABFF"[skip : skip + n]


def test_cancel_sends_nothing():
    rig, fwd, peer = rig_with()
    wire = Wire(rig)
    fwd.cancel(7)
    assert bytes(wire.sent) == b"AT+QFWDSEND=7,0\r\x1b\x1a"
    assert fwd.send(7, b"next") == 4 and peer.recv() == b"next"


def test_a_cancel_that_the_module_does_not_know_is_a_send_of_nothing():
    for how in ("error", "ignored"):
        rig, fwd, peer = rig_with(module={"quirks": {"cancel": how}})
        fwd.cancel(7)
        assert rig.now() < 1000 and fwd.send(7, b"next") == 4 and peer.recv() == b"next"
    for line in ("+QFWDSEND: 7,1", "+QFWDSEND: 8,0"):
        answers(rig, "+QFWDSEND", line)
        assert raises(ModemError, fwd.cancel, 7).errno == errors.EIO
    assert raises(ModemError, rig_with()[1].cancel, 8).errno == errors.EIO


def test_a_module_that_wants_the_comma_outside_the_bracket_gets_it():
    rig, fwd, peer = rig_with(module={"quirks": {"need_trailing_comma": "yes"}})
    lines = heard(rig)
    assert fwd.send(7, b"one", fixed=False) == 3 and fwd.send(7, b"two", hex=True, fixed=False) == 3
    fwd.cancel(7)
    assert peer.recv() == b"onetwo"
    assert lines == ["+QFWDSEND=7,0", "+QFWDSEND=7,0,", "+QFWDSEND=7,1", "+QFWDSEND=7,1,", "+QFWDSEND=7,0", "+QFWDSEND=7,0,"]
    assert "AT+QFWDSEND" in raises(ModemError, fwd.send, 8, b"x", fixed=False).args[1]
    assert lines[6:] == ["+QFWDSEND=8,0", "+QFWDSEND=8,0,"]


def test_an_ok_without_a_count_is_an_error_for_nobody_knows_what_was_taken():
    rig, fwd, peer = rig_with()
    answers(rig, "+QFWDSEND")
    assert "AT+QFWDSEND cannot be read" in raises(ModemError, fwd.send, 7, b"123").args[1]


def test_a_payload_that_is_echoed_cannot_answer_for_the_module():
    fake = b"\r\n+QFWDSEND: 7,3\r\n\r\nOK\r\n"
    for baud in (0, 9600):
        rig, fwd, peer = rig_with(baud=baud, module={"quirks": {"payload_echo": "always"}})
        for data in (fake, b"OK", b"\r\n OK\r\n", fake + b"x" * 900):
            assert fwd.send(7, data) == len(data) and peer.recv() == data


def test_an_answer_that_is_for_another_is_an_error():
    rig, fwd, peer = rig_with()
    for line in ("+QFWDSEND: 8,3", "+QFWDSEND: 7,4", "+QFWDSEND: 7,-1", "+QFWDSEND: 7", "+QFWDSEND: x,3"):
        answers(rig, "+QFWDSEND", line)
        assert raises(ModemError, fwd.send, 7, b"123").errno == errors.EIO
    for line in ("+QFWDRECV: 8,3", "+QFWDRECV: 7,1025", "+QFWDRECV: 7,x"):
        answers(rig, "+QFWDRECV", line)
        assert "AT+QFWDRECV cannot be read" in raises(ModemError, fwd.recv, 7, 1024).args[1]
        assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"]  # in step again
    for lines in (["+QFWDACK: 7,18"], ["+QFWDACK: 8,1,2,3,4,5,6"], ["+QFWDACK: 7,1,2,3,4,5,-6"], []):
        answers(rig, "+QFWDACK", *lines)
        assert raises(ModemError, fwd.ack, 7).errno == errors.EIO


def test_recv_gives_what_came_and_no_more_than_was_asked():
    rig, fwd, peer = rig_with()
    assert fwd.recv(7, 1024) == b""
    peer.send(ALL * 5)
    assert fwd.recv(7, 1) == b"\0" and fwd.recv(7, 1024) == (ALL * 5)[1:1025] and fwd.recv(7, 1024) == (ALL * 5)[1025:]
    for data in (b"\r\nOK\r\n", b"> ", b'\r\n+QFWDURC: "client/close",7\r\n', b"\x1a\x1b\0", b"\r\n+QFWDRECV: 7,3\r\n"):
        peer.send(data)
        assert fwd.recv(7, 1024) == data


def test_a_refused_read_is_empty_only_where_the_counters_say_so():
    rig, fwd, peer = rig_with(module={"quirks": {"empty": "error"}})
    assert fwd.recv(7, 1024) == b""
    peer.send(b"data")
    assert fwd.recv(7, 1024) == b"data" and fwd.recv(7, 1024) == b""
    peer.send(b"more")
    answers(rig, "+QFWDRECV", AtError())
    assert "refuses AT+QFWDRECV" in raises(ModemError, fwd.recv, 7, 1024).args[1]
    answers(rig, "+QFWDRECV", "+QFWDRECV: 7,0", AtError())
    assert "refuses AT+QFWDRECV" in raises(ModemError, fwd.recv, 7, 1024).args[1]


def test_data_whose_count_was_lost_is_an_error_and_not_nothing():
    rig, fwd, peer = rig_with()
    for lines in (["+QFWDREC: 7,3", "abc"], ["+QFWDRECV 7,3"], ["+QFWDRECV: 7,600," + "x" * 600]):
        answers(rig, "+QFWDRECV", *lines)
        assert "AT+QFWDRECV cannot be read" in raises(ModemError, fwd.recv, 7, 1024).args[1]
        assert fwd.urc_port(7) == "uart1"
    answers(rig, "+QFWDRECV", "+QFWDRECV: 7,0", "+QFWDRECV: 7,0")
    assert "cannot be read" in raises(ModemError, fwd.recv, 7, 1024).args[1]


def test_the_counters_are_those_of_the_module_and_have_names():
    rig, fwd, peer = rig_with(module={"sendmax": 5000, "recvmax": 3000})
    peer.window = 100
    fwd.send(7, b"x" * 340)
    peer.send(b"y" * 77)
    counters = fwd.ack(7)
    connection = rig.module.sockets.connections[7]
    assert counters == (240, 4760, 5000, 77, 2923, 3000)
    assert (counters.sendused, counters.recvused) == (connection.tx.used(), connection.rx.used())
    assert (counters.sendunused, counters.sendmax, counters.recvunused, counters.recvmax) == (4760, 5000, 2923, 3000)


def test_datagrams_go_and_come_whole():
    rig, fwd, far = rig_with("udp")
    fwd.send(7, b"one")
    fwd.send(7, b"two")
    (one, source), (two, _) = far.recvfrom(), far.recvfrom()
    assert (one, two) == (b"one", b"two")
    far.sendto(b"three", source[1])
    far.sendto(b"four", source[1])
    assert fwd.recv(7, 1024) == b"three" and fwd.recv(7, 1024) == b"four"


# State


def test_the_urc_port_is_told_and_set():
    rig, fwd, peer = rig_with()
    connection = rig.module.sockets.connections[7]
    assert fwd.urc_port(7) == "uart1"
    for port in ("usbat", "usbmodem", "uart1"):
        assert fwd.urc_port(7, port) == port == connection.urc_port == fwd.urc_port(7)
    answers(rig, "+QFWDCFG")
    assert fwd.urc_port(7) is None
    for line in ('"urc",8,"uart1"', '"urc",x,"uart1"', '"urc",7', '"urc",7,""', '"urc",7,"uart1', ""):
        answers(rig, "+QFWDCFG", "+QFWDCFG: " + line)
        assert "AT+QFWDCFG cannot be read" in raises(ModemError, fwd.urc_port, 7).args[1]


def test_a_list_that_cannot_be_read_is_an_error_and_not_a_shorter_list():
    rig, fwd, peer = rig_with()
    server, client, state = '1,"tcp",2020,"uart1"', '7,"Active","tcp","a",80,"b",1,"uart1"', '1,2,"a",80,"b",1'
    for name, call, good, fields in (
        ("+QFWDSERVER", fwd.servers, server, 4),
        ("+QFWDCLIENT", fwd.clients, client, 8),
        ("+QFWDSSTATE", lambda: fwd.sstate(1), state, 6),
    ):
        parts = good.split(",")
        answers(rig, name, name + ": " + good, name + ": " + good + ",0")  # a field more than the manual has
        rows = call()
        assert len(rows) == 2 and len(rows[0]) == fields and rows[0] == rows[1]
        bad = [",".join(parts[:n]) for n in range(1, fields)] + [""]
        bad += [",".join(parts[:k] + ["x" if parts[k].isdigit() else '"'] + parts[k + 1 :]) for k in range(fields)]
        for line in bad:
            answers(rig, name, name + ": " + good, name + ": " + line)
            error = raises(ModemError, call)
            assert error.errno == errors.EIO and "AT" + name in error.args[1] and "cannot be read" in error.args[1], line
        for line in (name[1:] + ": " + good, "x" * 600):
            answers(rig, name, name + ": " + good, line)
            assert raises(ModemError, call).errno == errors.EIO


def test_words_are_as_the_manual_has_them_however_the_module_spells_them():
    rig, fwd, peer = rig_with()
    answers(rig, "+QFWDCLIENT", '+QFWDCLIENT: 7,ACTIVE,Tcp,A,80,B,1,Uart1', '+QFWDCLIENT: 8,"income","UDP","",0,"",1,"USBAT"')
    assert fwd.clients() == [(7, "Active", "tcp", "A", 80, "B", 1, "uart1"), (8, "Income", "udp", "", 0, "", 1, "usbat")]


def test_close_closes():
    rig, fwd, peer = rig_with()
    fwd.server(1, 2020)
    fwd.close(7)
    fwd.close(1)
    assert peer.closed and not rig.module.sockets.connections and not rig.module.sockets.servers
    assert raises(ModemError, fwd.close, 7).errno == errors.EIO


def test_the_test_command_of_all_eight():
    rig = Rig()
    lines = heard(rig)
    names = ("QFWDSERVER", "QFWDCLIENT", "QFWDSEND", "QFWDRECV", "QFWDACK", "QFWDSSTATE", "QFWDCLOSE", "QFWDCFG")
    heads = []
    for name in names:
        heads += [line.split(":")[0] for line in rig.modem.fwd.test(name)]
    assert heads == ["+QFWDSERVER", "+QFWDCLIENT", "+QFWDSEND", "+QFWDPRECV", "+QFWDACK", "+QFWDCFG"]
    assert lines == ["+%s=?" % name for name in names]
    assert rig.modem.fwd.test("QFWDSEND") == ["+QFWDSEND: <socket_id>,<data_format>,<send_length>"]


# Refused


def test_what_the_module_refuses_is_an_error_that_names_the_command():
    rig = Rig()
    fwd = rig.modem.fwd
    calls = {
        "QFWDSEND": lambda: fwd.send(9, b"x"),
        "QFWDRECV": lambda: fwd.recv(9, 1),
        "QFWDACK": lambda: fwd.ack(9),
        "QFWDSSTATE": lambda: fwd.sstate(9),
        "QFWDCLOSE": lambda: fwd.close(9),
        "QFWDCFG": lambda: fwd.urc_port(9),
    }
    for name, call in calls.items():
        error = raises(ModemError, call)
        assert error.errno == errors.EIO and error.args[1] == "the module refuses AT+%s: ERROR" % name
    fwd.server(1, 2020)
    assert "AT+QFWDSERVER" in raises(ModemError, fwd.server, 1, 2021).args[1]  # the id is in use
    answers(rig, "+QFWDCLOSE", AtError(3))
    error = raises(ModemError, fwd.close, 1)
    assert error.cme == 3 and "+CME ERROR: 3" in error.args[1]


def test_what_no_command_can_carry_is_refused_before_a_byte_is_written():
    rig = Rig()
    fwd = rig.modem.fwd
    written = rig.uart.tx_bytes
    for id in (0, 65536, -1, None, "1", 1.5):
        for call in (fwd.recv, fwd.server):
            raises(ValueError, call, id, 1024)
        for call in (fwd.ack, fwd.sstate, fwd.close, fwd.cancel, fwd.urc_port):
            raises(ValueError, call, id)
        raises(ValueError, fwd.client, id, "host", 80)
        raises(ValueError, fwd.send, id, b"x")
    for port in (0, 65536, None, "80"):
        raises(ValueError, fwd.server, 1, port)
        raises(ValueError, fwd.client, 1, "host", port)
    for options in ({"proto": "sctp"}, {"proto": "TCP"}, {"ip": "ip"}, {"cid": 17}, {"cid": -1}):
        raises(ValueError, fwd.server, 1, 80, **options)
        raises(ValueError, fwd.client, 1, "host", 80, **options)
    for options in ({"backlog": 0}, {"backlog": 11}, {"idle": 0}, {"idle": 65536}):
        raises(ValueError, fwd.server, 1, 80, **options)
    for host in ("", "x" * 256, 'a"b', "a\r", "a\n", "a\0", "a\x1a"):
        raises(ValueError, fwd.client, 1, host, 80)
    raises(TypeError, fwd.client, 1, b"host", 80)
    for data in (b"", b"x" * 1025):
        for form in ((False, True), (False, False), (True, True), (True, False)):
            raises(ValueError, fwd.send, 1, data, *form)
    for data in (b"a\x1a", b"a\x1bb"):
        raises(ValueError, fwd.send, 1, data, False, False)
    for data in (None, 5, [1, 2]):
        raises(TypeError, fwd.send, 1, data)
    for n in (0, 1025, -1, None):
        raises(ValueError, fwd.recv, 1, n)
    raises(ValueError, fwd.urc_port, 1, "uart2")
    raises(ValueError, fwd.test, "CSQ")
    assert rig.uart.tx_bytes == written

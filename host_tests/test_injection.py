"""What would end the quotes or the line of an AT command is refused before a byte is written, wherever a text comes in."""

import ec2x
from ec2x import wlan
from rig import Rig
from wires import heard

PEER = "198.51.100.7"
# Each ends a line, a string or a payload somewhere, or is no character of AT.
CUTS = ("\r", "\n", "\0", "\x1a", "\x1b", "\x7f", "\xf6", "\u2028", "\uff02")
# What the driver asks by itself, now and then.
OWN = ("+QFWDSERVER=?", "+QFWDSERVER?", "+QFWDRECV=40000,1024", "+QFWDACK=40000", "+QFWDSSTATE=40000")


def bad(quotes=True, limit=255, empty=True):
    """Texts that no command can carry."""
    for cut in CUTS + ('"',) * quotes:
        yield "a" + cut
        yield cut + "a"
        yield "a%sAT+CFUN=0%s" % (cut, cut)
    if quotes:
        yield 'a",1;+CFUN=0;+CSQ="'
    yield "a" * (limit + 1)
    if empty:
        yield ""
    yield from (b"a\r", bytearray(b'a"'), 5, None, ["a"], 1.5)


def refused(rig, call, *values):
    """It is, and the module sees nothing of it: neither now nor later."""
    lines = heard(rig)
    before = rig.uart.tx_bytes
    try:
        call(*values)
    except (ValueError, TypeError, OSError):
        pass
    else:
        raise AssertionError("taken: %r" % (values,))
    rig.pump(20)
    own = sum([len("AT" + line + "\r") for line in lines if line in OWN])
    assert rig.uart.tx_bytes - before == own, (values, lines)


def test_a_host_name():
    rig = Rig()
    tcp, udp, bound = rig.modem.socket(), rig.modem.socket(2, 2), rig.modem.socket(2, 2)
    six = rig.modem.socket(10, 1)
    bound.bind(("", 7))
    fwd = rig.modem.fwd
    for host in bad():
        for sock in (tcp, six, udp):
            refused(rig, sock.connect, (host, 80))
        for sock in (udp, bound):
            refused(rig, sock.sendto, b"x", (host, 80))
        refused(rig, fwd.client, 7, host, 80)
        refused(rig, fwd.client, 7, host, 80, "udp")
        refused(rig, rig.modem.resolve, host)
    tcp.settimeout(0)
    for host in bad():
        refused(rig, tcp.connect, (host, 80))


def test_a_host_name_of_a_program_with_the_module_socket():
    rig = Rig()
    ec2x.install(rig.modem)
    try:
        import socket

        sock = socket.socket()
        for host in bad():
            refused(rig, lambda host: sock.connect(socket.getaddrinfo(host, 80)[0][-1]), host)
    finally:
        ec2x.uninstall()


def test_the_address_that_a_socket_is_bound_to_is_never_sent():
    rig = Rig()
    lines = []
    rig.module.log = lambda kind, port, what: lines.append(what)
    for kind in (1, 2):
        for n, cut in enumerate(CUTS + ('"',)):
            sock = rig.modem.socket(2, kind)
            sock.bind(("%sAT+CFUN=0%s" % (cut, cut), 2000 + 20 * kind + n))
            if kind == 1:
                sock.listen()
            rig.pump(20)
            sock.close()
    assert [line for line in lines if "QFWDSERVER" in line] and not [line for line in lines if "CFUN" in line]


def test_what_a_command_of_socket_forwarding_has_besides():
    rig = Rig()
    fwd = rig.modem.fwd
    for word in bad(limit=4):
        refused(rig, fwd.client, 7, PEER, 80, word)
        refused(rig, fwd.client, 7, PEER, 80, "tcp", word)
        refused(rig, fwd.server, 7, 80, word)
        refused(rig, fwd.server, 7, 80, "tcp", word)
        refused(rig, fwd.test, word)
        if word:
            refused(rig, fwd.urc_port, 7, word)
    for number in ("1", "1\r", b"1", "1,2", None, 1.5, -1, 1 << 40):
        refused(rig, fwd.client, number, PEER, 80)
        refused(rig, fwd.client, 7, PEER, number)
        refused(rig, fwd.client, 7, PEER, 80, "tcp", "IP", number)
        refused(rig, fwd.server, number, 80)
        refused(rig, fwd.server, 7, number)
        refused(rig, lambda n: fwd.server(7, 80, cid=n), number)
        refused(rig, lambda n: fwd.server(7, 80, backlog=n), number)
        refused(rig, lambda n: fwd.server(7, 80, idle=n), number)
        refused(rig, fwd.recv, 7, number)
        for call in (fwd.ack, fwd.sstate, fwd.close, fwd.urc_port, fwd.cancel):
            refused(rig, call, number)
        refused(rig, fwd.recv, number, 1)
        refused(rig, fwd.send, number, b"x")


def test_a_payload_whose_end_is_a_character():
    rig = Rig()
    for data in (b"\x1a", b"a\x1b\r\nAT+CFUN=0\r", "\x1aAT+CFUN=0\r", None, 5, ["a"]):
        refused(rig, lambda data: rig.modem.fwd.send(7, data, fixed=False), data)
    for data in (5, ["a"], 1.5):
        refused(rig, lambda data: rig.modem.command("AT+CMGS=1", data=data), data)


def test_apn_user_password_and_pin():
    rig = Rig()
    connect = rig.modem.connect
    was = rig.modem.link.wanted, rig.modem.link.call, rig.modem.cid
    for value in bad(limit=100, empty=False):
        if value is not None:
            refused(rig, connect, value)
            refused(rig, wlan.WLAN(rig.modem).connect, value)
    for value in bad(limit=64, empty=False):
        refused(rig, connect, "net", value)
        refused(rig, connect, "net", "me", value)
    pins = ("12", "123456789", "abcd", "12 4", "\u0661\u0662\u0663\u0664", 1234, b"12\r4")
    for value in pins + tuple(bad(limit=8, empty=False)):
        if value is not None:
            refused(rig, lambda pin: connect("net", pin=pin), value)
            refused(rig, wlan.WLAN(rig.modem).connect, "net", value)
    for value in ("1", "1\r", b"1", None, 1.5, -1, 99):
        refused(rig, lambda n: connect("net", auth=n), value)
        refused(rig, lambda n: connect("net", cid=n), value)
    assert (rig.modem.link.wanted, rig.modem.link.call, rig.modem.cid) == was and rig.modem.isconnected()


def test_a_data_call_of_the_applications_own():
    rig = Rig()
    lines = ["AT+X=" + line for line in bad(quotes=False, limit=300, empty=False) if isinstance(line, str)]
    for call in ["qiact\r", "+CSQ", b"qiact", 5, ["AT"]] + lines + list(bad(limit=300)):
        if call is not None:
            refused(rig, lambda call: rig.modem.connect("net", call=call), call)
        for lines in ([call], ["AT+CSQ", call], "AT+CSQ"):
            refused(rig, lambda lines: rig.modem.connect("net", call=lambda apn, cid: lines), lines)
    refused(rig, lambda: rig.modem.connect('n"t', call=lambda apn, cid: ['AT+X="%s"' % apn]))


def test_an_explicit_command():
    rig = Rig()
    for line in bad(quotes=False, limit=343):
        refused(rig, rig.modem.command, line)
        if line and isinstance(line, str):
            refused(rig, rig.modem.command, "AT" + line)
            refused(rig, rig.modem.command, 'AT+X="%s"' % line)
    for line in ("ATI\rAT", "A", "+CSQ", "\x1bAT", b"AT", bytearray(b"AT")):
        refused(rig, rig.modem.command, line)
    assert rig.modem.command('AT+QURCCFG="urcport"')  # quotes are its own


def test_settings_and_questions():
    rig = Rig()
    modem = rig.modem
    for value in bad(limit=64):
        refused(rig, lambda pm: modem.config(pm=pm), value)
        if value is not None:
            refused(rig, modem.config, value)
            refused(rig, modem.status, value)
            refused(rig, modem.ipconfig, value)
            refused(rig, lambda dns: modem.ipconfig(dns=dns), value or "x")
            refused(rig, modem.ifconfig, value or "x")
    for prefix in bad(quotes=False, limit=0):  # they may be long
        if prefix != "a":
            refused(rig, modem.on_urc, prefix, print)


def test_what_a_modem_is_made_with():
    rig = Rig()
    for value in bad(limit=100):
        for how in ({"urc_port": value}, {"profile": {"server": "legacy", "apn": value}}):
            if value is None and "profile" in how or value == "":
                continue
            refused(rig, lambda how: ec2x.Modem(rig.uart, **how), how)

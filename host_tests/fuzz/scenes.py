"""The conversations of test_transcripts.py, as an application has them that is ready for any error."""

from fuzz.guard import COMMAND_MS, HOST

DATA = bytes(range(256)) + b'\r\nOK\r\n> \r\n+QFWDURC: "client/close",40000\r\n\x1a\x1b\x00ERROR\r\n'
_T = 5000  # ms: the sockets' timeout


def online(app, apn):
    app.modem.active(True)
    app.modem.connect(apn)
    app.call(60_000, app.modem.wait, 60_000)


def _talk(app, sock, peer):
    """Both ways, the module's peer first."""
    if peer and not peer.refused:
        peer.send(DATA)
    app.call(_T, sock.send, DATA)
    for n in (100, 1000, 1000):
        app.took(sock, app.call(_T, sock.recv, n))
    sock.ioctl(3, 5)


def client(app):
    service = app.net.listen("tcp", HOST, 80)
    sock = app.socket()
    app.call(_T, sock.connect, (HOST, 80))
    peer = service.accept()
    _talk(app, sock, peer)
    app.call(COMMAND_MS, sock.unacked)
    app.call(_T + COMMAND_MS, sock.drain, _T / 1000)
    if peer:
        peer.close()
    app.took(sock, app.call(_T, sock.recv, 1))
    app.close(sock)


def server(app):
    listener = app.socket()
    listener.bind(("", 2020))
    app.call(_T, listener.listen, 2)
    for at in (1, 2, 3):
        peer = app.net.dial("tcp", 2020, ("192.168.225.58", at))
        sock, _ = app.call(_T, listener.accept) or (None, None)
        if sock:
            app.sockets.append(sock)
            sock.settimeout(_T / 1000)
            _talk(app, sock, peer)
            app.close(sock)
    app.close(listener)


def datagrams(app):
    peer = app.net.udp(HOST, 123)
    sock = app.socket(2, 2)
    bound = app.socket(2, 2)
    app.call(_T, bound.bind, ("", 7))
    app.call(_T, sock.sendto, DATA, (HOST, 123))
    app.pump(500)
    data, (_, port) = peer.recvfrom() or (b"", (0, 40001))
    peer.sendto(DATA, port)
    far = app.net.udp("192.168.225.9", 9)
    far.sendto(DATA, 7)
    for each, size in ((sock, 2000), (bound, 2000), (sock, 10), (bound, 0)):
        got = app.call(_T, each.recvfrom, size)
        if got:
            assert isinstance(got[1][0], str) and 0 <= got[1][1] < 65536
            app.call(_T, each.sendto, b"thanks", got[1])
    app.close(bound)
    app.close(sock)


def commands(app):
    fwd = app.modem.fwd
    app.net.listen("tcp", HOST, 80)
    for call, *args in (
        (fwd.client, 7, HOST, 80),
        (fwd.send, 7, DATA),
        (fwd.send, 7, b"11", True, False),
        (fwd.cancel, 7),
        (fwd.recv, 7, 1024),
        (fwd.ack, 7),
        (fwd.urc_port, 7),
        (fwd.clients,),
        (fwd.server, 8, 2020),
        (fwd.servers,),
        (fwd.sstate, 8),
        (fwd.test, "QFWDSERVER"),
        (fwd.test, "QFWDRECV"),
        (fwd.close, 7),
        (fwd.close, 8),
    ):
        value = app.call(COMMAND_MS, call, *args)
        if call == fwd.recv and value:
            app.got.append((7, value))


def questions(app):
    """What is asked about module and network."""
    modem = app.modem
    heard = []
    modem.on_urc("+C", heard.append)
    app.net.names["a.example"] = "198.51.100.1"
    for call, *args in (
        (modem.command, "AT+CSQ"),
        (modem.command, "AT+QFWDSERVER=?;+CSQ", 5000),
        (modem.resolve, "a.example", 9000),
        (modem.status, "rssi"),
        (modem.ifconfig,),
        (modem.config, "imei"),
        (modem.config, "operator"),
        (modem.config, "mac"),
        (modem.time,),
    ):
        app.call(COMMAND_MS, call, *args)
    app.call(4 * COMMAND_MS, modem.doctor, heard.append)
    assert all(isinstance(line, str) for line in heard)


def probe(app):
    app.call(10 * COMMAND_MS, app.modem.probe, 60_000)

"""More of it than chance would draw: megabytes without an end of line, thousands of URCs, RDY again and again."""

from ec2x import errors
from expect import raises
from fuzz.guard import HOST, Guard
from fuzz.scenes import online
from fuzz.villain import Villain

_RATE = 92_000  # bytes a second
_INCOMING = b'\r\n+QFWDURC: "client/incoming",^,*,"192.168.225.58",56784,"0.0.0.0",2020\r\n'
_BRING_UP_MS = 5000  # of a module that needs no time to boot, with the one quarantine


def opened():
    app = Guard(Villain)
    online(app, "internet")
    app.net.listen("tcp", HOST, 8080)
    sock = app.socket()
    sock.connect((HOST, 8080))
    listener = app.socket()
    listener.bind(("", 2020))
    listener.listen(10)
    app.uart.ids = [b"%d" % listener._flow.id]
    return app, sock, listener


def lives_through(text, seconds):
    """What of it is poured over the wire, in so long; the calls meanwhile end in time, and then all is well."""
    app, sock, listener = opened()
    app.uart.pour(text, seconds * _RATE)
    for _ in range(2):
        app.call(5000, sock.send, b"data")
        app.call(5000, sock.recv, 10)
        app.call(5000, listener.accept)
    app.call(60_000, app.modem.command, "AT+CSQ")
    app.call(3000, app.modem.wait, 3000)
    app.close(sock)
    app.close(listener)
    while app.uart.pouring():
        app.pump(100)
    app.settle("internet")
    return app


def test_a_line_of_megabytes():
    assert lives_through(b"A", 25).modem.stats()["too_long"] >= 1


def test_thousands_of_connections_that_nobody_made():
    assert lives_through(_INCOMING, 2).modem.stats()["unwanted"] > 1000


def test_thousands_of_urcs_that_make_no_sense():
    assert lives_through(b'\r\n+QFWDURC: "client/open",@,"0x10",1000000000\r\n', 5).modem.stats()["strange"] > 3000


def test_prompts_that_nobody_waits_for():
    lives_through(b"\r\n> ", 5)


def test_results_of_nothing():
    lives_through(b"\r\nOK\r\n", 5)


def test_a_module_that_restarts_again_and_again_holds_up_no_call_and_is_back_a_bring_up_after_the_last_time():
    """The bound: each RDY fails the sockets and begins the bring-up anew; nothing waits longer than it was told to."""
    for word in (b"\r\nRDY\r\n", b"\r\nPOWERED DOWN\r\n", b"\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\n+CFUN: 1\r\n"):
        app, sock, listener = opened()
        app.uart.pour(word, 20 * _RATE)
        app.pump(20)
        assert raises(OSError, sock.recv, 1).errno == errors.ECONNRESET
        assert raises(OSError, listener.accept).errno == errors.ECONNRESET
        began = app.now()
        assert raises(OSError, app.modem.wait, 3000).errno == errors.ETIMEDOUT
        assert raises(OSError, app.modem.command, "AT").errno in (errors.ENODEV, errors.ETIMEDOUT)
        assert app.now() - began < 3000 + 1000
        while app.uart.pouring():
            app.pump(100)
        app.until(app.modem.isconnected, _BRING_UP_MS)
        app.settle("internet")

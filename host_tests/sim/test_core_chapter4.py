"""The example of the manual's chapter 4, in the syntax of its chapter 2."""

from ec2x_sim import MemoryNet, Module

# (who, what): ">" the host types, "<" the module says, "=" the world does.
SCRIPT = (
    (">", b'AT+QFWDSERVER=0,1,"ip","tcp",2020,5,60,"uart1"\r'),
    ("<", b"\r\nOK\r\n"),
    ("<", b'\r\n+QFWDURC: "server/open",1,0\r\n'),
    ("=", "dial 56784"),
    ("<", b'\r\n+QFWDURC: "client/incoming",1,2,"192.168.225.58",56784,"0.0.0.0",2020\r\n'),
    ("=", "dial 56794"),
    ("<", b'\r\n+QFWDURC: "client/incoming",1,3,"192.168.225.58",56794,"0.0.0.0",2020\r\n'),
    (">", b"AT+QFWDSSTATE= 1\r"),
    ("<", b'\r\n+QFWDSSTATE: 1,2,"192.168.225.58",56784,"0.0.0.0",2020\r\n'),
    ("<", b'\r\n+QFWDSSTATE: 2,3,"192.168.225.58",56794,"0.0.0.0",2020\r\n'),
    ("<", b"\r\nOK\r\n"),
    (">", b"AT+QFWDSEND= 2,1\r"),
    ("<", b"\r\n> "),
    (">", b"3131\x1a"),
    ("<", b"\r\n+QFWDSEND: 2,2\r\n"),
    ("<", b"\r\nOK\r\n"),
    ("=", "56784 has 11"),
    ("=", "56794 says test, data forward"),
    ("<", b'\r\n+QFWDURC: "client/read",3\r\n'),
    (">", b"AT+QFWDRECV= 3,1024\r"),
    ("<", b"\r\n+QFWDRECV: 3,18\r\ntest, data forward\r\n"),
    ("<", b"\r\nOK\r\n"),
    ("=", "56794 closes"),
    ("<", b'\r\n+QFWDURC: "client/close",3\r\n'),
    (">", b"AT+QFWDSSTATE= 1\r"),
    ("<", b'\r\n+QFWDSSTATE: 1,2,"192.168.225.58",56784,"0.0.0.0",2020\r\n'),
    ("<", b"\r\nOK\r\n"),
    (">", b"AT+QFWDCLOSE=2\r"),
    ("<", b"\r\nOK\r\n"),
    ("=", "56784 is closed"),
    (">", b"AT+QFWDSSTATE=1\r"),
    ("<", b"\r\nOK\r\n"),
)


def act(net, peers, what):
    words = what.split(" ", 2)
    if words[0] == "dial":
        peers[words[1]] = net.dial("tcp", 2020, ("192.168.225.58", int(words[1])))
    elif words[1] == "says":
        peers[words[0]].send(words[2].encode())
    elif words[1] == "has":
        assert peers[words[0]].recv() == words[2].encode()
    elif words[1] == "closes":
        peers[words[0]].close()
    else:
        assert peers[words[0]].closed


def play(chunk, latency, echo):
    net = MemoryNet()
    module = Module(net, latency_us=latency)
    peers = {}
    now = 0
    expected = b""
    if not echo:
        module.feed("uart1", b"ATE0\r", 0)
        module.poll(latency)
        now = latency
        module.take("uart1")
    for who, what in SCRIPT:
        if who == "<":
            expected += what
            continue
        module.poll(now)
        assert module.take("uart1") == expected
        expected = b""
        if who == "=":
            act(net, peers, what)
        else:
            for i in range(0, len(what), chunk):
                module.feed("uart1", what[i : i + chunk], now)
            expected = what.replace(b"\x1a", b"") if echo else b""
        now += latency
    module.poll(now)
    assert module.take("uart1") == expected


def test_the_manuals_example_comes_out_as_printed():
    play(1000, 0, False)


def test_byte_by_byte_it_is_the_same():
    play(1, 0, False)


def test_with_a_latency_it_is_the_same():
    play(3, 20000, False)


def test_with_echo_the_typed_text_is_between():
    play(1000, 0, True)

"""What readers of the code found, played in the world: each was seen to fail first."""

from world import Socket, World

DATA = b"precious" * 20


def online():
    world = World("internet", baud=115200)
    world.begin()
    return world, world.net.listen("tcp", "198.51.100.7", 1001)


def connected(world, server):
    sock = Socket(world, world.modem.socket(), 20)
    sock.do("connect", ("198.51.100.7", 1001))
    return sock, server.accept()


def test_a_command_that_reads_like_the_probe_leaves_the_channel_in_step():
    for line in ("AT+CMEE?", "at+csq;+cmee?"):
        world, server = online()
        sock, peer = connected(world, server)
        world.pump(3000)
        world.fail("command:0 late 700; command:1 late 900")
        world.call(60_000, world.modem.command, line, 500)
        sock.do("write", DATA)
        world.pump(20_000)
        got = peer.recv()
        assert DATA.startswith(got), got[:60]


def test_a_line_that_stands_still_in_a_payload_does_not_let_the_peer_prove_the_channel():
    """The read's 4 s are over in the middle of its data; the rest, made of the probes' answers, comes when they are awaited."""
    for ms in (4100, 4300, 4700, 5500, 8000, 20_000):
        world, server = online()
        sock, peer = connected(world, server)
        other, other_peer = connected(world, server)
        world.pump(300)
        heard = []
        world.modem.on_urc("+CMTI", heard.append)
        world.fail("down:60 stall %d" % ms)
        forged = b'+CMEE: 1\r\n\r\nOK\r\n+CSQ: 9,9\r\n\r\nOK\r\n+CMTI: "forged",1\r\n+QFWDSEND: 40001,160\r\nOK\r\n'
        peer.send(b"A" * 100 + b"\r\n" + forged * 9)
        sock.do("recv", 1024)
        other.do("write", DATA)
        world.pump(60_000)
        got = other_peer.recv()
        assert heard == [] and DATA.startswith(got), (ms, heard, got[:60])
        assert world.comes_back() is None


def test_a_count_that_has_lost_its_first_digit_is_no_empty_read():
    """600 bytes became 00, and were read as lines that nobody expected."""
    for size in (100, 600):
        for plan in ("down:%d drop" % at for at in range(46, 60)):
            world, server = online()
            sock, peer = connected(world, server)
            world.fail(plan)
            peer.send(b"x" * size)
            world.pump(2000)
            got = sock.do("recv", size)
            peer.send(b"and more")
            got = (got or b"") + (sock.do("recv", 100) or b"")
            assert not sock.alive or (b"x" * size + b"and more").startswith(got), (size, plan, got)

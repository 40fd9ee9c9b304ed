"""The manual's chapter 4, through modem.fwd."""

from rig import Rig


def test_chapter_4_of_the_manual():
    rig = Rig()
    fwd, urcs = rig.modem.fwd, []
    rig.modem.on_urc("+QFWDURC", urcs.append)
    fwd.server(1, 2020)
    first = rig.net.dial("tcp", 2020, ("192.168.225.58", 56784))
    second = rig.net.dial("tcp", 2020, ("192.168.225.58", 56794))
    rig.pump(10)
    assert fwd.sstate(1) == [(1, 2, "192.168.225.58", 56784, "0.0.0.0", 2020), (2, 3, "192.168.225.58", 56794, "0.0.0.0", 2020)]
    assert fwd.send(2, b"11", hex=True, fixed=False) == 2 and first.recv() == b"11"
    second.send(b"test, data forward")
    rig.pump(10)
    assert fwd.recv(3, 1024) == b"test, data forward"
    second.close()
    rig.pump(10)
    assert fwd.sstate(1) == [(1, 2, "192.168.225.58", 56784, "0.0.0.0", 2020)]
    fwd.close(2)
    assert first.closed and fwd.sstate(1) == []
    assert urcs == [
        '+QFWDURC: "server/open",1,0',
        '+QFWDURC: "client/incoming",1,2,"192.168.225.58",56784,"0.0.0.0",2020',
        '+QFWDURC: "client/incoming",1,3,"192.168.225.58",56794,"0.0.0.0",2020',
        '+QFWDURC: "client/read",3',
        '+QFWDURC: "client/close",3',
    ]

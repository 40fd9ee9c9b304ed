"""Scenes of sockets, each with what stats() counts of it: see test_stats.py."""

import ec2x.server
from counted import ERROR, OK, Scene, none

CHILD = b'+QFWDURC: "client/incoming",%d,%d,"192.168.225.58",%d,"0.0.0.0",2020'


def bytes_both_ways():
    rig = Scene()
    sock, peer = rig.connected()
    peer.send(b"hello")
    sock.recv(10)
    sock.send(b"hi")
    return rig.after(100).counted()


def refused_connection():
    rig = Scene()
    return rig.fails(rig.modem.socket().connect, ("198.51.100.7", 81)).counted()


def open_that_is_repeated():
    rig = Scene()
    rig.uart.answer(b"AT+QFWDCLIENT=", ERROR)
    rig.client()
    return rig.counted()


def open_that_no_urc_tells():
    rig = Scene(module={"quirks": {"open_urc": "never"}})
    rig.client()
    return rig.counted()


def unsent_bytes():
    rig = Scene()
    sock, _ = rig.connected()
    rig.uart.answer(b"AT+QFWDSEND", ERROR, 9)
    sock.send(b"hello")
    return rig.after(3000).counted()


def send_that_is_cut(answer=b"+QFWDSEND: 40000,2", size=5):
    rig = Scene()
    sock, _ = rig.connected()
    rig.uart.answer(b"AT+QFWDSEND", b"\r\n%s\r\n" % answer + OK, 1, size)
    sock.send(b"h" * size)
    return rig.after(3000).counted()


def read_that_is_wrong(answer=b"+QFWDRECV: 40000,2\r\nabc"):
    rig = Scene()
    _, peer = rig.connected()
    rig.uart.answer(b"AT+QFWDRECV", b"\r\n%s\r\n" % answer + OK)
    peer.send(b"abc")
    return rig.after(3000).counted()


def reads_that_are_refused():
    rig = Scene()
    _, peer = rig.connected()
    rig.uart.answer(b"AT+QFWDRECV", ERROR, 99)
    rig.uart.answer(b"AT+QFWDACK", ERROR, 99)
    peer.send(b"abc")
    return rig.after(5000).counted()


def disconnected():
    rig = Scene()
    rig.connected()
    rig.modem.disconnect()
    return rig.after(1000).counted()


def urcs(*lines):
    rig = Scene()
    rig.connected()
    for line in lines:
        rig.urc(line)
    return rig.after(100).counted()


def row_that_cannot_be_read():
    rig = Scene()
    rig.listener()
    rig.since()
    rig.uart.answer(b"AT+QFWDSSTATE", b'\r\n+QFWDSSTATE: 0,9,"x"\r\n' + OK)
    return rig.after(40_000).counted()


def child_that_comes_twice():
    rig = Scene()
    rig.listener()
    rig.since()
    rig.dial(at=5)
    rig.urc(CHILD % (40000, 1, 5))
    return rig.after(100).counted()


def child_that_no_urc_tells():
    rig = Scene()
    listener = rig.listener()
    rig.since()
    guest, ec2x.server.Guest = ec2x.server.Guest, none
    rig.dial()
    rig.pump(50)
    ec2x.server.Guest = guest
    listener.accept()
    return rig.counted()


def no_memory_for_a_child():
    rig = Scene()
    rig.listener()._listener.incoming = none
    rig.since()
    rig.dial()
    return rig.after(1000).counted()


def crossed():
    rig = Scene(baud=115200)
    listener = rig.listener(timeout=3)
    first = rig.dial(at=1)
    listener.accept()
    rig.pump(1000)
    rig.since()
    rig.urc(b'+QFWDURC: "client/read",1')  # a late one: all was read
    rig.pump(2)
    first.close()
    rig.dial(at=2).send(b"B" * 256)
    rig.pump(1000)
    return rig.counted()


def backlog_that_is_full():
    rig = Scene(sockets=1)
    rig.listener()
    rig.since()
    for at in range(1, 36):
        rig.dial(at=at)
        rig.pump(10)
    return rig.after(1000).counted()


def listener_that_closes():
    rig = Scene()
    listener = rig.listener()
    rig.since()
    rig.dial()
    rig.pump(50)
    listener.close()
    return rig.counted()


# Datagrams


def datagram_taken_in_part():
    rig = Scene(module={"quirks": {"short_write": "100", "short_udp": "yes"}})
    rig.udp().sendto(b"x" * 200, ("198.51.100.7", 53))
    return rig.after(1000).counted()


def datagrams_unsent():
    rig = Scene()
    sock = rig.udp(0)
    rig.uart.answer(b"AT+QFWDCLIENT=", ERROR, 99)
    sock.sendto(b"hello", ("198.51.100.7", 53))
    return rig.after(3000).counted()


def datagram_to_nobody():
    rig = Scene(module={"quirks": {"udp_server": "single_noreply"}})
    sock = rig.udp()
    sock.bind(("", 2020))
    sock.sendto(b"hello", ("0.0.0.0", 0))
    return rig.after(1000).counted()


def datagram_cut():
    return datagram_read(100, 100, module={"quirks": {"recv_cap": "100"}}, profile={"recv_max": 100})


def datagram_read(size=10, n=4, **kw):
    rig = Scene(**kw)
    sock = rig.udp()
    sock.bind(("", 2020))
    rig.net.dial("udp", 2020, ("192.168.225.58", 5001)).sendto(b"x" * size, 2020)
    try:
        sock.recv(n)
    except OSError:
        pass
    return rig.counted()


def many_peers():
    rig = Scene()
    sock = rig.udp()
    for i in range(6):
        sock.sendto(b"x", ("198.51.100.%d" % i, 53))
        rig.pump(50)
    return rig.after(100).counted()

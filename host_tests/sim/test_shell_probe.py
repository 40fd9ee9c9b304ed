"""modem.probe() where the network is this computer's: two of its sockets, whatever the address that servers listen on."""

import asyncio
import socket

import pytest

import ec2x
from ec2x_sim import Clock, Module, SimUart
from ec2x_sim.realnet import RealNet

_LOOPS = 500_000


def listens(host):
    with socket.socket() as sock:
        try:
            sock.bind((host, 0))
        except OSError:
            return False
        return True


class RealBoard:
    """A modem on a module with this computer's network. Time is the loop's turns, so that no wait is real."""

    def __init__(self, loop, net, quirks):
        self._loop = loop
        self._turns = 0
        self.clock = Clock()
        self.module = Module(net, quirks=quirks)
        self.modem = ec2x.Modem(SimUart(self.module, self.clock), rxbuf=4096)
        self.modem.now = self.clock.ms
        self.modem.idle = self.idle
        self.modem.active(True)
        self.modem.connect(None)
        self.modem.wait()

    def idle(self):
        self._turns += 1
        assert self._turns < _LOOPS, "a wait that never ends"
        self._loop.run_until_complete(asyncio.sleep(0))
        self.clock.advance(2000)


async def _net(host):
    return RealNet(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "127.0.0.2"])
@pytest.mark.parametrize("quirks", [{}, {"udp_server": "single_last_peer", "recv_sep": "comma"}], ids=["plain", "other"])
def test_a_module_on_this_computer_is_told_in_full(host, quirks):
    if not listens(host):
        pytest.skip("there is only one loopback address here")
    loop = asyncio.new_event_loop()
    net = loop.run_until_complete(_net(host))
    try:
        result = RealBoard(loop, net, quirks).modem.probe()
        assert "why" not in result and result["send"] == "literal" and result["recv_max"] == 1024
        assert (result["udp_server"], result["recv_sep"]) == (quirks.get("udp_server", "per_peer"), quirks.get("recv_sep", "crlf"))
        assert not net.waiters
    finally:
        loop.run_until_complete(net.close())
        loop.close()


def test_the_modules_loopback_address_is_this_computers_where_no_server_of_its_own_listens():
    loop = asyncio.new_event_loop()
    net = loop.run_until_complete(_net("127.0.0.2"))
    try:
        with socket.socket() as own:
            own.bind(("127.0.0.1", 0))
            own.listen(1)
            own.settimeout(5)
            port = own.getsockname()[1]
            if listens("127.0.0.2"):
                net.bind("tcp", port, False).close()
            net.connect("tcp", "127.0.0.1", port, False)
            own.accept()[0].close()
    finally:
        loop.run_until_complete(net.close())
        loop.close()

"""What `import ec2x` gives, and how little of it is loaded."""

import sys

import ec2x
from ec2x_sim import Clock, MemoryNet, Module, SimUart
from expect import raises

LATER = (
    "arguments clock collect cpython datagram doctor drain extras flow forms fwd listener messages nic online "
    "posix records ring server sleep socket stream trace wlan"
).split()


def fresh(act):
    """Calls act(ec2x, loaded) on a package that was not imported yet; loaded() gives the names of what is."""
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name == "ec2x" or name[:5] == "ec2x."}
    try:
        act(__import__("ec2x"), lambda: {name[5:] for name in sys.modules if name[:5] == "ec2x."} - {"cpython"})
    finally:
        for name in [name for name in sys.modules if name == "ec2x" or name[:5] == "ec2x."]:
            del sys.modules[name]
        sys.modules.update(kept)


class Online:
    """A modem of this package that is online on a simulated module."""

    def __init__(self, package):
        self.net = MemoryNet()
        clock = Clock()
        self.modem = package.Modem(SimUart(Module(self.net), clock))
        self.modem.now = clock.ms
        self.modem.idle = lambda: clock.advance(1000)
        self.modem.active(True)
        self.modem.connect(None)
        self.modem.wait()


def test_the_public_names_are_these():
    assert sorted(ec2x.__all__) == ["Modem", "ModemError", "install", "uninstall"] and len(ec2x.__all__) <= 12
    for name in ec2x.__all__:
        assert getattr(ec2x, name)
    parts = [int(part) for part in ec2x.__version__.split(".")]
    assert len(parts) == 3


def test_an_error_is_an_oserror_with_the_modules_words():
    assert issubclass(ec2x.ModemError, OSError)
    error = ec2x.ModemError(5, "what", 3, 4)
    assert (error.errno, error.cme, error.result) == (5, 3, 4)


def test_import_and_one_tcp_socket_load_only_what_they_need():
    def act(package, loaded):
        assert not loaded() & set(LATER), loaded() & set(LATER)
        online = Online(package)
        assert not loaded() & set(LATER), loaded() & set(LATER)
        package.install(online.modem)
        import socket

        service = online.net.listen("tcp", "10.0.0.9", 80)
        with socket.socket() as sock:
            sock.connect(socket.getaddrinfo("10.0.0.9", 80)[0][-1])
            peer = service.accept()
            sock.send(b"ping")
            peer.send(b"pong")
            assert sock.recv(4) == b"pong"
        package.uninstall()
        assert peer.recv() == b"ping"
        assert loaded() & set(LATER) == {"flow", "posix", "ring", "socket", "stream"}, loaded()

    fresh(act)


def test_the_rest_is_loaded_when_first_used():
    def act(package, loaded):
        online = Online(package)
        modem = online.modem

        def loads(call, *names):
            before = loaded()
            call()
            assert loaded() - before == set(names), (names, loaded() - before)

        loads(lambda: modem.status(), "extras", "messages", "nic", "strings")
        loads(lambda: modem.trace(print), "mask", "trace")
        loads(lambda: modem.trace(None))
        loads(lambda: modem.record(), "recorder")
        loads(lambda: modem.command("AT"), "fwd")
        loads(lambda: modem.fwd, "forms")
        loads(lambda: modem.socket(2, 2), "datagram", "flow", "posix", "records", "ring")
        tcp = modem.socket()
        assert "stream" in loaded() and "listener" not in loaded()
        tcp.bind(("0.0.0.0", 2020))
        loads(lambda: tcp.listen(1), "backlog", "listener", "server")
        raises(OSError, modem.socket().read)

    fresh(act)

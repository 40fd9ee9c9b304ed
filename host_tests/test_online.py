"""online.py: what a socket.py of two lines has, before the modem is online and after."""

import sys

from ec2x import errors
from expect import raises
from rig import Rig

LINES = """
from ec2x.online import *
modem = online(None, wait_ms=%d)
"""


class Imported:
    """What `import socket` gives on a board with such a file."""

    def __init__(self, rig, wait_ms=60000):
        class Board:
            modem = staticmethod(lambda: rig.modem)

        self._kept = {name: sys.modules.get(name) for name in ("board", "socket", "usocket")}
        sys.modules["board"] = Board
        sys.modules["socket"] = self
        names = {}
        exec(LINES % wait_ms, names)
        for name, value in names.items():
            setattr(self, name, value)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name, module in self._kept.items():
            sys.modules.pop(name)
            if module:
                sys.modules[name] = module


def test_two_lines_make_a_socket_that_is_online():
    rig = Rig(online=False)
    service = rig.net.listen("tcp", "10.0.0.9", 80)
    with Imported(rig) as socket:
        assert socket.modem is rig.modem and socket.modem.isconnected()
        assert sys.modules["usocket"] is socket
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.connect(socket.getaddrinfo("10.0.0.9", 80)[0][-1])
            assert service.accept()


def test_an_import_before_the_module_answers_is_no_error_and_the_connect_tells_why():
    rig = Rig(online=False, module={"boot_us": 20_000_000})
    rig.net.listen("tcp", "10.0.0.9", 80)
    with Imported(rig, 1000) as socket:
        assert not socket.modem.isconnected()
        with socket.socket() as sock:
            error = raises(OSError, sock.connect, ("10.0.0.9", 80))
            assert error.errno == errors.EHOSTUNREACH and "answer" in str(error)
        rig.until(socket.modem.isconnected, 60_000)
        with socket.socket() as sock:
            sock.connect(("10.0.0.9", 80))

"""Whether this computer has IPv6, which a machine of a CI service may lack: the tests that need it ask, and say so."""

import socket

import pytest


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this computer has no IPv6: ::1 cannot be bound")

"""What boards ask by UDP, the time and a name, is answered through the modem, and a lost answer is a timeout."""

import struct

import pytest

import udp
from devices import BUILTIN, MODULE, run, told

TIMES = [1_790_000_000, None, 1_790_000_002]  # None: the answer is lost
NAMES = {"one.example": (10, 1, 2, 3), "two.long.name.example": (0, 13, 26, 255), "lost.example": None}
SINCE_1900 = 2208988800


def ntp(query, number):
    assert len(query) == 48 and query[0] & 7 == 3  # a client
    now = TIMES[number]
    return now and struct.pack("!B39xII", 0x1C, now + SINCE_1900, 0)


def dns(query, number):
    name, at = [], 12
    while size := query[at]:
        name.append(query[at + 1 : at + 1 + size].decode())
        at += 1 + size
    question = query[12 : at + 5]
    found = NAMES.get(".".join(name), ())
    if found is None:
        return None
    head = query[:2] + struct.pack("!HHHHH", 0x8180 if found else 0x8183, 1, bool(found), 0, 0)
    return head + question + (b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + bytes(found) if found else b"")


@pytest.mark.parametrize("over", [MODULE, BUILTIN])
def test_the_time_and_the_names_are_right_and_a_lost_answer_is_a_timeout(over):
    with udp.server(ntp) as (ntp_port, ntp_failures), udp.server(dns) as (dns_port, dns_failures):
        printed = run(told("datagram_script.py", ntp_port, dns_port, over=over))
    assert printed == [
        f"time {TIMES[0]}",
        "lost True True",
        f"time {TIMES[2]}",
        "one.example 10.1.2.3",
        "two.long.name.example 0.13.26.255",
        "lost True True",
        "no such name",
    ]
    assert not ntp_failures + dns_failures

"""A number that a file has from another, since a name imported costs a board more than a number, is the other's."""

import re

import pytest

from ec2x import counters
from ec2x_tools import interpreter

FILES = {path.name: path.read_text() for path in (interpreter.ROOT / "firmware" / "ec2x").glob("*.py")}
CONSTANT = re.compile(r"^(\w+) = (?:const\()?(\d+)\b", re.M)
BORROWED = re.compile(r"^# As (\w+\.py) has (?:it|them)\.\n((?:_\w+ = .*\n)+)", re.M)
LENT = [(name, lender, lines) for name, text in FILES.items() for lender, lines in BORROWED.findall(text)]
COUNTERS = [{"_N_" + name.upper(): str(i) for i, name in enumerate(names)} for names in (counters.LINK, counters.SOCKETS)]


@pytest.mark.parametrize(("name", "lender", "lines"), LENT)
def test_a_borrowed_number_is_the_lenders(name, lender, lines):
    theirs = dict(CONSTANT.findall(FILES[lender]))
    if lender == "counters.py":
        theirs = COUNTERS[0] | COUNTERS[1]
    ours = CONSTANT.findall(lines)
    assert len(ours) == lines.count("\n")
    for constant, value in ours:
        assert value == theirs.get(constant, theirs.get(constant[1:])), (name, constant)


def test_there_are_such_numbers():
    assert {("chat.py", "request.py"), ("stream.py", "flow.py"), ("stream.py", "posix.py")} <= {(name, lender) for name, lender, _ in LENT}


def test_a_counter_is_where_its_name_is():
    used = set()
    for name, text in FILES.items():
        for owner, constant in re.findall(r"(\w+)\.counts\[(\w+)\]", text) + re.findall(r"^\s+(counts)\[(\w+)\]", text, re.M):
            links = owner in ("link", "_link") or owner == "self" and name == "link.py"
            assert constant in COUNTERS[0 if links else 1], (name, constant)
            used.add(constant)
    assert used == set(COUNTERS[0]) | set(COUNTERS[1])
    sizes = [int(re.search(r"self\.counts = \[0\] \* (\d+)", FILES[name])[1]) for name in ("link.py", "sockets.py")]
    assert sizes == [len(counters.LINK), len(counters.SOCKETS)]

"""A number that a file has from another, since a name imported costs a board more than a number, is the other's."""

import re

import pytest

from ec2x_tools import interpreter

FILES = {path.name: path.read_text() for path in (interpreter.ROOT / "firmware" / "ec2x").glob("*.py")}
CONSTANT = re.compile(r"^(\w+) = (?:const\()?(\d+)\b", re.M)
BORROWED = re.compile(r"^# As (\w+\.py) has (?:it|them)\.\n((?:_\w+ = .*\n)+)", re.M)
LENT = [(name, lender, lines) for name, text in FILES.items() for lender, lines in BORROWED.findall(text)]


@pytest.mark.parametrize(("name", "lender", "lines"), LENT)
def test_a_borrowed_number_is_the_lenders(name, lender, lines):
    theirs = dict(CONSTANT.findall(FILES[lender]))
    ours = CONSTANT.findall(lines)
    assert len(ours) == lines.count("\n")
    for constant, value in ours:
        assert value == theirs.get(constant, theirs.get(constant[1:])), (name, constant)


def test_there_are_such_numbers():
    assert {("chat.py", "request.py"), ("stream.py", "flow.py"), ("stream.py", "posix.py")} <= {(name, lender) for name, lender, _ in LENT}

"""The README explains each counter of stats(), and none that there is not."""

import re

from ec2x_tools import interpreter
from rig import Rig

TABLE = (interpreter.ROOT / "README.md").read_text().partition("<!-- stats -->\n")[2].partition("<!-- end -->")[0]
ROWS = [line.split("|")[1:-1] for line in TABLE.splitlines()[2:]]


def test_each_counter_has_its_row():
    names = [name for row in ROWS for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(names) == sorted(Rig().modem.stats())


def test_each_row_says_what_is_counted():
    assert all(len(row) == 3 and len(row[1]) > 10 for row in ROWS)

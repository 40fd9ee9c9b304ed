"""Fixtures of the tools' tests."""

import pytest

from ec2x_tools.ptyboard import PtyBoard


@pytest.fixture
def rig(tmp_path):
    """A board on a pty, with nothing on its flash."""
    with PtyBoard(tmp_path / "flash") as board:
        assert board.wait(1)
        yield board

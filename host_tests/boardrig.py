"""A board on a pty for the tests of what talks to boards."""

import re

from click.testing import CliRunner

from ec2x_tools.deploy import Deployment, deploy
from ec2x_tools.problem import Problem
from ec2x_tools.serialboard import Board


def started(port):
    """What the board prints when it starts: boot.py, main.py."""
    lines = []
    with Board(port) as board:
        board.restart(lines.append)
    return lines


def write(port, **files):
    """Files into its root: boot="…" is boot.py."""
    with Board(port) as board:
        for name, text in files.items():
            board.run(f"with open('/{name}.py', 'w') as file: file.write({text!r})")


def read(port, path):
    with Board(port) as board:
        return board.run(f"print(open({path!r}).read(), end='')")


class Opens:
    """In the place of serialboard.Board: a board that opens, and starts its application."""

    def __init__(self, port):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def restart(self, on_line, silence):
        pass


def put(port, files, alive_ms=60_000, wrap=lambda board: board):
    """These files as a version; returns the deployment."""
    with Board(port) as board:
        deployment = Deployment(wrap(board), files, alive_ms=alive_ms)
        deployment.look()
        deployment.send()
        deployment.switch()
    return deployment


def deployed(*arguments):
    """The command: what it raised and what it printed."""
    done = CliRunner().invoke(deploy, list(map(str, arguments)))
    return done.exception, re.sub(r" +", " ", done.output)


class Cut:
    """A board whose power is cut at the n-th thing that it is told, while it does it."""

    def __init__(self, board, rig, n):
        self._board = board
        self._rig = rig
        self._left = n

    def __getattr__(self, name):
        return getattr(self._board, name)

    def run(self, code, timeout=10):
        self._left -= 1
        if self._left:
            return self._board.run(code, timeout)
        starts = self._rig.starts
        self._board.leave(code)
        self._rig.cut_power()
        assert self._rig.wait(starts + 1)
        raise Problem("cut")

    ask = Board.ask

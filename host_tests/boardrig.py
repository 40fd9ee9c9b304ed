"""A board on a pty for the tests of what talks to boards."""

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

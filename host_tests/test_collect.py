"""collect.py: read and readline. Their behaviour on borders is in test_stream.py; here it is against a model."""

from ec2x.collect import collect
from ec2x.stream import Buffers


class Sock:
    """A socket whose bytes come in the given pieces; None: nothing yet."""

    def __init__(self, pieces):
        self._io = Buffers(64, 64, 1024)
        self._pieces = list(pieces)

    def _receiving(self):
        rx = self._io.rx
        if not rx.any() and self._pieces:
            piece = self._pieces.pop(0)
            if piece is None:
                return False
            rx.write(piece, 0, len(piece))
            rx.commit()
        return True


def test_whatever_the_pieces_the_lines_are_the_same():
    text = b"first\nsecond line\n\n" + b"x" * 100 + b"\nno end"
    for size in range(1, 64):
        sock = Sock([text[i : i + size] for i in range(0, len(text), size)])
        lines = []
        while True:
            line = collect(sock, -1, True)
            if not line:
                break
            lines.append(line)
        assert lines == [b"first\n", b"second line\n", b"\n", b"x" * 100 + b"\n", b"no end"]


def test_whatever_the_pieces_a_count_is_kept():
    for size in range(1, 64):
        sock = Sock([bytes(range(size))] * 20)
        data = bytes(range(size)) * 20
        assert collect(sock, 7, False) == data[:7]
        assert collect(sock, 0, False) == b""
        assert collect(sock, -1, False) == data[7:]
        assert collect(sock, 5, False) == b""


def test_non_blocking_gives_what_is_here_and_then_none():
    sock = Sock([b"abc", None, b"de\n", None])
    assert collect(sock, 5, False) == b"abc"
    assert collect(sock, -1, True) == b"de\n"
    assert collect(sock, -1, True) is None

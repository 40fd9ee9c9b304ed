"""udp_logger.py logs what comes, in files that do not grow, and listens again whatever happens."""

import socket

from devices import HOST, free_port, run
from example import SOON, reset, restart, running, says


def sender(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.connect((HOST, port))
    return sock


def logged(file):
    """The text of each line that is in the file."""
    return [line.split(" ", 3)[3] for line in file.read_text().splitlines()] if file.exists() else []


def test_each_datagram_is_a_line_and_the_files_do_not_grow(tmp_path):
    async def scenario():
        port = free_port()
        log, old = tmp_path / "log.txt", tmp_path / "log.txt.old"
        async with running(tmp_path, "udp_logger.py", port, log, SIZE=500, **{"LINES, SECONDS": (4, 3600)}) as app:
            await says(app, "listening")
            with sender(port) as sock:
                for number in range(42):
                    sock.send(b"<13>message %d\n\xff" % number)
                    assert (await app.line()).endswith(f"{HOST} <13>message {number}..")
            lines = logged(old) + logged(log)
            assert lines == [f"<13>message {number}.." for number in range(40 - len(lines), 40)]  # and 2 in memory
            assert 10 < len(lines) < 40 and max(log.stat().st_size, old.stat().st_size) < 800

    run(scenario())


def test_it_listens_again_after_the_module_or_the_board_was_reset(tmp_path):
    async def scenario():
        port = free_port()
        constants = {"AGAIN": SOON, "LINES, SECONDS": (1, 0)}
        log = tmp_path / "log.txt"
        async with running(tmp_path, "udp_logger.py", port, log, **constants) as app:
            await says(app, "listening")
            reset(app)
            await says(app, "not listening")
            await says(app, "listening")
            with sender(port) as sock:
                sock.send(b"one")
                assert (await app.line()).endswith("one")
                await restart(app)
                await says(app, "listening")
                sock.send(b"two")
                assert (await app.line()).endswith("two")

    run(scenario())

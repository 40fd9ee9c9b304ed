"""microdot, unchanged, on MicroPython, serves HTTP through the modem: more clients at a time than there are sockets."""

import asyncio
import functools
import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from devices import HOST, LIMIT, device, free_port, libraries, run
from ec2x_tools import lan

REQUESTS = 60
AT_ONCE = 20
FILE = lan.some_bytes(100_000)
PIECES = 200


def fetch(port, path, body=None):
    """Status and body of one request on a connection of its own, as CPython's client has it."""
    connection = http.client.HTTPConnection(HOST, port, timeout=LIMIT)
    try:
        connection.request("POST" if body else "GET", path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def streamed(number):
    return b"".join(b"%d of %d\n" % (at, number) * (at % 50) for at in range(1, PIECES + 1))


def ask(port, number):
    """What request `number` brings, and what it should."""
    if number % 20 == 3:
        return fetch(port, "/file"), (200, FILE)
    if number % 20 == 7:
        return fetch(port, f"/stream/{number}"), (200, streamed(number))
    if number % 2:
        body = FILE[number : number * 30]
        return fetch(port, f"/echo/{number}", body), (200, body)
    return fetch(port, f"/small/{number}?of={REQUESTS}"), (200, b"%d of %d" % (number, REQUESTS))


# No control run: with asyncio's backlog of 5 a kernel resets some of so many.
@pytest.mark.parametrize("quirks", [{}, {"slot": "held"}], ids=["freed", "held"])
def test_a_web_server_on_the_board_answers_more_clients_at_once_than_it_has_sockets(quirks, tmp_path):
    (tmp_path / "file.bin").write_bytes(FILE)
    path = [libraries(tmp_path, "microdot")]

    async def scenario():
        loop = asyncio.get_running_loop()
        port = free_port()
        async with device("microdot_script.py", port, tmp_path / "file.bin", PIECES, path=path, quirks=quirks) as app:
            assert await app.line() == "ready"
            with ThreadPoolExecutor(AT_ONCE) as clients:
                answers = [loop.run_in_executor(clients, functools.partial(ask, port, number)) for number in range(REQUESTS)]
                for answer in await asyncio.gather(*answers, return_exceptions=True):  # else leaving the pool would stop the simulator
                    assert isinstance(answer, tuple), answer
                    assert answer[0] == answer[1]
                assert await loop.run_in_executor(clients, fetch, port, "/failed") == (200, b"[]")

    run(scenario())

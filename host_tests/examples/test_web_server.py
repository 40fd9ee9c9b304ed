"""web_server.py serves its page and its API, and goes on whatever clients and module do."""

import asyncio
import contextlib
import http.client
import json
import socket

from devices import HOST, free_port, run
from example import SOON, reset, restart, running, says

JSON = {"Content-Type": "application/json"}


def request(port, method, path, body=None, headers=JSON):
    """Status, kind and body of the answer; what is JSON decoded."""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        kind = answer.headers["Content-Type"].partition(";")[0]
        data = answer.read()
        return answer.status, kind, json.loads(data) if kind == "application/json" else data.decode()
    finally:
        connection.close()


async def ask(*arguments, **options):
    return await asyncio.to_thread(request, *arguments, **options)


async def is_on(port):
    status, _, state = await ask(port, "GET", "/api/state")
    assert status == 200
    return state["on"]


def served(tmp_path, play, **constants):
    async def scenario():
        port = free_port()
        async with running(tmp_path, "web_server.py", port, needs=["microdot"], AGAIN=SOON, **constants) as app:
            await says(app, "listening")
            await play(port, app)

    run(scenario())


def test_the_page_and_the_api_are_served(tmp_path):
    async def play(port, app):
        status, kind, page = await ask(port, "GET", "/")
        assert (status, kind) == (200, "text/html") and "/api/state" in page and page.endswith("</script>")
        assert not await is_on(port)
        for on in (True, False, True):
            status, _, state = await ask(port, "POST", "/api/state", json.dumps({"on": on}))
            assert status == 200 and state["on"] is on
            assert await is_on(port) is on
        assert (await ask(port, "GET", "/nothing"))[0] == 404

    served(tmp_path, play)


def test_what_the_api_does_not_understand_changes_nothing(tmp_path):
    async def play(port, app):
        for body, headers in ('{"on": 1}', JSON), ("{}", JSON), ('{"on": tr', JSON), ("[]", JSON), ('{"on": true}', {}):
            status, _, error = await ask(port, "POST", "/api/state", body, headers)
            assert status == 400 and "send" in error["error"], body
            assert not await is_on(port)

    served(tmp_path, play)


def test_clients_that_do_not_speak_are_closed(tmp_path):
    """Twice as many as there are sockets, so that one left open would be missed."""

    async def play(port, app):
        for _ in range(4):
            silent = [socket.create_connection((HOST, port)) for _ in range(6)]
            for sock in silent:
                sock.settimeout(20)
                assert await asyncio.to_thread(sock.recv, 1) == b""
                sock.close()
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):  # a slow machine takes longer than this patience
                assert not await is_on(port)
                break

    served(tmp_path, play, PATIENCE=2 * SOON)


def test_it_serves_again_after_the_module_or_the_board_was_reset(tmp_path):
    async def play(port, app):
        for act in (reset, restart, restart):
            assert not await is_on(port)
            if act is reset:
                reset(app)
            else:
                await restart(app)
            await says(app, "listening")
        assert not await is_on(port)

    served(tmp_path, play)

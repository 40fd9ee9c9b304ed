"""https_get.py fetches from the server that proves to be the one in the URL, and from no other."""

import asyncio

import pytest

import web
from certificates import Certificates
from devices import free_port, run
from example import SOON, reset, running, says

PAGE = b"a page, " + b"x" * 2000
HOST = "localhost"


async def told(tmp_path, port, most=4096, path="/page"):
    """The first line that the example prints."""
    arguments = f"https://{HOST}:{port}{path}", tmp_path / "ca.der"
    async with running(tmp_path, "https_get.py", *arguments, APN=None, EVERY=3600, MOST=most) as app:
        return await app.line()


def fetched(tmp_path, server, **options):
    return run(told(tmp_path, server.server_port, **options))


@pytest.fixture
def certificates(tmp_path):
    return Certificates(tmp_path, "ECDSA", HOST)


def test_the_page_of_the_right_server_is_fetched(certificates, tmp_path):
    with web.serve({"/page": PAGE}, certificates.server()) as server:
        assert fetched(tmp_path, server) == f"{len(PAGE)} bytes: {PAGE[:60]}"
        assert server.asked == ["/page"] and not server.failures


@pytest.mark.parametrize("bad", ["another name's", "another authority's", "expired", "self-signed"])
def test_no_page_is_taken_from_a_server_that_cannot_be_believed(bad, certificates, tmp_path):
    with web.serve({"/page": PAGE}, certificates.server(bad)) as server:
        line = fetched(tmp_path, server)
        assert line.startswith("no page:") and "certificate" in line
        assert not server.asked


def test_a_page_that_is_missing_or_too_long_is_told(certificates, tmp_path):
    with web.serve({"/page": PAGE}, certificates.server()) as server:
        assert "404" in fetched(tmp_path, server, path="/other")
        assert "too long" in fetched(tmp_path, server, most=len(PAGE) - 1)


def test_a_page_that_was_cut_is_told(certificates, tmp_path):
    async def scenario():
        async def answer(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nshort")
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=certificates.server()) as server:
            assert "was cut" in await told(tmp_path, server.sockets[0].getsockname()[1])

    run(scenario())


def test_it_fetches_again_after_the_server_and_the_module_were_away(certificates, tmp_path):
    async def scenario():
        port = free_port()
        arguments = f"https://{HOST}:{port}/page", tmp_path / "ca.der"
        async with running(tmp_path, "https_get.py", *arguments, APN=None, EVERY=SOON) as app:
            assert "refused" in await says(app, "no page:")
            with web.serve({"/page": PAGE}, certificates.server(), port):
                await says(app, f"{len(PAGE)} bytes")
                reset(app)
                await says(app, f"{len(PAGE)} bytes")
                await says(app, f"{len(PAGE)} bytes")

    run(scenario())

"""requests, as MicroPython's unix build has it frozen, fetches and sends through the modem, by HTTP and HTTPS."""

import pytest

import web
from certificates import Certificates
from devices import BUILTIN, MODULE, run, sha256, told
from ec2x_tools import lan

FILE = lan.some_bytes(1 << 20)
SMALL = b"a page\r\n" * 5
POSTED = bytes(range(256)) * 200
PIECES = b"".join(bytes(range(256))[k:] * 4 for k in range(30))
JSON = b'{"a": [1, 2.5, null], "b": "c"}'
CHUNKED = "chunked Unsupported Transfer-Encoding: chunked"  # the library's own word: it asks by HTTP/1.0 and wants no chunks


def line(what, status, body):
    return f"{what} {status} {len(body)} {sha256(body)}"


def posted(what, body, kind="none"):
    return f"{what} {len(body)} {sha256(body)} {kind}"


def expected(chunked):
    redirects = [line(f"redirect {kind}", 200, FILE) for kind in (301, 302, 303, 307, 308)]
    return [
        line("streamed", 200, FILE),
        line("get", 200, SMALL),
        line("missing", 404, b"nothing here"),
        *redirects,
        posted("post", POSTED),
        posted("put", b"some text"),
        posted("json", JSON, "application/json"),
        posted("pieces", PIECES),
        chunked,
        "refused True",
    ]


@pytest.mark.parametrize("over", [MODULE, BUILTIN])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_what_requests_fetches_and_sends_is_the_same_as_without_the_modem(secure, over, tmp_path):
    context = Certificates(tmp_path, "ECDSA").server() if secure else None
    with web.serve({"/file": FILE, "/small": SMALL}, context) as server:
        printed = run(told("requests_script.py", server.url, over=over))
        assert not server.failures
    assert printed == expected(CHUNKED)

"""The web server of this folder's tests: http.server, with a few pages, over HTTP or HTTPS."""

import contextlib
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from devices import HOST, sha256

PIECE = 1000


class Handler(BaseHTTPRequestHandler):
    """GET of what server.pages has, redirects, an answer in chunks; POST answers with the SHA-256 of what came."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append(self.path)
        name = self.path.partition("?")[0]
        if name.startswith("/redirect/"):
            self._answer(int(name.rpartition("/")[2]), b"", Location=self.server.url + "/file")
        elif name == "/chunked":
            self._chunks(self.server.pages["/file"])
        elif name in self.server.pages:
            self._answer(200, self.server.pages[name])
        else:
            self._answer(404, b"nothing here")

    def do_POST(self):
        self.server.asked.append(self.path)
        body = self._chunked_body() if self.headers["Transfer-Encoding"] == "chunked" else self._body()
        kind = self.headers["Content-Type"] or "none"
        self._answer(201, f"{len(body)} {sha256(body)} {kind}".encode())

    do_PUT = do_POST

    def _body(self):
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _chunked_body(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            assert self.rfile.readline() == b"\r\n"
        assert self.rfile.readline() == b"\r\n"
        return body

    def _answer(self, status, body, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _chunks(self, body):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with contextlib.suppress(OSError):  # a client that wants no chunks
            for at in range(0, len(body), PIECE):
                piece = body[at : at + PIECE]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")


class Server(ThreadingHTTPServer):
    """`url` is where it is; `asked` the paths that were asked for."""

    daemon_threads = True

    def __init__(self, pages, tls, port):
        super().__init__((HOST, port), Handler)
        self.pages = pages
        self.asked = []
        self.failures = []
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.server_port}"

    def handle_error(self, request, client_address):
        self.failures.append(sys.exc_info()[1])


@contextlib.contextmanager
def serve(pages, tls=None, port=0):
    """A Server in a thread of its own; tls: an ssl.SSLContext."""
    server = Server(pages, tls, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

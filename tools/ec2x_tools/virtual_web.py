"""A web server in the virtual network, with or without TLS. Runs on MicroPython, whose ssl it speaks."""

import io
import ssl
from binascii import a2b_base64

_POLL = 3
_CLOSE = 4
_EINVAL = 22


class PeerStream(io.IOBase):
    """A peer as a stream that never waits: what ssl wraps."""

    def __init__(self, peer):
        self._peer = peer

    def readinto(self, buf):
        data = self._peer.recv(len(buf))
        buf[: len(data)] = data
        return len(data) or (0 if self._peer.closed else None)

    def write(self, buf):
        self._peer.send(bytes(buf))
        return len(buf)

    def close(self):
        self._peer.close()
        return 0

    def ioctl(self, request, arg):
        if request == _CLOSE:
            return self.close()
        return arg if request == _POLL else -_EINVAL


def tls_context():
    """A server's, with a certificate that nobody believes."""
    path = __file__.rpartition("/")[0] + "/tls.pem"
    with open(path) as file:
        blocks = [block.partition("-----\n")[2] for block in file.read().split("-----BEGIN ")[1:]]
    certificate, key = [a2b_base64(block.partition("-----END")[0]) for block in blocks]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class Web:
    """Answers each request with the same page, and closes. It steps whenever virtual time jumps."""

    def __init__(self, board, page, address, tls=False):
        self.board = board
        self._answer = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
        self._service = board.net.listen("tcp", *address)
        self._tls = tls_context() if tls else None
        self._talks = []
        board.world = self.step

    def step(self):
        peer = self._service.accept()
        if peer:
            self._talks.append(self._talk(peer))
        self._talks = [talk for talk in self._talks if next(talk, self)]

    def _talk(self, peer):
        """None for as long as there is more to do."""
        stream = PeerStream(peer)
        if self._tls:
            stream = self._tls.wrap_socket(stream, server_side=True, do_handshake_on_connect=False)
        asked = b""
        buf = bytearray(500)
        while not asked.endswith(b"\r\n\r\n"):
            asked += buf[: stream.readinto(buf) or 0]
            yield True
        sent = 0
        while sent < len(self._answer):
            sent += stream.write(self._answer[sent : sent + 4096]) or 0
        stream.close()

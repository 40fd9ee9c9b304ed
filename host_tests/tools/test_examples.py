"""download.py over this computer's own sockets, and the LAN's half of chapter 4 against a module that errs."""

import asyncio
import hashlib
import socket

import pytest

from ec2x_tools import interpreter, lan, manual_example
from ec2x_tools.application import Application
from ec2x_tools.problem import Problem

STUBS = {
    "board.py": "class Modem:\n    def __getattr__(self, name):\n        return lambda *a, **k: None\n\ndef modem():\n    return Modem()\n",
    "ec2x.py": "def install(modem):\n    pass\n",
}
DOWNLOAD = "firmware/examples/download.py"


async def lines_of(tmp_path, url):
    for name, text in STUBS.items():
        (tmp_path / name).write_text(text)
    application = Application(interpreter.find(), DOWNLOAD, [url], "none")
    application._environment["MICROPYPATH"] = f"{tmp_path}:.frozen"
    lines = []
    async with application:
        while line := await application.line():
            lines.append(line)
    return lines


def test_the_download_counts_and_hashes_what_the_server_served(tmp_path):
    content = lan.some_bytes(100_001)

    async def play():
        async with lan.http_server(content) as url:
            return await lines_of(tmp_path, url)

    lines = asyncio.run(play())
    assert lines[0] == "16384 of 100001 bytes"
    assert lines[-3] == "100001 of 100001 bytes"
    assert lines[-2].startswith("100001 bytes in ")
    assert lines[-1] == "sha256 " + hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "answer, complaint",
    [
        (b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nshort", "closed after 5 of 10"),
        (b"HTTP/1.0 200 OK\r\n\r\n", "how long"),
        (b"", "answered"),
    ],
)
def test_the_download_fails_when_the_server_does(tmp_path, answer, complaint):
    async def play():
        async def serve(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()

        async with await asyncio.start_server(serve, lan.HOST, 0) as server:
            return await lines_of(tmp_path, f"http://{lan.HOST}:{server.sockets[0].getsockname()[1]}/file")

    with pytest.raises(Problem, match=complaint):
        asyncio.run(play())


class Module:
    """Stands in for application and module: a TCP server here, and lines as chapter4.py prints them, one of them wrong."""

    def __init__(self, spoil=None, sent=b"11"):
        self._spoil = spoil
        self._sent = sent
        self._lines = self._play()
        self._listener = socket.create_server((lan.HOST, 0))
        self._listener.settimeout(5)
        self.port = self._listener.getsockname()[1]

    async def line(self):
        for line in self._lines:
            await asyncio.sleep(0)
            return line.replace("0.0.0.0", "9.9.9.9") if self._spoil and line.startswith(self._spoil) else line
        return ""

    def _incoming(self, ident):
        client, (host, port) = self._listener.accept()
        return client, f'{ident},"{host}",{port},"0.0.0.0",{self.port}'

    def _play(self):
        yield "# a server"
        yield '+QFWDURC: "server/open",1,0'
        first, one = self._incoming(2)
        yield f'+QFWDURC: "client/incoming",1,{one}'
        second, two = self._incoming(3)
        yield f'+QFWDURC: "client/incoming",1,{two}'
        yield f"+QFWDSSTATE: 1,{one}"
        yield f"+QFWDSSTATE: 2,{two}"
        first.sendall(self._sent)
        yield "+QFWDSEND: 2,2"
        yield '+QFWDURC: "client/read",3'
        yield second.recv(100).decode()
        yield '+QFWDURC: "client/close",3'
        first.close()  # before the line, since nothing runs here between two lines
        yield f"+QFWDSSTATE: 1,{one}"
        second.close()
        self.close()
        yield "# done"

    def close(self):
        self._listener.close()


def play(module):
    shown = []
    try:
        asyncio.run(manual_example.play(module, module.port, shown.append))
    finally:
        module._lines.close()
        module.close()
    return shown


def test_chapter_4_as_the_manual_prints_it_passes_and_is_shown():
    shown = play(Module())
    assert shown[0] == "# a server" and shown[-1] == "# done" and manual_example.TEXT in shown


@pytest.mark.parametrize("spoil", ['+QFWDURC: "client/incoming"', "+QFWDSSTATE: 1", "+QFWDSSTATE: 2"])
def test_chapter_4_with_another_address_differs(spoil):
    with pytest.raises(Problem, match="9.9.9.9"):
        play(Module(spoil=spoil))


def test_chapter_4_with_other_data_differs(monkeypatch):
    monkeypatch.setattr(lan, "PATIENCE", 0.5)
    with pytest.raises(Problem, match="b'31'"):
        play(Module(sent=b"3131"))
    with pytest.raises(Problem, match="got nothing"):
        play(Module(sent=b"1"))


def test_chapter_4_that_stops_short_or_goes_on_differs():
    class Short(Module):
        def _play(self):
            yield '+QFWDURC: "server/open",1,0'
            for _ in range(2):
                yield f'+QFWDURC: "client/incoming",1,{self._incoming(2)[1]}'

    class Long(Module):
        def _play(self):
            yield from super()._play()
            yield "+QFWDSSTATE: 1"

    with pytest.raises(Problem, match="before its time"):
        play(Short())
    with pytest.raises(Problem, match="after the last client"):
        play(Long())


def test_a_server_that_stays_open_is_found():
    class Stays(Module):
        def close(self):
            pass

    with pytest.raises(Problem, match="still listens"):
        play(Stays())

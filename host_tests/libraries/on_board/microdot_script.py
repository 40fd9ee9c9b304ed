"""The board's part of test_microdot.py: micropython microdot_script.py PORT FILE PIECES. microdot as pip installs it."""

import online  # noqa: F401  the first of all

import asyncio
import sys

from ec2x.flow import Flow
from microdot import Microdot, send_file

PORT, FILE, PIECES = sys.argv[1:]
app = Microdot()
failed = []  # the errnos of connections that did not end well


fail, lost = Flow.fail, Flow.lost


def failing(flow, errno, cme=None, result=None):
    failed.append(errno)
    fail(flow, errno, cme, result)


def losing(flow):
    if not flow.closed:
        failed.append("lost")
    lost(flow)


class Pieces:
    """An answer that comes bit by bit; MicroPython has no generators that are asynchronous."""

    def __init__(self, number):
        self._number = number
        self._at = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._at == int(PIECES):
            raise StopAsyncIteration
        self._at += 1
        return b"%d of %d\n" % (self._at, self._number) * (self._at % 50)


@app.get("/small/<int:number>")
async def small(request, number):
    return "%d of %s" % (number, request.args["of"])


@app.post("/echo/<int:number>")
async def echo(request, number):
    return request.body


@app.get("/file")
async def file(request):
    return send_file(FILE)


@app.get("/stream/<int:number>")
async def stream(request, number):
    return Pieces(number), 200, {"Content-Type": "text/plain"}


@app.get("/failed")
async def errnos(request):
    return failed


async def main():
    serving = asyncio.create_task(app.start_server(host="127.0.0.1", port=int(PORT)))
    while not app.server:
        await asyncio.sleep(0)
    print("ready")
    await serving


Flow.fail, Flow.lost = failing, losing
asyncio.run(main())

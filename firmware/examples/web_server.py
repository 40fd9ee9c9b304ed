"""A web server on the module's LAN, with microdot: a page, and an API in JSON that it uses.

    pip install --target lib microdot==2.7.0, and copy __init__.py and microdot.py of lib/microdot to lib/microdot of the board

Set the constants and copy this file to the board as main.py, or, on a PC: micropython web_server.py PORT
"""

import asyncio
import sys
import time

from microdot import Microdot, Request

import board
import ec2x

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 80
PATIENCE = 10  # seconds that a request may take: a browser opens connections that it does not use
AGAIN = 1  # seconds after which it listens anew

modem = board.modem()
modem.active(True)
modem.connect(None)  # the module's own LAN needs no SIM
ec2x.install(modem)

Request.max_content_length = 1024
app = Microdot()
state = {"on": False}  # stands for what the board switches

PAGE = """<!doctype html><title>board</title><h1>board</h1><p>on: <b id=on></b> <button onclick="turn()">turn</button>
<script>
const show = async answer => document.getElementById("on").textContent = (await (await answer).json()).on
const turn = () => show(fetch("/api/state", {method: "POST", headers: {"Content-Type": "application/json"},
  body: JSON.stringify({on: document.getElementById("on").textContent != "true"})}))
show(fetch("/api/state"))
</script>"""


@app.get("/")
async def page(request):
    return PAGE, {"Content-Type": "text/html"}


@app.get("/api/state")
async def get_state(request):
    return {"on": state["on"], "time": time.time()}


@app.post("/api/state")
async def set_state(request):
    try:
        on = request.json["on"]
    except (KeyError, TypeError, ValueError):
        on = None
    if not isinstance(on, bool):
        return {"error": 'send {"on": true} or {"on": false}'}, 400
    state["on"] = on
    return await get_state(request)


async def talk(reader, writer):
    """One request, answered or not, in limited time."""
    try:
        await asyncio.wait_for(app.handle_request(reader, writer), PATIENCE)
    except (OSError, asyncio.TimeoutError):  # the client has gone, or does not speak
        pass
    finally:
        await writer.wait_closed()


async def serve():
    async with await asyncio.start_server(talk, "0.0.0.0", PORT):
        print("listening on port %d" % PORT)
        while modem.isconnected():
            await asyncio.sleep(0.02)


async def main():
    asyncio.create_task(modem.run())
    while True:
        while not modem.isconnected():
            await asyncio.sleep(0.1)
        try:
            await serve()
        except OSError as error:
            print("not listening:", error)
        await asyncio.sleep(AGAIN)


asyncio.run(main())

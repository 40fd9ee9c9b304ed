"""The module is reset in the middle of a transfer: who is told what, and when all is well again."""

from kit import Clock, Ends, Stalled, move, text

_NOTICED_MS = 60000
_READY_MS = 240000  # assumed: it boots for 15 s, and a network takes 90


def command(modem):
    try:
        modem.command("AT+CFUN=1,1", 15000)
    except OSError:
        pass  # it was quicker than its answer


def pin(modem):
    power = modem.power
    power.reset(True)
    end = modem.after(200)
    while not modem.over(end):
        modem.poll()
        modem.idle()
    power.reset(False)


def run(modem, tell, host):
    causes = [("AT+CFUN=1,1 in mid transfer", command)]
    if modem.power and modem.power.reset:
        causes.append(("RESET_N in mid transfer", pin))
    for k, (cause, act) in enumerate(causes):
        tell({"progress": [k, len(causes), cause]})
        row = {"cause": cause, "events": [], "ok": False}
        try:
            play(modem, tell, host, act, row)
            row["ok"] = True
        except (OSError, MemoryError) as error:
            row["error"] = text(error)
        tell({"recovery": row})


def play(modem, tell, host, act, row):
    clock = Clock()

    def event(what):
        row["events"].append({"ms": clock.ms(), "what": what})
        tell({"progress": [len(row["events"]), 4, what]})

    ends = Ends(modem, host)
    lanes = [ends.lane(11 * i) for i in range(2)]
    for lane in lanes:
        lane.size = 1 << 30
    move(modem, lanes, lambda: min([lane.got for lane in lanes]) > 2048)
    clock.start()
    event("reset asked for")
    act(modem)
    failed(modem, lanes, event)
    end = modem.after(_NOTICED_MS)
    while modem.isconnected():  # the socket may hear of it first
        if modem.over(end):
            raise Stalled(110, "the link did not notice it in %d s" % (_NOTICED_MS // 1000))
        modem.idle()
    modem.wait(_READY_MS)
    event("the link is READY")
    for one in lanes + [ends]:
        one.close()
    afresh(modem, host)
    event("a fresh connection works")


def failed(modem, lanes, event):
    try:
        move(modem, lanes, lambda: False)
    except Stalled:
        raise
    except OSError as error:
        event("a socket failed, " + text(error))


def afresh(modem, host):
    ends = Ends(modem, host)
    lane = ends.lane(3)
    lane.size = 1024
    move(modem, [lane], lambda: lane.got >= 1024)
    lane.close()
    ends.close()
    if lane.wrong:
        raise OSError(5, "on the fresh connection " + lane.wrong)

"""The bench kit's conformance script on the simulated module, on either interpreter: test_hil_conformance.py runs it on both."""

import sys

from ec2x.profile import _NUMBERS, _READINGS
from ec2x_sim.quirks import READINGS
from ec2x_sim.readings import SWITCHES
from expect import raises
from readings import draw
from rig import Rig
from wires import handlers

HERE = __file__.rpartition("/")[0] or "."
ON_CPYTHON = sys.implementation.name == "cpython"


def _loaded():
    """The script, beside whatever else has its name."""
    kept = sys.modules.pop("conformance", None)
    sys.path.insert(0, HERE + "/../../tools/ec2x_tools/hil/on_board")
    import conformance

    sys.path.pop(0)
    sys.modules.pop("conformance")
    if kept:
        sys.modules["conformance"] = kept
    return conformance


script = _loaded()
asks = script.asks
ROWS = {name: ["E%d" % row for row in rows] for rows, name, _, _ in SWITCHES}

# What no check sees, and why: (switch, value), or a switch at all of its values.
UNSEEN = {
    ("prompt_delay", "50"): "any module may take that long",
    ("open_delay", "100"): "any module may take that long",
    "short_udp": "only where short_write cuts at all",
    ("payload_echo", "never"): "what is sent is not echoed, since ATE0",
    "pdp_drop_urc": "needs a data call",
    "full": "only where there is a limit of sockets",
    "ap_boot_delay": "the link waits for it",
    "dns_delay": "needs a name server",
    "dns": "needs a name server",
    "close_flush": "inside the module nothing waits to be sent",
}
# What is noted besides the switch where that is not its value.
MEASURED = ("prompt_delay", "open_delay", "idle_scale", "accept_alloc", "reuse", "urc_place")
NEED_SERVER = ("QFWDCFG query of the default port", "QFWDCLIENT write, IPV6, client/incoming")
NEED_SERVER += ("idle timeout, client/close", "idle timeout, data is sent", "idle timeout, data is received")
SKIPPED = {("server_syntax", "legacy"): NEED_SERVER, ("trailing_optional", "no"): NEED_SERVER[:1]}


def rig_of(quirks=None, **wire):
    rig = Rig(online=False, rxbuf=4096, module={"quirks": quirks}, **wire)
    rig.modem.active(True)
    rig.modem.connect(None)
    rig.modem.wait(120_000)
    return rig


def run(rig, tell=None):
    """The rows of a run, by their kind; and the module is as it was."""
    rows = {"check": [], "reading": [], "unforeseen": [], "progress": []}
    modem = rig.modem
    before = modem.chat.uart, modem.chat.framer, len([urc for urc in modem.chat.urcs if urc[0] == modem.dialect.URC])

    def add(row):
        ((kind, what),) = row.items()
        rows[kind].append(what)
        if tell:
            tell()

    try:
        script.run(modem, add)
    finally:
        after = modem.chat.uart, modem.chat.framer, len([urc for urc in modem.chat.urcs if urc[0] == modem.dialect.URC])
        assert after == before
        nothing_is_open(rig)
    return rows


def some(cases, every):
    """All of them, on MicroPython one in so many, for it is slow."""
    return [case for i, case in enumerate(cases) if ON_CPYTHON or i % every == 0]


def nothing_is_open(rig):
    sockets = rig.module.sockets
    assert rig.modem.command("AT", 5000) == []
    assert not sockets.servers and not sockets.connections and not rig.net.listeners and not rig.net.udp_clients


def names(rows, *verdicts):
    return [row["name"] for row in rows["check"] if row["verdict"] in verdicts]


def unseen(name, value):
    return name in UNSEEN or (name, value) in UNSEEN


# Readings


def test_a_module_that_does_as_the_manual_prints_is_plain_in_every_check():
    rows = run(rig_of())
    assert not names(rows, "reading", "unforeseen", "failed", "skipped") and not rows["unforeseen"]
    assert len(rows["check"]) > 140 and len(set(names(rows, "plain"))) == len(rows["check"])
    assert rows["progress"] == [[n + 1, len(rows["check"])] for n in range(len(rows["check"]))]
    assert not [row for row in rows["check"] if row["note"] or not row["sent"] or not row["got"]]
    for row in rows["reading"]:
        assert row["value"] == row["plain"] and not row["why"], row
    sent = "\n".join([row["sent"] for row in rows["check"]])
    for command in ("SERVER", "CLIENT", "SEND", "RECV", "ACK", "SSTATE", "CLOSE", "CFG"):
        assert "AT+QFWD%s=?" % command in sent and "AT+QFWD%s?" % command in sent and "AT+QFWD%s=0" % command in sent or command == "CFG"
    came = "\n".join(["\n".join(row["got"]) for row in rows["check"]])
    for urc in ("server/open", "client/open", "client/incoming", "client/read", "client/close"):
        assert '+QFWDURC: "%s",' % urc in came


def test_a_slow_wire_and_a_slow_module_change_nothing():
    for wire in ({"baud": 9600}, {"baud": 115200, "latency_us": 200_000}):
        rows = run(rig_of(**wire))
        assert not names(rows, "reading", "unforeseen", "failed", "skipped"), (wire, rows["unforeseen"])


def check_reading(name, value):
    rows = run(rig_of({name: value}))
    found = [row for row in rows["check"] if row["verdict"] == "reading"]
    assert bool(found) != unseen(name, value), (name, value, found)
    assert not names(rows, "unforeseen", "failed") and not rows["unforeseen"], (name, value, rows["unforeseen"])
    assert tuple(names(rows, "skipped")) == SKIPPED.get((name, value), ()), (name, value)
    told = name if name in MEASURED else "=" + value
    for row in found:
        for note in row["note"].split("; "):
            assert [number for number in ROWS[name] if number in note.replace(",", " ").split(" ")], (name, value, row)
    assert not found or [row for row in found if told in row["note"] or "%s or " % value in row["note"] or " or " + value in row["note"]]


def test_each_other_reading_changes_verdicts_to_reading_and_names_its_row():
    for key, value in some([(name, other) for name in sorted(READINGS) for other in READINGS[name][1:]], 9):
        check_reading(key, value)


def test_the_table_of_what_is_not_seen_has_no_unknown_entry():
    for key in UNSEEN:
        name, value = (key, READINGS[key][1]) if isinstance(key, str) else key
        assert value in READINGS[name][1:]


def test_however_a_module_mixes_its_readings_nothing_is_left_open():
    for seed in range(10 if ON_CPYTHON else 3):
        rows = run(rig_of(draw(seed)))
        assert rows["progress"][-1][0] == rows["progress"][-1][1], seed
        assert not names(rows, "failed"), (seed, names(rows, "failed"))


def test_the_rows_and_the_plain_readings_are_those_of_the_simulator_and_the_profile():
    switches = {"server": "server_syntax", "send": "fixed_literal", "recv": "recv_hex", "recv_max": "recv_cap", "udp": "udp_merge"}
    table = [line.split(" ") for line in asks.READINGS.split("\n")]
    assert {field for field, _, _ in table} == set(_READINGS) | set(_NUMBERS)
    for field, row, plain in table:
        name = switches.get(field, field)
        assert row in ROWS[name], field
        assert plain == (_READINGS[field] if field in _READINGS else READINGS[name])[0], field


def test_a_field_that_cannot_be_told_has_its_reason():
    rows = {row["field"]: row for row in run(rig_of({"read_urc": "lost"}))["reading"]}
    assert rows["read_urc_len"]["value"] is None and rows["read_urc_len"]["why"] == "there is no client/read"
    assert (rows["read_urc"]["row"], rows["read_urc"]["value"], rows["read_urc"]["plain"]) == ("E20", "lost", "edge")


# What nobody foresees


def change(rig, name, act):
    """From now on that command does act(at, command, do), do being what it did."""
    do = handlers(rig)[name]
    handlers(rig)[name] = lambda at, command: act(at, command, do)


def words(rig, old, new):
    """The module says new instead of old, in its answers and its URCs."""
    channel, spelling = rig.module.channel("uart1"), rig.module.spelling
    info, urc, result = channel.info, spelling.urc, channel.result
    channel.info = lambda text: info(text.replace(old, new))
    channel.result = lambda text: result(new if text == old else text)
    spelling.urc = lambda kind, rest: urc(kind, rest).replace(old, new)


def extra_line(rig):
    def act(at, command, do):
        at.info("+FOO: 1")
        do(at, command)

    change(rig, "+QFWDACK", act)


def behind_the_ok(rig):
    channel = rig.module.channel("uart1")
    result = channel.result

    def more(text):
        result(text)
        if "+QFWDACK" in [one.name for one in channel._commands]:
            channel.emit(b"\r\n+FOO: 1\r\n")

    channel.result = more


def no_ok(rig):
    channel = rig.module.channel("uart1")
    result = channel.result
    channel.result = lambda text: None if text == "OK" and "+QFWDCFG" in [one.name for one in channel._commands] else result(text)


def more_fields(kind, rest):
    def act(rig):
        urc = rig.module.spelling.urc
        rig.module.spelling.urc = lambda what, text: urc(what, text + rest if what == kind else text)

    return act


# (what the module does, what of it is to be seen in a check that then is unforeseen, in how many at least).
DEVIATIONS = (
    (lambda rig: words(rig, "ERROR", "+CMS ERROR: 3"), "+CMS ERROR: 3", 60),
    (lambda rig: words(rig, "ERROR", "+CME ERROR: 3, no"), "+CME ERROR: 3, no", 60),
    (lambda rig: words(rig, "+QFWDSSTATE: ", "+QFWDSTATE: "), "+QFWDSTATE: ", 1),
    (lambda rig: words(rig, "Income", "Accepted"), "Accepted", 2),
    (lambda rig: words(rig, '"usbat"', '"usbat0"'), '"usbat0"', 2),
    (lambda rig: words(rig, "(1-10)", "(1-12)"), "QFWDSERVER: (0-16)", 1),
    (lambda rig: words(rig, "client/close", "client/closed"), "client/closed", 3),
    (extra_line, "+FOO: 1", 3),
    (behind_the_ok, "+FOO: 1", 5),
    (no_ok, "+QFWDCFG: ", 3),
    (more_fields("server/open", ",7"), "server/open", 5),
    (more_fields("client/open", ",0"), "client/open", 5),
    (more_fields("client/incoming", ',"x"'), "client/incoming", 4),
    (more_fields("client/read", ',"x"'), "client/read", 3),
    (more_fields("client/close", ",0"), "client/close", 2),
)


def test_what_no_reading_foresees_is_never_plain_and_its_lines_are_told():
    for deviate, sign, least in some(DEVIATIONS, 3):
        rig = rig_of()
        deviate(rig)
        rows = run(rig)
        met = [row for row in rows["check"] if sign in "\n".join(row["got"])]
        wrong = [row["name"] for row in met if row["verdict"] not in ("unforeseen", "failed")]
        assert not wrong, (sign, wrong)
        assert len(names(rows, "unforeseen")) >= least, (sign, len(met), names(rows, "unforeseen"))
        assert deviate is no_ok or [line for line in rows["unforeseen"] if sign in line], (sign, rows["unforeseen"])


def test_a_bad_argument_that_is_taken_is_unforeseen():
    rig = rig_of()
    change(rig, "+QFWDCLOSE", lambda at, command, do: None if command.text == "65536" else do(at, command))
    assert names(run(rig), "unforeseen") == ["QFWDCLOSE, argument 1 is 65536"]


class Deaf:
    """A UART that loses the command lines that begin so."""

    def __init__(self, uart, prefix):
        self._uart = uart
        self._prefix = prefix

    def __getattr__(self, name):
        return getattr(self._uart, name)

    def write(self, buf, off, n):
        return n if off == 0 and bytes(buf[:n]).startswith(self._prefix) else self._uart.write(buf, off, n)


def test_a_command_that_is_not_answered_is_failed_and_the_rest_goes_on():
    for prefix, failed in (
        (b"AT+QFWDACK=?", ["QFWDACK test"]),
        (b"AT+QFWDCFG=?", ["QFWDCFG test"]),
        (b"AT+QFWDSEND?", ["QFWDSEND read"]),
        (b"AT+QFWDSSTATE= ", ["QFWDSSTATE with a space behind ="]),
        (b"AT+QFWDRECV=0", ["QFWDRECV, argument 1 is 0"]),
    ):
        rig = rig_of()
        rig.modem.chat.uart = Deaf(rig.uart, prefix)
        rows = run(rig)
        assert names(rows, "failed") == failed and not names(rows, "reading", "unforeseen", "skipped")
        assert [row["note"] for row in rows["check"] if row["verdict"] == "failed"] == ["no answer"]


def test_a_urc_that_does_not_come_is_failed():
    rig = rig_of()
    urc = rig.module.fwd_urc
    rig.module.fwd_urc = lambda port, text: None if "client/close" in text else urc(port, text)
    failed = names(run(rig), "failed")
    assert failed == [
        "QFWDCLOSE of a client, client/close",
        "QFWDCLOSE of an accepted connection, client/close",
        "idle timeout, client/close",
    ]


# How it ends


def test_ctrl_c_anywhere_leaves_the_module_as_it_was():
    for at in range(0, 330, 11 if ON_CPYTHON else 63):
        left = [at]

        def stop():
            left[0] -= 1
            if left[0] == -1:
                raise KeyboardInterrupt

        raises(KeyboardInterrupt, run, rig_of({"slot": "held"} if at % 2 else {"child_urc": "default"}), stop)


def test_an_exception_in_the_middle_of_a_step_leaves_the_module_as_it_was():
    for at in range(500, 5000, 300 if ON_CPYTHON else 1300):
        rig = rig_of({"child_urc": "default"})
        any_, left = rig.uart.any, [at]

        def interrupted():
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
            return any_()

        rig.uart.any = interrupted
        raises(KeyboardInterrupt, run, rig)


def test_what_a_module_opens_under_an_id_of_its_own_is_closed():
    met = []

    def act(at, command, do):
        if "0,65536," in command.text:
            met.append(1)
            command.text = command.text.replace("0,65536,", "0,77,")
        return do(at, command)

    def stop():
        if met:
            met.clear()
            raise KeyboardInterrupt

    for tell in (stop, None):
        rig = rig_of()
        change(rig, "+QFWDSERVER", act)
        if tell:
            raises(KeyboardInterrupt, run, rig, tell)
        else:
            assert names(run(rig), "unforeseen") == ["QFWDSERVER, argument 2 is 65536"]


def test_the_sockets_of_others_are_neither_closed_nor_taken_for_ours():
    rig = rig_of()
    rig.module.feed("usbat", b'AT+QFWDSERVER=0,5,"IP","tcp",2020,5,65535,"usbat"\r', rig.clock.us)
    rig.pump(10)
    rig.dial()
    rig.pump(10)
    sockets = rig.module.sockets
    kept = list(sockets.servers), list(sockets.connections)
    rows = []
    script.run(rig.modem, rows.append)
    assert (list(sockets.servers), list(sockets.connections)) == kept == ([5], [1])
    assert sockets.servers[5].urc_port == sockets.connections[1].urc_port == "usbat"
    assert not [row for row in rows if row.get("check", {"verdict": "plain"})["verdict"] != "plain"]


def test_what_a_user_traces_meanwhile_goes_on():
    rig = rig_of()
    lines = []
    rig.modem.trace(lambda ms, way, text: lines.append(text))
    run(rig)
    before = len(lines)
    rig.modem.command("AT")
    assert before > 500 and len(lines) == before + 2

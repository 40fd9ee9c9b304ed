"""modem.doctor(): each line when all is well, and when it is not; nothing raises, nothing is disturbed."""

from bringup import opened
from confidential import PASSWORD, PIN
from ec2x import ModemError, errors
from ec2x_sim.atline import AtError
from expect import raises
from rig import Rig
from wires import Wire, answers, handlers, heard, say

NAMES = "wiring baud echo flow_control URC_port SIM PIN_tries signal registration APN data_call QFWD_commands sockets link".split()


def report(rig):
    """(whether all is well, {name: (sign, text)})"""
    lines = []
    well = rig.modem.doctor(lines.append)
    told = {}
    for line in lines:
        name, _, text = line[4:].partition(": ")
        told[name.replace(" ", "_")] = line[:4].strip(), text
    assert [name for name in told if name != "active"] == NAMES or set(NAMES) <= set(told), told
    assert well is ("BAD" not in [sign for sign, _ in told.values()])
    return well, told


def bad(rig, name, *words):
    """This line, and no other but that of the link, is bad, and says what to do."""
    well, told = report(rig)
    wrong = [key for key in told if told[key][0] == "BAD" and key != "link"]
    assert wrong == [name] and not well, told
    for word in words:
        assert word in told[name][1], told[name]


def asking(name, *words, **kw):
    """As bad(), of a module that answers otherwise."""
    rig = Rig(apn="net")
    for command, lines in kw.items():
        answers(rig, "+" + command, *(lines if isinstance(lines, tuple) else (lines,)))
    bad(rig, name, *words)


def test_all_is_well():
    rig = Rig(apn="net")
    well, told = report(rig)
    assert well and {told[name][0] for name in NAMES} == {"ok"}
    assert told["signal"] == ("ok", "-65 dBm") and told["APN"][1] == "net" and told["registration"][1] == "Test Network"
    assert "10.64.0.1" in told["data_call"][1] and told["PIN_tries"][1] == "3 left" and told["baud"][1] == "115200"
    rig.module.radio.set_registration(5)
    assert "roaming" in report(rig)[1]["registration"][1]
    answers(rig, "+COPS", "+COPS: 0")
    assert "unnamed" in report(rig)[1]["registration"][1]


def test_it_prints_where_it_is_not_told_otherwise():
    assert Rig(apn="net").modem.doctor() is True


def test_it_only_asks_and_open_sockets_do_not_notice():
    rig = Rig(apn="net")
    sock, peer = rig.client()
    service = rig.listener()
    peer.send(b"before")
    sock.send(b"on its way")
    lines = heard(rig)
    assert report(rig)[1]["sockets"] == ("ok", "2 of 12 in use")
    assert not [line for line in lines if "=" in line and not line.endswith("=?") and line[:5] not in ("+QFWD", "+QURC", "+QPIN", "+QICS")]
    assert peer.recv() == b"on its way" and sock.recv(10) == b"before" and service
    peer.send(b"after")
    assert sock.recv(10) == b"after" and rig.modem.stats()["timeouts"] == 0 and rig.modem.chat.uart is rig.uart


def test_no_secret_is_printed():
    rig = Rig(online=False, module={"pin": PIN})
    rig.modem.active(True)
    rig.modem.connect("net", "me", PASSWORD, 1, PIN)
    rig.modem.wait()
    assert PASSWORD not in str(report(rig)) and PIN not in str(report(rig))


# A modem in each state


def test_a_modem_that_was_never_active_is_made_so():
    rig = Rig(online=False)
    well, told = report(rig)
    assert told["active"][0] == "--" and told["wiring"][0] == "ok" and told["link"] == ("BAD", "found: not connected: call connect()")
    assert told["APN"] == ("BAD", "connect() was not called") and rig.modem.active()


def test_on_the_lan_what_only_a_data_call_needs_is_not_missed():
    for kw in ({"sim": "NONE"}, {"pin": PIN}, {"sim": "SIM PUK"}):
        rig = Rig(module=kw)
        answers(rig, "+CSQ", "+CSQ: 99,99")
        well, told = report(rig)
        assert well, told
        for name in ("SIM", "signal", "registration", "APN", "data_call"):
            assert told[name][0] == "--" and "connect(None)" in told[name][1], name


def test_in_the_middle_of_joining_it_says_what_it_waits_for():
    rig = Rig(online=False)
    rig.module.radio.stat = 2
    rig.modem.active(True)
    rig.modem.connect("net")
    rig.pump(5000)
    well, told = report(rig)
    assert "searches" in told["registration"][1] and told["link"][1].startswith("joining: not registered")
    assert told["data_call"][0] == "BAD" and told["wiring"][0] == "ok"
    rig.module.radio.set_registration(1)
    rig.modem.wait()
    assert report(rig)[0]


def test_in_the_middle_of_a_data_call_it_waits_for_its_end():
    rig = Rig(online=False)
    rig.modem.active(True)
    rig.modem.connect("net")
    while rig.modem.status()[0] != "joining":
        rig.pump(1)
    rig.module.latency_us = {"QIACT": 3_000_000}
    assert report(rig)[1]["wiring"][0] == "ok"
    rig.modem.wait()


def test_in_a_callback_it_is_refused_as_all_that_blocks():
    rig = Rig()
    log = []
    rig.modem.on_urc("RING", lambda line: log.append(raises(ModemError, rig.modem.doctor, print).errno))
    say(rig, "RING")
    rig.pump(10)
    assert log == [errors.EBUSY]


# The wire


def mute(rig, *words):
    rig.modem.active(True)
    start = rig.now()
    bad(rig, "wiring", *words)
    assert rig.now() - start < 40_000


def test_a_module_without_power_or_with_tx_and_rx_swapped():
    rig = Rig(online=False, module={"boot_us": 10**12})
    mute(rig, "nothing comes back", "TX to its RX", "PWRKEY", "115200")
    assert "not looked at" in report(rig)[1]["SIM"][1] and rig.modem.chat.uart is rig.uart


def test_a_module_that_status_says_is_off():
    class Power:
        pwrkey = reset = dtr = supply = None

        def status(self):
            return False

    rig = Rig(online=False, module={"boot_us": 10**12})
    rig.modem.power = Power()
    mute(rig, "STATUS", "off")
    Power.status = None
    mute(rig, "nothing comes back")
    rig.modem.power.status = lambda: True
    mute(rig, "nothing comes back")


def test_a_module_at_another_rate():
    rig = Rig(online=False, module={"boot_us": 2_000_000})
    rig.uart.set_baud(9600)
    mute(rig, "no text", "another rate", "Modem(baud=...)")


def test_a_wire_from_tx_to_rx():
    rig = Rig(online=False)

    class Loop:
        def __init__(self):
            self.bytes = b""

        def any(self):
            return len(self.bytes)

        def readinto(self, buf, n):
            buf[:n] = self.bytes[:n]
            self.bytes = self.bytes[n:]
            return n

        def write(self, buf, off, n):
            self.bytes += bytes(buf[off : off + n])
            return n

    rig.modem.chat.uart = loop = Loop()
    mute(rig, "connected with each other")

    class Console(Loop):
        def write(self, buf, off, n):
            self.bytes += b"login: \r\n"
            return n

    rig.modem.chat.uart = Console()
    bad(rig, "wiring", "something else", "login")
    assert loop


def test_a_uart_that_is_not_let_write():
    rig = Rig(online=False)
    Wire(rig, takes=0)
    mute(rig, "CTS")


def _off_at(rig, asked):
    """The supply fails while this command is being answered."""

    def log(kind, port, what):
        if kind == "command" and what == asked:
            rig.module.agenda.add(rig.clock.us + 1000, lambda at: rig.module.power_off())

    rig.module.latency_us = 10_000
    rig.module.log = log


def test_a_module_that_falls_silent_meanwhile():
    rig = Rig(apn="net")
    _off_at(rig, "+IFC?")
    well, told = report(rig)
    assert told["flow_control"][0] == "BAD" and "AT+IFC?" in told["flow_control"][1]
    assert told["echo"][0] == "ok" and told["QFWD_commands"] == ("--", "not looked at, since the module does not answer")
    rig = Rig(apn="net")
    rig.module.power_off()
    bad(rig, "wiring", "no proper answer to AT")


# What is asked, line by line


def test_baud():
    asking("baud", "9600", "115200", "Modem(baud=...)", IPR="+IPR: 9600")
    rig = Rig(online=False, baud=115200)
    rig.modem.rates = (115200, 921600)
    rig.online("net")
    bad(rig, "baud", "best_baud=921600", "set_baud")
    rig = Rig(apn="net")
    answers(rig, "+IPR", AtError())
    assert report(rig)[0]


def test_echo():
    rig = Rig(apn="net", module={"quirks": {"echo": "stuck"}})
    bad(rig, "echo", "ATE0")


def test_flow_control():
    asking("flow_control", "Modem(flow=True)", "AT+IFC=0,0", IFC="+IFC: 2,2")
    asking("flow_control", "RTS or CTS", IFC="+IFC: 0,2")
    for line, sign in (("+IFC: 2,2", "ok"), ("+IFC: 0,0", "BAD"), ("+IFC: 2,0", "BAD"), (AtError(), "--")):
        rig = Rig(apn="net", flow=True)
        answers(rig, "+IFC", line)
        assert report(rig)[1]["flow_control"][0] == sign
    rig = Rig(online=False, baud=921600)
    rig.modem.baud = 921600
    rig.modem.rates = (921600, None)
    rig.online("net")
    bad(rig, "flow_control", "none at 921600", "wire RTS and CTS")


def test_urc_port():
    asking("URC_port", "usbat", 'AT+QURCCFG="urcport","uart1"', QURCCFG='+QURCCFG: "urcport","usbat"')
    bad(Rig(apn="net", urc_port="usbat"), "URC_port", "urc_port")
    for answer in (AtError(), '+QURCCFG: "urcport"'):
        rig = Rig(apn="net")
        answers(rig, "+QURCCFG", answer)
        assert report(rig)[1]["URC_port"][0] == "--"


def _joining(**module):
    rig = Rig(online=False, module=module)
    rig.modem.active(True)
    rig.modem.connect("net")
    rig.pump(3000)
    return report(rig)[1]


def test_sim_and_pin():
    assert _joining(sim="NONE")["SIM"] == ("BAD", "no SIM, or none that can be read (refused): is it in, the right way round?")
    assert "pin=..." in _joining(pin=PIN)["SIM"][1]
    assert "telephone" in _joining(sim="SIM PUK")["SIM"][1]
    asking("SIM", "PH-NET PIN", CPIN="+CPIN: PH-NET PIN")
    asking("PIN_tries", "1 left", "wrong PIN", QPINC='+QPINC: "SC",1,10')
    rig = Rig(apn="net")
    answers(rig, "+QPINC", AtError())
    assert report(rig)[1]["PIN_tries"][0] == "--"


def test_signal():
    asking("signal", "antenna", CSQ="+CSQ: 99,99")
    asking("signal", "-109 dBm", "weak", CSQ="+CSQ: 2,99")


def test_registration():
    for stat, word in ((3, "denied"), (2, "searches"), (0, "is the SIM well?"), (4, "is the SIM well?")):
        rig = Rig(apn="net")
        rig.module.radio.set_registration(stat)
        bad(rig, "registration", word)
    rig = Rig(apn="net")
    rig.module.radio.set_registration(0)
    rig.module.radio.fun = 4
    answers(rig, "+CSQ", "+CSQ: 24,99")
    bad(rig, "registration", "AT+CFUN=1")
    rig = Rig(apn="net")
    answers(rig, "+CEREG", "+CEREG: 0,2", "+CSQ: 1", "+CGREG: 1")  # the last as a URC has it
    assert report(rig)[1]["registration"][0] == "ok"


def test_apn():
    asking("APN", "other", "net", "connect() again", QICSGP='+QICSGP: 1,"other","","",0')
    asking("APN", "has none", QICSGP='+QICSGP: 1,"","","",0')
    rig = Rig(apn="")
    assert report(rig)[1]["APN"] == ("ok", "left to the network")
    answers(rig, "+QICSGP", AtError())
    assert report(rig)[0]


def test_data_call():
    rig = Rig(apn="net")
    rig.module.radio.contexts[1].active = False
    bad(rig, "data_call", "APN", "data")
    answers(rig, "+QIACT", "+CREG: 1", '+QIACT: 2,1,1,"10.0.0.2"', "+QIACT: 1,1,1")
    assert report(rig)[1]["data_call"] == ("ok", "context 1 is active, address unknown")
    rig = Rig(online=False)
    show = handlers(rig)["+QIACT"]

    def refuse(at, command):
        if command.op == "set":
            raise AtError(30)
        show(at, command)

    handlers(rig)["+QIACT"] = refuse
    rig.modem.active(True)
    rig.modem.connect("net")
    rig.pump(5000)
    assert "last refusal +CME ERROR: 30" in report(rig)[1]["data_call"][1]
    rig.modem.connect("net", call=None)
    assert report(rig)[1]["data_call"] == ("--", "none is asked for")


def test_qfwd():
    asking("QFWD_commands", "AT+QFWDSERVER=?", "firmware", QFWDSERVER=AtError())
    rig = Rig(apn="net")
    _off_at(rig, "+QFWDSERVER=?")
    assert "no proper answer" in report(rig)[1]["QFWD_commands"][1]


def test_sockets():
    rig = Rig(apn="net", sockets=1)
    sock = opened(rig)
    bad(rig, "sockets", "1 of 1", "close()")
    sock.close()

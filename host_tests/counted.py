"""Scenes of the dialogue and of the link, each with what stats() counts of it: see test_stats.py."""

import ec2x.extras
import ec2x.ladder
import ec2x.watch
from expect import raises
from rig import Rig

ERROR = b"\r\nERROR\r\n"
OK = b"\r\nOK\r\n"


class Scene(Rig):
    """A rig whose counters are compared with what they were when it was ready, or when since() was called."""

    def __init__(self, **kw):
        super().__init__(meddle=True, **kw)
        self.since()

    def since(self):
        self._before = self.modem.stats()

    def counted(self):
        """What is not as it was, by name; without the commands, of which the link sends some by itself."""
        now = self.modem.stats()
        return {name: now[name] - self._before[name] for name in now if now[name] != self._before[name] and name != "commands"}

    def fails(self, call, *args):
        raises(OSError, call, *args)
        return self

    def after(self, ms):
        self.pump(ms)
        return self

    def connected(self):
        sock, peer = self.client()
        self.since()
        return sock, peer

    def udp(self, timeout=1):
        sock = self.modem.socket(2, 2)
        sock.settimeout(timeout)
        return sock


def replaced(module, name, value, call):
    """Calls while module.name is value."""
    kept = getattr(module, name)
    setattr(module, name, value)
    try:
        return call()
    finally:
        setattr(module, name, kept)


def none(*args):
    raise MemoryError


# The dialogue


def commands():
    rig = Scene()
    rig.modem.command("AT+CSQ")
    return {"commands": rig.modem.stats()["commands"] - rig._before["commands"]}


def refusal():
    rig = Scene()
    return rig.fails(rig.modem.command, "AT+NOBODY").counted()


def silence():
    rig = Scene()
    rig.uart.answer(b"AT+CSQ", b"")
    rig.fails(rig.modem.command, "AT+CSQ")
    rig.uart.say(b"noise")
    return rig.after(2000).counted()


def other_lines_in_the_quarantine():
    rig = Scene()
    rig.uart.answer(b"AT+CSQ", b"")
    rig.uart.answer(b"AT+CMEE?", b"\r\nnoise\r\n\r\n+CMEE: 1\r\n" + OK)
    return rig.fails(rig.modem.command, "AT+CSQ").after(2000).counted()


def nobody_there():
    rig = Scene()
    rig.module.power_off()
    return rig.fails(rig.modem.command, "AT").after(4000).counted()


def ok_in_a_payload():
    rig = Scene()
    rig.uart.answer(b"AT+QFWDSEND", b"\r\n> " + OK)
    rig.connected()[0].send(b"x" * 200)
    return rig.after(2000).counted()


def interrupted():
    rig = Scene()
    uart, rig.modem.chat.uart = rig.modem.chat.uart, None
    raises(AttributeError, rig.modem.poll)
    rig.modem.chat.uart = uart
    return rig.after(1000).counted()


def lines_of_nobody():
    rig = Scene()
    rig.uart.say(b"\r\nNOBODY: 1\r\n\r\n" + b"x" * 600 + b"\r\n")
    return rig.after(10).counted()


def echo_of_a_line():
    rig = Scene()
    rig.uart.answer(b"AT+CSQ", b"AT+CSQ\r\r\n+CSQ: 1,2\r\n" + OK)
    rig.modem.command("AT+CSQ")
    return rig.counted()


def echo_of_a_payload(data=b"hello"):
    rig = Scene()
    sock, _ = rig.connected()
    rig.uart.answer(b"AT+QFWDSEND", data + b"\r\n+QFWDSEND: 40000,5\r\n" + OK, 1, 5)
    sock.send(data)
    return rig.after(1000).counted()


def slow_callbacks():
    rig = Scene()
    rig.modem.on_urc("RING", lambda line: None)
    rig.uart.say(b"\r\nRING\r\n" * 11)
    return rig.after(10).counted()


def no_memory_for_a_urc():
    rig = Scene()
    rig.modem.on_urc("RING", lambda line: None)
    rig.uart.say(b"\r\nRING\r\n")
    return replaced(ec2x.extras.strings, "decode", none, lambda: rig.after(10).counted())


def callback_that_raises():
    rig = Scene()
    rig.modem.on_urc("RING", int)
    rig.uart.say(b"\r\nRING\r\n")
    return replaced(ec2x.extras, "print_exception", lambda error: None, lambda: rig.after(10).counted())


# The link


def restart():
    rig = Scene()
    rig.connected()
    rig.urc(b"RDY")
    return rig.after(50).counted()


def restart_that_nothing_tells():
    rig = Scene()
    rig.listener()
    rig.since()
    rig.module.sockets.vanish()
    return rig.after(62_000).counted()


def steps():
    rig = Scene(online=False)
    rig.uart.answer(b"AT+CMEE=1", ERROR, 2)
    rig.uart.answer(b"AT+QCFG", ERROR)
    rig.online()
    return rig.counted()


def rung():
    rig = Scene(online=False, pins=("pwrkey", "status"))
    rig.module.power_off()
    rig.online()
    return rig.counted()


def call_lost():
    rig = Scene(apn="net", module={"quirks": {"pdp_drop_urc": "no"}})
    rig.connected()
    rig.module.radio.contexts[1].active = False
    return rig.after(65_000).counted()


def no_memory_for_help():
    rig = Scene(online=False)
    rig.module.power_off()
    rig.modem.active(True)
    return replaced(ec2x.ladder, "Ladder", none, lambda: rig.after(3900).counted())


def no_memory_for_the_watch():
    rig = Scene()
    return replaced(ec2x.watch, "Watch", none, lambda: rig.after(31_000).counted())

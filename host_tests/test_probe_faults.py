"""modem.probe() where it may not be, on modules that do odd things, and interrupted: it ends, and leaves nothing."""

from ec2x import Modem, ModemError, errors
from ec2x.loopback import Loopback
from ec2x_sim.atline import AtError
from expect import raises
from probing import FIELDS, MOST_MS, ON_CPYTHON, judge, nothing_is_left, rig_of
from wires import Wire, answers, handlers, heard, say


def test_it_wants_the_module_for_itself():
    rig = rig_of({}, online=False)
    assert raises(ModemError, rig.modem.probe).errno == errors.ENOTCONN
    rig = rig_of({})
    sock, _ = rig.client()
    error = raises(ModemError, rig.modem.probe)
    assert error.errno == errors.EBUSY and "198.51.100.7:80" in error.args[1]
    sock.close()
    rig.pump(1000)
    assert rig.modem.probe()["server"] == "modern"
    failed = []
    rig.modem.on_urc("RING", lambda line: failed.append(raises(ModemError, rig.modem.probe).errno))
    say(rig, "RING")
    rig.pump(10)
    assert failed == [errors.EBUSY]


def test_after_ctrl_c_anywhere_nothing_is_open_and_the_channel_is_in_step():
    for quirks in ({"fixed_literal": "no", "hex_len": "chars"}, {"slot": "held", "open_delay": "100", "recv_sep": "comma"}):
        at, done = 0, False
        while not done:
            at += 13 if ON_CPYTHON else 211
            done = _interrupted(quirks, at)


def _interrupted(quirks, at):
    """Ctrl+C at the at-th moment, in turn between steps and inside one; True when the probe ends before."""
    rig = rig_of(quirks)
    framer, urcs = rig.modem.chat.framer, list(rig.modem.chat.urcs)
    left = [at]

    def count(call, *args):
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt()
        return call(*args)

    if at % 2:
        idle = rig.modem.idle
        rig.modem.idle = lambda: count(idle)
    else:
        rig.modem.chat.uart = _Interrupting(rig.uart, count)
    try:
        rig.modem.probe()
        done = True
    except KeyboardInterrupt:
        done = False
    left[0] = 0
    rig.pump(10)
    nothing_is_left(rig, framer, urcs)
    return done


class _Interrupting:
    def __init__(self, uart, count):
        self.any = uart.any
        self.readinto = lambda *args: count(uart.readinto, *args)
        self.write = lambda *args: count(uart.write, *args)


class _Deaf:
    """A module that does not hear these commands, so many times; if that is -n, Ctrl+C comes with the n-th."""

    def __init__(self, rig, line, times):
        self.line = line
        self.times = times
        self._uart = rig.modem.chat.uart
        self.any, self.readinto = self._uart.any, self._uart.readinto
        rig.modem.chat.uart = self

    def write(self, buf, off, n):
        if self.times and bytes(buf[off : off + len(self.line)]) == self.line:
            if self.times > 0:
                self.times -= 1
                return n
            self.times += 1
            if not self.times:
                raise KeyboardInterrupt()
        return self._uart.write(buf, off, n)


def test_a_command_that_is_never_answered_costs_its_fields_and_no_more():
    for name, lost in (
        ("QFWDSSTATE", "recv"),
        ("QFWDACK", "recv"),
        ("QFWDRECV", "recv"),
        ("QFWDSEND", "recv"),
        ("QFWDCFG", None),
        ("QFWDCLIENT", "recv"),
        ("QFWDSERVER", "server"),
    ):
        rig = rig_of({})
        framer, urcs, began = rig.modem.chat.framer, list(rig.modem.chat.urcs), rig.now()
        deaf = _Deaf(rig, b"AT+" + name.encode() + (b"=0" if name == "QFWDSERVER" else b"="), 1 << 20)  # not the link's =?
        result = rig.modem.probe()
        assert rig.now() - began < 2 * MOST_MS, (name, rig.now() - began)
        if lost:
            assert result[lost] is None and lost in result["why"], (name, result)
        else:
            judge({}, result)
        deaf.times = 0
        nothing_is_left(rig, framer, urcs)


def refuse(rig, name, when=lambda args: True):
    """The module refuses this command where its arguments are so."""
    handler = handlers(rig)[name]

    def picky(at, command):
        if command.op == "set" and when(command.text.split(",")):
            raise AtError()
        return handler(at, command)

    handlers(rig)[name] = picky


def sends(rig, change):
    """What is sent goes through change(data), which gives the data and how much of it is said to be taken."""
    data = rig.module.sockets.data
    send = data.send

    def changed(c, payload, now):
        payload, said = change(bytes(payload))
        taken = send(c, payload, now) if payload else 0
        return taken if said is None else said

    data.send = changed


def lose(rig, payload, times):
    """This payload is said to be taken, and is lost but for so many times at first."""
    left = [times]

    def change(data):
        if data != payload:
            return data, None
        left[0] -= 1
        return (data, None) if left[0] >= 0 else (b"", len(data))

    sends(rig, change)


def ids(rig, *given):
    """The ids of what is accepted, the last of them for ever."""
    given = list(given)
    rig.module.sockets.ids.choose = lambda known: given.pop(0) if len(given) > 1 else given[0]


def read(rig, instead):
    data = rig.module.sockets.data
    receive = data.receive
    data.receive = lambda c, n: instead if receive(c, n) else b""


_FAR = '+QFWDSSTATE: 1,1,"127.0.0.1",50001,"0.0.0.0",40901'
# (what is odd of the module, the fields that cannot be told, a word of why).
_DEAF_TO_HEX = "it takes hex neither way"
ODD = (
    (lambda rig: refuse(rig, "+QFWDSERVER"), FIELDS, "server: the module refuses AT+QFWDSERVER"),
    (lambda rig: refuse(rig, "+QFWDCLIENT"), ("recv", "send", "reuse", "udp"), "recv_sep, empty: the module refuses AT+QFWDCLIENT"),
    (lambda rig: refuse(rig, "+QFWDRECV"), ("recv", "send", "udp"), "recv, recv_sep: a read brings nothing"),
    (lambda rig: refuse(rig, "+QFWDSEND", lambda args: args[1] == "1"), ("hex_len", "hex_limit"), "it does not take hex"),
    (lambda rig: refuse(rig, "+QFWDSEND", lambda args: args[1] == "1" and len(args) == 3), ("hex_len",), _DEAF_TO_HEX),
    (lambda rig: sends(rig, lambda data: (data, 0 if len(data) in (512, 513) else None)), ("hex_limit",), _DEAF_TO_HEX),
    (lambda rig: sends(rig, lambda data: (b"", 0)), ("recv", "send"), "the module is too slow"),
    (lambda rig: sends(rig, lambda data: (data, 0 if data == b"." else None)), ("send",), "fixed_literal: the connection does not last"),
    (lambda rig: lose(rig, b"2", 0), ("read_urc", "udp"), "read_urc, read_urc_len: the connection does not last"),
    (lambda rig: lose(rig, b"up", 1), ("on_close",), "on_close: what is sent does not arrive"),
    (lambda rig: read(rig, b"xx"), ("recv", "recv_sep"), "what is read is neither the data nor its digits"),
    (lambda rig: answers(rig, "+QFWDSSTATE"), ("recv", "read_urc"), "nothing comes in at the server"),
    (lambda rig: answers(rig, "+QFWDSSTATE", _FAR), ("on_close",), "on_close: the other end does not hear of it"),
    (lambda rig: ids(rig, 10, 300, 200, 100, 77), ("accept_alloc", "reuse"), "the ids follow no known order"),
    (lambda rig: ids(rig, 10, 20, 21, 100), ("accept_alloc", "reuse"), "the ids follow no known order"),
    (lambda rig: ids(rig, 10, 20), ("accept_alloc",), "the ids follow no known order"),
)


def test_what_an_odd_module_does_not_tell_is_named():
    for number, (spoil, fields, words) in enumerate(ODD):
        rig = rig_of({})
        framer, urcs = rig.modem.chat.framer, list(rig.modem.chat.urcs)
        spoil(rig)
        result = rig.modem.probe()
        assert words in result["why"], (number, words, result["why"])
        for field in fields:
            assert result[field] is None, (number, field, result)
        nothing_is_left(rig, framer, urcs)
        Modem(None, profile=result)


def test_what_was_accepted_unseen_is_closed():
    rig = rig_of({"slot": "held", "udp_close_children": "no"})
    framer, urcs = rig.modem.chat.framer, list(rig.modem.chat.urcs)
    answers(rig, "+QFWDSSTATE")
    rig.modem.probe()
    nothing_is_left(rig, framer, urcs)


def test_an_id_that_somebody_else_has_got_meanwhile_is_not_closed():
    rig = rig_of({})
    rig.modem.fwd.server(1, 2020)
    answers(rig, "+QFWDSSTATE")
    came = []

    def log(kind, port, what):
        if what == "+QFWDCLOSE=39002" and not came:  # the first client: the id of what was accepted is free again
            came.append(None)
            rig.module.agenda.add(rig.clock.us + 500, lambda at: came.append(rig.dial()))

    rig.module.log = log
    rig.modem.probe()
    rows = rig.modem.fwd.clients()
    assert not came[1].closed and [row[:2] + row[3:5] for row in rows] == [(2, "Income") + came[1].local], rows


def test_what_a_send_leaves_over_is_ended_before_the_next_command():
    rig = rig_of({"hex_len": "chars", "overflow": "error_now_spill", "hex_limit": "chars"})
    wire = Wire(rig)
    rig.modem.probe()
    for rest in (b",1,1\r31", b"5A" * 513 + b"\x1a"):
        assert rest + b"\x1b\r" in bytes(wire.sent), rest


def test_whether_payload_is_echoed_is_not_mistaken_for_later():
    quirks = {"payload_echo": "always", "fixed_literal": "no"}
    rig = rig_of(quirks)
    service = rig.net.listen("tcp", "10.0.0.9", 80)
    judge(quirks, rig.modem.probe())
    rig.modem.fwd.client(7, "10.0.0.9", 80)
    said = b"\r\nOK\r\n\r\n+QFWDSEND: 7,3\r\n"
    assert rig.modem.fwd.send(7, said) == len(said)
    assert service.accept().recv() == said


def test_a_module_that_neither_is_literal_nor_takes_hex_has_no_profile():
    rig = rig_of({"nul": "truncate"})
    refuse(rig, "+QFWDSEND", lambda args: args[1] == "1")
    result = rig.modem.probe()
    assert result["send"] is None and result["nul"] is None and "neither literally nor in hex" in result["why"]


def test_a_counter_that_never_falls_ends_nevertheless():
    rig = rig_of({})
    handlers(rig)["+QFWDACK"] = lambda at, command: at.info("+QFWDACK: %s,0,9,9,5,4,9" % command.text)
    began = rig.now()
    assert "always more to read" in rig.modem.probe()["why"]
    assert rig.now() - began < MOST_MS


def test_a_close_that_is_never_answered_ends_nevertheless():
    rig = rig_of({})
    began = rig.now()
    _Deaf(rig, b"AT+QFWDCLOSE=", 1 << 20)
    rig.modem.probe()
    assert rig.now() - began < 2 * MOST_MS


def test_ctrl_c_while_it_closes_is_told_of_when_all_is_closed():
    rig = rig_of({})
    lines = heard(rig)
    rig.modem.probe()
    last = len([line for line in lines if line.startswith("+QFWDCLOSE")])
    for nth in (last - 1, last):
        rig = rig_of({})
        framer, urcs = rig.modem.chat.framer, list(rig.modem.chat.urcs)
        _Deaf(rig, b"AT+QFWDCLOSE=", -nth)
        raises(KeyboardInterrupt, rig.modem.probe)
        nothing_is_left(rig, framer, urcs)


def test_its_time_is_bounded():
    rig = rig_of({"open_delay": "5000"})
    began = rig.now()
    result = rig.modem.probe(7000)
    assert rig.now() - began < 30_000
    assert result["server"] == "modern" and result["send"] is None and "no time was left" in result["why"]


def test_a_module_that_restarts_meanwhile_ends_it():
    for ms in (500, 2000, 4000):
        rig = rig_of({})
        framer, urcs = rig.modem.chat.framer, list(rig.modem.chat.urcs)
        rig.module.agenda.add(rig.clock.us + ms * 1000, rig.module.reset)
        assert raises(ModemError, rig.modem.probe).errno in (errors.ECONNRESET, errors.ENODEV)
        rig.until(rig.modem.isconnected, 60_000)
        nothing_is_left(rig, framer, urcs)


def test_a_port_in_use_is_passed_over():
    for more in ({}, {"dup_port": "error"}):
        rig = rig_of(more)
        for port in (40901, 52013):
            rig.net.bind("tcp", port, False)
            rig.net.bind("udp", port, False)
        judge(more, rig.modem.probe())


def test_a_close_whose_answer_is_lost_is_repeated():
    rig = rig_of({})
    framer, urcs = rig.modem.chat.framer, list(rig.modem.chat.urcs)
    _Deaf(rig, b"AT+QFWDCLOSE=", 1)
    judge({}, rig.modem.probe())
    nothing_is_left(rig, framer, urcs)


def test_ids_in_use_are_not_taken():
    rig = rig_of({})
    lines = heard(rig)
    rig.modem.fwd.server(39001, 2020)
    del lines[:]
    rig.modem.probe()
    opened = [line for line in lines if line.startswith(("+QFWDSERVER=", "+QFWDCLIENT="))]
    assert opened and not [line for line in opened + lines if ",39001," in line or line.endswith("=39001")]
    assert [row[0] for row in rig.modem.fwd.servers()] == [39001]


def test_ends_alone_have_no_server():
    rig = rig_of({})
    ends = Loopback(rig.modem)
    ends.begin()
    assert "no server" in raises(Exception, ends.both).args[0]
    ends.end()

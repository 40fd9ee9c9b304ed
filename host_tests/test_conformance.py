"""conformance.py: its table is whole, its tests exist, and what it says we send is what goes out."""

import conformance
from ec2x import ModemError, errors
from ec2x_sim.atline import AtError
from expect import raises
from rig import Rig
from wires import Wire, answers, heard

HERE = __file__.rpartition("/")[0] or "."
COMMANDS = ("QFWDSERVER", "QFWDCLIENT", "QFWDSEND", "QFWDRECV", "QFWDACK", "QFWDSSTATE", "QFWDCLOSE", "QFWDCFG")
URCS = ("server/open", "client/open", "client/incoming", "client/read", "client/close")


def text_of(file):
    try:
        with open(HERE + "/" + file) as f:
            return "\n" + f.read()
    except OSError:
        return None


class Scene:
    """What the calls of the table get."""

    def __init__(self, with_socket=False, with_ids=True):
        self.rig = Rig("net")
        self.modem = self.rig.modem
        self.fwd = self.modem.fwd
        if with_socket:
            self.sock, self.peer = self.rig.client()
        if with_ids:
            self.open_ids()

    def open_ids(self):
        far = self.rig.net.listen("tcp", "198.51.100.9", 80)
        self.fwd.client(7, "198.51.100.9", 80)
        self.far = far.accept()
        self.fwd.server(1, 2020)
        self.child = self.rig.dial()
        self.rig.pump(100)

    def listen(self, port, backlog):
        sock = self.modem.socket()
        sock.bind(("", port))
        sock.listen(backlog)

    def connect(self, host, port):
        self.modem.socket().connect((host, port))

    def read(self, data):
        self.peer.send(data)
        assert self.sock.recv(100) == data


# The table


def test_each_row_has_a_test_that_exists_and_each_form_of_the_manual_a_row():
    texts = {}

    def once(file):
        if file not in texts:
            texts[file] = text_of(file)
        return texts[file]

    found = conformance.problems(conformance.ROWS, once)
    assert not found, "\n".join(found)


def test_the_table_has_the_eight_commands_and_the_five_urcs():
    assert set(conformance.FORMS) == set(COMMANDS + URCS + ("chapter 4",))
    for name in COMMANDS:
        assert "test" in conformance.FORMS[name]
        assert [form for form in conformance.FORMS[name] if form.startswith(("write", "query"))]
        assert ("read" in conformance.FORMS[name]) == (name in COMMANDS[:2])
        assert [r.sends for r in conformance.ROWS if r.command == name and r.sends]


def test_a_table_that_is_wrong_is_noticed():
    rows = conformance.ROWS
    first = rows[0]

    names = ("command", "form", "section", "says", "sends", "accepts", "assumed", "tests")

    def changed(**columns):
        values = [columns.get(name, getattr(first, name)) for name in names]
        return "\n".join(conformance.problems((conformance.Row(*values),) + rows[1:], text_of))

    assert changed() == ""
    assert "no test shows it" in changed(tests=())
    assert "there is no test_fwd.py::test_what" in changed(tests=("test_fwd.py::test_what",))
    assert "there is no test_fwd.py::rig_with" in changed(tests=("test_fwd.py::rig_with",))
    assert "there is no test_none.py::test_x" in changed(tests=("test_none.py::test_x",))
    assert "no such form" in changed(form="other") and "has 0 rows" in changed(form="other")
    assert "a column is empty" in changed(says="")
    assert "has 2 rows" in "\n".join(conformance.problems(rows + rows[:1], text_of))


def name_of(line):
    return line.split("=")[0].split("?")[0]


def check_line(text, call, carries):
    """The call sends exactly this; a socket may ask more, but this command in no other words."""
    by_socket = "=40000" in text or ",40001," in text
    scene = Scene(by_socket, "ER=" not in text and "NT=" not in text)  # what opens finds all ids free
    wire = Wire(scene.rig)
    lines = heard(scene.rig)
    try:
        call(scene)
    except ModemError as error:
        assert error.result, (text, error)  # the module took the line, and there was nobody to connect to
    sent = text.encode() + b"\r" + carries
    if not by_socket:
        assert ["AT" + line for line in lines] == [text]
        assert bytes(wire.sent) == sent, (text, bytes(wire.sent))
        return
    scene.rig.until(lambda: sent in wire.sent)
    same = ["AT" + line for line in lines if name_of(line) == name_of(text[2:])]
    assert set(same) == {text}, (text, same)
    assert len(same) == 1 or name_of(text) in ("AT+QFWDRECV", "AT+QFWDACK"), same


def test_what_the_table_says_we_send_is_exactly_what_goes_out():
    count = 0
    for r in conformance.ROWS:
        for line in r.sends:
            check_line(*line)
            count += 1
    assert count >= 40


def test_a_line_that_is_not_what_goes_out_is_noticed():
    for text, call, carries in (
        ('AT+QFWDSERVER=0,8,"IP","tcp",2021,6,65535,"uart1"', lambda s: s.fwd.server(8, 2021), b""),
        ("AT+QFWDACK=8", lambda s: s.fwd.ack(7), b""),
        ("AT+QFWDSEND=7,0,5", lambda s: s.fwd.send(7, b"hello"), b"hallo"),
        ("AT+QFWDSEND=7,0", lambda s: s.fwd.send(7, b"hello", fixed=False), b"hello"),
        ("AT+QFWDSEND=40000,0,6", lambda s: s.sock.send(b"hello"), b"hello"),
        ("AT+QFWDACK=7", lambda s: (s.fwd.ack(7), s.fwd.ack(7)), b""),
    ):
        raises(AssertionError, check_line, text, call, carries)


def test_the_table_can_be_read():
    lines = list(conformance.markdown())
    assert len(lines) == len(conformance.ROWS) + 2
    for line in lines:
        assert line.replace("\\|", "").count("|") == 9 and "\n" not in line


# What no other test shows


def test_an_idle_connection_is_closed_by_the_module_and_the_server_stays():
    rig = Rig()
    fwd, urcs = rig.modem.fwd, []
    rig.modem.on_urc("+QFWDURC", urcs.append)
    fwd.server(1, 2020, idle=10)
    peer = rig.dial()
    rig.pump(9000)
    assert not peer.closed and fwd.send(2, b"x") == 1  # which counts
    rig.pump(9000)
    assert not peer.closed
    rig.pump(2000)
    assert peer.closed and urcs[-1] == '+QFWDURC: "client/close",2'
    assert fwd.sstate(1) == [] and fwd.servers() == [(1, "tcp", 2020, "uart1")]


def test_both_directions_are_listed():
    scene = Scene()
    rows = [row[:5] for row in scene.fwd.clients()]
    assert (7, "Active", "tcp", "198.51.100.9", 80) in rows
    assert (2, "Income", "tcp", "192.168.225.58", 56784) in rows


def test_the_lists_are_read_with_or_without_quotes_and_an_error_is_told():
    rig = Rig()
    fwd = rig.modem.fwd
    for quote in ("", '"'):
        server = '+QFWDSERVER: 1,"tcp",2020,"uart1"'
        client = '+QFWDCLIENT: 2,"Income","tcp","192.168.225.58",5,"0.0.0.0",2020,"uart1"'
        answers(rig, "+QFWDSERVER", server.replace('"', quote))
        answers(rig, "+QFWDCLIENT", client.replace('"', quote))
        assert fwd.servers() == [(1, "tcp", 2020, "uart1")]
        assert fwd.clients() == [(2, "Income", "tcp", "192.168.225.58", 5, "0.0.0.0", 2020, "uart1")]
    answers(rig, "+QFWDSERVER", AtError())
    answers(rig, "+QFWDCLIENT", AtError())
    for call, name in ((fwd.servers, "SERVER"), (fwd.clients, "CLIENT")):
        error = raises(ModemError, call)
        assert error.errno == errors.EIO and "AT+QFWD" + name in error.args[1]


def test_a_client_that_the_module_refuses_is_an_error():
    scene = Scene()
    error = raises(ModemError, scene.fwd.client, 7, "198.51.100.9", 80)  # the id is in use
    assert error.errno == errors.EIO and "AT+QFWDCLIENT" in error.args[1]


def test_more_than_1024_bytes_are_an_error_and_the_next_command_is_understood():
    scene = Scene()
    error = raises(ModemError, scene.modem.command, "AT+QFWDSEND=7,0", data=b"x" * 1025 + b"\x1a")
    assert error.errno == errors.EIO and "AT+QFWDSEND" in error.args[1]
    assert scene.fwd.send(7, b"fine") == 4 and scene.far.recv() == b"fine"


def test_a_load_state_that_is_refused_does_not_stop_a_listener():
    rig = Rig(meddle=True)
    server = rig.listener()
    rig.uart.answer(b"AT+QFWDSSTATE", b"\r\nERROR\r\n", 99)
    server.settimeout(2)
    assert raises(OSError, server.accept).errno == errors.ETIMEDOUT
    assert b"AT+QFWDSSTATE=40000" in rig.uart.lines
    rig.dial()
    assert server.accept()[1] == ("192.168.225.58", 56784)


def test_a_closed_server_leaves_its_clients_open():
    scene = Scene()
    fwd = scene.fwd
    fwd.close(1)
    assert fwd.servers() == [] and not scene.child.closed
    assert fwd.send(2, b"still") == 5 and scene.child.recv() == b"still"
    scene.child.send(b"here")
    assert fwd.recv(2, 1024) == b"here"
    assert raises(ModemError, fwd.sstate, 1).errno == errors.EIO


def test_urcs_go_where_they_were_sent():
    scene = Scene()
    urcs = []
    scene.modem.on_urc('+QFWDURC: "client/read",7', urcs.append)
    for port, come in (("usbat", 0), ("uart1", 1)):
        scene.fwd.urc_port(7, port)
        scene.far.send(b"data")
        scene.rig.pump(100)
        assert len(urcs) == come and scene.fwd.recv(7, 1024) == b"data" and scene.fwd.recv(7, 1024) == b""


def test_the_lines_of_chapter_4_go_through_as_they_are_printed():
    rig = Rig(module={"quirks": {"server_syntax": "legacy", "ack_reads": "yes", "default_urc_port": "issuing"}})
    command, urcs = rig.modem.command, []
    rig.modem.on_urc("+QFWDURC", urcs.append)
    assert command('AT+QFWDSERVER= 1,"uninet","ip","tcp",2020,5') == []
    rig.pump(100)
    rig.dial()
    peer = rig.dial(at=56794)
    peer.send(b"test, data forward")
    rig.pump(100)
    assert urcs[0] == '+QFWDURC: "server/open",1,0' and urcs[-1] == '+QFWDURC: "client/read",3'
    assert command("AT+QFWDACK= 3,1024") == ["+QFWDACK: 3,18", "test, data forward"]
    assert len(command("AT+QFWDSSTATE= 1")) == 2
    assert command("AT+QFWDCLOSE=2") == [] and len(command("AT+QFWDSSTATE=1")) == 1

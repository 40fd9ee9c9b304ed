"""The line's pace and the UART: exact times, whatever the rhythm of looking."""

from ec2x_sim import Clock, Line, MemoryNet, Module, SimUart
from sim_dialogue import OK, PROMPT, line


def test_an_unpaced_line_is_there_at_once():
    wire = Line(0)
    assert wire.last_at() is None and wire.take(100) == b""
    wire.put(b"abc", 5)
    assert wire.take(4) == b""
    assert wire.last_at() == 5
    assert wire.take(5) == b"abc"


def test_bytes_take_ten_bits_each():
    wire = Line(9600)
    wire.put(b"abc", 1000)
    assert [wire.at(k) for k in (1, 2, 3)] == [2042, 3084, 4125]
    assert wire.take(2041) == b"" and wire.take(2042) == b"a"
    assert wire.take(4124) == b"b" and wire.last_at() == 4125
    assert wire.take(4125) == b"c" and wire.last_at() is None


def test_a_long_run_does_not_drift_however_it_is_fed_and_taken():
    for baud in (9600, 115200, 921600, 3686400):
        wire = Line(baud)
        got = b""
        now = 0
        for _ in range(1000):
            wire.put(b"12345", now)
            now += 3
            got += wire.take(now)
        end = (5000 * 10000000 + baud - 1) // baud
        assert wire.last_at() == end
        got += wire.take(end + 10000)
        assert got == b"12345" * 1000


def test_after_a_pause_a_new_run_begins():
    wire = Line(1000000)
    wire.put(b"a", 0)
    wire.put(b"b", 10)
    wire.put(b"c", 21)
    assert [wire.at(k) for k in (1, 2, 3)] == [10, 20, 31]
    assert wire.take(20) == b"ab" and wire.arrived(30) == 0 and wire.arrived(31) == 1


class Setup:
    def __init__(self, baud=115200, latency=2000, **uart):
        self.clock = Clock()
        self.net = MemoryNet()
        self.module = Module(self.net, latency_us=latency)
        self.uart = SimUart(self.module, self.clock, baud=baud, **uart)
        self.said = []  # (time of the last byte, bytes) of each burst

    def write(self, data):
        assert self.uart.write(data) == len(data)

    def run(self, until=None):
        """Jump from event to event until nothing more happens, reading what comes: bytes."""
        got = b""
        while True:
            count = self.uart.any()
            if count:
                buf = bytearray(count)
                assert self.uart.readinto(buf) == count
                got += bytes(buf)
            at = self.uart.next_at()
            if at is None or (until is not None and at > until):
                break
            assert at >= self.clock.us
            self.clock.us = at
        if until is not None:
            self.clock.us = until
        return got

    def ask(self, command):
        self.write(command.encode() + b"\r")
        return self.run()


def ends(baud, count):
    return (count * 10000000 + baud - 1) // baud


def test_an_exchange_takes_exactly_as_long_as_the_line_and_the_latency():
    for baud in (9600, 115200, 921600):
        s = Setup(baud)
        s.ask("ATE0")
        start = s.clock.us
        assert s.ask("AT+CSQ") == line("+CSQ: 24,99") + OK
        assert s.clock.us == start + ends(baud, 7) + 2000 + ends(baud, 21)


def test_the_answer_starts_in_time_though_nobody_looks():
    s = Setup()
    s.ask("ATE0")
    start = s.clock.us
    s.write(b"AT+CSQ\r")
    s.clock.us = start + ends(115200, 7) + 2000 + ends(115200, 20)
    assert s.uart.any() == 20
    s.clock.us += 90
    assert s.uart.any() == 21


def dialogue(step):
    """A scripted exchange, looked at every `step` µs: what arrived, with the time at which each part was complete."""
    s = Setup()
    s.module.log = lambda kind, port, what: log.append((s.module.now, kind, what))
    log = []
    service = s.net.listen("tcp", "198.51.100.7", 80)
    script = {
        0: lambda: s.uart.write(b"ATE0\r"),
        20000: lambda: s.uart.write(b'AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"\r'),
        60000: lambda: s.uart.write(b"AT+QFWDSEND=1,0,4\r"),
        62100: lambda: s.uart.write(b"early"),
        80000: lambda: s.uart.write(b"late"),
        90100: lambda: peers[0].send(b"answer"),
        95000: lambda: s.uart.write(b"AT+QFWDRECV=1,100\rAT\r"),
    }
    peers = []
    got = b""
    last = 0
    for at in sorted(script):
        while last < at:
            last = min(at, last + step)
            s.clock.us = last
            got += read(s)
            if last == 60000 and not peers:
                peers.append(service.accept())
        script[at]()
    while last < 200000:
        last = min(200000, last + step)
        s.clock.us = last
        got += read(s)
    return got, log, peers[0].recv()


def read(s):
    buf = bytearray(s.uart.any())
    count = s.uart.readinto(buf)
    return bytes(buf[:count]) if count else b""


def test_how_often_one_looks_changes_nothing():
    reference = dialogue(1000000)
    assert b"+QFWDSEND: 1,4" in reference[0] and b"answer" in reference[0] and reference[2] == b"late"
    for step in (7, 86, 87, 1000, 4999, 33333):
        assert dialogue(step) == reference


def test_to_the_microsecond_what_comes_before_the_prompt_is_lost():
    s = Setup(1000000, 100)
    s.ask("ATE0")
    service = s.net.listen("tcp", "198.51.100.7", 80)
    s.ask('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"')
    start = s.clock.us
    s.write(b"AT+QFWDSEND=1,0,2\r")
    prompt = start + 180 + 100
    s.clock.us = prompt - 20
    s.write(b"lkk")  # the first arrives 10 µs before the prompt, the second with it
    s.clock.us = prompt + 1000000
    assert read(s) == PROMPT + line("+QFWDSEND: 1,2") + OK
    assert service.accept().recv() == b"kk"


def test_a_urc_is_not_late_because_a_command_comes_after_it():
    s = Setup()
    s.ask("ATE0")
    s.module.agenda.add(50000, lambda at: s.module.urc_to("uart1", "+QIND"))
    s.clock.us = 50000 - 300
    s.write(b"AT+CSQ\r")
    s.clock.us = 50000 + ends(115200, 9)
    assert read(s) == line("+QIND")


def test_bytes_that_nobody_reads_are_lost_and_counted():
    s = Setup(rxbuf=10)
    s.write(b"ATE0\r")
    s.clock.us = 1000000
    assert s.uart.any() == 10 and s.uart.overrun == 1
    buf = bytearray(20)
    assert s.uart.readinto(buf) == 10 and bytes(buf[:10]) == b"ATE0\r\r\nOK\r"
    assert s.uart.any() == 0 and s.uart.readinto(buf) is None
    assert s.uart.rx_bytes == 10 and s.uart.tx_bytes == 5


def test_a_transmit_buffer_takes_only_what_fits():
    s = Setup(txbuf=10)
    assert s.uart.write(b"AT" + b" " * 30) == 10
    assert s.uart.write(b"x") is None
    s.clock.us = ends(115200, 3)
    assert s.uart.write(b"abcdef") == 3
    assert Setup(txbuf=10).uart.write(bytearray(b"AAATEAT"), 2, 3) == 3


def test_readinto_reads_no_more_than_asked():
    s = Setup(baud=0, latency=0)
    s.write(b"ATE0\r")
    buf = bytearray(b"." * 8)
    assert s.uart.readinto(buf, 4) == 4 and bytes(buf) == b"ATE0...."
    assert s.uart.readinto(buf) == 7 and bytes(buf) == b"\r\r\nOK\r\n."


def test_the_loop_may_jump_and_no_byte_overruns():
    s = Setup(921600, rxbuf=1200)
    s.ask("ATE0")
    service = s.net.listen("tcp", "198.51.100.7", 80)
    assert s.ask('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"').endswith(b"1,0\r\n")
    peer = service.accept()
    data = bytes(range(256)) * 4
    peer.send(data * 2)
    s.write(b"AT+QFWDRECV=1,1024\rAT+QFWDRECV=1,1024\r")
    assert s.run().count(data) == 2
    assert s.uart.overrun == 0
    s.write(b"AT+QFWDSEND=1,0,1024\r")
    assert s.run() == PROMPT
    s.write(data)
    assert s.run() == line("+QFWDSEND: 1,1024") + OK
    assert peer.recv() == data


def test_what_the_world_does_happens_when_it_does_it():
    s = Setup()
    s.ask("ATE0")
    service = s.net.listen("tcp", "198.51.100.7", 80)
    s.ask('AT+QFWDCLIENT=0,1,"IP","tcp","198.51.100.7",80,"uart1"')
    peer = service.accept()
    s.clock.us += 5000
    sent = s.clock.us
    peer.send(b"x")
    s.clock.us += 1000000
    assert s.uart.any()
    assert s.module.now == s.clock.us
    urc = line('+QFWDURC: "client/read",1')
    assert read(s) == urc
    s.clock.us += 5000
    sent = s.clock.us
    peer.close()
    assert s.uart.next_at() == sent + ends(115200, len(urc) + 1)  # half the buffer is far


def test_a_change_of_rate_needs_both_ends():
    s = Setup(115200)
    s.ask("ATE0")
    start = s.clock.us
    assert s.ask("AT+IPR=921600") == OK  # at the old rate
    assert s.clock.us == start + ends(115200, 14) + 2000 + ends(115200, 6)
    assert s.ask("AT") != OK
    s.uart.set_baud(921600)
    s.ask("")
    start = s.clock.us
    assert s.ask("AT") == OK
    assert s.clock.us == start + ends(921600, 3) + 2000 + ends(921600, 6)
    s.module.reset(s.clock.us)  # it was not stored
    assert s.run() != line("RDY")
    s.uart.set_baud(115200)
    assert s.ask("AT") == b"AT\r" + OK

"""What not every application needs: callbacks, the task, the trace's switch, what a network interface tells."""

import asyncio

from ec2x import ModemError, errors, extras
from ec2x.extras import Extras
from expect import raises
from rig import Rig
from wires import heard, say

# Callbacks


def test_a_callback_gets_the_lines_of_its_prefix_and_no_others():
    rig = Rig()
    texts, calls = [], []
    rig.modem.on_urc("+CMTI", texts.append)
    rig.modem.on_urc("RING", calls.append)
    rig.modem.on_urc("+CMT", texts.append)  # both hear +CMTI
    for line in ('+CMTI: "ME",1', "RING", "+CREG: 1", "NO CARRIER"):
        say(rig, line)
    rig.pump(10)
    assert texts == ['+CMTI: "ME",1'] * 2 and calls == ["RING"]


def test_a_callback_hears_a_urc_that_comes_while_a_command_runs():
    rig = Rig(latency_us={"CSQ": 100_000})
    texts = []
    rig.modem.on_urc("+CMTI", texts.append)
    rig.module.agenda.add(rig.clock.us + 50_000, lambda at: say(rig, "+CMTI: 1"))
    assert rig.modem.command("AT+CSQ") == ["+CSQ: 24,99"] and texts == ["+CMTI: 1"]


def test_a_callback_runs_after_the_step_and_never_inside_another():
    rig = Rig()
    depth, log = [], []

    def callback(line):
        assert not depth, "a callback inside a callback"
        depth.append(line)
        if line == "RING 1":
            say(rig, "RING 2")
        rig.modem.poll()
        rig.modem.poll()
        log.append(line)
        depth.pop()

    rig.modem.on_urc("RING", callback)
    say(rig, "RING 1")
    rig.pump(10)
    assert log == ["RING 1", "RING 2"]


def test_nothing_may_block_in_a_callback():
    rig = Rig()
    rig.net.listen("tcp", "10.0.0.9", 80)
    sock = rig.modem.socket()
    sock.connect(("10.0.0.9", 80))
    fwd = rig.modem.fwd
    log = []

    def callback(line):
        calls = (rig.modem.wait, fwd.servers, lambda: rig.modem.command("AT"), lambda: sock.recv(1), lambda: rig.modem.resolve("h"))
        for call in calls:
            log.append(raises(ModemError, call).errno)
        sock.close()  # ends at once: the rest is done in poll

    rig.modem.on_urc("RING", callback)
    say(rig, "RING")
    rig.pump(10)
    assert log == [errors.EBUSY] * 5
    rig.pump(1000)
    assert not rig.module.sockets.connections
    assert rig.modem.command("AT+CSQ")  # and it may again


def test_a_callback_that_raises_does_not_stop_the_next():
    rig = Rig()
    log = []

    def callback(line):
        log.append(line)
        raise ValueError(line)

    rig.modem.on_urc("RING", callback)
    say(rig, "RING 1")
    say(rig, "RING 2")
    rig.pump(10)  # the error is printed
    assert log == ["RING 1", "RING 2"] and not rig.modem.nested


def test_lines_beyond_what_waits_are_counted():
    rig = Rig()
    log = []
    rig.modem.on_urc("RING", log.append)
    for i in range(11):
        say(rig, "RING %d" % i)
    rig.modem.poll()
    assert log == ["RING %d" % i for i in range(8)] and rig.modem.stats()["unheard"] == 3
    say(rig, "RING 11")
    rig.modem.poll()
    assert log[-1] == "RING 11"


# Tasks and the wire


def test_run_polls_as_a_task():
    rig = Rig(online=False)
    rig.modem.active(True)
    rig.modem.connect(None)

    async def main():
        task = asyncio.create_task(rig.modem.run())
        for _ in range(1000):
            if rig.modem.status()[0] == "ready":
                break
            rig.clock.advance(10_000)
            await asyncio.sleep(0.002)
        task.cancel()
        return rig.modem.status()[0]

    assert asyncio.run(main()) == "ready"


def test_run_outlives_a_uart_that_fails_and_says_so_once_each_time():
    rig = Rig()
    polls, said = [], []

    def poll():
        polls.append(1)
        if len(polls) in (2, 3, 4, 7):
            raise OSError(errors.EIO, "the UART is gone")

    async def main():
        task = asyncio.create_task(rig.modem.run())
        for _ in range(5000):
            if len(polls) == 8:
                break
            await asyncio.sleep(0.001)
        task.cancel()

    real, extras.print_exception = extras.print_exception, said.append
    rig.modem.poll = poll
    try:
        asyncio.run(main())
    finally:
        extras.print_exception = real
    assert len(polls) == 8 and [error.errno for error in said] == [errors.EIO] * 2


def test_run_ends_when_it_is_cancelled_and_can_begin_again():
    rig = Rig()

    async def cancelled():
        task = asyncio.create_task(rig.modem.run())
        await asyncio.sleep(0.01)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return rig.modem.command("AT+CSQ")
        return None

    for _ in range(2):
        assert asyncio.run(cancelled())


def test_a_trace_begins_changes_and_ends():
    rig = Rig()
    uart, one, two = rig.modem.chat.uart, [], []
    rig.modem.trace(lambda ms, way, data: one.append(way))
    rig.modem.command("AT")
    rig.modem.trace(lambda ms, way, data: two.append(way))
    rig.modem.command("AT")
    rig.modem.trace(None)
    assert rig.modem.chat.uart is uart and one[:2] == two[:2] == [">", "<"]
    rig.modem.trace(None)
    rig.modem.command("AT")
    assert rig.modem.chat.uart is uart and len(one) == len(two)


# Names


def test_a_name_is_resolved():
    rig = Rig(apn="net")
    lines = heard(rig)
    rig.net.names["one.example"] = "192.0.2.1"
    rig.net.names["six.example"] = ["2001:db8::6", "192.0.2.6"]
    assert rig.modem.resolve("one.example") == "192.0.2.1"
    assert rig.modem.resolve("six.example") == "2001:db8::6"
    assert rig.modem.resolve("192.0.2.9") == "192.0.2.9"
    assert lines[0] == '+QIDNSGIP=1,"one.example"'


def test_a_name_that_there_is_not_is_an_error_with_the_modules_code():
    rig = Rig(apn="net")
    error = raises(ModemError, rig.modem.resolve, "no.example")
    assert error.errno == errors.EHOSTUNREACH and error.result == 565 and "no.example" in error.args[1]


def test_a_name_that_is_not_answered_ends_in_time_and_leaves_nothing_behind():
    rig = Rig(apn="net")
    rig.net.names["slow.example"] = None
    urcs = len(rig.modem.chat.urcs)
    start = rig.now()
    error = raises(ModemError, rig.modem.resolve, "slow.example", 5000)
    assert error.errno == errors.ETIMEDOUT and 5000 <= rig.now() - start < 6000
    assert len(rig.modem.chat.urcs) == urcs
    say(rig, '+QIURC: "dnsgip"')  # what cannot be read is not an answer
    rig.module.agenda.add(rig.clock.us + 1000, lambda at: say(rig, '+QIURC: "dnsgip"'))
    assert raises(ModemError, rig.modem.resolve, "slow.example", 5000).errno == errors.ETIMEDOUT


def test_on_the_lan_names_are_resolved_by_the_first_context():
    rig = Rig()
    rig.module.radio.contexts[1].active = True
    assert rig.modem.resolve("192.0.2.9") == "192.0.2.9"


def test_a_name_that_no_command_can_carry_is_refused_before_a_byte_is_written():
    rig = Rig(apn="net")
    written = rig.uart.tx_bytes
    for host in ("", 'a"b', "a\r", "a\n", "a\0", "a\x1a", "x" * 256):
        raises(ValueError, rig.modem.resolve, host)
    raises(TypeError, rig.modem.resolve, b"host")
    assert rig.uart.tx_bytes == written


# Commands and counters


def test_a_command_needs_a_module_that_answers():
    rig = Rig(online=False)
    assert raises(ModemError, rig.modem.command, "AT").errno == errors.ENODEV
    rig.modem.active(True)
    error = raises(ModemError, rig.modem.command, "AT")
    assert error.errno == errors.ENODEV and "does not answer" in error.args[1]


def test_the_counters_tell_what_happened():
    rig = Rig()
    stats = rig.modem.stats()
    assert stats["commands"] == 7 and stats["resyncs"] == 1
    rest = [name for name in stats if name not in ("commands", "resyncs") and stats[name]]
    assert rest == ["echoes"], rest
    rig.net.listen("tcp", "10.0.0.9", 80)
    sock = rig.modem.socket()
    sock.connect(("10.0.0.9", 80))
    sock.send(b"12345")
    sock.close()
    say(rig, "NOBODY: 1")
    say(rig, "x" * 600)
    say(rig, '+QFWDURC: "client/read",9')
    rig.modem.poll()
    stats = rig.modem.stats()
    counted = {name: stats[name] for name in stats if name != "commands" and stats[name]}
    assert counted == {"resyncs": 1, "echoes": 1, "sent": 5, "unknown": 1, "too_long": 1, "strange": 1}
    rig.module.power_off()
    raises(ModemError, rig.modem.command, "AT")
    rig.pump(5000)
    stats = rig.modem.stats()
    assert stats["lost"] == 1 and stats["timeouts"] > 1


def test_what_is_reached_through_the_modem_is_made_once():
    rig = Rig()
    assert rig.modem.fwd is rig.modem.fwd and isinstance(rig.modem._extras, Extras)

"""The façade: the step, going online, waiting, and what is loaded when first used."""

import ec2x
from ec2x import ModemError, errors
from ec2x.compat import ticks_add
from ec2x.stream import Buffers
from expect import raises
from rig import Rig
from wires import Wire, heard, say


class DeadUart:
    """any() tells what it is told to; nothing is read, nothing written."""

    def __init__(self, count=0):
        self.count = count
        self.reads = 0

    def any(self):
        return self.count

    def readinto(self, buf, n):
        self.reads += 1  # None

    def write(self, buf, off, n):
        pass


# The step


def test_a_poll_asks_the_uart_for_no_more_than_it_has():
    rig = Rig()
    wire = Wire(rig, gives=3)  # it looks after that itself
    say(rig, "+CREG: 5")
    rig.pump(100)
    assert wire.any() == 0


def test_a_poll_ends_although_the_uart_always_has_something():
    uart = DeadUart(5000)
    modem = ec2x.Modem(uart)
    modem.poll()
    assert uart.reads == 1  # it gave nothing after all

    class Endless(DeadUart):
        def readinto(self, buf, n):
            self.reads += 1
            assert n <= len(buf)
            buf[:n] = b"\0" * n
            return n

    uart = Endless(5000)
    ec2x.Modem(uart).poll()
    assert uart.reads == 8


def test_a_uart_that_returns_none_for_ever_harms_nobody():
    uart = DeadUart(None)
    modem = ec2x.Modem(uart)
    modem.active(True)
    for _ in range(10):
        modem.poll()
    assert not modem.isconnected()


def test_a_poll_within_a_poll_does_nothing():
    rig = Rig(online=False)
    inside = []

    class Reentrant:
        def any(self):
            before = rig.uart.rx_bytes, rig.uart.tx_bytes
            rig.modem.poll()  # as a scheduled one would
            inside.append(raises(ModemError, rig.modem.wait).errno)
            assert (rig.uart.rx_bytes, rig.uart.tx_bytes) == before
            return rig.uart.any()

        def readinto(self, buf, n):
            return rig.uart.readinto(buf, n)

        def write(self, buf, off, n):
            return rig.uart.write(buf, off, n)

    rig.modem.chat.uart = Reentrant()
    rig.modem.active(True)
    rig.modem.connect(None)
    rig.modem.wait()
    assert set(inside) == {errors.EBUSY}


def test_a_uart_that_fails_does_not_leave_the_modem_busy():
    rig = Rig()
    uart = rig.modem.chat.uart

    class Broken:
        def any(self):
            raise OSError(errors.ENODEV)

    rig.modem.chat.uart = Broken()
    assert raises(OSError, rig.modem.poll).args == (errors.ENODEV,)
    rig.modem.chat.uart = uart
    assert rig.modem.command("AT+CSQ")


# Going online


def test_wait_tells_what_is_missing():
    rig = Rig(online=False)
    error = raises(ModemError, rig.modem.wait)
    assert error.errno == errors.ENOTCONN and "active(True)" in error.args[1]
    rig.modem.active(True)
    error = raises(ModemError, rig.modem.wait)
    assert error.errno == errors.ENOTCONN and "connect()" in error.args[1]
    assert rig.now() < 60_000


def test_wait_ends_in_time_with_the_last_reason():
    rig = Rig(online=False, module={"boot_us": 10**12})
    rig.modem.active(True)
    rig.modem.connect(None)
    error = raises(ModemError, rig.modem.wait)
    assert error.errno == errors.ETIMEDOUT and "does not answer" in error.args[1]
    assert 60_000 <= rig.now() < 61_000  # its default
    start = rig.now()
    raises(ModemError, rig.modem.wait, 0)
    assert rig.now() == start


def test_wait_is_right_across_the_wrap_of_the_clock():
    rig = Rig(online=False, module={"boot_us": 10**12})
    rig.modem.now = lambda: ticks_add(rig.clock.us // 1000, -5000)
    rig.modem.active(True)
    rig.modem.connect(None)
    assert raises(ModemError, rig.modem.wait, 10_000).errno == errors.ETIMEDOUT
    assert 10_000 <= rig.clock.us // 1000 < 11_000


def test_isconnected_pumps_so_that_a_loop_around_it_goes_online():
    rig = Rig(online=False)
    rig.modem.active(True)
    rig.modem.connect("net")
    for _ in range(2000):
        if rig.modem.isconnected():
            return
        rig.clock.advance(1000)
    raise AssertionError("never")


def test_active_tells_and_a_second_one_changes_nothing():
    rig = Rig(online=False)
    lines = heard(rig)
    assert rig.modem.active() is False and rig.modem.active(False) is False
    assert rig.modem.active(True) is True
    rig.modem.connect(None)
    rig.modem.wait()
    asked = len(lines)
    assert rig.modem.active(True) and rig.modem.active(1) and rig.modem.isconnected()
    assert len(lines) == asked
    assert rig.modem.active(0) is False


def test_clients_use_the_context_of_connect_and_listeners_any():
    rig = Rig(apn="net")
    lines = heard(rig)
    rig.net.listen("tcp", "10.0.0.9", 80)
    rig.modem.socket().connect(("10.0.0.9", 80))
    rig.modem.socket(cid=0).connect(("10.0.0.9", 80))
    server = rig.modem.socket()
    server.bind(("0.0.0.0", 2020))
    server.listen(1)
    asked = [line.split(",")[0] for line in lines if line[:5] == "+QFWD"]
    assert asked == ["+QFWDCLIENT=1", "+QFWDCLIENT=0", "+QFWDSERVER=0"]


# Sockets


def test_a_family_or_type_that_there_is_not_is_refused_before_a_byte_is_written():
    rig = Rig()
    written = rig.uart.tx_bytes
    assert raises(ModemError, rig.modem.socket, 1).errno == errors.EAFNOSUPPORT
    assert raises(ModemError, rig.modem.socket, 2, 3).errno == errors.EOPNOTSUPP
    assert rig.uart.tx_bytes == written and rig.modem.sockets.flows.count(None) == 12


def test_both_types_and_families_are_had():
    rig = Rig()
    for family in (2, 10):
        for kind in (1, 2):
            with rig.modem.socket(family, kind) as sock:
                assert sock.getsockname()[0] == ("0.0.0.0" if family == 2 else "::")


def test_no_memory_is_an_error_with_a_number():
    rig = Rig()

    def none(rx_size, tx_size, most):
        raise MemoryError

    assert raises(ModemError, rig.modem.buffers, none).errno == errors.ENOMEM


def test_the_rings_have_the_sizes_asked_for():
    rig = Rig(rx_size=700, tx_size=300, sockets=2)
    io = rig.modem.buffers(Buffers)
    assert (io.rx.free(), io.tx.free()) == (700, 300)
    rig.modem.socket()
    rig.modem.socket()
    assert raises(ModemError, rig.modem.socket).errno == errors.ENFILE


def test_a_read_asks_for_what_the_uart_can_hold():
    for rxbuf, credit in ((256, 1), (512, 256), (2048, 1024), (65536, 1024)):
        assert ec2x.Modem(DeadUart(), rxbuf=rxbuf).sockets.credit == credit


# The rest


def test_what_a_board_gives_is_kept_for_later():
    power, rates = object(), []
    modem = ec2x.Modem(DeadUart(), power=power, set_baud=rates.append, urc_port="usbmodem")
    assert modem.power is power and modem.set_baud == rates.append
    assert modem.sockets.urc_port == "usbmodem"


def test_what_a_modem_has_not_is_an_attribute_error():
    rig = Rig()
    for name in ("nothing", "_nothing", "__len__", "_answer"):
        raises(AttributeError, getattr, rig.modem, name)
        assert not hasattr(rig.modem, name)


def test_the_clock_and_the_rest_between_two_looks_are_real_ones():
    modem = ec2x.Modem(DeadUart())
    start = modem.after(0)
    modem.idle()
    assert modem.over(start) and not modem.over(modem.after(10_000))


def test_sizes_and_ports_that_cannot_work_are_refused_where_they_are_given():
    for wrong in ({"rx_size": 0}, {"tx_size": 255}, {"urc_port": "uart2"}):
        raises(ValueError, Rig, **wrong)

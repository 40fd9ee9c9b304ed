"""ec2x.uart by the rules of both ports: bytes both ways at any rate, what it opens, the module's pins."""

from device import PINS, Device
from expect import raises
from fake_uart import Hang
from heap import locked

PORTS = ("rp2", "esp32")


def exchange(device, size=20_000):
    """Every byte both ways; no call waits in C, nothing is lost, and nothing fails in the background."""
    data = bytes(range(256)) * (size // 256 + 1)
    sock, peer = device.client()
    peer.send(data)
    got = b""
    while len(got) < len(data):
        got += sock.recv(4096)
    assert got == data
    sock.sendall(data)
    device.until(lambda: peer.unread() >= len(data), 60_000)
    assert peer.recv() == data
    assert device.machine.blocked_us == device.uart.overrun == 0
    assert not device.machine.printed


def online(port, **options):
    device = Device(port, **options)
    device.online()
    return device


# Bytes


def test_every_byte_goes_both_ways_at_any_rate_and_no_call_waits():
    for port in PORTS:
        for baud, size in ((9600, 1200), (115200, 20_000), (460800, 20_000), (921600, 20_000)):
            exchange(online(port, baud=baud), size)


def test_a_transmit_buffer_as_small_as_it_may_be_costs_no_byte_and_no_wait():
    for port in PORTS:
        exchange(online(port, txbuf=512), 5000)
        assert "512" in str(raises(ValueError, Device, port, txbuf=511))


def test_a_module_that_stops_us_by_cts_holds_nobody_up():
    for port in PORTS:
        device = online(port)
        sock, peer = device.client()
        data = bytes(range(256)) * 8
        sock.sendall(data)
        device.uart.stall(True)
        device.pump(2000)
        sent = device.uart.tx_bytes
        device.pump(2000)
        assert device.uart.tx_bytes == sent and device.machine.blocked_us == 0
        device.uart.stall(False)
        device.until(lambda: peer.unread() >= len(data))
        assert peer.recv() == data


def test_the_room_that_is_not_known_of_is_not_used():
    for port in PORTS:
        device = Device(port)
        uart = device.modem.chat.uart
        device.uart.stall(True)
        buf = bytearray(300)
        taken = 0
        while True:
            n = uart.write(buf)
            if n is None:
                break
            assert n <= 256
            taken += n
        assert 1024 + 64 < taken < 2048  # a payload goes at once
        assert uart.write(buf, 10, 20) is None
        device.uart.stall(False)
        device.sleep(1)
        assert uart.write(buf, 10, 20) == 20
        assert device.machine.blocked_us == 0


def test_the_esp32_has_room_for_what_is_written_wherever_its_ring_stands_and_in_any_pieces():
    device = Device("esp32", txbuf=1024)
    uart = device.modem.chat.uart
    buf = bytearray(300)
    for n in (1, 250, 256):
        for turn in range(0, 30, 2):
            device.uart.stall(True)
            while uart.write(buf, 0, n):
                pass
            device.uart.stall(False)
            device.machine.sleep_ms(200 + turn)
            uart.write(buf, 0, turn)
    assert device.machine.blocked_us == 0
    device.uart.stall(True)  # what is spared
    raises(Hang, device.machine.UART(1, txbuf=1024).write, bytes(4096))


def test_a_write_and_a_background_poll_allocate_nothing():
    class Raw:
        def txdone(self):
            return True

        def write(self, buf, off, n):
            return n

        def poll(self):
            pass

    device = Device("rp2")
    device.edge.sleep_ms = lambda ms: None
    uart = device.modem.chat.uart
    uart._uart = uart._modem = Raw()
    buf = bytearray(300)
    assert locked(lambda: uart.write(buf, 10, 200)) == 200
    locked(lambda: uart._wake(0))
    locked(uart.idle)


# What is opened


def state_of(device):
    return device.machine.uarts[PINS[device.machine.port]["id"]]


def settings(device):
    state = state_of(device)
    return {name: getattr(value, "id", value) for name, value in state.items() if name not in ("handler", "dead")}


def test_the_uart_is_opened_as_the_port_needs_it():
    rp2 = Device("rp2", rts=3, cts=2, rxbuf=8192)
    assert settings(rp2) == {
        "tx": 0, "rx": 1, "rts": 3, "cts": 2, "flow": 3, "rxbuf": 8192, "txbuf": 2048, "timeout": 0, "timeout_char": 1,
        "baudrate": 115200, "trigger": 64,
    }  # fmt: skip
    assert Device("rp2", rxbuf=600).modem.sockets.credit < 600  # the modem is told
    esp32 = Device("esp32", baud=4800)
    assert settings(esp32) == {
        "tx": 17, "rx": 18, "flow": 0, "rxbuf": 4096, "txbuf": 2048, "timeout": 0, "timeout_char": 3, "baudrate": 4800,
        "trigger": 1,
    }  # fmt: skip


def test_flow_control_is_for_the_lines_that_are_wired():
    for port, rts, cts in (("rp2", 2, 1), ("esp32", 1, 2)):
        assert settings(Device(port, rts=3))["flow"] == rts
        assert settings(Device(port, cts=2))["flow"] == cts
        assert settings(Device(port))["flow"] == 0


def test_the_esp32_does_not_interrupt_for_every_byte():
    for baud in (4800, 115200, 921600):
        device = Device("esp32", baud=baud)
        device.module.inject("uart1", b"x" * 1200, 0)
        before = device.machine.irqs
        device.sleep(4)
        assert 0 < device.machine.irqs - before <= 12


def test_another_rate_keeps_everything_else():
    for port in PORTS:
        device = online(port, rxbuf=3000, txbuf=1024, rts=3)
        before = settings(device)
        assert device.modem.command("AT+IPR=460800") == []
        device.modem.set_baud(460800)
        before["baudrate"] = 460800
        assert settings(device) == before
        assert state_of(device)["handler"]  # it still interrupts
        exchange(device)


# The module's pins


def pins(device):
    return device.machine.pins


def test_what_is_not_wired_is_none():
    device = Device("rp2")
    assert device.modem.power is None and pins(device) == {}
    for name in ("pwrkey", "reset", "dtr", "status", "supply"):
        power = Device("rp2", **{name: 9}).modem.power
        for other in ("pwrkey", "reset", "dtr", "status", "supply"):
            assert (getattr(power, other) is not None) == (name == other)


def test_keys_behind_transistors_are_released_from_the_first_instant_and_pressed_by_a_high_level():
    for port in PORTS:
        device = Device(port, pwrkey=4, reset=5)
        assert pins(device) == {4: [0], 5: [0]}
        for key, pin in ((device.modem.power.pwrkey, 4), (device.modem.power.reset, 5)):
            key(True)
            key(False)
            assert pins(device)[pin] == [0, 1, 0]


def test_keys_wired_directly_are_pulled_low_and_never_driven_high():
    for port in PORTS:
        device = Device(port, pwrkey=4, reset=5, direct=True)
        for key, pin in ((device.modem.power.pwrkey, 4), (device.modem.power.reset, 5)):
            assert pins(device)[pin] == [None]
            key(True)
            key(False)
            assert pins(device)[pin] == [None, 0, None]


def test_the_supply_is_on_from_the_first_instant():
    device = Device("rp2", supply=8)
    device.modem.power.supply(False)
    device.modem.power.supply(True)
    assert pins(device) == {8: [1, 0, 1]}


def test_dtr_keeps_the_module_awake_from_the_first_instant():
    device = Device("rp2", dtr=7)
    device.modem.power.dtr(False)
    device.modem.power.dtr(True)
    assert pins(device) == {7: [0, 1, 0]}


def test_status_tells_either_way_and_off_where_nothing_drives_it():
    for on in (0, 1):
        device = Device("rp2", status=6, status_on=on)
        status = device.modem.power.status
        assert status() is False
        for level in (0, 1):
            device.machine.inputs[6] = level
            assert status() is (level == on)
        assert pins(device) == {6: [None]}

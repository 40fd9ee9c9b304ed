"""The fake machine is as hard on a driver as the real one: drivers that err are found out."""

from device import PINS, Device
from expect import raises


def speaking(port, n, baud=115200, **settings):
    """A machine whose module is sending n bytes, and its UART."""
    device = Device(port, baud)
    device.edge.close(device.modem)
    uart = device.machine.UART(PINS[port]["id"], baud, **settings)
    device.module.inject("uart1", bytes(range(250)) * (n // 250), device.clock.us)
    return device, uart


# Reading


def test_rp2_waits_between_characters_for_what_it_is_asked_for():
    device, uart = speaking("rp2", 1000, rxbuf=2048)
    buf = bytearray(512)
    assert uart.readinto(buf) == 512
    assert 43_000 < device.machine.blocked_us < 46_000  # measured on an emulated RP2040: 44.4 ms
    device.machine.blocked_us = 0
    device.sleep(1)
    n = uart.any()
    assert n == 488 and uart.readinto(buf, n) == n
    assert device.machine.blocked_us == 0


def test_rp2_spins_a_millisecond_for_nothing_and_the_esp32_does_not():
    for port, least in (("rp2", 1000), ("esp32", 0)):
        device, uart = speaking(port, 0)
        assert uart.readinto(bytearray(8)) is None
        assert device.machine.blocked_us == least


def test_the_esp32_waits_in_ticks_where_timeout_char_has_one():
    for timeout_char, waits in ((2, False), (20, True)):
        device, uart = speaking("esp32", 1000, timeout_char=timeout_char)
        device.machine.sleep_ms(15)
        uart.readinto(bytearray(512))
        assert (device.machine.blocked_us > 0) == waits


def test_the_esp32_counts_only_what_left_its_fifo():
    device, uart = speaking("esp32", 500, timeout_char=2)
    device.machine.sleep_us(20_000)
    assert uart.any() == 120  # of about 230
    device.machine.sleep_us(60_000)
    assert uart.any() == 500


def test_what_finds_no_room_is_lost_in_silence_but_for_rts():
    for port, fifo in (("rp2", 32), ("esp32", 128)):
        flow = Device(port).machine.UART.RTS
        for settings, kept in (({}, 256 + fifo), ({"rts": 3, "flow": flow}, 1000)):
            device, uart = speaking(port, 1000, rxbuf=256, **settings)
            got = 0
            for _ in range(20):
                device.sleep(1)
                got += uart.readinto(bytearray(100), min(uart.any(), 100)) or 0
            assert got == kept


# Writing


def test_rp2_takes_what_fits_and_gives_up_soon():
    device, uart = speaking("rp2", 0, txbuf=256)
    assert uart.write(bytes(512)) == 256 + 32
    assert device.machine.blocked_us <= 2000
    assert not uart.txdone()
    device.sleep(1)
    assert uart.txdone()
    device.uart.stall(True)
    assert uart.write(bytes(512)) == 256 + 32
    assert uart.write(bytes(10)) is None


def test_the_esp32_takes_all_and_waits_until_it_can():
    device, uart = speaking("esp32", 0, txbuf=256)
    assert uart.write(bytes(1024)) == 1024
    assert device.machine.blocked_us > 50_000


# Drivers that err


def downloads(device):
    """Whether 10,000 bytes come down as they are, and without a wait in C."""
    device.online()
    sock, peer = device.client(timeout=20)
    data = bytes(range(250)) * 40
    peer.send(data)
    got = b""
    while len(got) < len(data):
        got += sock.recv(1024)
    return got == data and not device.machine.blocked_us


def test_a_driver_that_asks_for_more_than_there_is_blocks():
    assert downloads(Device("rp2"))
    device = Device("rp2")
    uart = device.modem.chat.uart
    real = uart.readinto
    uart.readinto = lambda buf, n: real(buf, len(buf))
    assert not downloads(device)


def test_a_driver_that_takes_a_write_for_done_loses_what_was_not():
    device = Device("rp2", txbuf=512)
    raw = device.machine.UART(0, 115200, txbuf=512, rxbuf=4096)
    chat = device.modem.chat
    device.online()
    sock, peer = device.client()

    def write(buf, off, n):
        raw.write(buf, off, n)
        return n

    chat.uart.write = write
    sock.settimeout(5)
    raises(OSError, lambda: (sock.sendall(bytes(2000)), sock.drain(30)))
    assert peer.unread() < 2000


def test_a_buffer_too_small_for_what_is_asked_for_loses_it_while_nobody_reads():
    for rxbuf, lost in ((512, True), (2048, False)):
        device = Device("rp2", rxbuf=rxbuf)
        device.modem.sockets.credit = 1024  # a modem that is not told
        device.online()
        peer = device.client()[1]
        peer.send(bytes(1024))
        device.until(lambda: device.uart._down.pending() > 1000)
        device.machine.closed = True  # a second in C
        device.sleep(1)
        assert (device.uart.overrun > 0) == lost


# What is refused


def test_settings_that_a_port_refuses():
    rp2, esp32 = Device("rp2").machine, Device("esp32").machine
    for name, pin in (("tx", 1), ("rx", 0), ("cts", 3), ("rts", 2), ("tx", 4)):
        assert name.upper() in str(raises(ValueError, rp2.UART, 0, **{name: pin}))
    raises(TypeError, esp32.UART, 1, rts=None)
    raises(OSError, esp32.UART, 2, rxbuf=128)
    raises(ValueError, rp2.UART, 0, txbuf=32767)
    for machine in (rp2, esp32):
        raises(TypeError, machine.UART, 1, colour=1)
        raises(ValueError, machine.Pin, 49)
    raises(ValueError, rp2.UART(0).irq, None, 1)  # RP2 has no IRQ_RX
    raises(ValueError, esp32.UART(1).irq, None, 1, True)
    raises(ValueError, rp2.Timer, 0)
    raises(ValueError, esp32.Timer, -1)


def test_buffers_are_forgotten_by_rp2_and_kept_by_the_esp32_when_only_the_rate_is_set():
    for port, size in (("rp2", 256), ("esp32", 3000)):
        _, uart = speaking(port, 0, rxbuf=3000)
        uart.init(9600)
        assert uart.rxbuf == size


def test_a_uart_is_not_used_after_its_end():
    device, uart = speaking("rp2", 0)
    uart.deinit()
    raises(AssertionError, uart.any)


def test_the_queue_of_the_scheduler_drops_what_is_too_much_and_nothing_runs_within_another():
    machine = Device("rp2").machine
    ran = []

    def note(k):
        if k == 0:
            machine.schedule(note, 9)
            machine.run()
        ran.append(k)

    for k in range(9):
        machine.schedule(note, k)
    machine.run()
    assert ran == [0, 1, 2, 3, 4, 5, 6, 7, 9] and machine.dropped == 1

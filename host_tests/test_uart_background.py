"""What ec2x.uart pumps where nobody polls: a script that sends and then sleeps; what goes wrong there; an end of it."""

from device import Device
from expect import raises

PORTS = ("rp2", "esp32")
TEXT = b"23.5 degrees"


def connected(port, **options):
    device = Device(port, **options)
    device.online()
    sock, peer = device.client()
    return device, sock, peer


def script(device, sock, data=TEXT):
    """Publishes, then sleeps for a minute."""
    sock.send(data)
    device.sleep(60)


def test_a_script_that_publishes_and_then_sleeps_has_published():
    for port in PORTS:
        device, sock, peer = connected(port)
        script(device, sock)
        assert peer.recv() == TEXT
        script(device, sock, bytes(2048))  # two commands
        assert peer.recv() == bytes(2048)
        peer.send(TEXT)
        device.sleep(60)
        device.machine.closed = True  # what has come in the background needs no poll
        sock.settimeout(0)
        assert sock.recv(100) == TEXT


def test_without_interrupts_and_timer_it_has_not():
    for port in PORTS:
        device, sock, peer = connected(port)
        device.machine.timers.clear()
        device.machine.uarts[0 if port == "rp2" else 1]["handler"] = None
        script(device, sock)
        assert peer.recv() == b""


def test_the_interrupt_alone_carries_on_what_has_begun():
    for port in PORTS:
        device, sock, peer = connected(port)
        sock.sendall(bytes(2048))
        device.pump(1)  # the first command is out
        device.machine.timers.clear()
        device.sleep(60)
        assert peer.unread() >= 1024


def test_nothing_is_pumped_where_the_modem_wants_to_be_alone():
    for port in PORTS:
        device, sock, peer = connected(port)
        sock.send(TEXT)
        sent = device.uart.tx_bytes
        device.modem.alone(device.sleep, 60)
        assert device.uart.tx_bytes == sent
        device.sleep(1)
        assert peer.recv() == TEXT


def test_a_full_queue_delays_the_pump_and_does_not_end_it():
    for port in PORTS:
        device, sock, peer = connected(port)
        machine = device.machine
        machine.closed = True  # a long call in C
        for _ in range(8):
            machine.schedule(len, ())
        script(device, sock)
        assert machine.dropped > 100 and peer.recv() == b""
        machine.closed = False
        device.sleep(1)
        assert peer.recv() == TEXT


def test_an_error_in_the_background_is_told_once_and_the_pump_goes_on():
    for port in PORTS:
        device, sock, peer = connected(port)
        real = device.modem.now

        def broken():
            raise MemoryError

        for _ in range(2):
            device.modem.now = broken
            device.sleep(10)
            device.modem.now = real
            assert [type(error) for error in device.machine.printed] == [MemoryError]
            device.machine.printed.clear()
            device.sleep(10)  # the channel is proved again
        script(device, sock)
        assert peer.recv() == TEXT


def test_ctrl_c_in_the_background_reaches_whoever_waits_next():
    for port in PORTS:
        device, sock, peer = connected(port)
        real = device.modem.now

        def interrupted():
            device.modem.now = real
            raise KeyboardInterrupt

        device.modem.now = interrupted
        device.sleep(1)
        assert [type(error) for error in device.machine.printed] == [KeyboardInterrupt]
        raises(KeyboardInterrupt, device.modem.idle)
        device.modem.idle()  # once
        script(device, sock)
        assert peer.recv() == TEXT


# Ends


def watched(device):
    """A list that grows with every poll of the modem."""
    polls = []
    real = device.modem.poll

    def poll():
        polls.append(1)
        real()

    device.modem.poll = poll
    return polls


def test_a_closed_modem_is_pumped_no_more_and_finds_nothing():
    for port in PORTS:
        device, sock, _ = connected(port)
        polls = watched(device)
        device.sleep(1)
        assert polls
        device.edge.close(device.modem)
        state = device.machine.uarts[0 if port == "rp2" else 1]
        assert state["dead"] and state["handler"] is None  # which would keep the modem in memory
        polls.clear()
        device.sleep(1)
        assert not polls and not device.machine.timers and not device.edge._open
        device.modem.poll()  # the fake does not stand a use of what was ended
        device.modem.set_baud(9600)
        assert device.uart.baud == 115200
        device.edge.close(device.modem)
        sock.settimeout(0)
        sock.close()


def test_another_modem_on_the_same_uart_ends_the_one_before():
    for port in PORTS:
        options = {"rp2": (0, 0, 1), "esp32": (1, 17, 18)}[port]
        device, _, _ = connected(port)
        polls = watched(device)
        first = device.modem
        device.modem = device.edge.modem(*options, timer=-1 if port == "rp2" else 3)
        device.modem.now = device.now
        device.edge.close(first)  # is closed already: the other is not touched
        device.sleep(1)
        assert not polls and len(device.machine.timers) == 1
        device.online()
        sock, peer = device.client(host="198.51.100.8")
        script(device, sock)
        assert peer.recv() == TEXT


def test_a_modem_that_cannot_be_made_is_not_pumped():
    for port in PORTS:
        device = Device(port)
        raises(ValueError, device.edge.modem, 0 if port == "rp2" else 1, 0, 1, timer=-1 if port == "rp2" else 3, rx_size=1)
        assert not device.edge._open and not device.machine.timers
        device.sleep(1)

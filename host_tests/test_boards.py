"""Each board.py, on a fake machine of its port with the simulated module behind it, as a user gets it."""

from device import Device

BOARDS = {
    # name: port, the pins that exist and can be outputs, those that have another purpose
    "RPI_PICO": ("rp2", range(23), (23, 24, 25)),
    "RPI_PICO_W": ("rp2", range(23), (23, 24, 25, 29)),
    "RPI_PICO2": ("rp2", range(23), (23, 24, 25)),
    # UART0, strapping, flash, PSRAM, those that do not exist, and what has a pull-up or a signal of its own at boot
    "ESP32_GENERIC": ("esp32", range(34), (0, 1, 2, 3, 5, 12, 15, 6, 7, 8, 9, 10, 11, 16, 17, 20, 24, 28, 29, 30, 31, 14)),
    # strapping, USB, flash and PSRAM, UART0
    "ESP32_GENERIC_S3": ("esp32", range(49), (0, 3, 45, 46, 19, 20, 22, 23, 24, 25) + tuple(range(26, 38)) + (43, 44)),
}
FOLDER = __file__.rpartition("/")[0] + "/../boards/"
NAMES = ("tx", "rx", "cts", "rts", "pwrkey", "reset", "status", "dtr")


def load(name):
    """board.py, as `import board` gives it."""
    board = {}
    with open(FOLDER + name + "/board.py") as file:
        exec(file.read(), board)
    return board


def on(name, **options):
    return Device(BOARDS[name][0], make=lambda edge: load(name)["modem"](**options))


def test_a_modem_comes_out_that_goes_online_and_moves_bytes():
    for name in BOARDS:
        device = on(name)
        device.online()
        sock, peer = device.client()
        sock.send(b"to the peer")
        device.sleep(1)
        assert peer.recv() == b"to the peer"
        peer.send(b"to the board")
        assert sock.recv(100) == b"to the board"
        assert not device.machine.printed and not device.machine.blocked_us


def test_nothing_is_pressed_and_all_is_wired():
    for name in BOARDS:
        device = on(name)
        pins = load(name)["PINS"]
        assert device.machine.pins == {pins["pwrkey"]: [0], pins["reset"]: [0], pins["dtr"]: [0], pins["status"]: [None]}
        state = device.machine.uarts[pins["id"]]
        assert state["flow"] == 3 and state["rxbuf"] >= 4096 and state["txbuf"] >= 2048


def test_every_pin_is_one_that_the_board_has_free():
    for name, (_, there, taken) in BOARDS.items():
        pins = load(name)["PINS"]
        used = [pins[pin] for pin in NAMES]
        assert len(set(used)) == len(NAMES)
        assert all(pin in there and pin not in taken for pin in used), name


def test_the_board_has_the_pins_of_its_wiring_table():
    for name, (port, _, _) in BOARDS.items():
        pins = load(name)["PINS"]
        with open(FOLDER + name + "/README.md") as file:
            text = file.read()
        for pin in NAMES:
            row = "| `%s` | %s%d |" % (pin, "GP" if port == "rp2" else "GPIO", pins[pin])
            assert row in text, (name, row)


def test_with_three_wires_nothing_else_is_touched():
    for name in BOARDS:
        device = on(name, cts=None, rts=None, pwrkey=None, reset=None, status=None, dtr=None, rx_size=1024)
        assert device.machine.pins == {} and device.modem.power is None
        assert device.machine.uarts[load(name)["PINS"]["id"]]["flow"] == 0
        device.online()

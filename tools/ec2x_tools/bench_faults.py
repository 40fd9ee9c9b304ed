"""How long it takes, in virtual time, until a fault of the module is noticed, and until the link is READY again."""

from rich.table import Table

BOOT_US = 12_000_000  # hardware design: that long until the UART is ready
LONGEST_MS = 600_000
PINS = ("pwrkey", "reset", "status")


def _restart(board):
    board.module.reset(board.clock.us)


def _unheard(board):
    """What it says when it boots is lost, and all that it had been told with it."""
    board.module.urc = lambda text: None
    real, board.module.urc_to = board.module.urc_to, lambda port, text: None if text == "RDY" else real(port, text)
    board.module.reset(board.clock.us)


def _silent(board):
    board.module.hung = True


def _ap(board):
    board.module.ap_restart(board.clock.us)


def _call(board):
    board.module.radio.contexts[1].active = False


def _announced(board):
    _call(board)
    board.module.inject("uart1", b'\r\n+QIURC: "pdpdeact",1\r\n', board.clock.us)


def _down(board):
    board.module.power_down(board.clock.us)


FAULTS = (
    ("it restarts, and says RDY", _restart),
    ("it restarts, and RDY is lost", _unheard),
    ("it hangs", _silent),
    ("it powers down", _down),
    ("its Linux side restarts by itself", _ap),
    ("the data call ends, and it says so", _announced),
    ("the data call ends, and nothing tells", _call),
)


def measure(fault, used: bool) -> dict:
    """ms until the link is not READY, and until it is again. used: a socket is waited on; else a server is open, and idle."""
    from .virtual import Board

    board = Board(baud=115200, pins=PINS, best_baud=921600, module={"reboot_us": BOOT_US})
    board.online("internet")
    board.pump(40_000)
    server = board.modem.socket()
    server.bind(("", 2020))
    server.listen(1)
    sock, _ = board.client()
    sock.setblocking(False)
    board.pump(1000)
    start = board.now()
    fault(board)
    noticed = ready = None
    while ready is None and board.now() - start < LONGEST_MS:
        if used:
            sock.ioctl(3, 1)  # as select.poll does
        board.idle()
        up = board.modem.isconnected()
        if noticed is None and not up:
            noticed = board.now() - start
        elif noticed is not None and up:
            ready = board.now() - start
    return {"noticed_ms": noticed, "ready_ms": ready}


def faults() -> list[dict]:
    return [{"fault": name, "used": used, **measure(fault, used)} for name, fault in FAULTS for used in (True, False)]


def table(rows: list[dict]) -> Table:
    it = Table(title="when something happens to the module: seconds of virtual time, of which a boot takes 12", title_justify="left")
    for name in ("", "a socket is waited on: noticed", "READY again", "all is idle: noticed", "READY again"):
        it.add_column(name, justify="left" if not name else "right")
    for used, idle in zip(rows[::2], rows[1::2], strict=True):
        cells = [row[key] for row in (used, idle) for key in ("noticed_ms", "ready_ms")]
        it.add_row(used["fault"], *["never" if cell is None else f"{cell / 1000:.1f}" for cell in cells])
    return it

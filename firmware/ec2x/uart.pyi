"""The hardware edge, for boards: machine.UART, the pump in the background, the module's pins.

For MicroPython from 1.24 on RP2 and the ESP32. Pins are numbers, names or machine.Pin.
"""

from collections.abc import Callable
from typing import Any

from . import Modem

class Power:
    """The module's pins, without any timing. None: not wired."""

    pwrkey: Callable[[bool], object] | None
    """True presses PWRKEY (low at the module), False releases it."""
    reset: Callable[[bool], object] | None
    """True pulls RESET_N low, False lets it go."""
    dtr: Callable[[bool], object] | None
    """True keeps the module awake (DTR low), False lets it sleep. Awake at first."""
    status: Callable[[], bool] | None
    """Whether the module is on."""
    supply: Callable[[bool], object] | None
    """The regulator's enable, on from the first instant."""

    def __init__(
        self,
        pwrkey: Any = None,
        reset: Any = None,
        dtr: Any = None,
        status: Any = None,
        direct: bool = False,
        status_on: int = 0,
        supply: Any = None,
    ) -> None:
        """direct: PWRKEY and RESET_N are on the pins themselves, which are then open drain; else each is behind a transistor,
        which a high level opens. Neither is pressed at any time before it is asked for. status_on: the level of the status pin
        when the module is on; the pin is pulled the other way. assumed: 0, STATUS being an open drain as in Quectel's hardware
        designs; the AT manual reads as if it were 1.
        """

def modem(
    id: int,
    tx: Any,
    rx: Any,
    rts: Any = None,
    cts: Any = None,
    pwrkey: Any = None,
    reset: Any = None,
    dtr: Any = None,
    status: Any = None,
    direct: bool = False,
    status_on: int = 0,
    supply: Any = None,
    baud: int = 115200,
    best: int = 115200,
    rxbuf: int = 4096,
    txbuf: int = 2048,
    timer: int = -1,
    **options: Any,
) -> Modem:
    """An ec2x.Modem on these pins, which is pumped in the background: poll() is called between two bytecodes when something was
    received, and every 50 ms, also in time.sleep(). What is raised there is printed, once; Ctrl+C is raised again in the next wait.

    id: machine.UART's. rts, cts: this side's lines of hardware flow control, used where given. pwrkey, reset, dtr, status, direct,
    status_on, supply: see Power. baud: the rate at first. best: the highest that the board can do; it is agreed on with the module, and
    fallen back from. rxbuf, txbuf: the UART's buffers in
    bytes, txbuf from 512. timer: a machine.Timer's number, -1 on RP2, 1 to 3 on the ESP32. options: ec2x.Modem's own.
    What the same id was opened for before is closed. ValueError: what ec2x.Modem or machine refuses.
    """

def close(modem: Modem) -> None:
    """End what pumps this modem, and let its UART and timer go. Its sockets stay open in the module; poll() finds nothing any
    more. Does nothing when it is closed already.
    """

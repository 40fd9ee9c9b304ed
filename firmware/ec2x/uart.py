"""The hardware edge: machine.UART, what pumps in the background, the module's pins. The only file that imports machine."""

from machine import UART, Pin, Timer

from . import Modem
from .compat import const, sleep_ms

_TICK_MS = const(50)  # for what no interrupt tells: deadlines, small writes that have gathered
_PIECE = const(256)  # a write at most
# The ESP32's driver keeps a write whole, in a ring of which it uses that much more a write, and may waste a piece at its end.
_ITEM = const(32)

_open = {}  # type: dict[int, Uart]  # by id; what is open is closed before it is opened again


class Uart:
    """A machine.UART that never waits, and pumps its modem from interrupts. It allocates nothing once it is made."""

    def __init__(self, id, baud, timer, txbuf, **settings):
        if txbuf < 512:
            raise ValueError("txbuf: from 512")
        self._settings = settings
        settings.update(txbuf=txbuf, bits=8, parity=None, stop=1, timeout=0)
        self._size = txbuf - _PIECE - 2 * _ITEM  # for what is wasted, and for the last write
        self._room = 0
        self._uart = UART(id, baud, timeout_char=_timeout_char(baud), **settings)
        self._timer = Timer(timer)
        self._failed = False
        self._interrupt = None
        self.any = self._uart.any
        self.readinto = self._uart.readinto
        self.write = self._write
        self._wake = self._pump

    # For the modem

    def _write(self, buf, off=0, n=None):
        """What there is room for: machine.UART waits for room, on the ESP32 without limit. How many bytes, or None."""
        if self._uart.txdone():
            self._room = self._size
        n = min(len(buf) - off if n is None else n, self._room, _PIECE)
        if n <= 0:
            return None
        n = self._uart.write(buf, off, n) or 0  # type: ignore[call-arg]  # the stubs know no (buf, off, n)
        self._room -= n + _ITEM
        return n

    def set_baud(self, rate):
        """Change the rate; what was not sent or not read is lost."""
        if self._settings:  # else it is closed
            self._uart.init(rate, timeout_char=_timeout_char(rate), **self._settings)
            self._room = 0
            self._listen()

    def idle(self):
        """What a wait calls: the interrupts pump meanwhile. Ctrl+C that came while they did is raised here."""
        interrupt, self._interrupt = self._interrupt, None
        if interrupt:
            raise interrupt
        sleep_ms(1)

    # The background

    def begin(self, modem):
        """Pump this modem from now on."""
        self._modem = modem
        self._listen()
        self._timer.init(mode=Timer.PERIODIC, period=_TICK_MS, callback=self._wake)

    def _listen(self):
        # RXIDLE makes RP2 interrupt for 24 bytes instead of 4. On the ESP32 it needs Timer(0); there is RX, which RP2 has not.
        self._uart.irq(self._wake, getattr(UART, "IRQ_RX", None) or UART.IRQ_RXIDLE)

    def _pump(self, _):
        # Both interrupts are soft: the port schedules this call between two bytecodes, never two at a time, and drops it when
        # its queue is full; then the timer comes again. What is raised here it prints.
        try:
            self._modem.poll()
            self._failed = False
        except Exception:
            failed, self._failed = self._failed, True
            if not failed:  # told once, not at each tick
                raise
        except BaseException as interrupt:
            self._interrupt = interrupt
            raise

    def serves(self, modem):
        return self._modem is modem

    def close(self):
        """Pump no more and let the UART go. The modem finds nothing to read, and writes nothing."""
        self._settings.clear()
        self.any = self.readinto = self.write = _nothing
        self._timer.deinit()
        self._uart.irq(None)
        self._uart.deinit()


def _nothing(*args):
    return None


def _timeout_char(baud):
    # A character's time, as the ESP32 counts it: with less, it interrupts for every byte.
    return 12000 // baud + 1


class Power:
    """The module's pins: pwrkey, reset, dtr, status and supply, each a callable, or None where it is not wired."""

    def __init__(self, pwrkey=None, reset=None, dtr=None, status=None, direct=False, status_on=0, supply=None):
        self.pwrkey = _press(pwrkey, direct)
        self.reset = _press(reset, direct)
        self.dtr = None if dtr is None else _low(Pin(dtr, Pin.OUT, value=0))
        self.supply = None if supply is None else Pin(supply, Pin.OUT, value=1)  # the regulator's enable
        self.status = None
        if status is not None:
            pin = Pin(status, Pin.IN, Pin.PULL_DOWN if status_on else Pin.PULL_UP)  # off while nothing drives it
            self.status = lambda: pin() == status_on


def _press(pin, direct):
    """What presses: a high level through a transistor; directly a low one, and never a high one."""
    if pin is None:
        return None
    if direct:
        return _low(Pin(pin, Pin.OPEN_DRAIN, value=1))
    return Pin(pin, Pin.OUT, value=0)


def _low(pin):
    # No machine.Signal: on RP2 it does not know that a pin is open drain.
    return lambda on: pin(not on)


def modem(
    id,
    tx,
    rx,
    rts=None,
    cts=None,
    pwrkey=None,
    reset=None,
    dtr=None,
    status=None,
    direct=False,
    status_on=0,
    supply=None,
    baud=115200,
    best=115200,
    rxbuf=4096,
    txbuf=2048,
    timer=-1,
    **options,
):
    """An ec2x.Modem on these pins. It is pumped in the background until close()."""
    power = None
    if any(pin is not None for pin in (pwrkey, reset, dtr, status, supply)):
        power = Power(pwrkey, reset, dtr, status, direct, status_on, supply)
    pins = {"tx": Pin(tx), "rx": Pin(rx)}
    flow = 0
    for name, pin, flag in (("rts", rts, UART.RTS), ("cts", cts, UART.CTS)):
        if pin is not None:  # the ESP32 takes no None
            pins[name] = Pin(pin)
            flow |= flag
    old = _open.pop(id, None)
    if old:
        old.close()
    uart = Uart(id, baud, timer, txbuf, rxbuf=rxbuf, flow=flow, **pins)
    both = flow == UART.RTS | UART.CTS
    it = Modem(uart, power=power, rxbuf=rxbuf, set_baud=uart.set_baud, baud=baud, best_baud=best, flow=both, **options)
    it.idle = uart.idle
    _open[id] = uart
    uart.begin(it)
    return it


def close(modem):
    """End what pumps this modem, and let its UART and timer go."""
    for id, uart in list(_open.items()):
        if uart.serves(modem):
            del _open[id]
            uart.close()

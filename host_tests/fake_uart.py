"""machine.UART in virtual time, by the rules of MicroPython's rp2 and esp32 ports (1.24 to 1.29), wired to a simulated module.

What its calls do wrong is what the real ones do: they wait, return short, lose bytes in silence. Python itself takes no time
here; what a call waits in C is counted in the machine's blocked_us. assumed: how RP2's transmit ring gets room (28 bytes at
a time), what the ESP32's needs for a write (32 bytes), that what RTS held back comes at once.
"""

from ec2x_sim import SimUart

_ITEM = 32


class Hang(Exception):
    """A call that would never return."""


class Wire(SimUart):
    """What is between the pins and the port's rings."""

    def __init__(self, module, clock, port, baud):
        super().__init__(module, clock, baud=baud)
        self.esp = port == "esp32"
        self.fifo = 128 if self.esp else 32
        self.rts = False  # wired, and used
        self.level = 120  # bytes for which the ESP32 interrupts
        self.idle = 32  # bit times of silence until the port is told; of those of one that speaks
        self.events = 0  # of which it was not told yet
        self.heard = 0  # bytes since it was told
        self.last = 0  # when the last of them came
        self._held = bytearray()  # CTS is high
        self.stalled = False

    def fit(self, rxbuf, txbuf):
        self.rxbuf = rxbuf + self.fifo
        self.txbuf = txbuf + self.fifo
        self._rx = bytearray()
        self.heard = 0

    def hidden(self):
        """Bytes that the ESP32 leaves in its FIFO, and does not count."""
        return self.heard if self.esp else 0

    def put(self, data):
        """As many as fit."""
        if self.stalled:
            count = max(0, min(len(data), self.txbuf - self._unsent() - len(self._held)))
            self._held.extend(data[:count])
            return count
        return self.write(data) or 0

    def unsent(self):
        self.sync()
        return self._unsent() + len(self._held)

    def stall(self, on):
        """The module raises its RTS, our CTS, or lowers it."""
        self.stalled = on
        if not on:
            held, self._held = self._held, bytearray()
            self.write(held)

    def due_at(self):
        """When the port is to be told of what has come or is coming, or None."""
        waiting = self._down.pending()
        if not self.heard and not waiting:
            return None
        if self.esp and self.heard + waiting >= self.level:
            return self._down.at(self.level - self.heard)
        return (self._down.last_at() or self.last) + self._silence()

    def notice(self):
        """How many times the port is told of what has come by now."""
        self.sync()
        if self.heard and self.clock.us >= self.last + self._silence():
            self.heard = 0
            self.events += 1
        events, self.events = self.events, 0
        return events

    def _silence(self):
        return self.idle * 1_000_000 // self.baud

    def _receive(self, now):
        limit = self.rxbuf - len(self._rx) if self.rts else None
        count = self._down.arrived(now)
        if limit is not None:
            count = min(count, limit)
        if count:
            self.last = self._down.at(count)
            self.heard += count
            if self.esp:
                self.events += self.heard // self.level
                self.heard %= self.level
        data = self._down.take(now, count)
        kept = data[: self.rxbuf - len(self._rx)]
        self._rx.extend(kept)
        self.rx_bytes += len(kept)
        self.overrun += len(data) - len(kept)


class UartPort:
    """machine.UART; a Machine makes a class of it for itself."""

    machine = None
    RTS, CTS = 2, 1
    IRQ_RXIDLE = 64
    _TRIGGERS = 64 | 32 | 512

    def __init__(self, id, *args, **settings):
        self._state = self.machine.uarts.setdefault(id, {})
        self.id = id
        self.init(*args, **settings)

    def __getattr__(self, name):
        if name[0] == "_":
            raise AttributeError(name)
        return self._state[name]

    def init(self, baudrate=115200, bits=8, parity=None, stop=1, **settings):
        for name in settings:
            if name not in ("tx", "rx", "rts", "cts", "txbuf", "rxbuf", "timeout", "timeout_char", "invert", "flow"):
                raise TypeError("extra keyword arguments given: " + name)
        self._check(settings)
        state = self._state
        for name, value in (("timeout", 0), ("timeout_char", 0), ("flow", 0), ("handler", None)):
            state.setdefault(name, value)
        state.update(settings)
        state.update(baudrate=baudrate, dead=False, rxbuf=self._size(settings, "rxbuf"), txbuf=self._size(settings, "txbuf"))
        wire = self.wire = self.machine.wire
        wire.set_baud(baudrate)
        wire.fit(state["rxbuf"], state["txbuf"])
        wire.rts = bool(state["flow"] & self.RTS)
        self._rules(wire, state)

    def deinit(self):
        self._state["dead"] = True

    def irq(self, handler=None, trigger=0, hard=False):
        if trigger & ~self._TRIGGERS:
            raise ValueError("trigger 0x%04x unsupported" % trigger)
        self._alive()
        self._state.update(handler=handler, trigger=trigger)

    def any(self):
        self._alive()
        return self.wire.any() - self.wire.hidden()

    def txdone(self):
        self._alive()
        return not self.wire.unsent()

    def readinto(self, buf, n=None):
        self._alive()
        n = len(buf) if n is None else min(n, len(buf))
        got = 0
        while True:
            count = min(n - got, self.any())
            if count:
                piece = bytearray(count)
                self.wire.readinto(piece)
                buf[got : got + count] = piece
                got += count
            if got == n or not self._more_comes(self._state["timeout_char" if got else "timeout"]):
                return got or None

    def write(self, buf, off=None, n=None):
        self._alive()
        if n is None:
            off, n = 0, len(buf) if off is None else off
        return self._put(bytes(buf[off : off + n]))

    def _alive(self):
        assert not self._state.get("dead"), "a UART is used after deinit(): a real one crashes"
        self.machine.run()  # a scheduled function comes between two bytecodes

    def _size(self, settings, name):
        size = settings.get(name, 256)
        if size > 32766:  # less than the least is raised to it
            raise ValueError(name + " too large")
        return max(size, 32)

    def _wait(self, us):
        self.machine.blocked_us += us
        self.machine.sleep_us(us)


class Rp2Uart(UartPort):
    def init(self, *args, **settings):
        super().init(*args, **settings)
        self._state["handler"] = None  # assumed: it does not survive the reset of the peripheral

    def _check(self, settings):
        for k, name in enumerate(("tx", "rx", "cts", "rts")):
            pin = settings.get(name)
            number = getattr(pin, "id", pin)
            if number is not None and (number & 3 != k or ((number + 4) & 8) >> 3 != self.id):
                raise ValueError("bad %s pin" % name.upper())

    def _rules(self, wire, state):
        state["timeout_char"] = max(state["timeout_char"], 13000 // state["baudrate"] + 1)

    def _more_comes(self, timeout):
        # elapsed > timeout, in whole ms: also a timeout of 0 spins up to a millisecond.
        for _ in range((timeout + 1) * 20):
            self._wait(50)
            if self.any():
                return True
        return False

    def _put(self, data):
        done = self.wire.put(data)
        timeout = self._state["timeout"]
        while done < len(data):
            refill = 28 * 10_000_000 // self._state["baudrate"]
            if self.wire.stalled or refill > (timeout + 1) * 1000:
                self._wait((timeout + 1) * 1000)
                break
            self._wait(refill)
            done += self.wire.put(data[done:])
            timeout = self._state["timeout_char"]
        return done or None


class Esp32Uart(UartPort):
    RTS, CTS = 1, 2
    IRQ_RX = 1
    IRQ_RXIDLE = 4096
    _TRIGGERS = 1 | 2 | 4096

    def _check(self, settings):
        for name in ("tx", "rx", "rts", "cts"):
            if name in settings and settings[name] is None:
                raise TypeError("can't convert NoneType to int")
        if not self.machine.uarts[self.id] and min(settings.get("rxbuf", 256), settings.get("txbuf", 256)) <= 128:
            raise OSError(-1, "ESP_FAIL")

    def _rules(self, wire, state):
        wire.idle = 10 * (state["timeout_char"] // (12000 // state["baudrate"] + 1))
        wire.level = 120 if wire.idle else 1
        wire.txbuf = 1 << 20  # _used() tells
        wire.idle = wire.idle or 10
        self._items = []  # (bytes sent in all when it is gone, what it takes in the ring)
        self._at = 0  # where in the ring the next begins: it is kept whole

    def irq(self, handler=None, trigger=0, hard=False):
        if hard:
            raise ValueError("hard IRQ is not supported")
        super().irq(handler, trigger)

    def _size(self, settings, name):
        return settings.get(name, self._state.get(name, 256))

    def _more_comes(self, timeout):
        if timeout >= 10:  # in ticks of 10 ms
            self._wait(timeout // 10 * 10_000)
        return timeout >= 10 and self.any()

    def _put(self, data):
        most = self._state["txbuf"] // 4
        for at in range(0, len(data), most):
            piece = data[at : at + most]
            size = len(piece) + _ITEM
            rest = self._state["txbuf"] - self._at
            if size > rest:
                size += rest
            while self._used() + size > self._state["txbuf"]:
                if self.wire.stalled:
                    raise Hang("uart_write_bytes waits for ever")
                self._wait(1000)
            self.wire.put(piece)
            self._items.append((self.wire.tx_bytes + len(self.wire._held), size))
            self._at = (self._at + size) % self._state["txbuf"]
        return len(data)

    def _used(self):
        sent = self.wire.tx_bytes + len(self.wire._held) - self.wire.unsent() + self.wire.fifo
        self._items = [item for item in self._items if item[0] > sent]
        return sum([size for _, size in self._items])

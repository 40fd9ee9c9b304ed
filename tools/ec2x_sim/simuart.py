"""The module behind a UART that behaves as machine.UART with timeout=0, in virtual time."""

from .wire import Line


class SimUart:
    """any, readinto, write: and between the calls everything happens at its exact time on the clock.

    One SimUart a module keeps exact times; the other ports can be looked at with `module.take`.
    """

    def __init__(self, module, clock, port="uart1", baud=0, rxbuf=2048, txbuf=1100):
        self.module = module
        self.clock = clock
        self.port = port
        self.baud = baud  # the host's rate; the module's own is module.baud
        self.rxbuf = rxbuf
        self.txbuf = txbuf
        self.overrun = 0  # bytes lost because nobody read
        self.tx_bytes = 0
        self.rx_bytes = 0  # that arrived at the host, without those lost
        self._up = Line(baud)
        self._down = Line(baud)
        self._rx = bytearray()
        self._synced = -1
        if baud:
            module.baud = module.profile["IPR"] = module.stored["IPR"] = baud
        watchers = getattr(module.net, "watchers", None)
        if watchers is not None:
            watchers.append(self._look)

    # --- the UART --------------------------------------------------------------------------------

    def any(self):
        """How many bytes can be read."""
        self._look()
        return len(self._rx)

    def readinto(self, buf, n=None):
        """Read up to n bytes into buf: how many, or None."""
        self._look()
        count = len(buf) if n is None else min(n, len(buf))
        count = min(count, len(self._rx))
        if not count:
            return None
        buf[:count] = self._rx[:count]
        self._rx[:count] = b""
        return count

    def write(self, buf, off=None, n=None):
        """Write what fits into the transmit buffer: how many bytes, or None. As MicroPython: (buf), (buf, n), (buf, off, n)."""
        if n is None:
            off, n = 0, len(buf) if off is None else off
        self.sync()
        count = min(n, len(buf) - off, self.txbuf - self._unsent())
        if count <= 0:
            return None
        self._up.put(bytes(buf[off : off + count]), self.clock.us)
        self.tx_bytes += count
        self.sync()
        return count

    # --- for the loop around it ------------------------------------------------------------------

    def set_baud(self, baud):
        """The host changes its rate. While it is not the module's, bytes are garbled."""
        self.sync()
        self.baud = self._up.baud = baud

    def next_at(self):
        """When something happens next: a burst ends, the receive buffer fills half, the module acts. Or None."""
        self._look()
        best = self.module.wake_at()
        times = [self._trigger()[1], self._up.last_at()]
        half = self.rxbuf // 2 - len(self._rx)
        pending = self._down.pending()
        if pending:
            times.append(self._down.at(min(pending, half) if half > 0 else pending))
        for at in times:
            if at is not None and (best is None or at < best):
                best = at
        return best

    def sync(self):
        """Let everything happen that is due at the clock's time."""
        now = self.clock.us
        module = self.module
        while True:
            count, at = self._trigger()
            wake = module.wake_at()
            if at is not None and at <= now and (wake is None or at < wake):
                self._give(count, at)
            elif wake is not None and wake <= now:
                # What arrived before finds the module as it was before.
                self._give(self._up.arrived(wake - 1), None)
                self._step(wake)
            else:
                break
        self._give(self._up.arrived(now), None)
        self._step(now)
        self._receive(now)
        self._synced = now

    def unread(self):
        """How many bytes wait for readinto, as of the last call of anything."""
        return len(self._rx)

    def receiving(self):
        """Are bytes on their way to the host?"""
        return self._down.pending() > 0

    # --- inside ----------------------------------------------------------------------------------

    def _look(self):
        if self.clock.us != self._synced or self.module.stirred(self.port):
            self.sync()

    def _trigger(self):
        # (how many of the bytes on the way take effect with the last of them, when that one arrives)
        waiting = self._up.pending()
        if not waiting:
            return 0, None
        count = self.module.burst(self.port, self._up.peek())
        if count is None:
            return 0, None
        return count, self._up.at(count)

    def _give(self, count, at):
        if not count:
            return
        if at is None:
            at = self._up.at(count)
        data = self._up.take(at, count)
        if self._garbled():
            data = bytes([c ^ 0xD6 | 0x80 for c in data])
        self._emit(lambda: self.module.feed(self.port, data, at), at)

    def _step(self, at):
        self._emit(lambda: self.module.poll(at), at)

    def _emit(self, act, at):
        rate = self.module.baud
        wrong = self._garbled()
        act()
        data = self.module.take(self.port)
        if data:
            self._receive(at)
            if wrong:
                data = bytes([c ^ 0xD6 | 0x80 for c in data])
            # What was said before a change of rate still goes at the old one.
            self._down.baud = rate if self.baud else 0
            self._down.put(data, max(at, self.module.now))

    def _garbled(self):
        return self.baud and self.baud != self.module.baud

    def _unsent(self):
        return self._up.pending() - self._up.arrived(self.clock.us)

    def _receive(self, now):
        data = self._down.take(now)
        if not data:
            return
        room = self.rxbuf - len(self._rx)
        kept = data[:room]
        self._rx.extend(kept)
        self.rx_bytes += len(kept)
        self.overrun += len(data) - len(kept)

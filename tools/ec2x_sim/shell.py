"""The simulator as a whole: module, real sockets, and a place for a host to connect to. CPython only."""

import asyncio
import time

from .endpoints import SimulatorError, endpoint
from .module import PORTS, Module
from .realnet import RealNet
from .simuart import SimUart
from .trace import describe

_UNIX_2000 = 946684800
_UNLIMITED = 1 << 30
_SPIN_US = 1000  # a loop's timers are that coarse: closer than this it does not sleep
_CHUNK_US = 4000  # how much of a long burst is handed over at a time


class RealClock:
    """The time since its making."""

    def __init__(self):
        self._start = time.monotonic_ns()

    @property
    def us(self):
        return (time.monotonic_ns() - self._start) // 1000


class Simulator:
    """A module that a host can open: `async with Simulator("pty") as modem: ... modem.port ...`.

    `port`: "pty", "tcp:HOST:PORT" (0: any) or the path of a serial device. `baud`: the line's pace, 0 for none.
    `bind`: the address on which the module's servers listen. `trace`: called with each line of the dialogue.
    Other arguments are Module's. SimulatorError when it cannot start; afterwards `port` names the real place.
    """

    def __init__(self, port="pty", baud=0, link=None, bind="127.0.0.1", trace=None, **options):
        self._end = endpoint(port, link, baud)
        # A real device is paced by its wire.
        self._paced = baud if port == "pty" or port.startswith("tcp:") else 0
        self._rate = baud
        self._bind = bind
        self._trace = trace
        self._options = options
        self._timer = None
        self._ended = None
        self.port = None
        self.net = None
        self.module = None
        self.bytes_to_host = 0
        self.bytes_from_host = 0

    async def start(self):
        """Begin."""
        self._ended = asyncio.get_running_loop().create_future()
        await self._end.open(self._arrived, self._failed)
        self.port = self._end.name
        self.net = RealNet(self._bind)
        options = {"utc_s": int(time.time()) - _UNIX_2000}
        options.update(self._options)
        self._clock = RealClock()
        self.module = Module(self.net, **options)
        if self._trace:
            self.module.log = self._log
        self._uart = SimUart(self.module, self._clock, baud=self._paced, rxbuf=_UNLIMITED, txbuf=_UNLIMITED)
        if self._rate:
            self.module.baud = self.module.profile["IPR"] = self.module.stored["IPR"] = self._rate
        self._rate = self.module.baud
        self.net.watchers.append(self._tick)
        self._tick()
        return self

    async def wait(self):
        """Until the endpoint fails: then SimulatorError."""
        await self._ended

    async def close(self):
        """End everything that runs."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self.net:
            self.net.watchers.clear()
            self.module.power_off()
            await self.net.close()
        await self._end.close()
        if self._ended and not self._ended.cancel() and not self._ended.cancelled():
            self._ended.exception()  # whoever did not wait did not want to know

    async def __aenter__(self):
        try:
            return await self.start()
        except BaseException:
            await self.close()
            raise

    async def __aexit__(self, *exc):
        await self.close()

    def _arrived(self, data):
        if not self.module:
            return
        self.bytes_from_host += len(data)
        self._uart.write(data)
        self._tick()

    def _failed(self, error):
        if not self._ended.done():
            self._ended.set_exception(error)

    def _log(self, kind, port, what):
        self._trace(describe(kind, port, what, self.module.now))

    def _tick(self):
        # Hand over what has passed the line, and come back when something happens next.
        count = self._uart.any()
        if count:
            data = bytearray(count)
            self._uart.readinto(data)
            self.bytes_to_host += count
            self._end.send(data)
        for name in PORTS:
            if name != self._uart.port:
                self.module.take(name)  # nobody is there
        if self.module.baud != self._rate:
            self._follow()
        self._sleep()

    def _follow(self):
        # AT+IPR: the far end of a real wire has to follow by itself, that of a pty has no rate.
        self._rate = self.module.baud
        if self._paced:
            self._paced = self._rate
            self._uart.set_baud(self._rate)
        self._end.set_rate(self._rate)

    def _sleep(self):
        if self._timer:
            self._timer.cancel()
            self._timer = None
        at = self._uart.next_at()
        loop = asyncio.get_running_loop()
        left = 0 if at is None else at - self._clock.us
        if self._uart.unread():  # it came since _tick looked
            left = 0
        elif at is None:
            return
        if left < _SPIN_US:
            self._timer = loop.call_soon(self._tick)
        else:
            if self._uart.receiving():
                left = min(left, _CHUNK_US)
            self._timer = loop.call_later((left - _SPIN_US // 2) / 1e6, self._tick)


__all__ = ["Simulator", "SimulatorError"]

"""The façade: the parts put around a UART."""

from . import errors, link
from .chat import Chat
from .compat import const, sleep_ms, ticks_add, ticks_diff, ticks_ms
from .errors import ModemError
from .qfwd import Qfwd
from .sockets import Sockets

_CHUNK = const(256)  # bytes taken from the UART at a time
_CHUNKS = const(8)  # and how often in one poll
_LONGEST_MS = const(400_000_000)  # ticks wrap

# As arguments.py has it.
_SMALLEST = const(256)

# As socket.py has them.
_AF_INET = const(2)
_SOCK_STREAM = const(1)
_SOCK_DGRAM = const(2)


def _idle():
    sleep_ms(0)


class Modem:
    """A module on a UART. now and idle may be replaced: the clock in ms, and what every blocking loop calls."""

    baud = 115200
    rates = (115200, None)  # the first, and the best: see rates.py

    def __init__(
        self, uart, power=None, rxbuf=2048, set_baud=None, rx_size=2048, tx_size=2048, urc_port="uart1", profile=None, sockets=12, **rates
    ):
        self.power = power
        self.set_baud = set_baud
        self.now = ticks_ms
        self.idle = _idle
        self.cid = 1  # of connect(), for the sockets of clients
        self.nested = False  # an application's callback is running: nothing may block
        self._rings = rx_size, tx_size
        self.dialect = Qfwd()
        if profile:
            from .profile import Profiled

            self.dialect = Profiled(profile)
        if urc_port != "uart1" or min(rx_size, tx_size) < _SMALLEST:
            from .arguments import check_modem

            check_modem(urc_port, min(rx_size, tx_size))
        self.sockets = Sockets(self.dialect, urc_port, rxbuf, sockets)
        self.link = link.Link(self)
        self.sockets.chat = self.chat = Chat(uart, self.link.synced, self.link.lost)
        if rates:
            from .rates import add

            add(self, **rates)
        if profile:
            self.dialect.apply(self, rxbuf)
        self.chat.sources = (self.link, self, self.sockets)
        self.chat.urcs += [(self.dialect.URC, self.sockets.urc), (b"RDY", self.link.restarted), (b"POWERED DOWN", self.link.restarted)]
        self._buf = bytearray(_CHUNK)
        self._busy = False
        self.request = None  # an explicit command that waits for its turn
        self.events = None  # the application's callbacks, once there are any
        self._extras = None

    # The step

    def poll(self):
        """One bounded step; never waits. Inside itself it does nothing."""
        if self._busy:
            return
        self._busy = True
        try:
            now = self.now()
            chat = self.chat
            uart = chat.uart
            for _ in range(_CHUNKS):
                n = uart.any()
                if not n:
                    break
                n = uart.readinto(self._buf, min(n, _CHUNK))
                if not n:
                    break
                chat.feed(self._buf, n, now)
            chat.step(now)
        except BaseException:
            self.chat.upset()
            raise
        finally:
            self._busy = False
        if self.events and not self.nested:
            self.events.tell()

    def alone(self, call, *args):
        """call(*args), into which no background poll comes."""
        busy, self._busy = self._busy, True
        try:
            return call(*args)
        finally:
            self._busy = busy

    def may_block(self):
        """EBUSY inside a callback, whose step has not ended."""
        if self.nested or self._busy:
            raise ModemError(errors.EBUSY)

    # Going online

    def active(self, on=None):
        """active(True) begins to find the module, active(False) lets it be, or powers it down; active() tells which."""
        if on and self.link.state == link.OFF:
            self.link.begin()
        elif on is not None and not on:
            from .off import stop

            stop(self)
        return self.link.state != link.OFF

    def connect(self, apn, user="", password="", auth=0, pin="", cid=1, call="qiact"):
        """Begin to go online; None: only to the module's own LAN. Returns at once."""
        self.link.connect(apn, user, password, auth, pin, cid, call)
        self.cid = 0 if apn is None else cid

    def isconnected(self):
        """Whether sockets can be opened."""
        self.poll()
        return self.link.state == link.READY

    def wait(self, timeout_ms=60000):
        """Wait until isconnected(). ETIMEDOUT with the last reason, or at once what time will not mend."""
        self.may_block()
        end = self.after(timeout_ms)
        it = self.link
        while not self.isconnected():
            number = it.errno or (errors.ENOTCONN if it.state in (link.OFF, link.FOUND) else self.over(end) and errors.ETIMEDOUT)
            if number:
                raise ModemError(number, it, it.cme)
            self.idle()

    # Sockets

    def socket(self, af=_AF_INET, type=_SOCK_STREAM, cid=None):
        """A socket of this modem; cid None: connect()'s for a client, any address for a listener."""
        if af != _AF_INET or type != _SOCK_STREAM and type != _SOCK_DGRAM or cid is not None:
            from .arguments import check_socket

            check_socket(af, type, cid)
        if type == _SOCK_STREAM:
            from .stream import StreamSocket as Socket
        else:
            from .datagram import DatagramSocket as Socket
        return Socket(self, af, cid)

    def buffers(self, kind):
        """The rings of a new socket, of the class kind; ENOMEM when there is no memory for them."""
        try:
            return kind(*self._rings, self.dialect.MAX_DATA)
        except MemoryError:
            raise ModemError(errors.ENOMEM)

    # What is loaded when first used

    def __getattr__(self, name):
        """command, on_urc, fwd, run, trace, status, ifconfig, ipconfig, config, resolve, stats: see extras.py."""
        from .extras import Extras

        if name.startswith("_") or not hasattr(Extras, name):
            raise AttributeError(name)
        self._extras = self._extras or Extras(self)
        return getattr(self._extras, name)

    def next(self, now):
        """Chat's second source: an explicit command that waits for its turn."""
        request, self.request = self.request, None
        return request

    # Time

    def after(self, ms):
        """The time that comes so many ms from now; over() tells whether it has."""
        return ticks_add(self.now(), min(ms, _LONGEST_MS))

    def over(self, time):
        return ticks_diff(self.now(), time) >= 0

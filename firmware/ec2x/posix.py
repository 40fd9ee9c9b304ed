"""What every socket has: timeouts, waiting, the calls of a stream to C code, closing."""

from . import errors
from .compat import IOBase, const
from .errors import ModemError
from .flow import Flow

# As socket.py has it.
_AF_INET6 = const(10)

# As flow.py has them.
_CLIENT = const(0)
_GONE = const(5)

RD = const(1)
WR = const(4)
ERR = const(8)
HUP = const(16)
_NVAL = const(32)

_POLL = const(3)
_CLOSE = const(4)
_CLOSE_MS = const(6000)  # 5 s to deliver what was sent, one for AT+QFWDCLOSE; what is left is done in poll


class Socket(IOBase):
    """The part that TCP and UDP share. _flow is its own id in the module."""

    def __init__(self, modem, af, proto, cid, buffers, flow=None):
        self._modem = modem
        self._cid = cid
        self._timeout = None  # ms; None waits for ever, 0 never
        self._closed = False
        if not flow:
            flow = Flow(modem.sockets, _CLIENT, proto, "IPV6" if af == _AF_INET6 else "IP")
            flow.io = self._io = modem.buffers(buffers)
            if not modem.alone(modem.sockets.replace, None, flow):
                raise ModemError(errors.ENFILE, modem.sockets)
        self._flow = flow

    def __getattr__(self, name):
        """What few applications call: see rare.py."""
        if name[0] == "_":
            raise AttributeError(name)
        from .rare import of

        return getattr(of(self), name)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def settimeout(self, seconds):
        if seconds is not None and seconds < 0:
            raise ValueError("a timeout is not negative")
        self._timeout = None if seconds is None else int(seconds * 1000) or int(seconds > 0)

    def close(self):
        """Deliver what was sent, then close. Never raises; a second close does nothing."""
        if self._closed:
            return
        modem = self._modem
        end = modem.after(_CLOSE_MS)
        modem.alone(self._end, modem.now())
        self._closed = True
        try:
            modem.poll()
            while self._timeout != 0 and not modem.nested and self._ending() and not modem.over(end):
                modem.idle()
                modem.poll()
        except OSError:
            pass  # of the UART: there is nobody to close it

    def _end(self, now):
        self._flow.close(now)

    def _ending(self):
        return self._flow.state != _GONE

    def ioctl(self, request, arg=0):
        """As C calls it: a negative errno, never an exception."""
        try:
            if request == _POLL:
                if self._closed:
                    return _NVAL
                self._modem.poll()
                if arg & RD:
                    self._watch(self._modem.now())
                return self._flags(arg)
            if request == _CLOSE:
                self.close()
                return 0
            return -errors.EINVAL
        except Exception:
            return -errors.EIO

    # For the classes above

    def _check(self):
        if self._closed:
            raise ModemError(errors.EBADF)

    def _online(self):
        """What has to be so before a command of ours can go out."""
        if not self._modem.sockets.online:
            raise ModemError(errors.EHOSTUNREACH, self._modem.link)

    def _pump(self, mask):
        """Wait until mask is ready, for the socket's timeout. False: EAGAIN. ETIMEDOUT when the time is over."""
        modem = self._modem
        end = None
        while True:
            modem.poll()
            if self._flags(mask) & (mask | ERR | HUP):
                return True
            if mask & RD:
                self._watch(modem.now())
            if self._timeout == 0:
                return False
            if end is None:
                modem.may_block()
                if self._timeout:
                    end = modem.after(self._timeout)
            elif modem.over(end):
                raise ModemError(errors.ETIMEDOUT, self._flow)
            if mask & RD:
                self._flow.sender.flush = True
            modem.idle()

    def _until(self, flow, state):
        """Wait while flow has not come beyond state: an open or a connect. ETIMEDOUT when the time is over."""
        modem = self._modem
        end = modem.after(self._timeout) if self._timeout else None
        while True:
            modem.poll()
            if flow.state > state:
                return
            if end is not None and modem.over(end):
                modem.alone(flow.fail, errors.ETIMEDOUT)
                return
            modem.idle()

    def _raise(self, flow):
        """Raise what the flow failed with; once, as a kernel does."""
        number = flow.errno
        if number:
            flow.errno = 0
            raise ModemError(number, flow, flow.cme, flow.result)

    def _open(self, flow, addr):
        """Have flow opened to addr, which is refused here when no command can carry it."""
        host, port = addr[:2]
        self._modem.sockets.dialect.check_peer(host, port)
        self._online()
        flow.peer = (host, port)
        flow.cid = self._modem.cid if self._cid is None else self._cid
        flow.open()

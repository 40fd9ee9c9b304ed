"""Where the host's bytes come from: a pseudo-terminal, a TCP port, a serial device. CPython only."""

import asyncio
import errno
import os
import termios
import tty

_READ = 4096
_KEPT = 1 << 16  # what waits for a host that does not read; beyond, bytes are lost as on a wire


class SimulatorError(Exception):
    """What went wrong and a way out of it, in one sentence."""


class _Descriptor:
    """The part that a pseudo-terminal and a serial device share: a non-blocking file descriptor."""

    def __init__(self):
        self.lost = 0
        self._fd = None
        self._out = bytearray()
        self._loop = None
        self._arrived = None
        self._failed = None

    def begin(self, fd, arrived, failed):
        """Call `arrived(data)` with what comes, `failed(SimulatorError)` when the device is gone."""
        self._fd = fd
        self._arrived = arrived
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(fd, self._readable)

    def _readable(self):
        try:
            data = os.read(self._fd, _READ)
        except BlockingIOError:
            return
        except OSError as error:
            data, reason = b"", os.strerror(error.errno)
        else:
            reason = "end of file"
        if data:
            self._arrived(data)
        else:
            self._loop.remove_reader(self._fd)
            self._failed(SimulatorError(f"{self.name} is gone ({reason}): plug it in and start again."))

    def send(self, data):
        """Give bytes to the host, as fast as it takes them."""
        room = _KEPT - len(self._out)
        self.lost += max(0, len(data) - room)
        self._out += data[:room]
        self._writable()

    def _writable(self):
        try:
            while self._out:
                del self._out[: os.write(self._fd, self._out)]
        except BlockingIOError:
            self._loop.add_writer(self._fd, self._writable)
            return
        except OSError:
            self._out.clear()  # reading tells what happened
        self._loop.remove_writer(self._fd)

    def set_rate(self, baud):
        """The module's rate changed; nothing to do where there is none."""

    async def close(self):
        """Leave it."""
        if self._fd is not None:
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            self._fd = None


class Pty(_Descriptor):
    """A pseudo-terminal; `link` is a symbolic link to its device, for a name that stays the same."""

    def __init__(self, link=None):
        super().__init__()
        self._link = link
        self._slave = None
        self._master = None

    async def open(self, arrived, failed):
        """Make it; its path is `name`."""
        try:
            self._master, self._slave = os.openpty()
        except OSError as error:
            raise SimulatorError(f"No pseudo-terminal could be had ({os.strerror(error.errno)}): use --port tcp:127.0.0.1:0.") from None
        # Held open, so that the terminal outlives each program that opens and closes it.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.name = os.ttyname(self._slave)
        if self._link:
            self._make_link()
        self.begin(self._master, arrived, failed)

    def _make_link(self):
        link, self._link = self._link, None  # not ours until it is made
        try:
            if os.path.islink(link):
                os.unlink(link)
            os.symlink(self.name, link)
        except OSError as error:
            self._release()
            raise SimulatorError(f"The link {link} cannot be made ({os.strerror(error.errno)}): choose another path.") from None
        self._link = link

    def _release(self):
        for fd in (self._master, self._slave):
            if fd is not None:
                os.close(fd)
        self._master = self._slave = None

    async def close(self):
        """Take it away, and the link."""
        await super().close()
        self._release()
        if self._link and os.path.islink(self._link) and os.readlink(self._link) == self.name:
            os.unlink(self._link)


class Serial(_Descriptor):
    """A real serial device, by pyserial; the wire sets the pace."""

    def __init__(self, path, baud):
        super().__init__()
        self.name = path
        self._baud = baud
        self._device = None

    async def open(self, arrived, failed):
        """Open it."""
        import serial

        try:
            self._device = serial.Serial(self.name, self._baud, timeout=0, write_timeout=0, exclusive=True)
        except (OSError, ValueError) as error:
            raise SimulatorError(self._why(getattr(error, "errno", None), error)) from None
        os.set_blocking(self._device.fileno(), False)
        self.begin(self._device.fileno(), arrived, failed)

    def _why(self, code, error):
        if code == errno.ENOENT:
            return f"There is no {self.name}: plug the adapter in; `python -m serial.tools.list_ports` lists what is there."
        if code in (errno.EACCES, errno.EPERM):
            return f"You may not use {self.name}: join the group that owns it (often dialout) and log in again."
        if code in (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK):
            return f"{self.name} is in use: close the program that has it open."
        if isinstance(error, ValueError):
            return f"{self.name} cannot do {self._baud} baud: choose another --baud."
        return f"{self.name} is no serial device ({error}): name one, or use --port pty."

    def set_rate(self, baud):
        """Follow AT+IPR, when what was said before is out."""
        termios.tcdrain(self._device.fileno())
        self._device.baudrate = baud

    async def close(self):
        """Leave it."""
        await super().close()
        if self._device:
            self._device.close()
            self._device = None


class Tcp:
    """A TCP port that one host at a time connects to."""

    def __init__(self, host, port):
        self.lost = 0
        self._where = (host, port)
        self._server = None
        self._transport = None

    async def open(self, arrived, failed):
        """Listen; `name` says where."""
        host, port = self._where
        try:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(lambda: _Client(self, arrived), host, port)
        except OSError as error:
            raise SimulatorError(self._why(error)) from None
        self.name = "tcp:%s:%d" % (host, self._server.sockets[0].getsockname()[1])

    def _why(self, error):
        host, port = self._where
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} of {host} is in use: choose another, or 0 for any that is free."
        if error.errno in (errno.EACCES, errno.EPERM):
            return f"You may not listen on port {port}: choose one above 1023."
        return f"This computer cannot listen on {host} ({error.strerror or error}): use 127.0.0.1 or 0.0.0.0."

    def admit(self, transport):
        """Is this the only host?"""
        if self._transport:
            return False
        self._transport = transport
        return True

    def leave(self, transport):
        """The host hung up; the module goes on."""
        if self._transport is transport:
            self._transport = None

    def send(self, data):
        """Give bytes to the host; with nobody there they are lost, as on a wire."""
        if self._transport and self._transport.get_write_buffer_size() < _KEPT:
            self._transport.write(data)
        else:
            self.lost += len(data)

    def set_rate(self, baud):
        """There is no rate."""

    async def close(self):
        """Stop listening and hang up."""
        if self._transport:
            self._transport.abort()
            self._transport = None
        if self._server:
            self._server.close()
            await self._server.wait_closed()


class _Client(asyncio.Protocol):
    """One connection of a host."""

    def __init__(self, endpoint, arrived):
        self._endpoint = endpoint
        self._arrived = arrived
        self._transport = None

    def connection_made(self, transport):
        if self._endpoint.admit(transport):
            self._transport = transport
        else:
            transport.close()

    def data_received(self, data):
        if self._transport:
            self._arrived(data)

    def connection_lost(self, exc):
        self._endpoint.leave(self._transport)


def endpoint(port, link, baud):
    """The endpoint that `port` names: "pty", "tcp:HOST:PORT" or a device's path."""
    if port == "pty":
        return Pty(link)
    if link:
        raise SimulatorError("A link needs a pseudo-terminal: leave --link away, or use --port pty.")
    if not port.startswith("tcp:"):
        return Serial(port, baud or 115200)
    host, colon, number = port[4:].rpartition(":")
    if not colon or not host or not number.isdecimal() or int(number) > 65535:
        raise SimulatorError(f"{port} is not tcp:HOST:PORT: write for example tcp:127.0.0.1:5000.")
    return Tcp(host, int(number))

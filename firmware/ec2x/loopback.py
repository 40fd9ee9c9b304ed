"""Two connected sockets inside the module, near and far, and what probe.py does to them. Nothing of it outlives end()."""

from . import errors, fields
from .compat import const
from .errors import ModemError
from .forms import Forms
from .framer import Framer
from .framings import Framing
from .fwd import Bytes, Command, Fwd
from .link import READY
from .profile import Profiled
from .request import REFUSED
from .stopwatch import Stopwatch

# As qfwd.py has them.
_INCOMING = const(2)
_READABLE = const(3)

_FIRST_ID = const(39000)  # below those of the sockets; the module gives its own, assumed from either end
_PORTS = (40901, 52013, 61007)  # one of them will be free
_SEND_MS = const(10000)  # assumed: twice the time of a plain command
_PAUSE_MS = const(50)
_PIECE = const(256)
_READS = const(128)  # to read all there is
_FEW = const(16)  # URCs, or what they tell of: more of them tell nothing
_PUT_MS = const(100000)  # to send it, where the module takes a few bytes each time

WAIT_MS = const(3000)  # assumed: the most that data, or a URC, takes inside the module


class Untold(Exception):
    """Why something cannot be found out."""


class Loopback(Fwd):
    """near is the id of the client, far that of the connection which the server has accepted; 0: there is none."""

    def __init__(self, modem):
        super().__init__(Stopwatch(modem))
        self._heard = modem.chat.urcs[-1]
        self._framer = modem.chat.framer
        self._dialect = Forms()
        self._syntax = None
        self._proto = "tcp"
        self._port = 0
        self._last_id = _FIRST_ID
        self._ids = set()  # all that is to be closed
        self._came = set()  # what was accepted, as the URCs say
        self._servers = set()  # all that there have been
        self._unseen = False  # something may have been accepted that is not known yet
        self.others = ()  # the ids of somebody else
        self.server_id = self.near = self.far = 0
        self.reads = []  # for each client/read of far whether it tells how much there is
        self.modem = self._modem
        self.most = modem.sockets.credit  # that one read asks for
        self.capped = False  # a read has shown that it brings less than is asked for

    def begin(self):
        """Begin, once chat is in step: with the plain framer, whatever the modem's own."""
        self.others = self.taken()
        own = self._framer
        self._modem.chat.framer = Framer(own._on_line, own._on_prompt, own._on_first, own._on_data, own._on_broken)

    def end(self):
        """Close all, before a Ctrl+C in it is told of; a second one is at once."""
        chat = self._modem.chat
        try:
            try:
                self._close_all()
            except KeyboardInterrupt:
                self._close_all()
                raise
        finally:
            chat.urcs.remove(self._heard)
            self._framer.reset()
            chat.framer = self._framer

    def _close_all(self):
        """Also what was accepted unseen."""
        if self.server_id:
            self._ids |= {row[1] for row in self._asked(self.sstate, self.server_id) or ()}
        others = {row[0] for row in self._asked(self.clients) or () if row[6] not in _PORTS}
        for id in list(self._ids):
            self.shut(id)
        if self._unseen:
            self.pause(WAIT_MS)
        for id in self._came - others:
            self.shut(id)

    def reads_as(self, recv, sep):
        """From now on recv() can read."""
        self._dialect = Profiled({"recv": recv, "recv_sep": sep})
        digits, comma = recv == "hex", sep == "comma"
        if digits or comma:
            chat = self._modem.chat
            chat.framer = Framing(chat.framer, Forms.READS, comma, digits)

    # Opening and closing

    def listen(self, proto):
        """Have a server, in the one syntax or the other; which."""
        self.part()
        if self.server_id:
            self.shut(self.server_id)
            self.server_id = 0
        self._proto = proto
        own = self._dialect
        why = None
        try:
            for syntax in (self._syntax,) if self._syntax else ("modern", "legacy"):
                self._dialect = Profiled({"server": syntax})
                for port in _PORTS:
                    id = self.fresh_id()
                    self._servers.add(id)
                    try:
                        self.server(id, port, proto)
                        self.server_id, self._port, self._syntax = id, port, syntax
                        return syntax
                    except ModemError as error:
                        why = error
                    self.shut(id)
        finally:
            self._dialect = own
        raise why

    def join(self):
        """near and far, connected anew. UDP: with a datagram of one byte on its way."""
        self.part()
        if not self.server_id:
            raise Untold("there is no server")
        near = self.fresh_id()
        self._unseen = True
        self.client(near, "127.0.0.1", self._port, self._proto)
        self.near = near
        udp = self._proto == "udp"
        if udp:
            self.put(near, b"?")
        end = self._modem.after(WAIT_MS)
        while not self.far:
            rows = self.sstate(self.server_id)
            counters = self._asked(self.ack, self.server_id) if udp else None
            if rows:
                self.far = rows[-1][1]
                self._ids.add(self.far)
                self._asked(self.urc_port, self.far, self._modem.sockets.urc_port)  # it may have got another
            elif counters and counters.recvused:
                self.far = self.server_id
            elif self._modem.over(end):
                raise Untold("nothing comes in at the server")
            else:
                self.pause(_PAUSE_MS)
        self._unseen = False

    def both(self):
        """near and far, with nothing to read; joined anew if they are not there any more."""
        try:
            self._empty()
        except (ModemError, ValueError):
            self.join()
            self._empty()
        return self.near, self.far

    def _empty(self):
        for id in (self.near, self.far):
            for _ in range(_READS):
                if not self.ack(id).recvused:
                    break
                self.recv(id, _PIECE)
            else:
                raise Untold("there is always more to read")

    def part(self):
        """Close near and far."""
        for id in (self.far, self.near):
            if id and id != self.server_id:
                self.shut(id)
        self.near = self.far = 0

    def shut(self, id):
        for _ in range(2):
            try:
                self.close(id)
                break
            except ModemError as error:
                if error.errno != errors.ETIMEDOUT:
                    break
        self._ids.discard(id)
        self._came.discard(id)

    def taken(self):
        """The ids in use."""
        return {row[0] for row in self.servers() + self.clients()}

    def fresh_id(self):
        """An id that nobody has."""
        self._last_id += 1
        while self._last_id in self.others:
            self._last_id += 1
        self._ids.add(self._last_id)
        return self._last_id

    def spend(self, id):
        """Use an id once."""
        self._ids.add(id)
        self.client(id, "127.0.0.1", self._port, "udp")
        self.shut(id)

    # Data

    def put(self, id, data, hex=False):
        """All of it."""
        size = 2 * _PIECE
        after, over = self.modem.after, self.modem.over
        end, stall = after(_PUT_MS), after(WAIT_MS)
        while data:
            if over(end) or over(stall):
                raise Untold("the module is too slow to take what is sent")
            n = self.send(id, data[:size], hex, not hex)
            data = data[n:]
            if n:
                size, stall = n, after(WAIT_MS)
            else:
                self.pause(_PAUSE_MS)

    def lasts(self):
        """An error if near does not take anything more: what seems to be refused may be due to that."""
        if self.send(self.near, b".") != 1:
            raise Untold("the connection does not last")

    def special(self, id, n, wire, hex, fixed=True, comma=False):
        """One send of n bytes with just this behind its prompt: how many were taken, -1 if it went wrong. In step in any case."""
        chat = self._modem.chat
        request = Command()
        self._dialect.send(request, id, n, None, hex, fixed)
        request.carry(Bytes(wire), len(wire), request.end)
        if comma:
            self._dialect.comma(request)
        request.timeout = _SEND_MS
        echo = chat._echo  # what is special need not be echoed as other payload is
        rows = ()
        try:
            rows = request.run(self._modem)
        except ModemError:
            self.alive()
        finally:
            chat._echo = echo
        count = self._dialect.counted(rows[0], len(request.prefix), len(rows[0]), id, n) if rows else -1
        if count != n and (request.prompted or request.how != REFUSED):
            self._modem.alone(chat.resync, True)  # some of it may be left over, as the beginning of a command
        return count

    def arrived(self, id, n):
        """How many bytes wait to be read: n, if so many come in time and fit."""
        end = self._modem.after(WAIT_MS)
        while True:
            counters = self.ack(id)
            if counters.recvused >= min(n, counters.recvmax) or self._modem.over(end):
                return counters.recvused
            self.pause(_PAUSE_MS)

    def bring(self, source, target, data, hex=False):
        """Send data from the one to the other; what comes."""
        self.put(source, data, hex)
        got = b""
        while len(got) < len(data):
            self.arrived(target, len(data) - len(got))
            piece = self.recv(target, min(_PIECE, len(data) - len(got)))
            if not piece:
                break
            got += piece
        return got

    def rows(self, id, n):
        """A read of n bytes as lines, for it is not known yet how it is to be read; None if it is refused."""
        request = Command()
        self._dialect.recv(request, id, n)
        request.bare = True
        try:
            return request.run(self._modem)
        except ModemError:
            if request.how != REFUSED:
                raise
            return None

    def alive(self):
        """ModemError if the module has gone."""
        if self._modem.link.state != READY:
            raise ModemError(errors.ECONNRESET, self._modem.link)

    def pause(self, ms, until=None):
        """Let ms pass, or fewer until something is in that list."""
        modem = self._modem
        end = modem.after(ms)
        while not modem.over(end) and not until:
            modem.poll()
            modem.idle()

    def _urc(self, buf, start, end):
        super()._urc(buf, start, end)
        dialect = self._dialect
        event = dialect.event(buf, start, end)
        if event == _INCOMING and dialect.id in self._servers and len(self._came) < _FEW:
            self._came.add(dialect.child)
        elif event == _READABLE and dialect.id == self.far and len(self.reads) < _FEW:
            self.reads.append(fields.find(buf, start, end, 2) >= 0)

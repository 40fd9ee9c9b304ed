"""Events to a dialogue: which answer is whose, what is payload, which socket it is about; without secrets from here on."""

import re
from dataclasses import dataclass, field

from . import rules
from .reading import Event

# The id is behind that of the context, but for the six-argument QFWDSERVER.
_SOCKET = re.compile(rb'AT\+QFWD(?:(?:CLIENT|SERVER)=\d+,|CFG="urc",|[A-Z]+=)(\d+)', re.IGNORECASE)
_URC_SOCKET = re.compile(rb'\+QFWDURC: "(?:client/incoming",\d+|[^"]*"),(\d+)')
_NOT_OPENED = re.compile(rb'\+QFWDURC: "[a-z]+/open",\d+,-?[1-9]')
_OPENS = re.compile(rb'AT\+QFWD(?:CLIENT|SERVER)=|\+QFWDURC: "client/incoming"', re.IGNORECASE)
_SEND = re.compile(rb"AT\+QFWDSEND=\d+,([01]),(\d+)", re.IGNORECASE)
_COUNTED = re.compile(rb"\+QFWDP?RECV: \d+,(\d+),*")
_NAME = re.compile(rb"[^=?]*(=\?|=|\?)?")
_UNTIL_END = -1  # how much payload: up to its Ctrl+Z


def printable(data: bytes) -> str:
    return data.decode("latin-1").encode("unicode_escape").decode()


@dataclass(slots=True)
class Item:
    """A line, a prompt or a payload. kind: command payload escape; prompt answer data ok error echo urc stray; hidden; fault."""

    ms: int
    after: int | None  # ms since the one before; None: time begins anew
    way: str
    kind: str
    data: bytes
    size: int
    socket: int | None = None
    until_end: bool = False  # a payload that ends with Ctrl+Z

    @property
    def bad(self) -> bool:
        return self.kind in ("error", "fault") or self.kind == "urc" and bool(_NOT_OPENED.match(self.data))

    @property
    def opens(self) -> bool:
        """Its socket begins here."""
        return self.kind in ("command", "urc") and bool(_OPENS.match(self.data))

    @property
    def bulk(self) -> bool:
        """Bytes, and no line."""
        return self.kind in ("payload", "data", "hidden")

    @property
    def who(self) -> str:
        return {">": "board", "<": "URC" if self.kind == "urc" else "module", "!": "fault"}[self.way]

    @property
    def text(self) -> str:
        return f"{self.size:,} bytes" if self.bulk else printable(self.data)

    def wire(self, unseen: bytes = b"x") -> bytes:
        """As it was on the wire, with so many of `unseen` for what is not shown."""
        if self.bulk:
            data = self.data + unseen * (self.size - len(self.data))
            return data[:-1] + b"\x1a" if self.until_end and data != self.data else data
        if self.kind == "prompt":
            return b"\r\n> "
        if self.kind == "escape":
            return b"\x1b\r"
        return self.data + b"\r" if self.kind in ("command", "echo") else b"\r\n" + self.data + b"\r\n"


@dataclass(slots=True)
class Block:
    """A command and all that was said until it ended; or one item between commands."""

    items: list[Item] = field(default_factory=list)
    name: str = ""  # "AT+CSQ?"
    ended: bool = False
    unanswered: bool = False

    @property
    def ms(self) -> int | None:
        """From the command to its final result."""
        return self.items[-1].ms - self.items[0].ms if self.ended else None

    @property
    def bad(self) -> bool:
        return self.unanswered or any(item.bad for item in self.items)

    @property
    def carried(self) -> int:
        """Payload bytes."""
        return sum(item.size for item in self.items if item.kind in ("payload", "data"))

    @property
    def sockets(self) -> set[int]:
        return {item.socket for item in self.items if item.socket is not None}


class Dialogue:
    """name: of the file. others: how many of its lines are no trace. blocks: the rest of it."""

    def __init__(self, name: str, events: list[Event], others: int):
        self.name = name
        self.others = others
        self.blocks: list[Block] = []
        self._rules = rules.Rules()
        self._open: Block | None = None
        self._late: list[bytes] = []  # commands without a final result, which may yet be answered
        self._out = self._in = 0  # bytes of payload that are to go, and of data that are to come
        self._ms: int | None = events[0].ms
        for event in events:
            if self._ms is not None and event.ms < self._ms:  # another run, or a record that was kept
                self._close()
                self._ms = None
            {">": self._sent, "<": self._came, "!": self._fault}[event.way](event)
        for item in self.items():
            if item.bulk:
                item.data = rules.payload(item.data)

    def items(self):
        return (item for block in self.blocks for item in block.items)

    def _put(self, event: Event, kind: str, data: bytes, socket: int | None = None):
        last = self._open.items[-1] if self._open else None
        if last and last.kind == kind and kind in ("payload", "data"):  # the next piece
            last.data += data
            last.size += event.size
        else:
            block = self._open
            if not block:
                block = Block()
                self.blocks.append(block)
            if socket is None and block.items:
                socket = block.items[0].socket
            after = None if self._ms is None else event.ms - self._ms
            block.items.append(Item(event.ms, after, event.way, kind, data, event.size, socket))
        self._ms = event.ms

    def _close(self, unanswered: bool = True):
        """The open command ends; unanswered when not by a final result."""
        if self._open:
            self._open.ended, self._open.unanswered = not unanswered, unanswered
            self._late = [*self._late, self._open.items[0].data][-8:] if unanswered else []
        self._open = None
        self._out = self._in = 0

    def _fault(self, event: Event):
        self._put(event, "fault", rules.payload(event.data))
        if self._open and event.data == b"no answer in time":
            self._close()

    @staticmethod
    def _fits(event: Event, left: int) -> bool:
        """Whether it can be of the bytes that are left."""
        return event.payload is True or event.payload is None and (left == _UNTIL_END or event.size <= left)

    # To the module

    def _sent(self, event: Event):
        if event.data == b"<ESC>":
            self._close()
            self._put(event, "escape", event.data)
        elif self._out and self._fits(event, self._out):
            self._payload(event)
        elif event.payload:
            self._put(event, "hidden", event.data)
        else:
            self._command(event)

    def _payload(self, event: Event):
        until_end = self._out == _UNTIL_END
        event.size += until_end and event.simulated  # which does not count the Ctrl+Z
        self._put(event, "payload", event.data)
        self._open.items[-1].until_end = until_end
        if not until_end:
            self._out = max(self._out - event.size, 0)
        elif event.payload or event.data.endswith(b"\x1a"):
            self._out = 0

    def _command(self, event: Event):
        self._close()
        shown = self._rules.command(event.data)
        if shown is None:
            self._put(event, "hidden", b"")
            return
        about = _SOCKET.match(shown)
        self._put(event, "command", shown, int(about[1]) if about else None)
        self._open = self.blocks[-1]
        self._open.name = printable(_NAME.match(shown)[0]).upper()

    # From the module

    def _came(self, event: Event):
        if self._in and self._fits(event, self._in):
            self._in = max(self._in - event.size, 0)
            self._put(event, "data", event.data)
        elif event.payload:
            self._put(event, "hidden", event.data)
        elif event.data == b">":
            self._prompt(event)
        else:
            self._line(event)

    def _prompt(self, event: Event):
        self._put(event, "prompt", event.data)
        if self._open:
            send = _SEND.match(self._open.items[0].data)
            self._out = int(send[2]) * (1 + int(send[1])) if send else _UNTIL_END

    def _line(self, event: Event):
        self._in = 0
        shown = self._rules.answer(event.data)
        if shown is None:
            self._put(event, "hidden", b"")
            return
        kind, socket = self._kind(shown)
        self._put(event, kind, shown, socket)
        if kind != "urc":
            self._out = 0
        if self._open and kind in ("ok", "error"):
            self._close(unanswered=False)
        elif counted := _COUNTED.fullmatch(shown):
            self._in = int(counted[1])

    def _kind(self, line: bytes) -> tuple[str, int | None]:
        if about := _URC_SOCKET.match(line):
            return "urc", int(about[1])
        if self._open and (final := rules.final(line)):
            return "stray" if self._belated() else final, None
        if self._open and line == self._open.items[0].data:
            return "echo", None
        asked = self._rules.asked(line)
        if not asked and any(line.partition(b":")[0] in command for command in self._late):
            return "stray", None
        if not (self._open and asked) and (rules.urc(line) or line.startswith(b"+") and not asked):
            return "urc", None
        return "answer" if self._open else "stray", None

    def _belated(self) -> bool:
        """Whether a final result is that of an earlier command: as for the driver, a probe is answered by its own name."""
        probe = self._open.name.endswith("?") and not any(item.kind == "answer" for item in self._open.items)
        if probe and self._late:
            self._late.pop(0)
            return True
        return False

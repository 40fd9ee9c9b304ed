"""How the socket-forwarding answers are spelt: case, quotes, names, separators, errors."""

from .atline import AtError
from .text import CME


def _title(word):
    return "/".join([part[:1].upper() + part[1:].lower() for part in word.split("/")])


_CASES = {
    "printed": lambda word: word,
    "lower": lambda word: word.lower(),
    "upper": lambda word: word.upper(),
    "title": _title,
}

# E10: (what follows the count on its line, is that line ended before the data?)
_SEPARATORS = {
    "crlf": ("", True),
    "comma_crlf": (",", True),
    "commas_all": (",\r,\n,", False),
    "comma": (",", False),
}

# E36, assumed: what AT+CMEE says has no part in it.
_FAILURES = {
    "off": lambda code: AtError(),
    "num": lambda code: AtError(code, "+CME ERROR: %d" % code),
    "text": lambda code: AtError(code, "+CME ERROR: " + CME[code]),
}

# assumed: which code each kind of failure has.
DENIED = 3  # no such socket, or not in this state
NO_FORM = 4  # the command has no such form
NOT_READY = 14
FULL = 20
_PARAMETERS = 50


class Spelling:
    """One choice of each."""

    def __init__(self, quirks):
        self._case = _CASES[quirks["reply_case"]]
        self._quoted = '"%s"' if quirks["list_quoting"] == "quoted" else "%s"
        self._recv = "+%s: %%d,%%d" % quirks["recv_prefix"]
        self._separator = _SEPARATORS[quirks["recv_sep"]]
        self._failure = _FAILURES[quirks["cme"]]

    def text(self, text):
        """A string in a list."""
        return self._quoted % text

    def word(self, word):
        """A word of the manual's in a list."""
        return self._quoted % self._case(word)

    def ends(self, c):
        """Both addresses of a connection in a list."""
        here = c.local()
        return "%s,%d,%s,%d" % (self.text(c.remote[0]), c.remote[1], self.text(here[0]), here[1])

    def urc(self, kind, rest):
        """A URC; `rest` is what stands behind its kind."""
        return '+QFWDURC: "%s",%s' % (self._case(kind), rest)

    def read(self, at, command, id, count, data):
        """Answer a read; `command` is "+QFWDACK" where that reads (E9)."""
        header = (self._recv if command == "+QFWDRECV" else "+QFWDACK: %d,%d") % (id, count)
        # E11: an empty read has no line for the data, as with QIRD.
        at.counted(header + self._separator[0], data, self._separator[1])

    def failure(self, error):
        """The AtError of a QFWD command as the host sees it."""
        return self._failure(_PARAMETERS if error.cme is None else error.cme)

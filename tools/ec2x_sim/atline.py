"""A command line taken apart: `;` chains, basic and extended commands, their arguments (V.250)."""

REQUIRED = object()  # the default of an argument that has none


class AtError(Exception):
    """A final result other than OK; `cme` is the +CME ERROR code, None for a plain ERROR.

    AT+CMEE tells how it looks, unless `final` is there: that is the result as it stands.
    """

    def __init__(self, cme=None, final=None):
        super().__init__(cme)
        self.cme = cme
        self.final = final


class Args:
    """The arguments of one command, as written; each getter checks and raises AtError."""

    def __init__(self, items):
        self._items = items

    def __len__(self):
        return len(self._items)

    def given(self, i):
        """Is argument `i` there and not empty?"""
        return i < len(self._items) and self._items[i] != ""

    def int(self, i, low, high, default=REQUIRED):
        """Argument `i` as an integer of this range."""
        if not self.given(i) and default is not REQUIRED:
            return default
        item = self._items[i] if i < len(self._items) else ""
        if not item or len(item) > 10:
            raise AtError()
        for c in item:
            if not "0" <= c <= "9":
                raise AtError()
        value = int(item)
        if not low <= value <= high:
            raise AtError()
        return value

    def str(self, i, default=REQUIRED):
        """Argument `i` as a string, quoted or (assumed: quotes are only stripped) bare."""
        if not self.given(i):
            if default is REQUIRED:
                raise AtError()
            return default
        item = self._items[i]
        quotes = item.count('"')
        if quotes == 0:
            return item
        if quotes != 2 or item[0] != '"' or item[-1] != '"':
            raise AtError()
        return item[1:-1]

    def choice(self, i, options, default=REQUIRED):
        """Argument `i` as one of these lower-case words. E4, assumed: in any case."""
        word = self.str(i, default).lower()
        if word not in options:
            raise AtError()
        return word

    def exact(self, i, options, default=REQUIRED):
        """Argument `i` as one of these words, quoted and in their own case; in lower case."""
        if not self.given(i) and default is not REQUIRED:
            return default
        word = self.str(i)
        if word not in options or self._items[i] != '"%s"' % word:
            raise AtError()
        return word.lower()


class Command:
    """One command of a line: its name as in "+QFWDSEND", "E", "&F"; how it was used; what came with it."""

    def __init__(self, name, op, text="", index=0):
        self.name = name
        self.op = op  # "exec", "read", "test", "set", or "bad": not to be parsed
        self.text = text  # of "set": what follows the `=`; of a basic command: its digits
        self.index = index  # of S: which register

    def short(self):
        """The name by which commands are counted: "QFWDSEND", "E"."""
        return self.name.lstrip("+")

    def args(self, least, most):
        """The arguments, if there are as many as that."""
        items = split_args(self.text)
        if not least <= len(items) <= most:
            raise AtError()
        return Args(items)

    def value(self, high, default=0):
        """The number after a basic command: ATE is ATE0."""
        if self.op != "exec" or len(self.text) > 3:
            raise AtError()
        value = int(self.text) if self.text else default
        if value > high:
            raise AtError()
        return value


def split_args(text):
    """`1, "a,b",` becomes ['1', '"a,b"', '']: commas inside quotes do not part, spaces outside do not count."""
    items = []
    start = 0
    quoted = False
    for i in range(len(text)):
        c = text[i]
        if c == '"':
            quoted = not quoted
        elif c == "," and not quoted:
            items.append(text[start:i].strip())
            start = i + 1
    if quoted:
        raise AtError()
    items.append(text[start:].strip())
    return items


def parse(line):
    """The commands of a line (without its AT)."""
    commands = []
    i = 0
    while i < len(line):
        if line[i] in " ;":
            i += 1
            continue
        command, i = _extended(line, i) if line[i] in "+$^%*" else _basic(line, i)
        commands.append(command)
        if command.op == "bad":
            break
    return commands


def _end_of(line, i):
    quoted = False
    while i < len(line):
        if line[i] == '"':
            quoted = not quoted
        elif line[i] == ";" and not quoted:
            break
        i += 1
    return i


def _extended(line, i):
    end = _end_of(line, i)
    body = line[i:end]
    j = 0
    while j < len(body) and body[j] not in "=?":
        j += 1
    # A space inside the name (`AT+ QFWDACK`, E5) stays in it, and no such command is known.
    name = body[:j].upper()
    rest = body[j:].rstrip()
    if not rest:
        return Command(name.rstrip(), "exec"), end
    if rest == "?":
        return Command(name, "read"), end
    if rest[0] == "?":
        return Command(name, "bad"), end
    if rest[1:].strip() == "?":
        return Command(name, "test"), end
    return Command(name, "set", rest[1:]), end


def _digits(line, i):
    while i < len(line) and line[i] == " ":
        i += 1
    start = i
    while i < len(line) and "0" <= line[i] <= "9":
        i += 1
    return line[start:i], i


def _basic(line, i):
    name = line[i].upper()
    i += 1
    if name == "&" and i < len(line):
        name += line[i].upper()
        i += 1
    elif name == "D":
        return Command("D", "exec", line[i:]), len(line)
    digits, i = _digits(line, i)
    if name != "S":
        return Command(name, "exec", digits), i
    if not digits or len(digits) > 3 or i >= len(line) or line[i] not in "=?":
        return Command("S", "bad"), i
    if line[i] == "?":
        return Command("S", "read", "", int(digits)), i + 1
    value, i = _digits(line, i + 1)
    return Command("S", "set", value, int(digits)), i

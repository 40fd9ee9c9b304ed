"""modem.probe(): how the module reads the manual, found between two sockets inside it. Loaded when first used."""

from . import errors, fields
from .compat import const, ticks_diff
from .errors import ModemError
from .link import READY
from .loopback import WAIT_MS, Loopback, Untold

_MAX = const(1024)  # bytes that a command moves at most; so many are to be there for a read,
_ENOUGH = const(160)  # by no more sends than that, where the module takes a few bytes each,
_FILL_MS = const(20000)  # and in no more time
_ALL = bytes(range(256))
_TEXT = b"up"
_BULK = b"0123456789abcdef" * 64
_DIGITS = b"5A" * (_MAX // 2 + 1)


def probe(modem, timeout_ms):
    """modem.probe()."""
    modem.may_block()
    if modem.link.state != READY:
        raise ModemError(errors.ENOTCONN, modem.link)
    if [flow for flow in modem.sockets.flows if flow]:
        raise ModemError(errors.EBUSY, modem.sockets)
    ends = Loopback(modem)
    end = modem.after(timeout_ms)
    found, why = {}, []
    try:
        ends.begin()
        for names, step in _STEPS:
            for name in names:
                found.setdefault(name, None)
            try:
                if modem.over(end):
                    raise Untold("no time was left")
                step(ends, found)
            except (ModemError, Untold) as error:
                ends.alive()
                missing = [name for name in names if found[name] is None]
                why.append("%s: %s" % (", ".join(missing), error.args[-1]))
    finally:
        ends.end()
    for name, ms in ends.modem.took.items():
        found["ms_" + name.lower()] = ms
    if why:
        found["why"] = "; ".join(why)
    return found


# The steps. Each finds what it can, and raises why the rest cannot be found


def _server(ends, found):
    found["server"] = ends.listen("tcp")


def _queues(ends, found):
    near, _ = ends.both()
    counters = ends.ack(near)
    found["sendmax"], found["recvmax"] = counters.sendmax, counters.recvmax


def _reading(ends, found):
    """What surrounds the data that is read, and how there is none."""
    near, far = ends.both()
    rows = ends.rows(far, 16)
    found["empty"] = "error" if rows is None else "zero" if rows else "ok_only"
    ends.put(near, _TEXT)
    ends.arrived(far, len(_TEXT))
    rows = ends.rows(far, 16)
    if not rows:
        raise Untold("a read brings nothing")
    line = rows[0]
    at = fields.find(line, line.find(b":") + 1, len(line), 2)
    sep, data = "crlf", b"".join(rows[1:])
    if 0 <= at < len(line):
        sep, data = "comma", line[at:] + data
    elif at > 0:
        sep, data = ("commas_all", data[3:]) if data.startswith(b",\n,") else ("comma_crlf", data)
    digits = "".join(["%02X" % byte for byte in _TEXT]).encode()
    if data != _TEXT and data.upper() != digits:
        raise Untold("what is read is neither the data nor its digits")
    found["recv"], found["recv_sep"] = "raw" if data == _TEXT else "hex", sep
    ends.reads_as(found["recv"], sep)


def _known(found, name):
    if found[name] is None:
        raise Untold("it takes " + name)


def _largest(ends, id, n):
    """Read as much as one read may bring, when n bytes were sent: one that brings less than there is shows the limit."""
    there = min(ends.arrived(id, n), ends.most)
    got = len(ends.recv(id, ends.most))
    ends.capped = got < there
    return got


def _sizes(ends, found):
    """How much one command moves."""
    _known(found, "recv")
    near, far = ends.both()
    first = sent = ends.send(near, _BULK)
    end = ends.modem.after(_FILL_MS)
    for _ in range(_ENOUGH):
        if 0 < sent < _MAX and not ends.modem.over(end):
            sent += ends.send(near, _BULK[:first])
    found["recv_max"] = _largest(ends, far, sent) or None
    if first == found["sendmax"]:
        raise Untold("the send queue takes no more, either")
    found["short_write"] = 0 if first == _MAX else first


def _hex(ends, found):
    """Sends in hex. What it leaves over in the module is the beginning of a line, which special() ends."""
    near, _ = ends.both()
    for comma in (False, True):
        if ends.special(near, 1, b"31", True, False, comma) == 1:
            found["need_trailing_comma"] = "yes" if comma else "no"
            break
    else:
        raise Untold("it does not take hex")
    # One digit is no byte; two are one whatever is counted.
    if ends.special(near, 1, b"31", True) == 1:
        found["hex_len"] = "bytes"
    elif ends.special(near, 2, b"31", True) == 1:
        found["hex_len"] = "chars"
    for n, limit in ((_MAX // 2 + 1, "bytes"), (_MAX // 2, "chars")):
        if ends.special(near, n, _DIGITS[: 2 * n], True, False, comma) > 0:
            found["hex_limit"] = limit
            break
    if None in (found["hex_len"], found["hex_limit"]):
        raise Untold("it takes hex neither way")


def _passes(ends, data, hex):
    near, far = ends.both()
    return ends.bring(near, far, data, hex) == data and (hex or ends.bring(far, near, data) == data)


def _literal(ends, found):
    """What passes. Ctrl+Z and ESC are sent alone first: where they end the send, nothing is left over."""
    _known(found, "recv")
    near, far = ends.both()
    digits = {"no": "hex", "yes": "hex_comma"}.get(found["need_trailing_comma"])
    control = ends.special(near, 1, b"\x1a", False) == 1 and ends.special(near, 1, b"\x1b", False) == 1
    nul = ends.special(near, 1, b"\0", False) == 1
    near, far = ends.both()
    if nul or digits:
        found["nul"] = {b"a\0b": "ok", b"a": "cut"}.get(ends.bring(near, far, b"a\0b", not nul))
    nul = nul and found["nul"] == "ok"
    values = _ALL if nul else _ALL[1:]
    control = control and _passes(ends, values, False)
    ends.lasts()
    found["fixed_literal"] = "yes" if control else "no"
    if nul and control:
        found["send"] = "literal"
    elif digits and _passes(ends, _ALL if found["nul"] == "ok" else values, True):
        found["send"] = digits
    if None in (found["send"], found["nul"]):
        raise Untold("not all values pass, neither literally nor in hex")


def _urcs(ends, found):
    """When client/read comes: it may be late, so how late is measured."""
    _known(found, "recv")
    near, far = ends.both()
    ends.pause(WAIT_MS)
    modem = ends.modem
    heard = []
    window = WAIT_MS
    for act in (lambda: ends.put(near, b"1"), lambda: ends.put(near, b"2"), lambda: ends.recv(far, 1)):
        del ends.reads[:]
        began = modem.now()
        act()
        if not heard:
            ends.pause(window, ends.reads)
            window = 2 * ticks_diff(modem.now(), began) + 500
        ends.pause(window)
        heard.append(list(ends.reads))
    if ends.ack(far).recvused != 1:
        raise Untold("the connection does not last")
    first, more, left = heard
    if not first:
        found["read_urc"] = "lost"
        raise Untold("there is no client/read")
    found["read_urc"] = "level" if left else "per_segment" if more else "edge"
    found["read_urc_len"] = "yes" if first[0] else "no"


def _closing(ends, found):
    """Whether far can still be read when near has gone."""
    _known(found, "recv")
    near, far = ends.both()
    ends.put(near, _TEXT)
    if ends.arrived(far, len(_TEXT)) != len(_TEXT):
        raise Untold("what is sent does not arrive")
    ends.shut(near)
    end = ends.modem.after(WAIT_MS)
    while far in [row[1] for row in ends.sstate(ends.server_id)]:
        if ends.modem.over(end):
            raise Untold("the other end does not hear of it")
        ends.pause(50)
    try:
        kept = ends.recv(far, 16) == _TEXT
    except ModemError:
        ends.alive()
        kept = False
    found["on_close"] = "keep_until_read" if kept else "discard"


def _next_to(ends, id, step):
    """The next free id above or below."""
    taken = ends.taken()
    while True:
        id = (id + step - 1) % 65535 + 1
        if id not in taken:
            return id


def _accepted(ends):
    ends.join()
    return ends.far


def _ids(ends, found):
    """Where the ids of what is accepted come from, and whether one that was closed comes again."""
    first = _accepted(ends)
    ends.part()
    lowest, highest = _next_to(ends, 0, 1), _next_to(ends, 1, -1)
    second = _accepted(ends)
    ends.part()
    if second == first:
        found["reuse"] = "immediate"
        found["accept_alloc"] = {lowest: "lowest", highest: "top"}.get(first)
    elif second == _next_to(ends, first, -1):
        found["reuse"], found["accept_alloc"] = "never", "top"
    elif second == _next_to(ends, first, 1):
        third = _next_to(ends, second, 1)
        fourth = _next_to(ends, third, 1)
        ends.spend(third)  # would it be given again?
        given = _accepted(ends)
        if given == third:
            found["reuse"], found["accept_alloc"] = "immediate", "next"
        elif given == fourth:
            found["reuse"] = "never"
            raise Untold("when no id comes again, lowest and next look alike")
    if not found["accept_alloc"]:
        raise Untold("the ids follow no known order")


def _datagrams(ends, found):
    ends.listen("udp")
    near, far = ends.both()
    if far != ends.server_id:
        found["udp_server"] = "per_peer"
    else:
        found["udp_server"] = "single_last_peer" if ends.special(far, 1, b"!", False) == 1 else "single_noreply"
    _known(found, "recv")
    size = ends.send(near, _BULK)
    found["short_udp"] = "no" if size == _MAX else "yes"
    if not ends.capped:
        got = _largest(ends, far, size)
        if ends.capped or got == ends.most:
            found["recv_max"] = got
    near, far = ends.both()
    for data in (b"1", b"2"):
        ends.send(near, data)
    if ends.arrived(far, 2) != 2:
        raise Untold("what is sent does not arrive")
    found["udp"] = {b"12": "joined", b"1": "whole"}.get(ends.recv(far, 16))
    near, far = ends.both()
    if ends.send(near, b"123") < 2:
        raise Untold("a datagram has no more than one byte")
    ends.arrived(far, 2)
    ends.recv(far, 1)
    found["udp_tail"] = "keep" if ends.recv(far, 16) else "discard"


# What each finds. The later ones rest on the first.
_STEPS = (
    (("server",), _server),
    (("sendmax", "recvmax"), _queues),
    (("recv", "recv_sep", "empty"), _reading),
    (("short_write", "recv_max"), _sizes),
    (("need_trailing_comma", "hex_len", "hex_limit"), _hex),
    (("send", "fixed_literal", "nul"), _literal),
    (("read_urc", "read_urc_len"), _urcs),
    (("on_close",), _closing),
    (("accept_alloc", "reuse"), _ids),
    (("udp", "udp_tail", "short_udp", "udp_server"), _datagrams),
)

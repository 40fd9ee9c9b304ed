"""The steps of the link from a module that is set up to a data call. Loaded by the first connect() with an APN."""

from . import errors, fields
from .compat import const
from .request import Line

# As in link.py and messages.py.
_NO_REASON = const(0)
_NO_SIM = const(6)
_NO_NETWORK = const(7)
_NO_CALL = const(8)
_WANTS_PIN = const(10)
_WANTS_PUK = const(11)


def _sim(link, buf, start, end):
    link.locked = fields.same(buf, start, end, 0, b"sim pin")
    if fields.same(buf, start, end, 0, b"ready"):
        link.tried = False
        return True
    if link.locked and (link.tried or not link.pin):
        link.fail(errors.EACCES, _WANTS_PIN)
    elif fields.same(buf, start, end, 0, b"sim puk"):
        link.fail(errors.EACCES, _WANTS_PUK)
    return False


def _registered(link, buf, start, end):
    # The answer is n,stat; a URC that looks like it is stat alone.
    stat = fields.integer(buf, start, end, 1)
    if stat is None:
        stat = fields.integer(buf, start, end, 0)
    return stat == 1 or stat == 5


def _active(link, buf, start, end):  # behind the cid
    return fields.integer(buf, start, end, 0) == 1


def steps(apn, user, password, auth, cid):
    """As link.py has them; ValueError for what no command can carry."""
    if not 0 <= auth <= 3 or not 1 <= cid <= 16:
        raise ValueError("auth is from 0 to 3, cid from 1 to 16")
    context = Line().start(b"AT+QICSGP=").number(cid).add(b",1,").quoted(apn, "the APN", 100)
    context.add(b",").quoted(user, "the user", 64).add(b",").quoted(password, "the password", 64).add(b",").number(auth)
    number = b"%d" % cid
    return (
        (b"AT+CPIN?", b"+CPIN:", _sim, 5000, 0, _NO_SIM),
        (b"AT+CEREG?", b"+CEREG:", _registered, 300, 0, _NO_NETWORK),
        # A context that is active refuses both of these, and is what the third wants.
        (bytes(context.buf[: context.n]), b"", None, 300, 0, _NO_REASON),
        (b"AT+QIACT=" + number, b"", None, 150000, 0, _NO_REASON),
        (b"AT+QIACT?", b"+QIACT: " + number + b",", _active, 300, 0, _NO_CALL),
    )

"""The V.250 commands: echo, result form, S registers, profiles."""

from .atline import AtError
from .channel import FACTORY
from .info import IDENTITY, PROFILE


def _identify(at, command):
    if command.value(9) != 0:
        raise AtError()
    maker, model, revision = IDENTITY
    # One text with line ends inside, unlike the lists.
    at.info("%s\r\n%s\r\nRevision: %s" % (maker, model, revision))


def _flag(high):
    def handler(at, command):
        at.set[command.name] = command.value(high)

    return handler


def _verbose(at, command):
    # V.250: the new form applies to this command's own result already.
    at.set["V"] = command.value(1)


def _register(at, command):
    key = "S%d" % command.index
    if command.op == "bad" or key not in at.set:
        raise AtError()
    if command.op == "read":
        at.info("%03d" % at.set[key])
        return
    if not command.text or len(command.text) > 3 or int(command.text) > 255:
        raise AtError()
    value = int(command.text)
    if command.index in (3, 4, 5) and value > 127:
        raise AtError()
    at.set[key] = value


def _defaults(at, command):
    # The rate stays: AT&F does not change AT+IPR.
    command.value(0)
    at.set = dict(FACTORY)
    _shared(at.module, PROFILE)


def _store(at, command):
    command.value(0)
    at.stored = dict(at.set)
    at.module.stored = dict(at.module.profile)


def _restore(at, command):
    command.value(0)
    at.set = dict(at.stored)
    _shared(at.module, at.module.stored)


def _shared(module, values):
    rate = module.profile["IPR"]
    module.profile = dict(values)
    module.profile["IPR"] = rate


def _show(at, command):
    command.value(0)
    lines = ["&C: %d" % at.set["&C"], "&D: %d" % at.set["&D"]]
    for key in ("E", "Q", "V", "X"):
        lines.append("%s: %d" % (key, at.set[key]))
    for number in (0, 3, 4, 5, 6, 7, 8, 10):
        lines.append("S%d: %03d" % (number, at.set["S%d" % number]))
    at.info("\r\n".join(lines))


def _nothing(at, command):
    command.value(1)


COMMANDS = {
    "I": _identify,
    "E": _flag(1),
    "Q": _flag(1),
    "V": _verbose,
    "X": _flag(4),
    "&C": _flag(1),
    "&D": _flag(2),
    "S": _register,
    "&F": _defaults,
    "&W": _store,
    "Z": _restore,
    "&V": _show,
    "H": _nothing,
}

"""mypy.stubtest on ec2x's stubs, with what the driver loads when it is first used put where the stubs have it."""

import inspect
import pkgutil
import sys

from mypy import stubtest

import ec2x
from device import Device
from ec2x import datagram, extras, posix, rare, rates, stream


def lend(owner, kind):
    """The methods of kind, which owner.__getattr__ finds there."""
    for name, value in vars(kind).items():
        if name[0] != "_":
            setattr(owner, name, value)


def with_rates():
    """Modem.__init__, whose **rates are what rates.add() takes."""
    ours = list(inspect.signature(ec2x.Modem.__init__).parameters.values())[:-1]
    theirs = list(inspect.signature(rates.add).parameters.values())[1:]
    return inspect.Signature(ours + [parameter.replace(kind=parameter.KEYWORD_ONLY) for parameter in theirs])


ec2x.Modem.__init__.__signature__ = with_rates()
lend(ec2x.Modem, extras.Extras)
lend(posix.Socket, rare.Rare)
lend(stream.StreamSocket, rare.RareStream)
posix.StreamSocket, posix.DatagramSocket = stream.StreamSocket, datagram.DatagramSocket
sys.modules["ec2x.uart"] = Device("rp2").edge  # which needs a machine
pkgutil.walk_packages = lambda *_: ()  # modules without a stub are the driver's own

sys.exit(stubtest.main())

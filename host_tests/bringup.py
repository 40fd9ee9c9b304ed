"""The bring-up that the driver goes through, and what a test needs to watch it."""

from ec2x import ModemError
from expect import raises
from rig import Rig
from wires import heard

SETUP = ["E0Q0V1", "+CMEE?", "+CMEE=1", '+QURCCFG="urcport","uart1"', '+QCFG="urc/cache",0']
FAMILY = ["+QFWDSERVER=?", "+QFWDSERVER?", "+QFWDCLIENT?"]
LAN = SETUP + FAMILY
CALL = ["+QIACT?", '+QICSGP=1,1,"net","","",0', "+QIACT=1", "+QIACT?"]
NET = SETUP + ["+CGMR", "+CPIN?", "+CEREG?;+CGREG?"] + CALL + FAMILY
AGAIN = [line for line in NET if line not in CALL[1:3]]  # where the context is active already


def rig_for(apn=None, active=True, module=None, **options):
    """A rig whose bring-up has begun, and the commands that its module will have heard."""
    module = module or {}
    rig = Rig(online=False, latency_us=module.pop("latency_us", 0), module=module)
    lines = heard(rig)
    rig.modem.active(active)
    rig.modem.connect(apn, **options)
    return rig, lines


def sentence(rig, number, timeout_ms=20000):
    """What wait() says when it fails with this errno."""
    error = raises(ModemError, rig.modem.wait, timeout_ms)
    assert error.errno == number, error
    return error.args[1]


def opened(rig):
    """A connected TCP socket."""
    rig.net.listen("tcp", "10.0.0.9", 80)
    sock = rig.modem.socket()
    sock.connect(("10.0.0.9", 80))
    return sock

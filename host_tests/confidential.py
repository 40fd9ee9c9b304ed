"""The secrets that the tests use, in one place: leaks.py looks for them in all that the suite prints.

Long enough to be found nowhere by chance. Those of the card and the module are the simulated ones'.
"""

from ec2x_sim.info import IMEI
from ec2x_sim.network import ICCID, IMSI

PIN = "00427193"
PUK = "86420975"
PASSWORD = "hunter2"

ALL = {"PIN": PIN, "PUK": PUK, "password": PASSWORD, "IMEI": IMEI, "IMSI": IMSI, "ICCID": ICCID}


def told(text):
    """The names of the secrets that are in the text."""
    return [name for name in sorted(ALL) if ALL[name] in text]

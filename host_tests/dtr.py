"""The wire that wakes a module."""

from ec2x_sim import Pins


class Power(Pins):
    """A modem's power of which only DTR is wired; levels are those that it was put to."""

    def __init__(self, rig):
        self.levels = []
        super().__init__(rig.module, rig.clock, ("dtr",))
        rig.modem.power = self

    def _dtr(self, awake):
        self.levels.append(awake)
        super()._dtr(awake)

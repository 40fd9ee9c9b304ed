"""A budget of work: what does not end, or does more than its input explains, fails where it stands."""

import os
import sys

import ec2x

_OURS = os.path.dirname(ec2x.__file__)


class TooMuch(AssertionError):
    """The budget is spent."""


class Steps:
    """with Steps(n): the driver makes at most n calls inside, of its own functions and of C's. spent tells how many."""

    def __init__(self, most):
        self.most = most
        self.spent = 0

    def __enter__(self):
        self._before = sys.getprofile()
        sys.setprofile(self._count)
        return self

    def __exit__(self, *args):
        sys.setprofile(self._before)

    def _count(self, frame, event, argument):
        if event in ("call", "c_call") and frame.f_code.co_filename.startswith(_OURS):
            self.spent += 1
            if self.spent > self.most:
                raise TooMuch("more than %d calls" % self.most)

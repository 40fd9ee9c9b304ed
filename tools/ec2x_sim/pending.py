"""A final result that is not decided yet."""


class Wait:
    """What a command's handler returns when its OK has to wait: `end` decides, then or later."""

    def __init__(self):
        self.done = False
        self.error = None
        self.wake = None  # the channel's, once it waits

    def end(self, error=None):
        """The command is done, or failed with this AtError."""
        if self.done:
            return
        self.done = True
        self.error = error
        if self.wake:
            self.wake()

"""MicroPython's asyncio in virtual time: where its loop would wait, the board's clock jumps."""

import asyncio
import select
import time

# What is to run at once gets its key from C, in real time: that is always the past when virtual time is so far ahead.
_AHEAD_MS = 1_000_000_000


class Poll:
    """The loop's select.poll, which does not wait."""

    def __init__(self, board, poll):
        self.board = board
        self._poll = poll
        self.register, self.modify, self.unregister = poll.register, poll.modify, poll.unregister
        # The unix port's poll takes 1 ms, also poll(0), unless a file is ready; and this one always is.
        self._null = open("/dev/null", "rb")
        self.register(self._null, select.POLLIN)

    def ipoll(self, ms):
        board = self.board
        end = None if ms < 0 else (board.now() + ms) * 1000
        while True:
            ready = [entry for entry in self._poll.poll(0) if entry[0] is not self._null]
            if ready or end is not None and board.clock.us >= end:
                return ready
            self.wait(end)

    def wait(self, end):
        """Until the sockets are to be asked again: after the next jump."""
        self.jump(end)

    def jump(self, end):
        """Not beyond end, us or None."""
        if end is None:
            self.board.idle()
        else:
            self.board.idle(end - self.board.clock.us)


def run(board, main, poll=Poll):
    """asyncio.run(main), whose time is the board's."""
    core = asyncio.core
    core.new_event_loop()
    core._io_queue.poller = poll(board, core._io_queue.poller)
    real, start = core.ticks, time.ticks_ms() + _AHEAD_MS
    core.ticks = lambda: start + board.now()
    try:
        return asyncio.run(main)
    finally:
        core.ticks = real
        core.new_event_loop()

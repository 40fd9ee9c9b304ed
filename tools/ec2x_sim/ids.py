"""Which id an accepted connection gets (E23)."""

MAX_ID = 65535


class Ids:
    """The choice, and what it has to remember."""

    def __init__(self, quirks):
        self._alloc = quirks["accept_alloc"]
        self._once = quirks["reuse"] == "never"
        self._used = set()
        self._last = 0

    def taken(self, id):
        """The host or the module has given this id to a socket."""
        if self._once:
            self._used.add(id)

    def choose(self, known):
        """An id for which `known(id)` is false. One that was never used, where that is the rule and there still is one."""
        for once in (self._once, False):
            for id in self._candidates():
                if not known(id) and not (once and id in self._used):
                    self._last = id
                    return id
        return None

    def _candidates(self):
        if self._alloc == "top":
            return range(MAX_ID, 0, -1)
        if self._alloc == "next":
            return (i % MAX_ID + 1 for i in range(self._last, self._last + MAX_ID))
        return range(1, MAX_ID + 1)  # as in the manual's example

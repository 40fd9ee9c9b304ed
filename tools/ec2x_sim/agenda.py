"""What is due when: a sorted list of timed calls."""


class Agenda:
    """Calls `fn(at)` in the order of their time; the same time in the order of their adding."""

    def __init__(self):
        self._items = []  # (at, fn), soonest first

    def add(self, at, fn):
        """Have `fn(at)` called at `at` microseconds."""
        items = self._items
        i = len(items)
        while i and items[i - 1][0] > at:
            i -= 1
        items.insert(i, (at, fn))

    def next_at(self):
        """The time of the soonest call, or None."""
        return self._items[0][0] if self._items else None

    def pop(self):
        """Take out the soonest call: (at, fn)."""
        return self._items.pop(0)

    def drop(self, fn):
        """Forget this call, if it is there."""
        self._items = [item for item in self._items if item[1] is not fn]

    def clear(self):
        """Forget everything: the module was reset."""
        self._items = []

"""What of a plan is enough to break something."""


def shrink(items, fails, tries=60):
    """The fewest items found with which fails(items) still holds, by leaving out halves, quarters and so on."""
    parts = 2
    while len(items) > 1 and tries:
        size = -(-len(items) // parts)
        for k in range(0, len(items), size):
            fewer = items[:k] + items[k + size :]
            tries -= 1
            if fewer and fails(fewer):
                items, parts = fewer, max(2, parts - 1)
                break
            if not tries:
                break
        else:
            if size == 1:
                break
            parts = min(len(items), parts * 2)
    return items

"""What must not allocate on a board."""

try:
    from micropython import heap_lock, heap_unlock
except ImportError:

    def heap_lock():
        """CPython cannot lock its heap: there the code just runs."""

    heap_unlock = heap_lock


def locked(call):
    """Calls; on MicroPython an allocation inside is a MemoryError."""
    heap_lock()
    try:
        return call()
    finally:
        heap_unlock()

"""How much memory hangs on an object: everything that it leads to, but for code and for what stands in for hardware."""

import io
import sys
import types

_LEAVES = (int, float, bool, type(None), types.ModuleType, type, types.BuiltinFunctionType, property, range)
_BUFFERS = (bytes, bytearray, str)
_MANY = (list, tuple, set, frozenset, dict)


def weigh(*roots, without=()):
    """(bytes in all, items of the largest collection, bytes of the largest buffer)."""
    seen = {id(thing) for thing in without}
    heap = list(roots)
    total = most = longest = 0
    while heap:
        thing = heap.pop()
        if id(thing) in seen or isinstance(thing, _LEAVES):
            continue
        seen.add(id(thing))
        total += sys.getsizeof(thing)
        if isinstance(thing, _BUFFERS):
            longest = max(longest, len(thing))
        elif isinstance(thing, io.BytesIO):
            longest = max(longest, thing.getbuffer().nbytes)
        elif isinstance(thing, _MANY):
            most = max(most, len(thing))
            heap += [*thing, *thing.values()] if isinstance(thing, dict) else thing
        else:
            heap += _led_to(thing)
    return total, most, longest


def _led_to(thing):
    if isinstance(thing, types.MethodType):
        return [thing.__self__]
    if isinstance(thing, types.FunctionType):
        return [cell.cell_contents for cell in thing.__closure__ or ()]
    slots = getattr(type(thing), "__slots__", ())
    return list(getattr(thing, "__dict__", {}).values()) + [getattr(thing, name, None) for name in slots]

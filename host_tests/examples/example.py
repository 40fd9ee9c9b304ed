"""What the tests of this folder share: an example of firmware/examples, its constants set as a user sets them, on real MicroPython."""

import contextlib
import re

from devices import device, libraries
from ec2x_tools import interpreter

EXAMPLES = interpreter.ROOT / "firmware" / "examples"
SOON = 0.05  # seconds, for the pauses of the examples
_REBOOT_US = 200_000


def edited(folder, name, **constants):
    """A copy of the example in `folder`, with other constants at its head."""
    text = (EXAMPLES / name).read_text()
    for constant, value in constants.items():
        text, count = re.subn(rf"^{constant} = .*", f"{constant} = {value!r}", text, flags=re.MULTILINE)
        assert count == 1, constant
    copy = folder / name
    copy.write_text(text)
    return copy


@contextlib.asynccontextmanager
async def running(folder, name, *arguments, needs=(), **constants):
    """The example as a running Application; it is ended with the block. `needs`: libraries, as pip installed them."""
    place = folder / "lib"
    place.mkdir(exist_ok=True)
    script = edited(folder, name, **constants)
    async with device(script, *arguments, path=[libraries(place, *needs)], reboot_us=_REBOOT_US) as app:
        yield app


async def says(app, beginning):
    """The next line that begins so; what else it prints before is passed over."""
    while not (line := await app.line()).startswith(beginning):
        assert line, f"it ended without: {beginning}"
    return line


def reset(app):
    """The module is reset, and forgets what was open."""
    module = app.modem.module
    module.reset(module.now)


async def restart(app):
    """The board is reset in the middle of its work; the module has open what it had."""
    await app.__aexit__()
    await app.__aenter__()

"""An application of firmware/examples, running on real MicroPython beside this program."""

import asyncio
import collections
import os

from . import interpreter
from .problem import Problem

SILENCE = 30  # seconds without a line after which an application hangs
GRACE = 5


class Application:
    """async with Application(program, script, arguments, port) as app: one process, ended with the block whatever happens."""

    def __init__(self, program: str, script: str, arguments: list[str], port: str, silence: float = SILENCE):
        self.script = script
        self._silence = silence
        self._command = interpreter.command(program, str(interpreter.ROOT / script), *arguments)
        self._environment = interpreter.environment("firmware", "boards/unix", EC2X_PORT=port)
        self._tail = collections.deque(maxlen=12)

    async def __aenter__(self):
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=os.setpgrp,  # Ctrl+C is for this program, which then ends it
        )
        return self

    async def __aexit__(self, *_):
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def line(self) -> str:
        """The next line that it prints; "" once it has ended well."""
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), self._silence)
        except asyncio.TimeoutError:
            raise Problem(f"{self.script} hangs: it printed nothing for {self._silence:.0f} s.") from None
        if line:
            self._tail.append(line.decode(errors="replace").rstrip())
            return self._tail[-1]
        await self.ended()
        return ""

    async def ended(self):
        """Waits for its end, which must be a good one."""
        try:
            code = await asyncio.wait_for(self._process.wait(), GRACE)
        except asyncio.TimeoutError:
            raise Problem(f"{self.script} hangs: it closed its output and did not end.") from None
        if code:
            raise Problem(f"{self.script} failed:\n  " + "\n  ".join(self._tail or ["no reason given"]))

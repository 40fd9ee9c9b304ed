"""The parts of the bench kit, on a board: what each is given, and what becomes of a board that hangs."""

import base64
import json
from pathlib import Path

from ec2x_sim.info import IMEI

from .. import mpy, serialboard
from ..deploy import check_mpy
from ..problem import Problem
from .collect import Collector

ON_BOARD = Path(__file__).with_name("on_board")
BAUDS = (115200, 230400, 460800, 921600)
PIECE = 768  # bytes of a module that go at a time
SILENCE_S = 60  # without a row, after which a board hangs: the kit gives a sign of life every 2 s
READY_MS = {False: 60_000, True: 180_000}  # with a data call: a network may take its time
FOUND = """
import gc, json, sys
gc.collect()
found = {"heap": gc.mem_free(), "missing": []}
try:
    import machine
    found["freq"] = machine.freq()
except (ImportError, AttributeError):
    pass
for name in ("ec2x", "board"):
    try:
        __import__(name)
    except ImportError as error:
        found["missing"].append("%s (%s)" % (name, error))
found["best"] = getattr(sys.modules.get("board"), "PINS", {}).get("best")
print(json.dumps(found))
"""


class Kit:
    """One run on one board. options: for board.modem(). sizes: what the parts are given, by their names. bauds: none for the usual."""

    def __init__(self, board, collector: Collector, apn: str | None, options: dict, sizes: dict, bauds: list[int]):
        self._board = board
        self._collector = collector
        self._result = collector.result
        self._apn = apn
        self._options = options
        self._sizes = sizes
        self._bauds = bauds

    def look(self, name: str):
        """What the board is; Problem if it lacks the package."""
        info = self._board.info
        check_mpy(info, mpy.compiled(ON_BOARD, "kit.py"))
        found = json.loads(self._board.run(FOUND).splitlines()[-1])
        if found["missing"]:
            raise Problem(f"On the board {' and '.join(found['missing'])} cannot be imported: with BOARD= they are put there.")
        freq = found.get("freq")
        freq = freq[0] if isinstance(freq, list) else freq
        self.best = self._options.get("best") or found["best"] or BAUDS[0]
        about = {"name": name, "machine": info.machine, "version": info.version, "mpy": info.mpy, "heap": found["heap"]}
        self._result["board"] = {**about, "freq_mhz": freq and freq / 1e6}

    def play(self, part: str, asked: bool):
        """A part; the doctor, with which the modem comes up first, is one in any case."""
        if part == "doctor":
            return self._doctor(asked)
        bauds = [0]
        if part == "rates":
            bauds = self._bauds or [baud for baud in BAUDS if baud <= self.best]
        for baud in bauds:
            self._step(part, baud, **self._sizes.get(part, {}))
        return None

    def _doctor(self, asked: bool):
        """asked: modem.doctor() is, too."""
        wait_ms = READY_MS[self._apn is not None]
        self._step("doctor", wait_ms=0, examine=asked, patience_ms=wait_ms, simulated=IMEI)
        if self._collector.not_ready:
            raise Problem(f"The module was not READY in {wait_ms // 1000} s: {self._collector.not_ready}.")

    def _step(self, part: str, baud: int = 0, **how):
        """One script on a board that begins anew. Problem if it hangs or is gone; what fails in the part is in its rows."""
        collector, board = self._collector, self._board
        collector.begin(part, baud)
        options = dict(self._options)
        if baud:
            how["baud"] = options["best"] = baud
        wait_ms = how.pop("wait_ms", READY_MS[self._apn is not None])
        try:
            board.fresh()
            self._load("kit", *sorted(path.stem for path in ON_BOARD.glob(f"{part}_*.py")), part)
            call = f"kit.part({part}.run, {self._apn!r}, {options!r}, {wait_ms}, **{how!r})"
            board.follow(f"import kit, {part}\n{call}", collector.line, SILENCE_S)
        except serialboard.Silent:
            raise Problem(f"The board hangs: nothing came from it for {SILENCE_S} s, in the part {part}. Press its reset.") from None
        except Problem as problem:
            if not str(problem).startswith("On the board:"):
                raise
            collector.on_error(str(problem))

    def _load(self, *names: str):
        """Those scripts as modules, in memory."""
        board = self._board
        board.run((ON_BOARD / "loader.py").read_text(encoding="utf-8"))
        for name in names:
            data = mpy.compiled(ON_BOARD, f"{name}.py")
            board.run(f"begin({len(data)})")
            for at in range(0, len(data), PIECE):
                board.run(f"put({base64.b64encode(data[at : at + PIECE])!r})")
            board.run(f"load({name!r})")

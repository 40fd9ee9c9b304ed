"""make docs: draws the link into the README, from the steps and rungs that the driver has."""

import re
import sys

import click

from . import interpreter

README = interpreter.ROOT / "README.md"
BEGIN, END = "<!-- make docs: the link -->\n", "<!-- end -->\n"
PIN = "1234"


def steps() -> list[tuple[str, tuple]]:
    """(command, step) of a bring-up that needs all of them, as it goes through its table."""
    from ec2x_sim.info import RATES

    from .virtual import Board

    board = Board(baud=115200, best_baud=max(rate for rate in RATES if rate <= 921600), flow=True, module={"pin": PIN})
    link = board.modem.link
    seen = []

    def log(kind, port, what):
        if kind == "command" and link._steps is not None and link.state in (3, 5):
            seen.append(("AT" + what.replace(PIN, "…"), link._steps[link._step]))

    board.module.log = log
    board.modem.active(True)
    board.modem.connect("apn", pin=PIN)
    board.modem.wait()
    return [row for row, after in zip(seen, [*seen[1:], None], strict=True) if row != after]


PINS = {"reset": "RESET_N", "pwrkey": "PWRKEY", "supply": "the supply"}


def rungs() -> list[str]:
    """What the ladder of a board with all pins does, from the lowest rung up."""
    from ec2x.ladder import Ladder

    from .virtual import Board

    ladder = Ladder(Board(pins=(*PINS, "status")).modem.link)
    return [PINS[moves[0][0]] if moves else "AT+CFUN=1,1" for moves in ladder._rungs]


def seconds(ms: int) -> str:
    return f"{ms / 1000:g} s"


def picture() -> str:
    """A flowchart in the language of Mermaid, which the places where one reads a README draw."""
    from ec2x import ladder, link, messages

    lines = [
        "flowchart TD",
        '    off(["active(True)"]) --> seek',
        f'    seek["ATE0Q0V1, every {seconds(link._SEEK_MS)}"] -- OK --> sync["silence, AT+CMEE?"]',
    ]
    before = "sync"
    rows = steps()
    join = [command for command, _ in rows].index("AT+CPIN?")
    for number, (command, (_, _, _, timeout, limit, reason)) in enumerate(rows):
        text = command.replace('"', "#quot;")
        if reason:
            text += f"<br>answer {seconds(timeout)}" + (f", in all {seconds(limit)}" if limit else "")
            text += "<br>" + messages._REASONS[reason].split(":")[0]
        else:
            text += f"<br>answer {seconds(timeout)}, best effort"
        lines.append(f'    {before} --> s{number}["{text}"]')
        if limit:
            lines.append(f"    s{number} -. not done in time .-> ladder")
        before = f"s{number}"
    every, silent = seconds(link._WATCH_MS), seconds(ladder._BOOT * link._SEEK_MS)
    pause = f"{seconds(ladder._DELAY_MS)}, doubled up to {seconds(ladder._DELAY_MAX_MS)}, between two"
    lines += [
        f'    {before} --> ready(["READY: looked at every {every}"])',
        '    ready -. "silence, RDY, echo, a lost server" .-> seek',
        f"    ready -. the data call is lost .-> s{join}",
        f"    seek -. no answer for {silent} .-> ladder",
        f'    ladder{{{{"a rung higher: {", ".join(rungs())}<br>{pause}"}}}} --> seek',
    ]
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def drawn(text: str) -> str:
    """The README with the picture of today."""
    return re.sub(f"(?s){re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: BEGIN + picture() + END, text)


@click.command()
def docs():
    """Draw the link into the README, from its table of steps."""
    sys.path.insert(0, str(interpreter.ROOT / "firmware"))
    text = README.read_text()
    new = drawn(text)
    README.write_text(new)
    click.echo(f"{README.name} {'is drawn anew' if new != text else 'is as it should be'}.")

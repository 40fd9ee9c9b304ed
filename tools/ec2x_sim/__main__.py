"""python -m ec2x_sim: the simulated module as a program."""

import asyncio
import signal
import socket
import sys

import click
from rich.console import Console

from .faultplan import PlanError, draw, parse
from .faults import Faults
from .listing import table
from .quirks import READINGS, check, range_of
from .shell import Simulator, SimulatorError

_DAY_MS = 86_400_000


def _quirks(pairs):
    quirks = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        quirks[name] = value
        if name not in READINGS:
            raise SimulatorError(f"There is no quirk {name}: --list-quirks shows those that there are.")
        try:
            check({name: value})
        except ValueError:
            raise SimulatorError(f"{pair} is no quirk: write {name}={range_of(name)}.") from None
    return quirks


def _faults(text):
    if not text:
        return None
    words = text.split(":")
    try:
        if words[0] == "draw":
            return Faults(draw(int(words[1]), _DAY_MS, round(float(words[2]) * 1000)))
        plan = parse(text)
    except PlanError as error:
        raise SimulatorError(f"{error}.") from None
    except (ValueError, IndexError):
        raise SimulatorError(f"{text} is no plan: write draw:SEED:SECONDS, or faults.") from None
    if [fault for fault in plan if fault.what == "mcu"]:
        raise SimulatorError("The simulator cannot reset the board: press its button, or leave mcu out.")
    return Faults(plan)


def _bind(text):
    """The address, if it is one of this computer's: else each server of the module would fail, and not tell why."""
    try:
        socket.create_server((text, 0), family=socket.AF_INET6 if ":" in text else socket.AF_INET).close()
    except OSError as error:
        raise SimulatorError(f"--bind {text} is no address of this computer ({error.strerror}): give one that is, or 0.0.0.0.") from None
    return text


def _list(context, option, wanted):
    if wanted:
        Console(emoji=False, highlight=False).print(table())
        context.exit()


async def _run(console, options):
    task = asyncio.current_task()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with Simulator(**options) as modem:
        print(modem.port, flush=True)
        pace = f"{options['baud']} baud" if options["baud"] else "as fast as it goes"
        console.print(f"A simulated EC25 is there, {pace}; Ctrl+C ends it.")
        await modem.wait()


@click.command()
@click.option("--port", default="pty", show_default=True, help="pty, tcp:HOST:PORT or a serial device.")
@click.option("--link", help="With a pty: a symbolic link to make to it.")
@click.option("--baud", default=0, type=click.IntRange(0), help="The line's pace; 0, the default, for none (a device: 115200).")
@click.option("--latency", default=0.0, type=click.FloatRange(0), help="Milliseconds before each answer.")
@click.option("--boot", type=click.FloatRange(0), help="Seconds until RDY. Without it the module is up already.")
@click.option("--bind", default="127.0.0.1", show_default=True, help="Where the module's servers listen (IPv6: ::1); 0.0.0.0: everywhere.")
@click.option("--pin", help="Lock the SIM with this PIN.")
@click.option("--quirk", multiple=True, metavar="NAME=VALUE", help="Another reading of the manual; can be repeated.")
@click.option("--faults", metavar="PLAN", help="What goes wrong: 'down:130 drop; urc:2 late 5000', or draw:SEED:SECONDS.")
@click.option("--list-quirks", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="Show what the manual leaves open.")
@click.option("--trace", is_flag=True, help="Show the AT dialogue on stderr, payloads shortened, secrets masked.")
def main(port, link, baud, latency, boot, bind, pin, quirk, faults, trace):
    """A simulated Quectel EC25 with AT+QFWD*; its sockets are this computer's. Prints where it can be opened."""
    console = Console(stderr=True, emoji=False, highlight=False, soft_wrap=True)
    try:
        options = {
            "port": port,
            "link": link,
            "baud": baud,
            "bind": _bind(bind),
            "latency_us": round(latency * 1000),
            "boot_us": None if boot is None else round(boot * 1000000),
            "pin": pin,
            "quirks": _quirks(quirk),
            "faults": _faults(faults),
            "trace": (lambda text: console.print(text, markup=False)) if trace else None,
        }
        asyncio.run(_run(console, options))
    except SimulatorError as error:
        console.print(str(error), style="red", markup=False)
        sys.exit(1)
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass


if __name__ == "__main__":
    main(prog_name="python -m ec2x_sim")

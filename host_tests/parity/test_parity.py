"""ec2x's sockets are MicroPython's own: each script of scripts/ prints the same with the builtin socket and with ours.

Both runs are real MicroPython. The builtin one is on loopback, ours behind the simulated module, whose sockets are this computer's; so
both meet the same peers, which this process plays.
"""

import asyncio
import contextlib
import difflib
import re
from pathlib import Path

import pytest

from ec2x_sim.shell import Simulator
from ec2x_tools import interpreter
from parity.differences import TABLE
from parity.peers import Peers

HERE = Path(__file__).parent
SCRIPTS = sorted(path.stem for path in (HERE / "scripts").glob("*.py"))
ARROW = " -> "
TOGETHER = 6  # runs at a time: most of them wait most of their time
TIMEOUT = 20  # seconds for a run that should take one or two, on a computer that does other things too


async def play(script, ours):
    """The lines that it prints."""
    async with contextlib.AsyncExitStack() as stack:
        more = {}
        if ours:
            more["EC2X_PORT"] = (await stack.enter_async_context(Simulator("pty"))).port
        peers = Peers()
        stack.push_async_callback(peers.close)
        process = await asyncio.create_subprocess_exec(
            *interpreter.command(interpreter.find(), "-c", f"import see, {script}"),
            env=interpreter.environment("firmware", "boards/unix", "host_tests/parity", "host_tests/parity/scripts", **more),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        lines = []
        try:
            await asyncio.wait_for(follow(process, peers, lines), TIMEOUT)
        except asyncio.TimeoutError:
            lines.append(f"no end within {TIMEOUT} s")
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
        return lines


async def follow(process, peers, lines):
    while line := (await process.stdout.readline()).decode(errors="replace").rstrip("\n"):
        if line.startswith("!"):
            process.stdin.write((await peers.obey(line[1:])).encode() + b"\n")
        else:
            lines.append(line)
    if await process.wait():
        lines.append(f"exit code {process.returncode}")


async def play_all(scripts):
    limit = asyncio.Semaphore(TOGETHER)

    async def one(script, ours):
        async with limit:
            return await play(script, ours)

    runs = [(script, ours) for script in scripts for ours in (True, False)]
    return dict(zip(runs, await asyncio.gather(*[one(*run) for run in runs])))


@pytest.fixture(scope="module")
def printed(request):
    """What each script of those selected printed, ours and theirs."""
    selected = {item.callspec.params["script"] for item in request.session.items if "printed" in getattr(item, "fixturenames", ())}
    return asyncio.run(play_all(sorted(selected)))


def expected(script, theirs, table=TABLE):
    """What ours should print, given what the builtin socket does; a difference of the table that is none is a line too."""
    lines = list(theirs)
    for name, pattern, ours, other, _ in table:
        if name == script:
            seen = [k for k, line in enumerate(theirs) if matches(line, pattern, other)]
            for k in seen:
                lines[k] = theirs[k].replace(ARROW + other, ARROW + ours)
            if not seen:
                lines.append(f"listed as a difference, and not seen: {pattern}{ARROW}{other}")
    return lines


def matches(line, pattern, result):
    title, _, said = line.partition(ARROW)
    return said == result and re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), title)


def compare(script, ours, theirs, table=TABLE):
    """The differences that are not in the table, to be read; "" when there are none."""
    wanted = expected(script, theirs, table)
    return "\n".join(difflib.unified_diff(wanted, ours, "as it should be", f"{script}.py on ec2x", n=2, lineterm=""))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_sees_no_other_socket_than_the_builtin_one(script, printed):
    ours, theirs = printed[script, True], printed[script, False]
    assert theirs and not any(line.startswith(("Traceback", "no end", "nothing came")) for line in theirs), "\n".join(theirs)
    if difference := compare(script, ours, theirs):
        pytest.fail(difference, pytrace=False)


def test_the_table_names_scripts_that_there_are_and_says_why():
    assert {script for script, *_ in TABLE} <= set(SCRIPTS)
    assert all(reason and ours != theirs for _, _, ours, theirs, reason in TABLE)


def test_a_difference_fails_unless_it_is_listed_and_a_listed_one_that_is_gone_fails():
    listed = [("it", "poll", "IN", "OUT", "so it is")]
    assert compare("it", ["poll -> IN"], ["poll -> OUT"], listed) == ""
    assert "-poll -> OUT\n+poll -> IN" in compare("it", ["poll -> IN"], ["poll -> OUT"], [])
    assert compare("it", ["a x -> 1", "a y -> 1"], ["a x -> 2", "a y -> 2"], [("it", "a *", "1", "2", "both")]) == ""
    assert compare("it", ["a x -> 1", "a y -> 2"], ["a x -> 2", "a y -> 2"], [("it", "a *", "1", "2", "both")])
    assert "not seen" in compare("it", ["poll -> OUT"], ["poll -> OUT"], [("it", "poll", "OUT", "IN", "it was so")])
    assert compare("it", ["poll -> OUT"], ["poll -> OUT"], listed)

"""ec2x COMMAND, or python -m ec2x_tools COMMAND: what the targets of the Makefile run."""

import sys

STOPPED = 130  # as a shell tells of Ctrl+C

try:
    import click
    from rich.console import Console

    from . import interpreter
    from .bench import bench
    from .demo import demo
    from .deploy import deploy
    from .docs import docs
    from .flash import flash
    from .hil.command import hil
    from .hil.compare import hil_compare
    from .hil.echo import echo
    from .hil.report import hil_report
    from .package import package
    from .problem import Problem
    from .ptyboard import board
    from .romfs import romfs
    from .size import size
    from .trace import trace
except KeyboardInterrupt:  # they take a moment
    sys.exit(STOPPED)


class _Commands(click.Group):
    """Ctrl+C that a command does not take itself ends it without a word."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(STOPPED)


@click.group(cls=_Commands)
def main():
    """Programs for the developer's PC."""
    if not (interpreter.ROOT / "firmware").is_dir():
        raise Problem("ec2x is installed without its repository, which it works on: in a clone of it say `pip install -e .`, or make.")


main.add_command(bench)
main.add_command(board)
main.add_command(demo)
main.add_command(deploy)
main.add_command(docs)
main.add_command(echo)
main.add_command(flash)
main.add_command(package)
main.add_command(romfs)
main.add_command(hil)
main.add_command(hil_compare)
main.add_command(hil_report)
main.add_command(size)
main.add_command(trace)


def run():
    """The command of a shell: what goes wrong is a sentence."""
    try:
        main()
    except Problem as problem:
        Console(stderr=True, emoji=False).print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    run()

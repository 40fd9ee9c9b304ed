"""python -m ec2x_tools COMMAND: what the targets of the Makefile run."""

import sys

import click
from rich.console import Console

from .bench import bench
from .demo import demo
from .deploy import deploy
from .docs import docs
from .flash import flash
from .package import package
from .problem import Problem
from .romfs import romfs
from .size import size


@click.group()
def main():
    """Programs for the developer's PC."""


main.add_command(bench)
main.add_command(demo)
main.add_command(deploy)
main.add_command(docs)
main.add_command(flash)
main.add_command(package)
main.add_command(romfs)
main.add_command(size)

if __name__ == "__main__":
    try:
        main(prog_name="python -m ec2x_tools")
    except Problem as problem:
        Console(stderr=True).print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)

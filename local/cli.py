"""The operator's command `rencontres`: every command lives in a module of `local.commands` and is mounted here.

A module offers a function (`commands.command()`) or a `typer.Typer` of its own (`commands.add_typer`).
"""

import sys

import typer
from rich.console import Console

from local.commands import dead_letters, service_commands
from local.commands.demo import demo
from local.commands.doctor import doctor
from local.commands.down import down
from local.commands.status import status
from local.commands.trace import trace
from local.commands.up import up
from local.failure import Failure

commands = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Run and operate the Rencontres network.",
)
commands.command()(up)
commands.command()(down)
commands.command()(status)
commands.command()(doctor)
commands.command()(demo)
commands.command()(trace)
commands.add_typer(dead_letters.commands, name="dead-letters")
service_commands.mount(commands)


def app() -> None:
    """Run a command; a `Failure` is a message and an exit code."""
    try:
        commands()
    except Failure as failure:
        Console(stderr=True, highlight=False).print(str(failure), markup=False, soft_wrap=True)
        sys.exit(failure.exit_code)

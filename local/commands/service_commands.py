"""Commands of the services themselves, reached as `rencontres …`: they run as in a cluster, with the settings of the run that is alive."""

import subprocess
import sys
from collections.abc import Callable

import typer

from local.run_state import DEFAULT_DATA, enter

# rencontres …  ->  python -m … …
PASSED_ON = {
    "republish": ("services.registration", "republish", "Publish events again from the event log."),
    "rebuild": ("services.analytics", "rebuild", "Fill the reports anew from the stream and swap them in."),
    "token": ("services.registration", "admin-token", "Make a token for the organiser API."),
}
PERSON = {
    "export": ("services.registration", "person-export", "Everything stored about a person, as JSON."),
    "erase": ("services.registration", "person-erase", "Erase a person for good; a dry run unless told otherwise."),
}
_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def mount(commands: typer.Typer) -> None:
    """Add all of them to the operator's command."""
    _add(commands, PASSED_ON)
    person = typer.Typer(no_args_is_help=True, help="What the network knows of a person.")
    _add(person, PERSON)
    commands.add_typer(person, name="person")


def _add(commands: typer.Typer, table: dict[str, tuple[str, str, str]]) -> None:
    for name, (module, command, meaning) in table.items():
        commands.command(name, help=f"{meaning} (python -m {module} {command})", context_settings=_ANYTHING)(
            _passing_on(module, command)
        )


def _passing_on(module: str, command: str) -> Callable[[typer.Context], None]:
    def run(context: typer.Context) -> None:
        enter(DEFAULT_DATA)
        raise typer.Exit(subprocess.call([sys.executable, "-m", module, command, *context.args]))

    return run

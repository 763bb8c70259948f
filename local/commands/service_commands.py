"""Commands of the services themselves, reached as `rencontres …`: they run as in a cluster, with the settings of the run that is alive."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from local.run_state import DEFAULT_DATA, enter

# rencontres …  ->  python -m … …
PASSED_ON = {
    "republish": ("services.registration", "republish", "Publish events again from the event log."),
    "rebuild": ("services.analytics", "rebuild", "Fill the reports anew from the stream and swap them in."),
    "token": ("services.registration", "admin-token", "Make a token for the organiser API."),
}
PERSON = {
    "export": (
        "services.registration",
        "person-export",
        "Everything stored about a person in every service; --zip FILE adds a PDF.",
    ),
    "hold": ("services.registration", "person-hold", "Keep a person from being erased, for a legal claim."),
    "release": ("services.registration", "person-release", "Let a person be erased again."),
}
ERASE = (
    "Erase a person for good; a dry run without --yes. (python -m services.registration person-erase; here the local mailbox, which"
    " stands for everybody's inbox, forgets them too.)"
)
RETENTION = (
    "What has outlived its term, by kind of data; a dry run without --yes. (python -m services.registration retention, then of"
    " notifications.)"
)
_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def mount(commands: typer.Typer) -> None:
    """Add all of them to the operator's command."""
    _add(commands, PASSED_ON)
    person = typer.Typer(no_args_is_help=True, help="What the network knows of a person.")
    _add(person, PERSON)
    person.command("erase", help=ERASE, context_settings=_ANYTHING)(_erase)
    commands.add_typer(person, name="person")
    commands.command("retention", help=RETENTION, context_settings=_ANYTHING)(_retention)


def _add(commands: typer.Typer, table: dict[str, tuple[str, str, str]]) -> None:
    for name, (module, command, meaning) in table.items():
        commands.command(name, help=f"{meaning} (python -m {module} {command})", context_settings=_ANYTHING)(
            _passing_on(module, command)
        )


def _passing_on(module: str, command: str) -> Callable[[typer.Context], None]:
    def run(context: typer.Context) -> None:
        enter(_data())
        raise typer.Exit(subprocess.call([sys.executable, "-m", module, command, *context.args]))

    return run


def _erase(context: typer.Context) -> None:
    run = enter(_data())
    code = subprocess.call([sys.executable, "-m", "services.registration", "person-erase", *context.args])
    addresses = [argument for argument in context.args if "@" in argument]
    if code == 0 and run is not None and addresses and "--yes" in context.args:
        import httpx

        answer = httpx.delete(f"{run.console_url}/api/mailbox", params={"recipient": addresses[0]}, trust_env=False)
        typer.echo(f"mails to them in the local mailbox: {answer.json()['deleted']} deleted")
    raise typer.Exit(code)


def _retention(context: typer.Context) -> None:
    enter(_data())
    services = ("services.registration", "services.notifications")
    codes = [subprocess.call([sys.executable, "-m", service, "retention", *context.args]) for service in services]
    raise typer.Exit(max(codes))


def _data() -> Path:
    """Folder of the run, by the variable that `--data` reads elsewhere: options here belong to the service's command."""
    return Path(os.environ.get("RENCONTRES_DATA") or DEFAULT_DATA)

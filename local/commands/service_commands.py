"""Commands of the services themselves, reached as `rencontres …`: they run as in a cluster, with the settings of the run that is alive."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from local.processes import actor_of
from local.run_state import DEFAULT_DATA, NotRunningError, enter, load

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
MAILS = {
    "failed": (
        "services.notifications",
        "failed",
        "Mails that were given up: ids, kinds and reply codes, no addresses.",
    ),
    "resend": ("services.notifications", "resend", "Give mails that were given up another round of tries."),
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
    mails = typer.Typer(no_args_is_help=True, help="Mails that were given up.")
    _add(mails, MAILS)
    commands.add_typer(mails, name="mails")
    commands.command("retention", help=RETENTION, context_settings=_ANYTHING)(_retention)


def _add(commands: typer.Typer, table: dict[str, tuple[str, str, str]]) -> None:
    for name, (module, command, meaning) in table.items():
        commands.command(name, help=f"{meaning} (python -m {module} {command})", context_settings=_ANYTHING)(
            _passing_on(module, command)
        )


def _passing_on(module: str, command: str) -> Callable[[typer.Context], None]:
    def run(context: typer.Context) -> None:
        raise typer.Exit(_call(module, command, context.args))

    return run


def _erase(context: typer.Context) -> None:
    code = _call("services.registration", "person-erase", context.args)
    addresses = [argument for argument in context.args if "@" in argument]
    if code == 0 and addresses and "--yes" in context.args and (console := _console_url()):
        import httpx

        answer = httpx.delete(f"{console}/api/mailbox", params={"recipient": addresses[0]}, trust_env=False)
        typer.echo(f"mails to them in the local mailbox: {answer.json()['deleted']} deleted")
    raise typer.Exit(code)


def _retention(context: typer.Context) -> None:
    services = ("services.registration", "services.notifications")
    raise typer.Exit(max(_call(service, "retention", context.args) for service in services))


def _call(module: str, command: str, arguments: list[str]) -> int:
    """Run it with the credentials that it works with in a cluster, too."""
    environment = enter(_data(), actor_of(module, command))
    return subprocess.call([sys.executable, "-m", module, command, *arguments], env=environment)


def _console_url() -> str | None:
    try:
        return load(_data()).console_url
    except NotRunningError:
        return None


def _data() -> Path:
    """Folder of the run, by the variable that `--data` reads elsewhere: options here belong to the service's command."""
    return Path(os.environ.get("RENCONTRES_DATA") or DEFAULT_DATA)

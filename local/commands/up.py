"""`rencontres up`: the whole network on this machine, in the foreground or, with `--detach`, behind."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console

from local.commands.options import Data
from local.configuration import Configuration
from local.detach import READY, reporter, start_detached
from local.failure import Failure
from local.processes import DEFAULT_BASE, HIGHEST_BASE, LOWEST_BASE
from local.room import require_room
from local.run_state import DEFAULT_DATA, RunLock, RunState, admin_token_file, load

_out = Console(highlight=False)


def up(
    *,
    detach: Annotated[bool, typer.Option("--detach", help="Return when everything is healthy; it runs on.")] = False,
    port_base: Annotated[
        int, typer.Option(help="The public site's port; the others follow.", min=LOWEST_BASE, max=HIGHEST_BASE)
    ] = DEFAULT_BASE,
    data: Data = DEFAULT_DATA,
    report_to: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Start the network: PostgreSQL, NATS, the services, a mail sink and the console."""
    configuration = Configuration.from_environment(data=data, port_base=port_base)
    require_room(configuration.data)
    if detach:
        _in_background(configuration)
    elif report_to is not None:
        _reporting(configuration, reporter(report_to))
    else:
        from local.run import run

        asyncio.run(run(configuration, say=_say, on_ready=_show_foreground))


def _in_background(configuration: Configuration) -> None:
    RunLock.require_free(configuration.data)
    arguments = ["up", "--port-base", str(configuration.ports.base), "--data", str(configuration.data)]
    start_detached(arguments, log=configuration.data / "supervisor.log", say=_say)
    show(load(configuration.data))
    _out.print("It runs in the background: rencontres status, rencontres down.")


def _reporting(configuration: Configuration, report: Callable[[str], None]) -> None:
    from local.run import run

    try:
        asyncio.run(run(configuration, say=report, on_ready=lambda _: report(READY)))
    except Failure as failure:
        report(str(failure))
        raise


def _say(line: str) -> None:
    _out.print(line, markup=False, soft_wrap=True)


def _show_foreground(state: RunState) -> None:
    show(state)
    _out.print("Ctrl-C stops it.")


def show(state: RunState) -> None:
    """Where to go."""
    mail = f"mail goes to {_host(state.smtp_url)}" if "smtp" in state.external else "no mail leaves this machine"
    _out.print(f"\n[bold]Rencontres is up.[/bold] Demo data: nothing here is real, and {mail}.")
    for name, place in (
        ("public site", f"{state.public_url}/"),
        ("statistics", f"{state.analytics_url}/statistiques"),
        ("health and traces", f"{state.console_url}/"),
        ("mailbox", f"{state.console_url}/mailbox"),
        ("organiser API", f"{state.public_url}/docs"),
        ("its token", str(admin_token_file(state.data))),
    ):
        _say(f"  {name:<19} {place}")


def _host(url: str) -> str:
    """Where, without the user and password that may stand in it."""
    return urlsplit(url).hostname or "the server of RENCONTRES_SMTP_URL"

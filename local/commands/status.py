"""`rencontres status`: how every part of a run does; live in a terminal. Exit code 0 only when all of them are healthy."""

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from local.commands.options import Data
from local.run_state import DEFAULT_DATA, NotRunningError, RunState, load

if TYPE_CHECKING:
    from local.health import RunHealth


def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Ask once and end, in a terminal as well.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Ask every process and server of the run how it does; in a terminal, again and again until Ctrl-C."""
    try:
        state = load(data)
    except NotRunningError as failure:
        if not as_json:
            raise
        typer.echo(json.dumps({"running": False, "healthy": False, "reason": str(failure), "processes": []}, indent=2))
        raise typer.Exit(1) from failure
    if sys.stdout.isatty() and not (as_json or once):
        raise typer.Exit(0 if _watch(state) else 1)

    from local.health import ask

    health = asyncio.run(ask(state))
    if as_json:
        typer.echo(json.dumps(health.as_json(state), indent=2))
    else:
        _show(health)
    raise typer.Exit(0 if health.is_healthy else 1)


def _watch(state: RunState) -> bool:
    from local.status_view import watch

    def read() -> RunState | None:
        try:
            return load(state.data)
        except NotRunningError:
            return None

    return asyncio.run(watch(state, read=read))


def _show(health: "RunHealth") -> None:
    table = Table("process", "health", "pid", "restarts", Column("url", overflow="fold"), box=None)
    for part in health.parts:
        colour = "green" if part.is_ready else "red"
        pid = str(part.pid) if part.pid else "external" if part.name in {"postgres", "nats"} else ""
        table.add_row(part.name, f"[{colour}]{part.health}[/]", pid, str(part.restarts), part.url)
    console = Console()
    console.print(table)
    for part in health.parts:
        if part.reason:
            console.print(f"{part.name}: {part.reason}", markup=False, highlight=False, soft_wrap=True)

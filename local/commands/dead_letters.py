"""`rencontres dead-letters`: the events that a consumer could not take, and the way back to it."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from contracts.subjects import Topology
from local.commands.options import Data
from local.failure import Failure
from local.processes import OPERATES
from local.run_state import DEFAULT_DATA, enter

if TYPE_CHECKING:  # what it runs is imported when it runs: `up` is not to wait for it
    from nats.js import JetStreamContext

    from chassis.dead_letters import DeadLetter

Result = TypeVar("Result")
Number = Annotated[int, typer.Argument(help="Number of the dead letter, as `list` shows it.")]

commands = typer.Typer(no_args_is_help=True, help=__doc__)


class BrokerAwayError(Failure):
    """The broker does not answer: is the network running, is RENCONTRES_NATS_URL right?"""


class NoSuchLetterError(Failure):
    """The number is not on the list (any more)."""


@commands.command("list")
def list_letters(
    *,
    data: Data = DEFAULT_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array, for programs.")] = False,
) -> None:
    """Show what waits for an operator: number, consumer, reason, type, origin."""
    from chassis import dead_letters as letters

    found = _run(data, letters.list_all)
    if as_json:
        rows = [
            {
                **{
                    name: getattr(letter, name)
                    for name in ("number", "consumer", "reason", "detail", "type", "event_id")
                },
                "origin": f"{letter.origin_stream}#{letter.origin_sequence}",
                "buried_at": letter.buried_at,
            }
            for letter in found
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table("number", "consumer", "reason", "type", "origin", "since", title=f"{len(found)} dead letters")
    for letter in found:
        origin = f"{letter.origin_stream}#{letter.origin_sequence}"
        table.add_row(str(letter.number), letter.consumer, letter.reason, letter.type, origin, letter.buried_at[:19])
    Console().print(table if found else "No dead letters.")


@commands.command()
def show(number: Number, *, data: Data = DEFAULT_DATA) -> None:
    """Show one whole: where it comes from, why it was refused, its trace, its headers and body."""
    from chassis import dead_letters as letters

    letter = _run(data, lambda js, topology: letters.show(js, topology, number))
    console = Console(highlight=False)
    for name, value in (
        ("number", letter.number),
        ("consumer", letter.consumer),
        ("reason", letter.reason),
        ("detail", letter.detail),
        ("origin", f"{letter.origin_stream}#{letter.origin_sequence} on {letter.origin_subject}"),
        ("deliveries", letter.deliveries),
        ("buried at", letter.buried_at),
        ("trace", letter.traceparent or "none"),
    ):
        console.print(f"{name:>11}  {value}", markup=False)
    console.print("\nheaders", *(f"  {k}: {v}" for k, v in letter.headers.items()), sep="\n", markup=False)
    console.print("\nbody", letter.body.decode(errors="replace"), sep="\n", markup=False)


@commands.command()
def replay(
    number: Annotated[int | None, typer.Argument(help="Number of the dead letter.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All of them, oldest first.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Send one (or all) back to the consumer that refused it, and to no other; it comes back here if it fails again."""
    if (number is None) is not everything:
        raise NoSuchLetterError("say which: a number, or --all")

    from chassis import dead_letters as letters

    async def send_back(js: "JetStreamContext", topology: Topology) -> "list[DeadLetter]":
        numbers = [number] if number is not None else [letter.number for letter in await letters.list_all(js, topology)]
        return [await letters.replay(js, topology, each) for each in numbers]

    for letter in _run(data, send_back):
        typer.echo(f"{letter.number} sent back to {letter.consumer}")


def _run(data: Path, work: Callable[["JetStreamContext", Topology], Awaitable[Result]]) -> Result:
    from chassis import broker
    from chassis.dead_letters import NoSuchDeadLetter
    from chassis.exits import Unreachable
    from chassis.settings import ChassisSettings

    os.environ.update(enter(data, OPERATES))
    settings = ChassisSettings()

    async def connected() -> Result:
        client = await broker.connect(settings.nats, name="rencontres dead-letters", on_closed=lambda: None)
        try:
            return await work(client.jetstream(), settings.topology)
        finally:
            await client.close()

    try:
        return asyncio.run(connected())
    except NoSuchDeadLetter as error:
        raise NoSuchLetterError(str(error)) from error
    except Unreachable as error:
        raise BrokerAwayError("the broker does not answer: is the network up, is RENCONTRES_NATS_URL right?") from error

"""`rencontres trace`: the way of one registration, from the form to the mail, as a tree."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from local.commands.options import Data
from local.failure import Failure
from local.run_state import DEFAULT_DATA, NotRunningError, load

if TYPE_CHECKING:  # what it runs is imported when it runs
    from local.tracing.tree import Story


class NoTraceError(Failure):
    """No trace names the registration: it is too old, was not kept, or is being written."""


def trace(
    reference: Annotated[
        str, typer.Argument(help="The registration's reference (R-7K4QX-9M2TC), however it is typed.")
    ],
    *,
    jaeger: Annotated[
        str | None,
        typer.Option(envvar="RENCONTRES_JAEGER_URL", help="Ask this Jaeger (http://host:16686) instead of the run."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show what happened to a registration: every step, who did it, when, how long; and where to look further."""
    from local.tracing import sources
    from services.registration.domain.references import read_reference

    name = read_reference(reference) or reference
    if jaeger is not None:
        story, place = sources.of_jaeger(jaeger, name), jaeger
    else:
        story, place = _of_the_run(name, data)
    if not story.chapters:
        raise NoTraceError(f"no trace names the registration {name} at {place}: too old, not kept, or still on its way")
    if as_json:
        typer.echo(story.model_dump_json(indent=2))
        return
    from local.tracing.tree import show

    show(story, console := Console(highlight=False))
    for line in _further(story, jaeger, place):
        console.print(line, markup=False, soft_wrap=True)


def _of_the_run(reference: str, data: Path) -> "tuple[Story, str]":
    from local.tracing import sources

    try:
        console = load(data).console_url
    except NotRunningError as nothing:
        raise NotRunningError(
            f"{nothing}; or name a Jaeger that kept the traces: --jaeger http://host:16686"
        ) from nothing
    return sources.of_console(console, reference), console


def _further(story: "Story", jaeger: str | None, place: str) -> list[str]:
    """Where to find the same with more detail."""
    from chassis.spans import SMALL_BATCH
    from chassis.telemetry import REFERENCE

    if jaeger is not None:
        return [
            *(f"In Jaeger: {jaeger.rstrip('/')}/trace/{chapter.trace_id}" for chapter in story.chapters),
            f"Not shown: what was done for more than {SMALL_BATCH} at once, in traces of its own that link to these.",
        ]
    tag = f"{REFERENCE}={story.reference}"
    return [
        f"In the console: {place}/references/{story.reference}",
        f"In Jaeger, where traces are sent to one: /trace/{story.chapters[0].trace_id}",
        f"or search the service rencontres-registration for the tag {tag}",
    ]

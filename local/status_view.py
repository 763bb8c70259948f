"""`rencontres status` in a terminal: processes, what waits and what must be zero, drawn anew every second until Ctrl-C."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from rich.console import Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from local.console.gauges import Gauges
from local.console.health import Health, HealthDesk
from local.console.levels import Level
from local.run_state import RunState

REFRESH_EVERY = 1.0
ROWS = 45
"""Of a terminal that is 80 columns wide and shows all of it."""
_COLOURS = {Level.UNKNOWN: "dim", Level.WELL: "green", Level.ATTENTION: "yellow", Level.TROUBLE: "bold red"}


async def watch(state: RunState, *, read: Callable[[], RunState | None]) -> bool:
    """Draw until Ctrl-C, or until the run has gone; returns whether all was well at last."""
    desk = HealthDesk(read)
    healthy = False
    try:
        with Live(screen=False, auto_refresh=False) as live:
            while (run := read()) is not None:
                health = await desk.look()
                healthy = health.level <= Level.WELL
                live.update(view(health, run, rows=live.console.height), refresh=True)
                await asyncio.sleep(REFRESH_EVERY)
            live.update(Text(f"the run with its data in {state.data} has ended"), refresh=True)
            healthy = False
    except asyncio.CancelledError:
        pass
    finally:
        with suppress(RuntimeError):
            await desk.close()
    return healthy


def view(health: Health, run: RunState, *, rows: int = ROWS) -> RenderableType:
    """What is drawn. Where it would not fit, processes that are well are counted and signals are not explained."""
    short = rows < ROWS
    colour = _COLOURS[health.level]
    head = Text.from_markup(
        f"[{colour}]●[/] [bold]{escape(health.headline)}[/]  [dim]{escape(run.public_url)} · Ctrl-C ends it[/]"
    )
    return Group(head, Text(), _processes(health, short=short), Text(), _signals(health.gauges, short=short))


def _processes(health: Health, *, short: bool) -> Table:
    table = Table("process", "health", "pid", "restarts", "why", box=None)
    well = [process for process in health.processes if process.level is Level.WELL] if short else []
    if well:
        table.add_row(f"{len(well)} of them", f"[{_COLOURS[Level.WELL]}]ready[/]")
    for process in health.processes:
        if process in well:
            continue
        table.add_row(
            process.name,
            f"[{_COLOURS[process.level]}]{escape(process.words)}[/]",
            str(process.pid or ""),
            str(process.restarts),
            escape(process.reason),
        )
    return table


def _signals(gauges: Gauges, *, short: bool) -> Table:
    table = Table("watched", "now", "" if short else "what it is", box=None)
    for signal in gauges.signals:
        meaning = "" if short else f"[dim]{escape(signal.meaning)}[/]"
        table.add_row(signal.name, f"[{_COLOURS[signal.level]}]{escape(signal.words)}[/]", meaning)
    for consumer in gauges.consumers:
        lag = "not reported" if consumer.lag is None else f"{consumer.lag:,.0f} behind"
        table.add_row(f"consumer {consumer.name}", f"[{_COLOURS[consumer.level]}]{lag}[/]", f"[dim]{consumer.words}[/]")
    return table

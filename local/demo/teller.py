"""How the demo looks in the terminal: progress while it lasts, one line a fact, the report and the trace at the end."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

Done = TypeVar("Done")

_BAR = 46
_COLOURS = {"registration": "green", "notifications": "yellow", "analytics": "magenta"}


class Teller:
    """Prints the story as it happens."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    def title(self, text: str, link: str) -> None:
        """Say what it is about."""
        self._console.print(f"\n[bold]{text}[/bold]\n[dim]{link}[/dim]\n")

    def fact(self, what: str, count: int, aside: str = "") -> None:
        """Say one number."""
        self._console.print(f"  [bold]{count:>4}[/bold]  {what}" + (f"  [dim]{aside}[/dim]" if aside else ""))

    @contextmanager
    def progress(self, what: str, *, total: int) -> Iterator[Callable[[], None]]:
        """Show a bar while something goes on; it disappears when done."""
        columns = (SpinnerColumn(), TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as bars:
            task = bars.add_task(what, total=total)
            yield lambda: bars.advance(task)

    async def wait(self, what: str, deed: Awaitable[Done]) -> Done:
        """Show that something is waited for."""
        with self._console.status(what):
            return await deed

    def report(self, meetup: dict[str, Any], figures: dict[str, Any]) -> None:
        """Print what the report says of the meetup."""
        table = Table(title="The report", title_justify="left", title_style="bold")
        names = ("registrations", "confirmed", "waiting", "cancelled", "attended")
        for name in ("allowed", *names):
            table.add_column(name, justify="right")
        table.add_row(str(meetup["seats_allowed"]), *(str(figures[name]) for name in names))
        self._console.print()
        self._console.print(table)

    def trace(self, reference: str, spans: Sequence[dict[str, Any]]) -> None:
        """Print the way of one registration as a waterfall, visit by visit."""
        self._console.print(f"\n[bold]The way of {reference}[/bold]")
        by_trace: dict[str, list[dict[str, Any]]] = {}
        for span in spans:
            by_trace.setdefault(span["trace_id"], []).append(span)
        for visit in by_trace.values():
            self._visit(visit)

    def _visit(self, spans: Sequence[dict[str, Any]]) -> None:
        start = min(span["start_unix_nano"] for span in spans)
        end = max(span["start_unix_nano"] + span["duration_ms"] * 1e6 for span in spans)
        scale = _BAR / max(end - start, 1)
        for span in spans:
            before = int((span["start_unix_nano"] - start) * scale)
            length = max(1, round(span["duration_ms"] * 1e6 * scale))
            line = Text(f"  {span['service']:>13} ", style="dim")
            line.append(" " * before + "━" * min(length, _BAR - before), style=_COLOURS.get(span["service"], "cyan"))
            line.append(" " * max(0, _BAR - before - length))
            line.append(f" {span['duration_ms']:8.1f} ms  {span['name']}" + ("  (shared)" if span["shared"] else ""))
            self._console.print(line, no_wrap=True, overflow="ellipsis")
        self._console.print()

    def end(self, links: Sequence[tuple[str, str]]) -> None:
        """Say where to look."""
        for what, link in links:
            self._console.print(f"  {what:>12}  {link}")

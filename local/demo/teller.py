"""How the demo looks in the terminal: progress while it lasts, one line a fact, the report and the trace at the end."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

Done = TypeVar("Done")

_BAR = 24
_COLOURS = {"registration": "green", "notifications": "yellow", "analytics": "magenta"}


class Teller:
    """Prints the story as it happens."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    def title(self, text: str, link: str) -> None:
        """Say what it is about."""
        self._console.print(f"\n[bold]{text}[/bold]\n[dim]{link}[/dim]\n", soft_wrap=True)

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

    def report(self, figures: dict[str, Any]) -> None:
        """Print what the report says of the meetup."""
        table = Table(title="The report", title_justify="left", title_style="bold")
        names = ("seats_allowed", "registrations", "confirmed", "waiting", "cancelled", "attended")
        for name in names:
            table.add_column(name.replace("_", " "), justify="right")
        table.add_row(*("hidden" if figures[name] is None else str(figures[name]) for name in names))
        self._console.print()
        self._console.print(table)

    def trace(self, reference: str, story: dict[str, Any]) -> None:
        """Print the way of one registration as a waterfall, visit by visit. Work shared by a batch stands where it happened."""
        self._console.print(f"\n[bold]The way of {reference}[/bold]")
        chapters = sorted(story["chapters"], key=lambda chapter: chapter["started_at"])
        starts = [chapter["started_at"] for chapter in chapters]
        for number, chapter in enumerate(chapters):
            until = starts[number + 1] if number + 1 < len(starts) else None
            spans = [
                span
                for span in story["spans"]
                if (number == 0 or span["start"] >= starts[number]) and (until is None or span["start"] < until)
            ]
            if spans:
                self._chapter(chapter["heading"], spans)

    def _chapter(self, heading: str, spans: Sequence[dict[str, Any]]) -> None:
        self._console.print(f"\n  [bold]{heading}[/bold]")
        start = min(span["start_unix_nano"] for span in spans)
        end = max(span["start_unix_nano"] + span["duration_ms"] * 1e6 for span in spans)
        scale = _BAR / max(end - start, 1)
        for span in spans:
            before = min(_BAR - 1, int((span["start_unix_nano"] - start) * scale))
            length = min(_BAR - before, max(1, round(span["duration_ms"] * 1e6 * scale)))
            line = Text(f"  {span['service'][:13]:>13} ", style="dim")
            line.append(" " * before + "━" * length, style=_COLOURS.get(span["service"], "cyan"))
            line.append(" " * (_BAR - before - length))
            shared = f" (shared by {span['batch']})" if span["shared"] else ""
            line.append(f"{span['duration_ms']:8.1f} ms  {span['name']}{shared}")
            self._console.print(line, no_wrap=True, overflow="ellipsis")

    def end(self, links: Sequence[tuple[str, str]]) -> None:
        """Say where to look."""
        self._console.print()
        for what, link in links:
            self._console.print(f"  {what:>8}  {link}", soft_wrap=True)

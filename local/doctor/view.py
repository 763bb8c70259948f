"""What `rencontres doctor` shows to people: what is well in a line a check, then what is not, the worst last, where the eye is."""

import textwrap
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.markup import escape

from local.doctor.checks import Result
from local.doctor.findings import Finding, Level

_MARKS = {
    Level.SKIPPED: "[dim]–[/]",
    Level.WELL: "[green]✓[/]",
    Level.WARNING: "[yellow]![/]",
    Level.ERROR: "[bold red]✗[/]",
}
WIDEST = 100
"""Columns; longer lines are hard to read however wide the screen is."""


def show(results: Sequence[Result], subject: str, console: Console) -> None:
    """Print it. On a terminal lines are folded to its width; elsewhere each finding is one line, for grep."""
    width = min(console.width, WIDEST) if console.is_terminal else 0
    console.print(f"[bold]rencontres doctor[/] looks at {escape(subject)}\n", soft_wrap=True)
    names = max(len(result.name) for result in results)
    for result in results:
        for level, what in _briefly(result):
            said = _folded(what, width, after=names + 4)
            console.print(f"{_MARKS[level]} {result.name:<{names}}  {said}", soft_wrap=True)
    for level in (Level.WARNING, Level.ERROR):
        for name, finding in _of(results, level):
            _show_trouble(name, finding, width, console)
    console.print(f"\n{_sum(results)}", soft_wrap=True)


def _briefly(result: Result) -> Iterator[tuple[Level, str]]:
    """Where nothing is wrong: what is well, counted if it is much, and whatever was not looked at."""
    if result.worst > Level.WELL:
        return
    found = [finding.what for finding in result.findings if finding.level is Level.WELL]
    if found:
        yield Level.WELL, found[0] if len(found) == 1 else f"all {len(found)} well"
    for finding in result.findings:
        if finding.level is Level.SKIPPED:
            yield Level.SKIPPED, finding.what


def _show_trouble(name: str, finding: Finding, width: int, console: Console) -> None:
    head = _folded(f"{name}: {finding.what}", width, after=2)
    console.print(f"\n{_MARKS[finding.level]} [bold]{head}[/]", soft_wrap=True)
    for label, text in (("means", finding.meaning), ("mend", finding.mend)):
        console.print(f"  [dim]{label:<5}[/]  {_folded(text, width, after=9)}", soft_wrap=True)


def _sum(results: Sequence[Result]) -> str:
    errors, warnings = (len(list(_of(results, level))) for level in (Level.ERROR, Level.WARNING))
    if not errors and not warnings:
        return "[green]Nothing to mend.[/]"
    order = " Begin with the first: others may follow from it." if errors > 1 else ""
    return f"[bold]{_count(errors, 'thing')} to mend, {_count(warnings, 'warning')}.[/]{order}"


def _of(results: Sequence[Result], level: Level) -> Iterator[tuple[str, Finding]]:
    for result in results:
        for finding in result.findings:
            if finding.level is level:
                yield result.name, finding


def _folded(text: str, width: int, *, after: int) -> str:
    """The text in lines that fit behind a margin; words and commands are not torn apart."""
    if not width:
        return escape(text)
    lines = textwrap.wrap(text, width - after, break_long_words=False, break_on_hyphens=False)
    return escape(f"\n{' ' * after}".join(lines))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

"""What a check answers, and the table at the end: check, result, what to do."""

import shutil
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Outcome(StrEnum):
    """Skipped is no pass: something was not done, and the table says what."""

    OK = "ok"
    SKIPPED = "skipped"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. `to_do` is empty when all is well; findings are printed before the table, one a line."""

    check: str
    outcome: Outcome
    summary: str
    to_do: str = ""
    findings: tuple[str, ...] = ()


def judge(check: str, findings: list[str], *, well: str, to_do: str) -> Result:
    """Fail on any finding; else say what is well."""
    if not findings:
        return Result(check, Outcome.OK, well)
    count = f"{len(findings)} finding{'s' if len(findings) > 1 else ''}"
    return Result(check, Outcome.FAILED, count, to_do, tuple(findings))


def show(results: list[Result]) -> int:
    """Print all of it; return the exit code: 1 when a check failed. What was skipped leaves it at 0, and stays visible."""
    console = Console(width=min(shutil.get_terminal_size((120, 24)).columns, 140), highlight=False)
    for result in results:
        for finding in result.findings:
            console.print(Text(f"{result.check}: {finding}"), soft_wrap=True)
    table = Table("check", "result", "found", "what to do", show_edge=False, pad_edge=False)
    for result in results:
        table.add_row(result.check, Text(result.outcome, style=_STYLES[result.outcome]), result.summary, result.to_do)
    console.print(table)
    return 1 if any(result.outcome is Outcome.FAILED for result in results) else 0


_STYLES = {Outcome.OK: "green", Outcome.SKIPPED: "yellow", Outcome.FAILED: "bold red"}

"""`rencontres doctor`: what is wrong, what it means, how to mend it. Exit code 0: all well; 1: warnings; 64: something has to be mended."""

import asyncio
import json
import os
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from local.commands.options import Data
from local.run_state import DEFAULT_DATA, NotRunningError, load

if TYPE_CHECKING:  # what it runs is imported when it runs
    from local.doctor.checks import Result
    from local.doctor.findings import Level
    from local.doctor.patient import Patient

WARNINGS = 1
ERRORS = 64


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    send_to: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Send one mail there, for real; otherwise none is sent.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Say what is wrong with the network, what it means and how to mend it: the run that is alive, or the servers that the environment names."""
    from local.doctor.checks import examine
    from local.doctor.findings import Level
    from local.doctor.patient import Patient
    from local.doctor.view import show

    shell = dict(os.environ)
    try:
        run = load(data)
    except NotRunningError:
        patient, subject = Patient.of_shell(shell), "what the environment of this shell names"
    else:
        patient, subject = Patient.of_run(run, shell), f"the run with its data in {run.data}"
    results = asyncio.run(examine(patient))
    if send_to:
        results.append(asyncio.run(_send(patient, send_to)))
    worst = max((finding.level for result in results for finding in result.findings), default=Level.WELL)
    if as_json:
        typer.echo(json.dumps(_as_json(results, worst), indent=2, ensure_ascii=False))
    else:
        show(results, subject, Console(highlight=False))
    raise typer.Exit({Level.ERROR: ERRORS, Level.WARNING: WARNINGS}.get(worst, 0))


async def _send(patient: "Patient", recipient: str) -> "Result":
    from local.doctor.checks import examine
    from local.doctor.mail import sending

    return (await examine(patient, checks=[sending(recipient)]))[0]


def _as_json(results: "list[Result]", worst: "Level") -> dict[str, object]:
    return {
        "healthy": worst.name not in {"WARNING", "ERROR"},
        "worst": worst.name.lower(),
        "checks": [
            {
                "name": result.name,
                "findings": [
                    {"level": f.level.name.lower(), "what": f.what, "meaning": f.meaning, "mend": f.mend}
                    for f in result.findings
                ],
            }
            for result in results
        ],
    }

"""The register of processing says what the notice promises and what the nights do, word for word, or it is a document about something else."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from chassis.database import Database
from contracts.retention import Retention
from contracts.territories import TERRITORIES
from services.notifications import retention as of_notifications
from services.registration import retention as of_registration
from services.registration.notices import notice
from services.registration.work import Work

REGISTER = Path("docs/operations/register-of-processing.md").read_text("utf-8")
ROWS = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in REGISTER.splitlines() if "|" in line]


def rows_of(width: int, first: str) -> list[tuple[str, ...]]:
    """Return the table whose first heading is this, without its head."""
    start = next(at for at, row in enumerate(ROWS) if row[0] == first) + 2
    end = next((at for at in range(start, len(ROWS)) if len(ROWS[at]) != width), len(ROWS))
    return ROWS[start:end]


def test_purposes_bases_and_durations_are_those_of_the_notice() -> None:
    shown = notice(language="en", controllers=["CCI"], retention=Retention())
    promised = [
        (purpose.what, purpose.data, purpose.basis, purpose.kept.replace("\u00a0", " "))
        for section in shown.sections
        for purpose in section.purposes
    ]
    assert rows_of(4, "purpose") == promised


def test_terms_are_those_of_the_nightly_jobs() -> None:
    nowhere = cast("Database", None)
    work = cast("Work", SimpleNamespace(retention=Retention(), database=nowhere))
    done = [(f"`{kind.name}`", "registration", kind.term.rule) for kind in of_registration.kinds(work)]
    done += [
        (f"`{kind.name}`", "notifications", kind.term.rule) for kind in of_notifications.kinds(nowhere, Retention())
    ]
    assert rows_of(3, "kind") == done


def test_the_law_of_each_territory_is_the_one_its_notice_names() -> None:
    _, (_, adapted) = rows_of(2, "law")
    assert adapted.split(", ") == [f"{t.code} {t.name}" for t in TERRITORIES.values() if t.adapted_law]

"""What an operator does with a person's data from the command line. Exit codes: 1 nobody, 2 incomplete, 3 refused."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from contracts.fact import Locale
from services.registration import people
from services.registration.commands import say, with_work
from services.registration.people.archive import document
from services.registration.work import Work

NOBODY, INCOMPLETE, REFUSED = 1, 2, 3

T = TypeVar("T")


def export(who: str, *, into: Path | None, locale: Locale) -> int:
    """Print all that is kept of a person, or write it into a zip. 2 when a service did not answer."""

    async def run(work: Work, person_id: UUID) -> people.Export | None:
        return await people.export(work, person_id, by="command")

    found = _of_somebody(who, run)
    if found is None:
        return _nobody()
    if into:
        _write_for_oneself(into, asyncio.run(people.archive(found, locale)).content)
    say(f"{into} written" if into else json.dumps(document(found, locale), indent=2, ensure_ascii=False))
    if found.not_answered:
        sys.stderr.write(f"incomplete: no answer from {', '.join(found.not_answered)}\n")
        return INCOMPLETE
    return 0


def erase(who: str, *, for_good: bool) -> int:
    """Erase a person, or say what that would do."""

    async def run(work: Work, person_id: UUID) -> people.Erasure | None:
        return await people.erase(work, person_id, rehearse=not for_good)

    try:
        erasure = _of_somebody(who, run)
    except people.HeldForALegalClaim:
        sys.stderr.write("held for a legal claim: nothing was erased; `person release` comes first\n")
        return REFUSED
    if erasure is None:
        return _nobody()
    say(json.dumps(asdict(erasure), indent=2, default=str))
    if not for_good:
        sys.stderr.write("nothing was erased: repeat with --yes\n")
    return 0


def hold(who: str, *, file: str) -> int:
    """Keep a person from being erased."""

    async def run(work: Work, person_id: UUID) -> people.Hold | None:
        return await people.hold(work, person_id, file=file)

    held = _of_somebody(who, run)
    if held is None:
        return _nobody()
    say(f"held for file {held.file} since {held.held_at.isoformat()}")
    return 0


def release(who: str) -> int:
    """Let a person be erased again."""

    async def run(work: Work, person_id: UUID) -> bool | None:
        return await people.release(work, person_id) or None

    if _of_somebody(who, run) is None:
        return _nobody()
    say("released")
    return 0


def _of_somebody(who: str, use: Callable[[Work, UUID], Awaitable[T | None]]) -> T | None:
    async def run(work: Work) -> T | None:
        person_id = await people.person_of(work, who)
        return await use(work, person_id) if person_id else None

    return with_work(run)


def _write_for_oneself(file: Path, content: bytes) -> None:
    """Write a file that nobody else on the machine can read, whatever the umask, and whoever could read what it replaces."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(content)


def _nobody() -> int:
    sys.stderr.write("there is no such person\n")
    return NOBODY

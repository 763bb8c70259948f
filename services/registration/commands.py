"""What the command line does, each command importing only what it runs."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from chassis.process import Process, run, run_command
from services.registration.settings import RegistrationSettings
from services.registration.work import Work

SERVICE = "registration"
PACKAGE = "services.registration"

T = TypeVar("T")


def api(*, host: str | None, port: int) -> None:
    """Serve site and API."""
    from services.registration.app import application

    async def main(process: Process) -> None:
        settings = RegistrationSettings()
        async with application(settings) as app:
            await process.serve(
                app,
                host=host or settings.host,
                port=port,
                probes=app.state.probes,
                drain=settings.drain_seconds,
            )

    run(main, service=SERVICE, process="api")


def beside(name: Literal["relay", "worker", "provisioner"], *, probe_port: int | None) -> None:
    """Run one of the processes beside the API."""

    async def main(process: Process) -> None:
        settings = RegistrationSettings()
        await _main_of(name)(process, settings.model_copy(update={"probe_port": probe_port or settings.probe_port}))

    run(main, service=SERVICE, process=name)


def _main_of(name: str) -> Callable[[Process, RegistrationSettings], Awaitable[None]]:
    """Each process imports what it needs alone."""
    if name == "relay":
        from services.registration.relaying import run as relay

        return relay
    if name == "worker":
        from services.registration.worker import run as work

        return work
    from services.registration.provisioning import run as keep

    return keep


def migrate(*, wait: bool) -> None:
    """Bring the database up to date, or wait until another has."""
    from chassis import migrations

    async def work() -> None:
        await migrations.run(RegistrationSettings().dsn(SERVICE), package=PACKAGE, wait=wait)

    run_command(work(), service=SERVICE)


def provision() -> None:
    """Create streams and consumers, or bring them to their configuration."""
    from services.registration import provisioning

    async def work() -> None:
        await provisioning.once(RegistrationSettings())

    run_command(work(), service=SERVICE)


def republish(*, since: datetime | None, dry_run: bool) -> None:
    """Publish events again from the log."""
    from chassis import republish as republishing

    count = asyncio.run(republishing.republish(RegistrationSettings().dsn(SERVICE), since=since, dry_run=dry_run))
    say(f"{count} events {'would be' if dry_run else 'will be'} published again")


def seed_demo() -> None:
    """Add the made-up programme."""
    from services.registration.demo_programme.seeding import seed

    seeded = with_work(seed)
    say(f"{seeded.organisations} organisations and {seeded.meetups} meetups added")


def admin_token(*, name: str, days: int) -> None:
    """Print a new token with every scope."""
    from services.registration.organisers import Scope, mint_token

    say(with_work(lambda work: mint_token(work, name=name, scopes=Scope, lasts=timedelta(days=days))))


def retention(*, for_good: bool) -> None:
    """Say what has outlived its term, by kind; delete it if that is wished."""
    from chassis.nights import by_hand
    from chassis.retention import account, survey, table
    from services.registration.retention import kinds

    async def run(work: Work) -> str:
        if for_good:
            return account(await by_hand(work.database, kinds(work), clock=work.clock))
        return table(await survey(work.database, kinds(work), now=work.clock.now()))

    say(f"{SERVICE}\n{with_work(run)}")


def openapi(*, check: bool) -> int:
    """Write the OpenAPI document, or say whether it is up to date."""
    from chassis.documents import keep
    from services.registration import documents

    return keep(documents.OPENAPI, documents.openapi(), check=check)


def asyncapi(*, check: bool) -> int:
    """Write the AsyncAPI document, or say whether it is up to date."""
    from chassis.documents import keep
    from services.registration import documents

    return keep(documents.ASYNCAPI, documents.asyncapi(), check=check)


def instant(text: str) -> datetime:
    """Read an instant with its offset. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return moment


def with_work(use: Callable[[Work], Awaitable[T]]) -> T:
    """Run a use case with everything connected, and return what it returns."""
    from services.registration.app import connected

    async def main() -> T:
        async with connected(RegistrationSettings(), process="command") as work:
            return await use(work)

    return run_command(main(), service=SERVICE)


def say(text: str) -> None:
    """Write a line of the command's output."""
    sys.stdout.write(f"{text}\n")

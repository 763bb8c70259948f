"""`python -m services.notifications worker|sender|migrate|failed|resend|retention|asyncapi`."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from chassis.clock import SystemClock
from chassis.database import Database
from chassis.process import Process, run, run_command
from services.notifications.app import SERVICE
from services.notifications.operator import failed_deliveries, resend
from services.notifications.settings import NotificationSettings

DOCUMENT = Path("docs/asyncapi/notifications.yaml")


def main() -> None:
    options = _parser().parse_args()
    match options.command:
        case "worker" | "sender":
            _serve(options.command, options.port)
        case "migrate":
            run_command(_migrate(wait=options.wait), service=SERVICE)
        case "failed":
            asyncio.run(_list_failed(options.limit))
        case "resend":
            asyncio.run(_resend(options.delivery))
        case "retention":
            asyncio.run(_retention(for_good=options.yes))
        case "asyncapi":
            from chassis.documents import keep
            from services.notifications.document import text

            sys.exit(keep(DOCUMENT, text(), check=options.check))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.notifications", description="Who is told what, when.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, does in (
        ("worker", "write down the mails that events call for"),
        ("sender", "send the mails that are due"),
    ):
        serving = commands.add_parser(name, help=does)
        serving.add_argument("--port", type=int, help="of the probes; RENCONTRES_PROBE_PORT if not given")
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.add_argument("--wait", action="store_true", help="leave it to another, and return once it is done")
    failed = commands.add_parser("failed", help="list the mails that were given up, one JSON object a line")
    failed.add_argument("--limit", type=int, default=100)
    resend = commands.add_parser("resend", help="give mails that were given up another round of tries")
    resend.add_argument("delivery", type=UUID, nargs="+")
    retention = commands.add_parser("retention", help="what has outlived its term; deletes it with --yes")
    retention.add_argument("--yes", action="store_true", help="delete it, for good")
    asyncapi = commands.add_parser("asyncapi", help=f"write {DOCUMENT}")
    asyncapi.add_argument("--check", action="store_true", help="only say whether it is up to date")
    return parser


async def _migrate(*, wait: bool) -> None:
    from chassis import migrations

    await migrations.run(NotificationSettings().database_dsn, package="services.notifications", wait=wait)


def _serve(name: str, port: int | None) -> None:
    async def main(process: Process) -> None:
        settings = NotificationSettings()
        await _main_of(name)(process, settings.model_copy(update={"probe_port": port or settings.probe_port}))

    run(main, service=SERVICE, process=name)


def _main_of(name: str) -> Callable[[Process, NotificationSettings], Awaitable[None]]:
    """Each process imports what it needs alone: the worker has no use for templates and calendars."""
    if name == "worker":
        from services.notifications.app.worker import run_worker

        return run_worker
    from services.notifications.app.sender import run_sender

    return run_sender


async def _list_failed(limit: int) -> None:
    async with _database() as database:
        for row in await failed_deliveries(database, limit=limit):
            print(json.dumps(row))


async def _resend(deliveries: list[UUID]) -> None:
    async with _database() as database:
        count = await resend(database, deliveries, now=SystemClock().now())
    print(f"{count} of {len(deliveries)} will be sent again")


async def _retention(*, for_good: bool) -> None:
    from chassis.nights import by_hand
    from chassis.retention import account, survey, table
    from services.notifications.retention import kinds

    clock = SystemClock()
    async with _database() as database:
        found = kinds(database, NotificationSettings().retention)
        if for_good:
            text = account(await by_hand(database, found, clock=clock))
        else:
            text = table(await survey(database, found, now=clock.now()))
    print(f"{SERVICE}\n{text}")


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    database = await Database.connect(NotificationSettings().database_dsn, application="notifications-operator")
    try:
        yield database
    finally:
        await database.close()


if __name__ == "__main__":
    main()

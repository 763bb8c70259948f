"""`python -m services.analytics api|projector|migrate|rebuild|openapi|asyncapi`."""

import argparse
import asyncio
import sys

from chassis import migrations
from chassis.documents import keep
from chassis.process import Process, run, run_command
from services.analytics.settings import SERVICE, AnalyticsSettings


def main() -> None:
    options = _parser().parse_args()
    match options.command:
        case "api":
            _serve_api(options.host, options.port)
        case "projector":
            _serve_projector(options.port)
        case "migrate":
            run_command(_migrate(wait=options.wait), service=SERVICE)
        case "rebuild":
            sys.exit(_rebuild(options))
        case "openapi" | "asyncapi":
            from services.analytics import documents

            path, text = (
                (documents.OPENAPI, documents.openapi())
                if options.command == "openapi"
                else (documents.ASYNCAPI, documents.asyncapi())
            )
            sys.exit(keep(path, text, check=options.check))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.analytics", description="What the network reaches.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    api = commands.add_parser("api", help="the public statistics, as pages and JSON")
    api.add_argument("--port", type=int, default=8002)
    api.add_argument("--host", help="address to listen on; RENCONTRES_HOST if not given")
    projector = commands.add_parser("projector", help="apply events to the reports")
    projector.add_argument("--port", type=int, help="of the probes; RENCONTRES_PROBE_PORT if not given")
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.add_argument("--wait", action="store_true", help="leave it to another, and return once it is done")
    rebuild = commands.add_parser(
        "rebuild", help="fill a second set of tables from the stream, compare it with the live one, swap them"
    )
    what = rebuild.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="compare only; exit code 1 if anything differs")
    what.add_argument("--drop-old", action="store_true", help="only delete the sets that earlier rebuilds kept")
    what.add_argument("--force", action="store_true", help="swap even though the live set knows more than the stream")
    rebuild.add_argument("--dry-run", action="store_true", help="only say what would be done")
    for name in ("openapi", "asyncapi"):
        document = commands.add_parser(name, help=f"write the {name} document")
        document.add_argument("--check", action="store_true", help="only say whether it is up to date")
    return parser


async def _migrate(*, wait: bool) -> None:
    await migrations.run(AnalyticsSettings().database_dsn, package="services.analytics", wait=wait)


def _serve_api(host: str | None, port: int) -> None:
    from services.analytics.app import run_api

    async def main_(process: Process) -> None:
        settings = AnalyticsSettings()
        await run_api(process, settings, host=host or settings.host, port=port)

    run(main_, service=SERVICE, process="api")


def _serve_projector(port: int | None) -> None:
    from services.analytics.app import run_projector

    async def main_(process: Process) -> None:
        settings = AnalyticsSettings()
        await run_projector(process, settings.model_copy(update={"probe_port": port or settings.probe_port}))

    run(main_, service=SERVICE, process="projector")


def _rebuild(options: argparse.Namespace) -> int:
    from services.analytics.rebuild import command

    settings = AnalyticsSettings()
    if options.drop_old:
        return asyncio.run(command.drop_old(settings, dry_run=options.dry_run))
    return asyncio.run(command.rebuild(settings, check=options.check, force=options.force, dry_run=options.dry_run))


if __name__ == "__main__":
    main()

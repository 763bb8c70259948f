"""`python -m services.registration api|relay|worker|provisioner|migrate|provision|republish|retention|seed-demo|admin-token|person-export|person-erase|person-hold|person-release|openapi|asyncapi`."""

import argparse
import sys
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from services.registration import commands

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 (argparse gives it no other name)


def main() -> None:
    options = _parser().parse_args()
    sys.exit(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services.registration", description="Meetups, people and their registrations."
    )
    _add_processes(parser.add_subparsers(dest="command", required=True, metavar="COMMAND"))
    return parser


def _add_processes(commands_: Commands) -> None:
    api = commands_.add_parser("api", help="the public site and the JSON API")
    api.add_argument("--port", type=int, default=8000)
    api.add_argument("--host", help="address to listen on; RENCONTRES_HOST if not given")
    api.set_defaults(run=lambda options: commands.api(host=options.host, port=options.port))
    for name, does in (
        ("relay", "publish what was committed"),
        ("worker", "contacts, expiries, purges"),
        ("provisioner", "put streams and consumers back when the broker has lost them"),
    ):
        serving = commands_.add_parser(name, help=does)
        serving.add_argument("--port", type=int, help="of the probes; RENCONTRES_PROBE_PORT if not given")
        serving.set_defaults(run=lambda options: commands.beside(options.command, probe_port=options.port))
    _add_upkeep(commands_)
    _add_people(commands_)


def _add_upkeep(commands_: Commands) -> None:
    migrate = commands_.add_parser("migrate", help="bring the database up to date")
    migrate.add_argument("--wait", action="store_true", help="leave it to another, and return once it is done")
    migrate.set_defaults(run=lambda options: commands.migrate(wait=options.wait))
    commands_.add_parser("provision", help="create streams and consumers").set_defaults(
        run=lambda _: commands.provision()
    )
    commands_.add_parser("seed-demo", help="add the made-up programme").set_defaults(run=lambda _: commands.seed_demo())
    republish = commands_.add_parser("republish", help="publish events again from the event log")
    republish.add_argument("--since", type=commands.instant, help="ISO 8601, with offset; everything if not given")
    republish.add_argument("--dry-run", action="store_true", help="only say how many")
    republish.set_defaults(run=lambda options: commands.republish(since=options.since, dry_run=options.dry_run))
    retention = commands_.add_parser("retention", help="what has outlived its term; deletes it with --yes")
    retention.add_argument("--yes", action="store_true", help="delete it, for good")
    retention.set_defaults(run=lambda options: commands.retention(for_good=options.yes))
    for name, write in (("openapi", commands.openapi), ("asyncapi", commands.asyncapi)):
        document = commands_.add_parser(name, help=f"write the {name} document")
        document.add_argument("--check", action="store_true", help="only say whether it is up to date")
        document.set_defaults(run=lambda options, write=write: write(check=options.check))


def _add_people(commands_: Commands) -> None:
    token = commands_.add_parser("admin-token", help="make a token with every scope; it is shown once")
    token.add_argument("--name", required=True, help="whose it is, for the audit log")
    token.add_argument("--days", type=int, default=90, help="how long it lasts")
    token.set_defaults(run=lambda options: commands.admin_token(name=options.name, days=options.days))
    export = commands_.add_parser("person-export", help="all that is kept of a person in every service, as JSON")
    export.add_argument("who", help="e-mail address or id")
    export.add_argument("--zip", type=Path, metavar="FILE", help="write a zip with JSON and a readable PDF instead")
    export.add_argument("--language", choices=["fr", "en"], default="fr", help="of labels and PDF")
    export.set_defaults(run=lambda options: _people().export(options.who, into=options.zip, locale=options.language))
    erase = commands_.add_parser("person-erase", help="erase a person; only says what that would do without --yes")
    erase.add_argument("who", help="e-mail address or id")
    erase.add_argument("--yes", action="store_true", help="do it, for good")
    erase.set_defaults(run=lambda options: _people().erase(options.who, for_good=options.yes))
    hold = commands_.add_parser("person-hold", help="keep a person from being erased, for a legal claim")
    hold.add_argument("who", help="e-mail address or id")
    hold.add_argument("--file", required=True, help="number of the file; no names, no circumstances")
    hold.set_defaults(run=lambda options: _people().hold(options.who, file=options.file))
    release = commands_.add_parser("person-release", help="let a person be erased again")
    release.add_argument("who", help="e-mail address or id")
    release.set_defaults(run=lambda options: _people().release(options.who))


def _people() -> ModuleType:
    from services.registration import person_commands

    return person_commands


if __name__ == "__main__":
    main()

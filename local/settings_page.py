"""`python -m local.settings_page`: writes docs/settings.md, every environment variable of every process, from the classes that read them.

Nothing on that page is written by hand but what stands between the tables; `--check` only says whether it is up to date.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel
from pydantic_settings import BaseSettings

from chassis.documents import keep
from chassis.roles import RoleSettings, role_names
from chassis.settings import ChassisSettings
from contracts.permissions import identities
from services.analytics.settings import AnalyticsSettings
from services.notifications.settings import NotificationSettings
from services.registration.defences.settings import DefenceSettings
from services.registration.settings import RegistrationSettings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
PREFIX = "RENCONTRES_"

Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Section:
    """A table: the settings of `kind` that none of `known` has."""

    title: str
    read_by: str
    kind: type[BaseSettings]
    known: type[BaseSettings] | None = None


SECTIONS = (
    Section("Every process", "All processes and commands of all services.", ChassisSettings),
    Section(
        "Registration",
        "`python -m services.registration`, all its processes and commands.",
        RegistrationSettings,
        DefenceSettings,
    ),
    Section(
        "Defences of the site",
        "`python -m services.registration api`. A limit is `requests/seconds`, or `off`; each process counts for itself.",
        DefenceSettings,
        ChassisSettings,
    ),
    Section(
        "Notifications",
        "`python -m services.notifications`, all its processes and commands.",
        NotificationSettings,
        ChassisSettings,
    ),
    Section(
        "Analytics",
        "`python -m services.analytics`, all its processes and commands.",
        AnalyticsSettings,
        ChassisSettings,
    ),
    Section(
        "Roles",
        "`python -m chassis.roles`, once, as the administrator of PostgreSQL ([identities](operations/identities.md)).",
        RoleSettings,
    ),
)

_HEAD = """\
# Settings

Written by `make docs` from the classes that read them; change those, not this page. The same names hold on a laptop, on a server and in
a cluster. A process that cannot use a value says which and ends with exit code 64. Durations are ISO 8601 (`PT48H`); secrets are never written to a log.
"""

_TELEMETRY = """\
## Telemetry

The standard `OTEL_*` variables of the [OpenTelemetry SDK](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
hold for every process, `OTEL_EXPORTER_OTLP_ENDPOINT` first of all. Without an endpoint nothing leaves a process; its metrics are read at
`/metrics` all the same.
"""

_LOCAL = """\
## The local run

`make up` and `rencontres` read `RENCONTRES_DATABASE_URL`, `RENCONTRES_NATS_URL`, `RENCONTRES_SMTP_URL`, `RENCONTRES_PUBLIC_URL` and
`OTEL_EXPORTER_OTLP_ENDPOINT`: each that is set replaces the embedded part. All other variables reach the processes as they are.
`RENCONTRES_DATA` names the folder of the run (`var`) for commands.
"""


_SERVER = """\
The server itself reads the password of each of its users, as `deploy/nats/accounts.conf` names them; a process has its own in
`RENCONTRES_NATS_URL`.
"""


def main(arguments: list[str] | None = None) -> int:
    """Write or check; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.settings_page", description="Write docs/settings.md.")
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    return keep(PAGE, render(), check=bool(parser.parse_args(arguments).check))


def render() -> str:
    """Return the page in Markdown."""
    return "\n".join(
        [_HEAD, *(line for section in SECTIONS for line in _section(section)), _TELEMETRY, *_broker(), _LOCAL]
    )


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}\n"
    yield f"{section.read_by}\n"
    yield "| variable | values | default | meaning |"
    yield "|---|---|---|---|"
    known = section.known.model_fields if section.known else {}
    schema = section.kind.model_json_schema()
    definitions = _mapping(schema, "$defs")
    for name, field in section.kind.model_fields.items():
        if name in known:
            continue
        part = _mapping(_mapping(schema, "properties"), name)
        if isinstance(field.default, BaseModel):
            yield from _nested(name, _mapping(definitions, type(field.default).__name__))
        elif "additionalProperties" in part:
            inner = _mapping(part, "additionalProperties")
            for role in role_names():
                yield _row(f"{name}__{role}", inner, f"of `rencontres_{role}`", is_required=True)
        else:
            yield _row(name, part, field.description or "", is_required=field.is_required())
    yield ""


def _nested(name: str, schema: Schema) -> Iterator[str]:
    properties = _mapping(schema, "properties")
    for inner in properties:
        part = _mapping(properties, inner)
        yield _row(f"{name}__{inner}", part, str(part.get("description", "")))


def _row(name: str, part: Schema, meaning: str, *, is_required: bool = False) -> str:
    default = part.get("default")
    shown = "**required**" if is_required else f"`{default}`" if default not in (None, "") else "none"
    cells = (f"`{PREFIX}{name.upper()}`", _values(part), shown, meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _values(part: Schema) -> str:
    """What may be given, in a few words."""
    choices = part.get("anyOf")
    if isinstance(choices, list):
        part = next(one for one in choices if one.get("type") != "null")
    if isinstance(allowed := part.get("enum"), list):
        return ", ".join(f"`{one}`" for one in allowed)
    kind = _KINDS.get(str(part.get("format")), str(part.get("type", "")))
    return " ".join([kind, *_bounds(part)])


_KINDS = {
    "uri": "URL",
    "multi-host-uri": "URL",
    "nats-dsn": "URL",
    "postgres-dsn": "URL",
    "password": "secret",
    "duration": "duration",
    "time": "time of day",
    "email": "e-mail address",
}


def _bounds(part: Schema) -> Iterator[str]:
    low, high = part.get("minimum", part.get("exclusiveMinimum")), part.get("maximum")
    if low is not None:
        yield f"{'over' if 'exclusiveMinimum' in part else 'from'} {low}"
    if high is not None:
        yield f"to {high}"
    if part.get("minLength", 1) != 1:
        yield f"of {part['minLength']} characters or more"
    if part.get("maxLength") is not None:
        yield f"of {part['maxLength']} characters or less"
    if part.get("pattern") is not None:
        yield f"like `{part['pattern']}`"


def _broker() -> Iterable[str]:
    return (
        "## NATS's server\n",
        _SERVER,
        "| variable | of |",
        "|---|---|",
        *(f"| `{identity.password_variable}` | `{identity.name}` |" for identity in identities()),
        "",
    )


def _mapping(of: Schema, key: str) -> Schema:
    found = of.get(key, {})
    return found if isinstance(found, Mapping) else {}


if __name__ == "__main__":
    sys.exit(main())

"""Configuration: every variable that a process reads is well formed, and every `RENCONTRES_…` that is set is one that is read."""

import re
from collections.abc import AsyncIterator, Iterator
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings, SettingsError

from chassis.diagnosis import faults_of_settings
from chassis.roles import RoleSettings
from local.doctor.findings import Finding, error, warning, well
from local.doctor.patient import SETTINGS, Patient, environment_of
from local.processes import SERVICE_PROCESSES

PREFIX = "RENCONTRES_"
_OURS = {"RENCONTRES_DATA", "RENCONTRES_DATABASE_URL", "RENCONTRES_NATS_URL"}
_OF_TESTS = re.compile(r"RENCONTRES_(TEST_BACKEND|\w+_IMAGE)$")
_OF_SERVERS = re.compile(r"RENCONTRES_(NATS_PASSWORD_|ROLE_PASSWORDS__)\w+$")


async def variables(patient: Patient) -> AsyncIterator[Finding]:
    """Every variable of every service is well formed, and every `RENCONTRES_…` that is set is one that somebody reads."""
    faults = [fault for service in SETTINGS for fault in _malformed(patient, service)]
    for fault in dict.fromkeys(faults):
        name, _, why = fault.removeprefix("set ").partition(": ")
        yield error(
            f"{name}: {why}",
            meaning="processes that read it end at their start with exit code 64",
            mend=f"set {name} as README.md says, or leave it out",
        )
    unknown = sorted(name for name in patient.operator if name.startswith(PREFIX) and not _is_known(name))
    for name in unknown:
        near = get_close_matches(name, sorted(known_variables()), n=1)
        yield warning(
            f"{name} is read by nobody",
            meaning="what it was meant to change stays as it is",
            mend=f"did you mean {near[0]}?" if near else f"take {name} away",
        )
    for name, default in (("RENCONTRES_DATABASE_URL", "5432"), ("RENCONTRES_NATS_URL", "4222")):
        if patient.data is None and not patient.operator.get(name):
            yield warning(
                f"{name} is not set",
                meaning=f"processes look for the server on this machine, port {default}",
                mend=f"set {name}, or start the embedded network with rencontres up",
            )
    if not faults and not unknown:
        yield well(f"{sum(1 for name in patient.operator if name.startswith(PREFIX))} variables, all of them read")


def known_variables() -> set[str]:
    """Return every variable that some part of the network reads, nested ones too."""
    kinds: tuple[type[BaseSettings], ...] = (*SETTINGS.values(), RoleSettings)
    return _OURS.union(*(_names(kind) for kind in kinds))


def _names(kind: type[BaseSettings]) -> Iterator[str]:
    for name, field in kind.model_fields.items():
        yield f"{PREFIX}{name}".upper()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"{PREFIX}{name}__{inner}".upper() for inner in field.annotation.model_fields)


def _is_known(name: str) -> bool:
    return name.upper() in known_variables() or bool(_OF_TESTS.match(name) or _OF_SERVERS.match(name))


def _malformed(patient: Patient, service: str) -> list[str]:
    faults: list[str] = []
    for row in SERVICE_PROCESSES:
        if row.module != f"services.{service}":
            continue
        try:
            with environment_of(patient.environments[row.name]):
                SETTINGS[service]()
        except ValidationError as failure:
            faults += faults_of_settings(failure)
        except SettingsError as failure:
            faults.append(f"set RENCONTRES_…: {failure}")
    return faults

"""What is examined: the environment of each process, from the run that is alive or from this shell, and the settings in it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from pydantic import ValidationError

from chassis.settings import ChassisSettings, database_name
from contracts.permissions import PASSWORD
from local.doctor.findings import NotLooked
from local.processes import OPERATES, SERVICE_PROCESSES, ServiceProcess, actor_of
from local.run_state import RunState
from services.analytics.settings import AnalyticsSettings
from services.notifications.settings import NotificationSettings
from services.registration.settings import RegistrationSettings

SETTINGS: Mapping[str, type[ChassisSettings]] = {
    "registration": RegistrationSettings,
    "notifications": NotificationSettings,
    "analytics": AnalyticsSettings,
}
_ROLE_PASSWORDS = "RENCONTRES_ROLE_PASSWORDS__"
_URLS = ("RENCONTRES_DATABASE_URL", "RENCONTRES_NATS_URL", "RENCONTRES_SMTP_URL", "OTEL_EXPORTER_OTLP_ENDPOINT")


@dataclass(frozen=True, slots=True)
class Access:
    """How one process, or all processes of a service, reach a server."""

    who: str
    service: str
    url: str

    @property
    def user(self) -> str:
        """As whom."""
        return unquote(urlsplit(self.url).username or "")

    @property
    def place(self) -> str:
        """Where, without the user and password."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Patient:
    """`environments` by process; `operator` is that of the operator's commands; `data` the folder of a run on this machine, `None` without one."""

    environments: Mapping[str, Mapping[str, str]]
    operator: Mapping[str, str]
    data: Path | None = None

    @classmethod
    def of_run(cls, run: RunState, shell: Mapping[str, str]) -> "Patient":
        """The processes of a run, each with its own credentials; the run was started with the variables of some shell, which may be this one."""
        return cls(
            {row.name: {**shell, **run.environment(actor_of(row.module, row.role))} for row in SERVICE_PROCESSES},
            {**shell, **run.environment(OPERATES)},
            run.data,
        )

    @classmethod
    def of_shell(cls, shell: Mapping[str, str]) -> "Patient":
        """Processes that would be started with these variables: each as itself where its passwords are among them, else all alike."""
        return cls({row.name: {**shell, **_as_itself(row, shell)} for row in SERVICE_PROCESSES}, shell)

    def migrating(self, service: str, *, as_owner: bool = False) -> str:
        """How to bring a service's database up to date, as somebody would type it."""
        if self.data is not None:
            return "run rencontres down, then rencontres up: it migrates and gives the rights"
        return f"run python -m services.{service} migrate{' as the owner of the database' if as_owner else ''}"

    @property
    def provisioning(self) -> str:
        """How to bring streams and consumers to their configuration."""
        if self.data is not None:
            return "run rencontres down, then rencontres up: it provisions"
        return "run python -m services.registration provision (as the user provisioner)"

    def settings(self, service: str) -> ChassisSettings:
        """Settings of a service. Raises NotLooked when they cannot be read."""
        process = next(
            row.name for row in SERVICE_PROCESSES if row.module == f"services.{service}" and row.has_database
        )
        return read_settings(SETTINGS[service], self.environments[process], service=service)

    def databases(self) -> Iterator[Access]:
        """Each service's database, once for each role that its processes use."""
        seen: set[tuple[str, str]] = set()
        for row in SERVICE_PROCESSES:
            if not row.has_database:
                continue
            service = row.module.removeprefix("services.")
            settings = read_settings(SETTINGS[service], self.environments[row.name], service=service)
            dsn = settings.dsn(service)
            if (service, dsn) not in seen:
                seen.add((service, dsn))
                yield Access(service, service, dsn)

    def brokers(self) -> Iterator[Access]:
        """Each process's user of the broker."""
        for row in SERVICE_PROCESSES:
            service = row.module.removeprefix("services.")
            settings = read_settings(SETTINGS[service], self.environments[row.name], service=service)
            yield Access(row.name, service, settings.nats)

    @property
    def shared(self) -> ChassisSettings:
        """What all services have, as the operator has it. Raises NotLooked."""
        return read_settings(ChassisSettings, self.operator, service="the network")

    @property
    def mail(self) -> NotificationSettings:
        """Settings of the sender of mail. Raises NotLooked."""
        settings = self.settings("notifications")
        assert isinstance(settings, NotificationSettings)  # noqa: S101 - what the table above says
        return settings

    def discreet(self, text: str) -> str:
        """The text without any password of the environments."""
        for secret in self._secrets():
            text = text.replace(secret, "***")
        return text

    def _secrets(self) -> set[str]:
        urls = {
            environment[name]
            for environment in (*self.environments.values(), self.operator)
            for name in _URLS
            if environment.get(name)
        }
        secrets = {password for url in urls for password in _passwords(url)}
        return secrets | {
            value
            for environment in (*self.environments.values(), self.operator)
            for name, value in environment.items()
            if "PASSWORD" in name or (name.endswith(("_KEY", "_TOKEN", "_HEADERS")) and value)
        } - {""}


def _as_itself(row: ServiceProcess, shell: Mapping[str, str]) -> dict[str, str]:
    """The URLs of a process, where the variables hold all passwords, as those of a server's administrator do."""
    actor = actor_of(row.module, row.role)
    identities = {
        "RENCONTRES_NATS_URL": (actor.broker, PASSWORD + actor.broker.replace("-", "_").upper()),
        "RENCONTRES_DATABASE_URL": (database_name(actor.database), f"{_ROLE_PASSWORDS}{actor.database.upper()}"),
    }
    own: dict[str, str] = {}
    for variable, (user, password) in identities.items():
        if (url := shell.get(variable)) and (secret := shell.get(password)):
            parts = urlsplit(url)
            own[variable] = parts._replace(
                netloc=f"{user}:{quote(secret, safe='')}@{parts.netloc.rpartition('@')[2]}"
            ).geturl()
    return own


def read_settings(kind: type[ChassisSettings], environment: Mapping[str, str], *, service: str) -> ChassisSettings:
    """Settings as a process with these variables reads them. Raises NotLooked."""
    try:
        with environment_of(environment):
            return kind()
    except (ValidationError, ValueError) as error:
        raise NotLooked(f"the variables of {service} cannot be read") from error


@contextmanager
def environment_of(environment: Mapping[str, str]) -> Iterator[None]:
    """These variables instead of our own: the way in which settings are read has no other entrance."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _passwords(url: str) -> set[str]:
    try:
        password = urlsplit(url).password or ""
    except ValueError:
        return {url}
    return {password, unquote(password)} - {""}

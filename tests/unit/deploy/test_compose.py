"""What compose.yaml sets is what the code reads, and the reverse: roles, ports, probes, variables, order."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, TypeAdapter
from pydantic_settings import BaseSettings

from chassis import process
from chassis.settings import ChassisSettings
from contracts.permissions import identities
from contracts.retention import Retention
from deploy.mounted_files import COMPOSE, LABEL, mounted
from deploy.mounted_files import composition as with_checksums
from local.processes import SERVICE_PROCESSES, SERVICES, ServiceProcess, actor_of
from services.analytics.settings import AnalyticsSettings
from services.notifications.settings import NotificationSettings
from services.registration.settings import RegistrationSettings
from tests.fixtures.composition import DEPLOY, ROOT, composition, defaults

SETTINGS: dict[str, type[BaseSettings]] = {
    "services.registration": RegistrationSettings,
    "services.notifications": NotificationSettings,
    "services.analytics": AnalyticsSettings,
}
FILE = composition()
DOCKERFILE = (DEPLOY / "images" / "Dockerfile").read_text()
_SET_BY_THE_IMAGE = dict(re.findall(r"(RENCONTRES_\w+)=(\S+)", DOCKERFILE))
_EVERY_PROCESS = pytest.mark.parametrize("row", SERVICE_PROCESSES, ids=lambda row: row.name)


@_EVERY_PROCESS
def test_each_process_of_the_table_is_a_service_of_its_name(row: ServiceProcess) -> None:
    service = FILE.services[row.name]
    assert service.default_image.startswith(f"rencontres/{row.module.removeprefix('services.')}:")
    assert service.command[0] == row.role
    assert not service.entrypoint
    assert not service.profiles, "the core starts without naming a profile"
    assert service.restart == "unless-stopped"


@pytest.mark.parametrize("module", SERVICES)
def test_every_command_is_one_that_its_module_knows(module: str) -> None:
    parser = import_module(f"{module}.__main__")._parser()
    commands = [
        one.entrypoint[1:] + one.command
        for one in FILE.services.values()
        if one.default_image.startswith(f"rencontres/{module.removeprefix('services.')}:")
        and "chassis.roles" not in one.entrypoint
    ]
    assert ("migrate",) in commands
    for command in commands:
        parser.parse_args(command)


@_EVERY_PROCESS
def test_the_image_asks_for_health_on_a_port_that_no_visitor_reaches(row: ServiceProcess) -> None:
    service = FILE.services[row.name]
    probed = _SET_BY_THE_IMAGE["RENCONTRES_PROBE_PORT"]
    assert "RENCONTRES_PROBE_PORT" not in service.environment
    if row.serves:
        _, public = service.command[1:]
        assert [port.rpartition(":")[2] for port in service.ports] == [public]
        assert public != probed, "visitors would read the metrics"
    else:
        assert len(service.command) == 1
        assert not service.ports
    assert service.healthcheck is None, "the image's own"


@_EVERY_PROCESS
def test_prometheus_reads_each_process_where_it_answers(row: ServiceProcess) -> None:
    asked = {name: found.port for found in _prometheus_asks() for name in found.names}
    assert str(asked[row.name]) == _SET_BY_THE_IMAGE["RENCONTRES_PROBE_PORT"]
    assert "telemetry" in FILE.services[row.name].networks


@pytest.mark.parametrize("module", SERVICES)
def test_every_setting_of_a_service_can_be_set_and_nothing_else(module: str) -> None:
    given: set[str] = set()
    for row in SERVICE_PROCESSES:
        if row.module == module:
            given |= {name for name in FILE.services[row.name].environment if name.startswith("RENCONTRES_")}
    # The reverse for what the image sets: processes listen everywhere inside their container. A proxy speaks to what serves only.
    asked = set(_variables(SETTINGS[module])) - {"RENCONTRES_HOST", "RENCONTRES_PROBE_PORT"}
    if module == "services.notifications":
        asked.discard("RENCONTRES_TRUSTED_PROXIES")
    # The broker's accounts (deploy/nats/accounts.conf) hold the names of one network: with another prefix it would refuse everything.
    asked.discard("RENCONTRES_NATS_PREFIX")
    assert given == asked
    assert {"RENCONTRES_HOST", "RENCONTRES_PROBE_PORT"} == set(_SET_BY_THE_IMAGE)


@_EVERY_PROCESS
def test_a_process_starts_with_what_it_is_given_and_as_itself(
    row: ServiceProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in FILE.services[row.name].environment.items():
        if value is not None:
            monkeypatch.setenv(name, defaults(value))
    settings = SETTINGS[row.module]()
    assert isinstance(settings, RegistrationSettings | NotificationSettings | AnalyticsSettings)
    actor = actor_of(row.module, row.role)
    assert settings.nats.startswith(f"nats://{actor.broker}:")
    if row.name != "provisioner":
        assert str(settings.database_url).startswith(f"postgresql://rencontres_{actor.database}:")


def test_a_password_goes_to_its_own_process_alone() -> None:
    readers: dict[str, set[str]] = {}
    for name, service in FILE.services.items():
        for value in service.environment.values():
            for variable in FILE.required:
                if value is not None and f"${{{variable}:" in value:
                    readers.setdefault(variable, set()).add(name)
    assert readers.keys() == FILE.required
    # It tries the rights of every process, and none of an owner.
    examined = {variable for variable, names in readers.items() if "doctor" in names}
    assert examined == {identity.password_variable for identity in identities()} | {
        f"RENCONTRES_ROLE_PASSWORDS__{module.removeprefix('services.').upper()}" for module in SERVICES
    }
    for names in readers.values():
        names.discard("doctor")
    for identity in identities():
        own = {"provisioner": {"provisioner", "provision"}, "operator": {"analytics-rebuild", "tools"}}
        assert readers[identity.password_variable] == {"nats"} | own.get(identity.name, {identity.name})
    for module in SERVICES:
        name = module.removeprefix("services.")
        owner = readers[f"RENCONTRES_ROLE_PASSWORDS__{name.upper()}_OWNER"]
        assert owner - {"analytics-rebuild"} == {"roles", f"{name}-migrate"}
    assert readers["RENCONTRES_CHALLENGE_KEY"] == {"registration-api"}
    assert readers["POSTGRES_PASSWORD"] == {"postgres", "roles"}


@_EVERY_PROCESS
def test_a_process_waits_for_its_tables_and_its_streams(row: ServiceProcess) -> None:
    awaited = {(name, one.condition) for name, one in FILE.services[row.name].depends_on.items()}
    done = "service_completed_successfully"
    tables = set() if row.name == "provisioner" else {(f"{row.module.removeprefix('services.')}-migrate", done)}
    assert awaited == tables | {("provision", done)}
    for migration in tables:
        assert FILE.services[migration[0]].depends_on["roles"].condition == done
    assert FILE.services["roles"].depends_on["postgres"].condition == "service_healthy"
    assert FILE.services["provision"].depends_on["nats"].condition == "service_healthy"


@_EVERY_PROCESS
def test_a_process_may_finish_its_work_before_it_is_killed(row: ServiceProcess) -> None:
    grace = FILE.services[row.name].stop_grace_period
    assert grace is not None
    drain = ChassisSettings.model_fields["drain_seconds"].default
    assert int(grace.removesuffix("s")) > drain + process.STOPS_WITHIN


def test_no_image_is_latest_and_ours_are_of_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    for name, service in FILE.services.items():
        repository, _, tag = service.default_image.rpartition(":")
        assert repository, name
        assert tag != "latest", name
        if repository.startswith("rencontres/"):
            assert tag == version[1], name
        assert service.image != service.default_image, f"{name}: .env cannot name another image"


@pytest.mark.parametrize("name", FILE.services)
def test_a_container_writes_nowhere_and_may_nothing(name: str) -> None:
    service = FILE.services[name]
    assert service.read_only
    assert service.cap_drop == ("ALL",)
    assert set(service.cap_add) <= ({"CHOWN"} if name == "nats-volume" else set())
    assert service.security_opt == ("no-new-privileges:true",)
    assert not service.privileged


def test_nothing_is_reached_from_outside_unless_somebody_says_so() -> None:
    for name, service in FILE.services.items():
        for port in service.ports:
            assert defaults(port).startswith("127.0.0.1:"), name
        if service.ports:
            assert any(not FILE.networks[network].internal for network in service.networks), name
    for network in ("database", "broker", "telemetry"):
        assert FILE.networks[network].internal
    assert {name for name, one in FILE.services.items() if "database" in one.networks} >= {"postgres"}
    assert "mail" not in FILE.services["registration-api"].networks


def test_whatever_is_mounted_is_there() -> None:
    for name, source in _mounted():
        assert source in FILE.volumes or (DEPLOY / source).exists(), (name, source)


def test_a_service_whose_files_change_is_begun_anew_by_the_next_up() -> None:
    """Compose hashes the definition of a service, not what it mounts: the checksum of the files is part of the definition."""
    assert COMPOSE.read_text() == with_checksums(), "make docs writes it anew"
    mounting = {name for name, source in _mounted() if source not in FILE.volumes}
    assert mounting == mounted(FILE.text).keys() >= {"nats", "prometheus", "collector"}


def test_a_checksum_tells_one_content_from_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "compose.yaml"
    copy.write_text(
        f'services:\n  nats:\n    labels: {{{LABEL}: ""}}\n    volumes: ["./accounts.conf:/etc/accounts.conf:ro"]\n'
    )
    monkeypatch.setattr("deploy.mounted_files.COMPOSE", copy)
    written = []
    for content in ("one", "another"):
        (tmp_path / "accounts.conf").write_text(content)
        written.append(with_checksums())
    assert len({*written, copy.read_text()}) == 3


def test_a_service_without_a_place_for_its_checksum_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "compose.yaml"
    place = f'    labels: {{{LABEL}: ""}}\n'
    copy.write_text(f'services:\n  nats:\n    volumes: ["./compose.yaml:/x:ro"]\n  other:\n{place}')
    monkeypatch.setattr("deploy.mounted_files.COMPOSE", copy)
    with pytest.raises(LookupError, match="nats"):
        with_checksums()


class _Names(BaseModel):
    names: tuple[str, ...]
    port: int


def _prometheus_asks() -> tuple[_Names, ...]:
    configuration = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    return TypeAdapter(tuple[_Names, ...]).validate_python(configuration["scrape_configs"][0]["dns_sd_configs"])


def _mounted() -> Iterator[tuple[str, str]]:
    for name, service in FILE.services.items():
        for volume in service.volumes:
            yield name, volume.partition(":")[0]


def _variables(kind: type[BaseSettings]) -> Iterator[str]:
    for field, said in kind.model_fields.items():
        if said.annotation is Retention:
            yield from (f"RENCONTRES_{field.upper()}__{part.upper()}" for part in Retention.model_fields)
        else:
            yield f"RENCONTRES_{field.upper()}"

"""What the manifests set is what the code reads: roles, ports, variables, secrets."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from ipaddress import ip_network

import pytest
import yaml
from pydantic_settings import BaseSettings

from chassis.client_address import LOOPBACK
from chassis.roles import RoleSettings
from contracts.permissions import identities
from local.processes import SERVICE_PROCESSES, SERVICES, ServiceProcess
from services.analytics.settings import AnalyticsSettings
from services.notifications.settings import NotificationSettings
from services.registration.settings import RegistrationSettings
from tests.fixtures.manifests import K8S, OVERLAYS, ROOT, Container, Manifests, Workload, overlay, strings

SETTINGS: dict[str, type[BaseSettings]] = {
    "services.registration": RegistrationSettings,
    "services.notifications": NotificationSettings,
    "services.analytics": AnalyticsSettings,
    "chassis.roles": RoleSettings,
}
_SECRET = re.compile(r"(password|secret|token|key)\s*[:=]\s*\S", re.IGNORECASE)


@pytest.mark.parametrize("name", OVERLAYS)
def test_each_process_of_the_table_has_a_deployment_that_runs_it(name: str) -> None:
    manifests = overlay(name)
    for process in SERVICE_PROCESSES:
        container = manifests.workload(process.name).process
        assert container.command == ("python", "-m", process.module)
        assert container.args[0] == process.role


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_command_is_one_that_its_module_knows(name: str) -> None:
    for _, container in _ours(overlay(name)):
        module = container.command[-1]
        if module == "chassis.roles":
            continue
        parser = import_module(f"{module}.__main__")._parser()
        parser.parse_args(container.args)


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_process_listens_where_its_port_is_said_to_be(name: str) -> None:
    manifests = overlay(name)
    for process in SERVICE_PROCESSES:
        container = manifests.workload(process.name).process
        said = {port.name: str(port.number) for port in container.ports}
        assert said["probes"] == manifests.variables(container)["RENCONTRES_PROBE_PORT"]
        assert ("--port", said.get("http")) == (container.args[1:] if process.serves else ("--port", None))
        assert manifests.variables(container)["RENCONTRES_HOST"] == "0.0.0.0"


@pytest.mark.parametrize("name", OVERLAYS)
def test_every_variable_is_a_setting_of_the_code_and_has_a_value_it_takes(name: str) -> None:
    manifests = overlay(name)
    for workload, container in _ours(manifests):
        kind = SETTINGS[container.command[-1]]
        variables = manifests.variables(container)
        given = {key: value for key, value in variables.items() if key.startswith("RENCONTRES_")}
        known = _variables_of_all() if container.env_from else _variables_of(kind)
        assert {key.partition("__")[0] for key in given} <= known, (workload, container.name)
        helpers = variables.keys() - given.keys()
        templates = " ".join(variable.value or "" for variable in container.env)
        for helper in helpers:
            assert helper.startswith("OTEL_") or f"$({helper})" in templates, (workload, helper)


@pytest.mark.parametrize("name", OVERLAYS)
@pytest.mark.parametrize("process", SERVICE_PROCESSES, ids=lambda process: process.name)
def test_a_process_starts_with_what_it_is_given(
    name: str, process: ServiceProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifests = overlay(name)
    container = manifests.workload(process.name).process
    for key, value in manifests.variables(container).items():
        monkeypatch.setenv(key, value if value is not None else "x" * 40)
    if "RENCONTRES_SMTP_URL" in manifests.variables(container):
        monkeypatch.setenv("RENCONTRES_SMTP_URL", "smtp://mail.example:587")
    settings = SETTINGS[container.command[-1]]()
    assert isinstance(settings, RegistrationSettings | NotificationSettings | AnalyticsSettings)
    assert settings.nats.split("@")[0].split("//")[1].split(":")[0] == process.name


@pytest.mark.parametrize("name", OVERLAYS)
def test_no_object_holds_a_secret(name: str) -> None:
    manifests = overlay(name)
    assert not manifests.of("Secret")
    for config_map in manifests.of("ConfigMap"):
        for text in strings(dict(config_map.data)):
            for line in text.splitlines():
                code = line.partition("#")[0]
                assert not _SECRET.search(code) or "$" in code or "/etc/" in code, (config_map, line)
    for workload, container in _ours(manifests):
        for variable in container.env:
            if re.search(r"PASSWORD|_KEY$|SMTP_URL", variable.name):
                assert variable.value is None, (workload, variable.name)


def test_the_script_makes_every_secret_that_is_named_and_no_other() -> None:
    done = subprocess.run([sys.executable, str(K8S / "secrets")], capture_output=True, text=True, check=True)
    made = {one["metadata"]["name"]: set(one["stringData"]) for one in yaml.safe_load_all(done.stdout)}
    named: dict[str, set[str]] = {}
    for name in OVERLAYS:
        for secret, keys in _secrets_of(overlay(name)):
            named.setdefault(secret, set()).update(keys)
    by_operators = {"postgres-ca", "nats-tls", "nats-authority", "site-tls", "statistics-tls"}
    assert named.keys() - by_operators == made.keys()
    for secret, keys in made.items():
        assert named[secret] <= keys, secret


def test_the_script_says_of_each_variable_that_is_missing_what_it_put_instead() -> None:
    asked = ("SMTP_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    bare = {name: value for name, value in os.environ.items() if name not in asked}
    said = _printed_on_stderr(bare)
    assert [line.split()[1] for line in said] == list(asked)
    assert "smtp://mail-catcher:1025" in said[0]
    assert _printed_on_stderr(bare | {"SMTP_URL": "smtp://mail.example:587"}) == said[1:]
    assert not _printed_on_stderr(bare | dict.fromkeys(asked, "given"))


def _printed_on_stderr(environment: dict[str, str]) -> list[str]:
    script = [sys.executable, str(K8S / "secrets")]
    return subprocess.run(script, capture_output=True, text=True, check=True, env=environment).stderr.splitlines()


@pytest.mark.parametrize("name", OVERLAYS)
def test_nobody_is_trusted_to_say_who_a_visitor_is_but_a_small_network(name: str) -> None:
    given = overlay(name).one("ConfigMap", "settings").data.get("RENCONTRES_TRUSTED_PROXIES", LOOPBACK)
    for part in given.split(","):
        network = ip_network(part)
        assert network.is_loopback or network.prefixlen >= (16 if network.version == 4 else 48), part


def test_the_broker_has_a_password_for_each_of_its_users() -> None:
    done = subprocess.run([sys.executable, str(K8S / "secrets")], capture_output=True, text=True, check=True)
    made = next(one for one in yaml.safe_load_all(done.stdout) if one["metadata"]["name"] == "nats-passwords")
    assert set(made["stringData"]) == {identity.password_variable for identity in identities()}


def test_only_the_process_that_needs_it_is_given_a_secret() -> None:
    manifests = overlay("production")
    for name, reader in (
        ("notifications-smtp", "notifications-sender"),
        ("registration-challenge", "registration-api"),
    ):
        readers = {
            str(workload.name)
            for workload, container in _ours(manifests)
            for variable in container.env
            if variable.value_from
            and variable.value_from.secret_key_ref
            and variable.value_from.secret_key_ref.name == name
        }
        assert readers == {reader}
    for workload, container in _ours(manifests):
        service = container.command[-1].removeprefix("services.")
        for variable in container.env:
            ref = variable.value_from and variable.value_from.secret_key_ref
            if ref and "-database" in ref.name:
                owner = workload.name.endswith("-migrate")
                assert ref.name == f"{service}-database{'-owner' if owner else ''}", workload
            if ref and ref.name == "nats-passwords":
                user = "provisioner" if workload.name == "provision" else workload.name
                assert ref.key == f"RENCONTRES_NATS_PASSWORD_{user.replace('-', '_').upper()}", workload


def test_the_images_are_those_of_this_version() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    for name in OVERLAYS:
        for _, container in _ours(overlay(name)):
            assert container.image.endswith(f":{version[1]}"), (name, container.image)


def test_the_databases_have_room_for_the_pools_of_all_pods() -> None:
    """At their largest number and one more of each during a release; the commands of an operator have twenty."""
    manifests = overlay("production")
    largest = {one.name: one.spec["maxReplicas"] for one in manifests.of("HorizontalPodAutoscaler")}
    largest |= {one.name: one.spec["maxReplicaCount"] for one in manifests.of("ScaledObject")}
    needed = 0
    for process in SERVICE_PROCESSES:
        workload = manifests.workload(process.name)
        if "rencontres.fr/to-database" in workload.labels:
            replicas = largest.get(process.name, workload.replicas)
            assert isinstance(replicas, int)
            needed += (replicas + 1) * 12  # pool of ten at most by default, a listener, a leader
    cluster = manifests.one("Cluster", "postgres").spec["postgresql"]
    assert isinstance(cluster, dict)
    parameters = cluster["parameters"]
    assert isinstance(parameters, dict)
    assert needed + 20 <= int(str(parameters["max_connections"]))


def test_every_service_of_ours_has_a_job_that_migrates_it() -> None:
    for name in OVERLAYS:
        jobs = {
            w.process.command[-1] for w in overlay(name).workloads if w.kind == "Job" and w.process.args == ("migrate",)
        }
        assert jobs == set(SERVICES)


def _ours(manifests: Manifests) -> Iterator[tuple[Workload, Container]]:
    for workload in manifests.workloads:
        if workload.is_ours and not workload.sleeps:
            for container in workload.pod.every_container:
                yield workload, container


def _variables_of(kind: type[BaseSettings]) -> set[str]:
    return {f"RENCONTRES_{field.upper()}" for field in kind.model_fields}


def _variables_of_all() -> set[str]:
    return set().union(*(_variables_of(kind) for kind in SETTINGS.values()))


def _secrets_of(manifests: Manifests) -> Iterator[tuple[str, set[str]]]:
    for workload in manifests.workloads:
        for container in workload.pod.every_container:
            for variable in container.env:
                if variable.value_from and (ref := variable.value_from.secret_key_ref):
                    yield ref.name, {ref.key}
            for source in container.env_from:
                if source.secret_ref:
                    yield source.secret_ref.name, set()
        for volume in workload.pod.volumes:
            yield from _secrets_of_volume(json.loads(json.dumps(volume)))
    for one in manifests.of("Cluster", "ObjectStore"):
        yield from _references(one.spec)


def _secrets_of_volume(volume: dict[str, dict[str, object]]) -> Iterator[tuple[str, set[str]]]:
    if "secret" in volume:
        yield str(volume["secret"]["secretName"]), set()
    sources = volume.get("projected", {}).get("sources", [])
    assert isinstance(sources, list)
    for source in sources:
        if "secret" in source:
            yield source["secret"]["name"], {item["key"] for item in source["secret"]["items"]}


def _references(value: object) -> Iterator[tuple[str, set[str]]]:
    """`passwordSecret: {name}`, `secret: {name}`, `{name, key}` wherever they stand in a custom resource."""
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, dict) and key.lower().endswith("secret") and "name" in one:
                yield str(one["name"]), {"username", "password"}
            elif isinstance(one, dict) and one.keys() == {"name", "key"}:
                yield str(one["name"]), {str(one["key"])}
            else:
                yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)

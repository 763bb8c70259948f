"""Visitors reach pages and API, and nothing that is for operators: probes and metrics have a port to which no way leads from outside."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from fastapi import FastAPI

from chassis.health import PATHS, Probes, served_apart
from local.ports import free_port
from local.processes import SERVICE_PROCESSES
from services.analytics import app as analytics
from services.analytics.settings import AnalyticsSettings
from services.registration import app as registration
from services.registration.settings import RegistrationSettings
from tests.fixtures.manifests import OVERLAYS, Value, overlay, render
from tests.unit.deploy.test_rendering import variant

SERVING = {row.name for row in SERVICE_PROCESSES if row.serves}


def _applications(probe_port: int | None) -> tuple[FastAPI, ...]:
    return (
        registration.build(Probes(), RegistrationSettings(probe_port=probe_port)),
        analytics.build(Probes(), AnalyticsSettings(probe_port=probe_port)),
    )


def test_who_serves_the_public_answers_probes_on_their_own_port_alone_when_there_is_one() -> None:
    for together, apart in zip(_applications(None), _applications(8080), strict=True):
        assert {getattr(route, "path", "") for route in together.routes} >= PATHS
        assert not {getattr(route, "path", "") for route in apart.routes} & PATHS


async def test_probes_apart_are_answered_there() -> None:
    port = free_port()
    async with (
        served_apart(Probes(), port, host="127.0.0.1"),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        assert {path: (await client.get(path)).status_code for path in PATHS} == dict.fromkeys(PATHS, 200)


@pytest.mark.parametrize("name", OVERLAYS)
def test_no_service_leads_to_the_port_of_probes(name: str) -> None:
    manifests = overlay(name)
    ports = {port["targetPort"] for one in manifests.of("Service") for port in _dicts(one.spec["ports"])}
    assert "http" in ports
    assert "probes" not in ports
    for process in SERVING:
        given = manifests.variables(manifests.workload(process).process)["RENCONTRES_PROBE_PORT"]
        assert given not in {str(port["port"]) for one in manifests.of("Service") for port in _dicts(one.spec["ports"])}


def test_an_ingress_leads_to_what_serves_the_public_and_to_nothing_else(tmp_path: Path) -> None:
    objects = list(yaml.safe_load_all(render(variant(tmp_path, "gateway", "ingress"))))
    (ingress,) = (one for one in objects if one["kind"] == "Ingress")
    backends = {
        (path["backend"]["service"]["name"], path["backend"]["service"]["port"]["name"])
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
    }
    assert backends == {(process, "http") for process in SERVING}


def _dicts(value: Value) -> Iterator[dict[str, Value]]:
    assert isinstance(value, list)
    for one in value:
        assert isinstance(one, dict)
        yield one

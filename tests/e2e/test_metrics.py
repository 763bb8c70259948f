"""Every metric that a rule or a dashboard reads is exposed by the running network, with the labels they ask for."""

import asyncio
import re
from collections.abc import Iterable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from local.demo.site import site
from tests.fixtures.arena import Arena
from tests.fixtures.meetups import publish_meetup
from tests.unit.deploy.observability import RULES, everything_read

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

UNTIL_IT_HAPPENS = {
    "rencontres_broker_refusals_total": "nothing is refused while permissions are right",
    "rencontres_challenges_total": "strangers are challenged under attack only",
    "rencontres_limits_refusals_total": "callers of the same machine are never limited",
    "rencontres_mails_doubtful_total": "a connection broke after a mail and before its reply",
    "rencontres_mails_refused_total": "the mail server refused something",
    "rencontres_retention_last_run_seconds": "set by the first nightly run",
    "rencontres_retention_removed_total": "counted by nightly runs",
}
"""Counters are exposed from their first event on. That the code makes them is tested in tests/unit/deploy/test_dashboards.py."""


async def test_the_running_network_exposes_what_rules_and_dashboards_read(arena: Arena) -> None:
    await _register_somebody(arena, "metrics@e2e.example")
    wanted = everything_read().keys() - UNTIL_IT_HAPPENS.keys()

    async with asyncio.timeout(60):
        while missing := wanted - {name for name, _ in await _samples(arena)}:  # noqa: ASYNC110 - metrics are read, nothing tells
            await asyncio.sleep(0.5)

    assert not missing


async def test_the_routes_that_rules_name_are_those_that_processes_write(arena: Arena) -> None:
    await _register_somebody(arena, "routes@e2e.example")
    async with httpx.AsyncClient(base_url=arena.site, headers={"accept": "text/html"}) as visitor:
        await visitor.post("/rencontres/no-such-meetup", data={"email": "nobody"})
    named = re.search(r'http_request_method="POST",http_route=~"([^"]+)"', RULES.read_text())
    assert named is not None
    pattern = re.compile(named[1].replace("\\\\", "\\"))

    routes = {
        labels["http_route"]
        for name, labels in await _samples(arena)
        if name == "http_server_request_duration_seconds_count" and labels["http_request_method"] == "POST"
    }

    assert {route for route in routes if pattern.fullmatch(route)} >= {
        "/api/v1/meetups/{meetup_id}/registrations",
        "/rencontres/{slug}",
    }


async def test_buckets_have_the_bounds_that_service_levels_are_measured_at(arena: Arena) -> None:
    await _register_somebody(arena, "bounds@e2e.example")
    samples = await _samples(arena)

    assert "0.25" in _bounds(samples, "http_server_request_duration_seconds_bucket")
    assert _bounds(samples, "rencontres_mail_delay_seconds_bucket") & {"60", "60.0"}


async def _register_somebody(arena: Arena, email: str) -> None:
    meetup_id = await publish_meetup(arena.site, arena.admin_token, capacity=10)
    async with site(url=arena.site, admin_token=arena.admin_token) as people:
        await people.register(meetup_id, name="Une Personne", email=email, headcount="1-9", locale="fr")
    await arena.sink.wait_for(lambda mail: email in mail.recipients, seconds=30)


async def _samples(arena: Arena) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    async with httpx.AsyncClient(trust_env=False) as http:
        for process in arena.network.state.processes:
            if process.url is not None and process.name.partition("-")[0] in (
                "registration",
                "notifications",
                "analytics",
            ):
                text = (await http.get(f"{process.url}/metrics")).text
                for family in text_string_to_metric_families(text):
                    found += [(sample.name, sample.labels) for sample in family.samples]
    return found


def _bounds(samples: Iterable[tuple[str, dict[str, str]]], name: str) -> set[str]:
    return {labels["le"] for sample, labels in samples if sample == name}

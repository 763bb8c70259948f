"""Limits on the real site: who is held back, what they are told, and that nothing typed is lost."""

import re
from html import unescape
from uuid import uuid4

import httpx
import pytest

from services.registration.defences.by_address import STATE
from tests.integration.registration.defences.conftest import MEETUP, SLUG, Opened, answers, path_of

FORM = f"/rencontres/{SLUG}"
API = f"/api/v1/meetups/{MEETUP}/registrations"


def _body(person: int) -> dict[str, str]:
    return {"full_name": "Zaïna", "email": f"zaina{person}@exemple.fr", "headcount": "1-9"}


async def _registers(client: httpx.AsyncClient, person: int) -> httpx.Response:
    return await client.post(API, json=_body(person), headers={"Idempotency-Key": str(uuid4())})


async def test_a_network_has_its_quota_and_is_told_of_it(opened: Opened) -> None:
    async with opened(limit_registrations="2/600") as site, site.at(browser=False) as client:
        first, second, third = [await _registers(client, person) for person in range(3)]
    assert [r.status_code for r in (first, second, third)] == [201, 201, 429]
    assert first.headers["ratelimit-policy"] == '"registrations";q=2;w=600'
    assert first.headers["ratelimit"] == '"registrations";r=1;t=300'
    assert third.headers["ratelimit"] == '"registrations";r=0;t=600'
    assert third.headers["retry-after"] == "300"
    assert third.headers["content-type"] == "application/problem+json"
    assert third.json()["type"] == "/problems/too-many-requests"


async def test_after_the_time_that_was_told_it_goes_on(opened: Opened) -> None:
    async with opened(limit_registrations="1/60") as site, site.at(browser=False) as client:
        await _registers(client, 1)
        refused = await _registers(client, 2)
        site.house.clock.moment = site.house.clock.moment.replace(
            second=int(refused.headers["retry-after"]) % 60, minute=1
        )
        assert (await _registers(client, 2)).status_code == 201


async def test_another_network_is_not_held_back_and_a_claimed_address_changes_nothing(opened: Opened) -> None:
    async with opened(limit_registrations="1/600") as site:
        async with site.at("203.0.113.9", browser=False) as client:
            assert (await _registers(client, 1)).status_code == 201
        for spoofed in ("198.51.100.1", "127.0.0.1", "203.0.113.77, 10.0.0.1", "unknown"):
            async with site.at("203.0.113.9", spoofed=spoofed, browser=False) as client:
                assert (await _registers(client, 2)).status_code == 429
        async with site.at("203.0.113.10", browser=False) as client:
            assert (await _registers(client, 2)).status_code == 201


async def test_one_subscriber_with_many_ipv6_addresses_is_one(opened: Opened) -> None:
    async with opened(limit_registrations="1/600") as site:
        async with site.at("2001:db8:1:2ab::1", browser=False) as client:
            assert (await _registers(client, 1)).status_code == 201
        async with site.at("2001:db8:1:2ff::2", browser=False) as client:
            assert (await _registers(client, 2)).status_code == 429


async def test_nobody_on_this_machine_is_held_back(opened: Opened) -> None:
    async with opened(limit_registrations="1/600") as site:
        transport = httpx.ASGITransport(site.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://site.example") as client:
            found = [await _registers(client, person) for person in range(4)]
    assert {r.status_code for r in found} == {201}
    assert "ratelimit" not in found[0].headers


@pytest.mark.parametrize("prefix", ["", "/en"])
async def test_a_form_that_is_too_much_comes_back_with_all_that_was_typed(opened: Opened, prefix: str) -> None:
    async with opened(limit_registrations="1/600") as site, site.at() as browser:
        await browser.post(FORM, data=answers(1))
        typed = answers(2, full_name='Zaïna <b>"M’Changama"</b>', needs="cost")
        refused = await browser.post(f"{prefix}{FORM}?chez=976", data=typed)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "600"
        assert f'<html lang="{"en" if prefix else "fr"}">' in refused.text
        assert ("Wait 10 minutes" if prefix else "Patientez 10 minutes") in unescape(refused.text)
        assert "<b>" not in refused.text.replace('<b class="', "")
        kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', refused.text))
        assert {name: unescape(value) for name, value in kept.items()} == typed
        assert f'action="{prefix}{FORM}?chez=976"' in refused.text
        site.house.clock.moment = site.house.clock.moment.replace(hour=10)
        sent = await browser.post(f"{prefix}{FORM}", data={name: unescape(value) for name, value in kept.items()})
        assert sent.status_code == 303


async def test_one_address_is_not_flooded_from_many_networks(opened: Opened) -> None:
    async with opened(limit_registrations_by_address="2/3600", limit_links_by_address="1/3600") as site:
        found = []
        for network in range(3):
            async with site.at(f"203.0.113.{network}") as browser:
                found.append(await browser.post(FORM, data=answers(1, idempotency_key=f"k{network}")))
        assert found[-1].status_code == 429
        assert 'value="zaina1@exemple.fr"' in found[-1].text
        async with site.at("198.51.100.1", browser=False) as client:
            assert (await _registers(client, 1)).status_code == 429
            assert (await _registers(client, 2)).status_code == 201
        asked = []
        for network in range(2):
            async with site.at(f"198.51.100.{network}") as browser:
                asked.append(await browser.post("/mes-inscriptions", data={"email": "ZAINA1@exemple.fr"}))
        assert [r.status_code for r in asked] == [303, 429]


async def test_the_state_of_an_address_is_in_no_header(opened: Opened) -> None:
    """It would tell whether somebody else asked for it."""
    async with opened() as site, site.at(browser=False) as client:
        response = await _registers(client, 1)
    assert "address" not in response.headers["ratelimit"]


async def test_links_that_open_nothing_are_counted_and_links_that_open_are_not(opened: Opened) -> None:
    async with opened(limit_guesses="3/600") as site, site.at() as browser:
        sent = await browser.post(FORM, data=answers(1))
        for _ in range(10):
            assert (await browser.get(sent.headers["location"])).status_code == 200
        codes = [(await browser.get(f"/inscriptions/R-00000-0000{n}?token=x")).status_code for n in range(4)]
        assert codes == [404, 404, 404, 429]
        assert (await browser.get(sent.headers["location"])).status_code == 429  # the network of who guesses


async def test_tokens_of_programs_that_open_nothing_are_counted_by_network_and_others_by_token(
    opened: Opened, admin: dict[str, str]
) -> None:
    async with opened(limit_guesses="2/600", limit_organiser="3/60") as site:
        async with site.at(browser=False) as client:
            codes = [
                (await client.get(API, headers={"Authorization": f"Bearer guess{n}"})).status_code for n in range(3)
            ]
            assert codes == [401, 401, 429]
        async with site.at("198.51.100.1", browser=False) as client:
            found = [await client.get(API, headers=admin) for _ in range(4)]
            assert [r.status_code for r in found] == [200, 200, 200, 429]
        assert '"organiser";q=3;w=60' in found[0].headers["ratelimit-policy"]


async def test_reading_is_limited_generously_and_assets_and_probes_are_not(opened: Opened) -> None:
    async with opened(limit_reading="3/60") as site, site.at() as browser:
        codes = [(await browser.get("/")).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        assert "Trop de demandes" in (await browser.get("/en/../")).text
        assert (await browser.get("/healthz")).status_code == 200
        assert (await browser.get("/static/nothing.css")).status_code == 404


async def test_limits_can_be_switched_off(opened: Opened) -> None:
    async with opened(limit_reading="off") as site, site.at() as browser:
        response = await browser.get("/")
    assert "ratelimit" not in response.headers


async def test_one_network_however_often_it_is_refused_raises_no_alarm_and_several_whose_forms_are_refused_do(
    opened: Opened,
) -> None:
    limits = {"limit_reading": "1/60", "limit_registrations": "1/600", "challenge_threshold": 2}
    async with opened(**limits) as site:
        desk = getattr(site.app.state, STATE)
        for network in range(4):
            async with site.at(f"198.51.100.{network}") as crawler:
                assert [(await crawler.get("/")).status_code for _ in range(3)] == [200, 429, 429]
        async with site.at("203.0.113.1", browser=False) as client:
            assert [(await _registers(client, person)).status_code for person in range(5)] == [201] + [429] * 4
        assert not desk.challenges(at_home=False)
        async with site.at("203.0.113.2", browser=False) as client:
            assert [(await _registers(client, person)).status_code for person in (5, 6)] == [201, 429]
        assert desk.challenges(at_home=False)
        assert not desk.challenges(at_home=True)


async def test_every_address_of_a_group_is_counted(opened: Opened) -> None:
    body = _body(1) | {"colleagues": [{"full_name": "Ali", "email": "ali@exemple.fr"}]}
    async with opened(limit_registrations_by_address="1/3600") as site, site.at(browser=False) as client:
        path = f"/api/v1/meetups/{MEETUP}/group-registrations"
        assert (await client.post(path, json=body, headers={"Idempotency-Key": "k1"})).status_code == 201
        again = await client.post(path, json=body | _body(2), headers={"Idempotency-Key": "k2"})
        assert again.status_code == 429
        assert again.json()["type"] == "/problems/too-many-requests"
        document = site.app.openapi()
    assert "429" in document["paths"]["/api/v1/meetups/{meetup_id}/group-registrations"]["post"]["responses"]


async def test_a_person_has_a_few_copies_an_hour_from_wherever_they_ask(opened: Opened) -> None:
    async with opened(limit_copies="1/3600") as site:
        found = []
        for person, network in ((1, 1), (1, 2), (2, 2)):
            async with site.at(f"203.0.113.{network}") as browser:
                sent = await browser.post(FORM, data=answers(person))
                reference = path_of(sent).split("/")[2]
                token = await site.house.token(reference)
                path = f"/inscriptions/{reference}/donnees/copie"
                found.append(await browser.post(path, data={"token": token}))
    assert [response.status_code for response in found] == [200, 429, 200]
    assert found[1].headers["retry-after"] == "3600"
    assert "Trop de demandes" in found[1].text
    [noted] = await site.house.rows("SELECT count(*) AS n FROM person_accesses")
    assert noted["n"] == 2
